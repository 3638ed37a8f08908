"""What other decks know reaches a deck's questions, and is gathered when a deck has changed."""

from dataclasses import replace

from sqlalchemy.orm import Session

from app.core.facts import Deck, Fact, Relation, Status
from app.core.questions import DeckIndex, questions_of
from app.core.values import Entity, EntityValue
from app.services.decks import deck_id_of, import_deck, index_of

NOW = 1_763_900_000
CAPITAL = Relation("capital", ask="What is the capital of {subject}?", say="It is {value}.")
BOLIVIA = Entity("Bolivia", "bolivia", "country")
SUCRE, LA_PAZ = Entity("Sucre", "sucre", "city"), Entity("La Paz", "la-paz", "city")
LIMA, QUITO = Entity("Lima", "lima", "city"), Entity("Quito", "quito", "city")
HOME = Deck(
    "home",
    "Home",
    entities=(BOLIVIA, SUCRE),
    relations=(CAPITAL,),
    facts=(Fact("bolivia", EntityValue(SUCRE), BOLIVIA, CAPITAL),),
)
SEAT = Fact("seat", EntityValue(LA_PAZ), BOLIVIA, Relation("seat", ask="Where does it sit?"))
AWAY = Deck(
    "away",
    "Away",
    entities=(BOLIVIA, LA_PAZ, LIMA, QUITO),
    relations=(Relation("seat", ask="Where does it sit?"),),
    facts=(replace(SEAT, status=Status.DRAFT),),
)


def index(session: Session) -> DeckIndex:
    return index_of(session, deck_id_of(session, "home"))


def offered(session: Session) -> set[str]:
    made = index(session)
    questions = (one for seed in range(6) for one in questions_of(made, made.facts[0], seed))
    return {option for one in questions for option in one.options}


def test_a_name_is_lent_until_its_own_deck_publishes_that_it_is_right(session: Session) -> None:
    import_deck(session, HOME, NOW)
    import_deck(session, AWAY, NOW)
    before = index(session)
    assert {"La Paz", "Lima", "Quito"} <= offered(session)
    assert index(session) is before
    import_deck(session, replace(AWAY, facts=(SEAT,)), NOW)
    assert "La Paz" not in offered(session)
    assert {"Lima", "Quito"} <= offered(session)
    assert index(session).by_relation is before.by_relation
