"""Letting another answer count, as the rules have it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.accepting import (
    Addition,
    CannotAccept,
    addition_to,
    names_another,
    takers,
    why_not,
)
from app.core.facts import Deck, Fact, Relation
from app.core.questions import DeckIndex, Direction, Question, QuestionType, mark
from app.core.questions.question import Typed
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)

LIMA = Entity("Lima", "lima", "city")
PERU = Entity("Peru", "peru", "country", ("Republic of Peru",))
OSLO = Entity("Oslo", "oslo", "city")
CAPITAL = Relation("capital", "What is the capital of {subject}?", "What has {value}?")
FACT = Fact("capital", EntityValue(LIMA), PERU, CAPITAL)
MOTTO = Fact("motto", TextValue("Ships first"), ask="What is the motto?")
DECK = Deck("d", "D", entities=(LIMA, PERU, OSLO), relations=(CAPITAL,), facts=(FACT, MOTTO))


def asked(*answers: Value, rivals: tuple[str, ...] = ()) -> Question:
    return Question(
        "capital",
        QuestionType.SHORT_ANSWER,
        Direction.FORWARD,
        "What is the capital?",
        ("Lima",),
        answers=answers,
        rivals=rivals,
    )


def test_an_alias_goes_to_the_entity_that_is_asked_for() -> None:
    assert addition_to(FACT, Direction.FORWARD, " City  of Kings ") == Addition(
        "City of Kings", entity_key="lima"
    )
    assert addition_to(FACT, Direction.INVERSE, "Pirú") == Addition("Pirú", entity_key="peru")
    assert addition_to(MOTTO, Direction.FORWARD, "Boats first") == Addition(
        "Boats first", text="Ships first"
    )


@pytest.mark.parametrize(
    "value",
    [
        NumberValue(Decimal(5), "ships"),
        RangeValue(Decimal(1), Decimal(2)),
        DateValue(2020),
        SetValue((LIMA, OSLO)),
    ],
)
def test_what_has_no_wording_takes_none_and_says_why(value: Value) -> None:
    with pytest.raises(CannotAccept) as refused:
        addition_to(replace(FACT, value=value), Direction.FORWARD, "five or so")
    assert str(refused.value) == why_not(value) != ""
    assert why_not(EntityValue(LIMA)) == ""


@pytest.mark.parametrize("typed", ["", "   ", "x" * 201])
def test_nothing_and_too_much_are_no_answers(typed: str) -> None:
    with pytest.raises(CannotAccept):
        addition_to(FACT, Direction.FORWARD, typed)


def test_a_fact_without_a_subject_has_none_to_name() -> None:
    with pytest.raises(CannotAccept, match="no subject"):
        addition_to(MOTTO, Direction.INVERSE, "x")


def test_a_shown_question_is_marked_as_if_the_answer_had_stood_there() -> None:
    question = asked(EntityValue(OSLO), EntityValue(LIMA), TextValue("Lima"))
    addition = Addition("City of Kings", entity_key="lima")
    response = Typed("the city of kings")
    assert not mark(question, response).correct
    extended = addition.extend_question(question)
    assert mark(extended, response).correct
    assert extended.answers[0] == question.answers[0]
    assert addition.extend_question(extended) is extended
    assert not mark(extended, Typed("the city of queens")).correct


def test_a_member_of_a_set_goes_by_its_new_name_too() -> None:
    question = asked(SetValue((LIMA, OSLO)))
    extended = Addition("Kristiania", entity_key="oslo").extend_question(question)
    assert mark(extended, Typed("Lima and Kristiania")).correct


def test_a_rivals_name_that_was_confirmed_stands_in_nobodys_way() -> None:
    question = asked(EntityValue(LIMA), rivals=("Oslo", "Bergen"))
    extended = Addition("Oslo", entity_key="lima").extend_question(question)
    assert extended.rivals == ("Bergen",)
    assert mark(extended, Typed("oslo")).correct


def test_names_of_other_things_are_told() -> None:
    assert names_another(DECK, Addition("republic of peru", entity_key="lima")) == ("Peru",)
    assert names_another(DECK, Addition("Republic of Peru", entity_key="peru")) == ()
    assert names_another(DECK, Addition("oslo", text="Ships first")) == ("Oslo",)
    assert names_another(DECK, Addition("Kings", entity_key="lima")) == ()


def test_the_facts_that_take_an_answer_are_found() -> None:
    index = DeckIndex(DECK)

    def keys(addition: Addition) -> list[str]:
        return [fact.key for fact in takers(index, DECK.facts, addition)]

    assert keys(Addition("x", entity_key="lima")) == ["capital"]
    assert keys(Addition("x", entity_key="peru")) == ["capital"]
    assert keys(Addition("x", text="Ships first")) == ["motto"]
    assert keys(Addition("x", entity_key="oslo")) == []
