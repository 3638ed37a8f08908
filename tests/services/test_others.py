"""What other decks know reaches a deck's questions, and is gathered when a deck has changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from app.core.facts import Deck, Fact, Relation, Status
from app.core.questions import DeckIndex, questions_of
from app.core.values import Entity, EntityValue
from app.models.content import DeckRow, FactRow
from app.models.database import writing
from app.services.decks import deck_id_of, import_deck, index_of
from app.services.others import other_decks

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


def test_a_change_elsewhere_reads_the_one_deck_that_changed(session: Session) -> None:
    import_deck(session, HOME, NOW)
    import_deck(session, AWAY, NOW)
    more = [replace(AWAY, key=f"away{at}", title="Away", facts=(SEAT,)) for at in range(3)]
    for deck in more:
        import_deck(session, deck, NOW)
    index(session)
    decks_read = _read_by_next_index(session, replace(AWAY, facts=(SEAT,)))
    assert decks_read == {deck_id_of(session, "away")}
    assert "La Paz" not in offered(session)


def test_a_change_of_the_deck_itself_reads_no_other_deck_again(session: Session) -> None:
    import_deck(session, HOME, NOW)
    import_deck(session, replace(AWAY, facts=(SEAT,)), NOW)
    index(session)
    lima = Fact("peru", EntityValue(LIMA), Entity("Peru", "peru", "country"), CAPITAL)
    grown = replace(HOME, entities=(*HOME.entities, lima.subject, LIMA), facts=(*HOME.facts, lima))
    assert _read_by_next_index(session, grown) == set()
    assert "La Paz" not in offered(session)


def test_what_a_transaction_undoes_is_known_of_no_deck(session: Session) -> None:
    import_deck(session, HOME, NOW)
    import_deck(session, AWAY, NOW)
    index(session)
    home = deck_id_of(session, "home")

    def publish_and_fail() -> None:
        with writing(session):
            session.execute(update(FactRow).where(FactRow.key == "seat").values(status="published"))
            session.execute(update(DeckRow).where(DeckRow.key == "away").values(revision=90))
            assert [fact for deck in other_decks(session, HOME, home) for fact in deck.facts]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_and_fail()
    with writing(session):
        session.execute(update(DeckRow).where(DeckRow.key == "away").values(revision=90))
    assert not [fact for deck in other_decks(session, HOME, home) for fact in deck.facts]


def _read_by_next_index(session: Session, changed: Deck) -> set[int]:
    """Return the decks whose facts are looked through for the index after a change."""
    import_deck(session, changed, NOW)
    read: set[int] = set()

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        if "fact.subject_id, fact.value, fact.ask" in " ".join(statement.split()):
            read.update(int(one) for one in _values(parameters) if isinstance(one, int))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        index(session)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return read


def _values(parameters: object) -> Iterable[object]:
    """Return the values of a statement, by place on SQLite and by name on PostgreSQL."""
    if isinstance(parameters, Mapping):
        return parameters.values()
    return parameters if isinstance(parameters, Sequence) else ()


def test_a_name_that_another_deck_changes_is_lent_as_it_is_now(session: Session) -> None:
    import_deck(session, HOME, NOW)
    import_deck(session, AWAY, NOW)
    assert "Lima" in offered(session)
    cusco = replace(LIMA, name="Cusco")
    import_deck(session, replace(AWAY, entities=(BOLIVIA, LA_PAZ, cusco, QUITO)), NOW)
    assert "Lima" not in offered(session)
    assert "Cusco" in offered(session)


def test_what_another_deck_asks_is_known_in_the_words_that_it_has_now(session: Session) -> None:
    seat = replace(SEAT, value=EntityValue(SUCRE))
    away = replace(AWAY, entities=(BOLIVIA, SUCRE), facts=(seat,))
    quito = Fact("quito", EntityValue(QUITO), BOLIVIA, CAPITAL)
    import_deck(session, replace(HOME, entities=(BOLIVIA, QUITO), facts=(quito,)), NOW)
    import_deck(session, away, NOW)
    assert SUCRE.name not in _right_elsewhere(session)
    same = replace(SEAT.relation or CAPITAL, ask=CAPITAL.ask)
    import_deck(
        session, replace(away, relations=(same,), facts=(replace(seat, relation=same),)), NOW
    )
    assert SUCRE.name in _right_elsewhere(session)


def _right_elsewhere(session: Session) -> set[str]:
    made = index(session)
    values = made.elsewhere.right_values(made.facts[0])
    return {one.entity.name for one in values if isinstance(one, EntityValue)}
