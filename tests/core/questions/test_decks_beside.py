"""Names and amounts of other decks as wrong answers: none that those decks know to be right."""

from decimal import Decimal

import pytest

from app.core.facts import Deck, Fact, Relation, Status
from app.core.questions import DeckIndex, QuestionType, questions_of
from app.core.values import DateValue, Entity, EntityValue, NumberValue, SetValue, TextValue, Value

SEEDS = range(12)
CAPITAL = Relation(
    "capital",
    "What is the capital of {subject}?",
    "Of which country is {value} the capital?",
    "The capital of {subject} is {value}.",
)
OTHER = Relation("seat", "Where does the government of {subject} sit?", say="It sits in {value}.")


def city(name: str, *aliases: str) -> Entity:
    return Entity(name, name.casefold(), "city", aliases)


def country(name: str, *aliases: str) -> Entity:
    return Entity(name, name.casefold(), "country", aliases)


BOLIVIA = country("Bolivia", "the Plurinational State of Bolivia")
HOME = Deck(
    "home",
    "Home",
    entities=(BOLIVIA, city("Sucre")),
    relations=(CAPITAL,),
    facts=(Fact("bolivia", EntityValue(city("Sucre")), BOLIVIA, CAPITAL),),
)
CITIES = (city("La Paz"), city("Quito"), city("Lima"), city("Asunción"), city("Caracas"))


def away(*facts: Fact, entities: tuple[Entity, ...] = CITIES) -> Deck:
    return Deck("away", "Away", entities=entities, facts=facts)


def options(home: Deck, *others: Deck, key: str = "bolivia") -> set[str]:
    """Return every option, and every value of a false statement, of all questions of a fact."""
    index = DeckIndex(home, others)
    fact = home.fact_by_key[key]
    found: set[str] = set()
    for seed in SEEDS:
        for question in questions_of(index, fact, seed):
            found.update(question.options)
            if question.type is QuestionType.TRUE_FALSE:
                found.add(question.stem.rstrip(".").rsplit(" is ", 1)[-1])
    return found


def told(subject: Entity, value: Value, relation: Relation = CAPITAL, **more: object) -> Fact:
    return Fact("told", value, subject, relation, **more)  # type: ignore[arg-type]


def test_a_city_of_another_deck_is_offered_where_no_deck_knows_it_to_be_right() -> None:
    assert {"La Paz", "Quito"} <= options(HOME, away())


@pytest.mark.parametrize(
    "fact",
    [
        told(country("Bolivia"), EntityValue(city("La Paz"))),
        told(country("Bolivia"), EntityValue(city("La Paz")), OTHER),
        told(country("Estado", "The Plurinational State of Bolivia"), EntityValue(city("La Paz"))),
        told(country("Bolivia"), SetValue((city("La Paz"), city("Sucre")))),
        told(city("La Paz"), EntityValue(country("Bolivia")), Relation("lies_in", "Where is it?")),
        Fact("plain", EntityValue(city("La Paz")), ask="what is the capital of Bolivia"),
    ],
    ids=["same-relation", "other-relation", "alias", "set", "turned-round", "plain"],
)
def test_what_another_deck_tells_of_both_is_no_wrong_answer(fact: Fact) -> None:
    offered = options(HOME, away(fact))
    assert "La Paz" not in offered
    assert "Quito" in offered


def test_a_draft_of_another_deck_knows_nothing() -> None:
    fact = told(country("Bolivia"), EntityValue(city("La Paz")), status=Status.DRAFT)
    assert "La Paz" in options(HOME, away(fact))


def test_a_well_known_name_is_left_out_where_another_deck_tells_it() -> None:
    assert "Nairobi" in {*options(HOME)}
    assert "Nairobi" not in options(
        HOME, away(told(BOLIVIA, EntityValue(city("Nairobi"))), entities=())
    )


def test_a_name_of_this_deck_is_left_out_where_another_deck_knows_it_to_be_right() -> None:
    home = Deck("home", "Home", entities=(*HOME.entities, *CITIES), facts=HOME.facts)
    assert "La Paz" in options(home)
    assert "La Paz" not in options(home, away(told(BOLIVIA, EntityValue(city("La Paz")))))


def test_a_subject_that_has_the_value_elsewhere_is_no_wrong_subject() -> None:
    countries = (country("Peru"), country("Chile"), country("Ecuador"), country("Panama"))
    fact = told(country("Peru"), EntityValue(city("Sucre")))
    offered = options(HOME, away(entities=countries))
    assert "Peru" in offered
    offered = options(HOME, away(fact, entities=countries))
    assert "Peru" not in offered
    assert "Chile" in offered


def test_an_alias_of_something_known_here_is_not_lent() -> None:
    assert "Bolivian Sucre" not in options(
        HOME, away(entities=(*CITIES, city("Bolivian Sucre", "Sucre")))
    )


POPULATION = Relation("people", "How many people live in {subject}?", say="{subject} has {value}.")
OPENED = Relation("opened", "When was {subject} opened?", say="{subject} opened in {value}.")
QUITO = Deck(
    "home",
    "Home",
    facts=(
        Fact("people", NumberValue(Decimal(50_000), "people"), city("Quito"), POPULATION),
        Fact("opened", DateValue(1950), city("Quito"), OPENED),
    ),
)


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("people", NumberValue(Decimal(60_000), "people"), "60,000 people"),
        ("opened", DateValue(1952, 3), "1952"),
    ],
)
def test_an_amount_that_another_deck_gives_is_no_wrong_one(
    key: str, value: Value, shown: str
) -> None:
    relation = POPULATION if key == "people" else OPENED
    assert shown in options(QUITO, key=key)
    other = Deck("away", "Away", facts=(told(city("quito"), value, relation),))
    found = options(QUITO, other, key=key)
    assert shown not in found
    assert len(found) > 3


def test_a_text_that_another_deck_gives_is_no_wrong_one() -> None:
    motto = Relation("motto", "What is the motto of {subject}?")
    texts = ("by the sea", "on the hill", "in the wood", "at the gate")
    home = Deck(
        "home",
        "Home",
        facts=tuple(
            Fact(f"m{at}", TextValue(text), city(f"Town {at}"), motto)
            for at, text in enumerate(texts)
        ),
    )
    other = Deck("away", "Away", facts=(told(city("Town 0"), TextValue("On the hill"), motto),))
    assert "on the hill" in options(home, key="m0")
    assert "on the hill" not in options(home, other, key="m0")


def test_other_decks_change_without_gathering_this_one_anew() -> None:
    first = DeckIndex(HOME, [away()])
    fact = HOME.facts[0]
    before = {
        text for seed in SEEDS for one in questions_of(first, fact, seed) for text in one.options
    }
    moved = first.beside_decks([away(told(country("Bolivia"), EntityValue(city("La Paz"))))])
    after = {
        text for seed in SEEDS for one in questions_of(moved, fact, seed) for text in one.options
    }
    assert moved.by_relation is first.by_relation
    assert "La Paz" in before
    assert "La Paz" not in after
    assert {
        text for seed in SEEDS for one in questions_of(first, fact, seed) for text in one.options
    } == before
