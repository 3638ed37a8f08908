"""Each rule about a whole deck finds its flaw, and leaves a near miss alone."""

from collections.abc import Sequence

import pytest

from app.core.facts import Deck, Fact
from app.core.lint import DECK_RULES
from app.core.questions.question import Direction, Question, QuestionType
from app.core.values import Entity, EntityValue

SHANNON, TURING = EntityValue(Entity("Claude Shannon")), EntityValue(Entity("Alan Turing"))
NAMES = [f"{one}{two}" for one in "ABCDE" for two in ("dale", "ford", "wick", "ton", "by")]


def question(kind: QuestionType, at: int, key: str, *options: str) -> Question:
    """Return a question of a fact of its own."""
    stem = f"What is number {at}?"
    return Question(f"f{at}", kind, Direction.FORWARD, stem, (key,), options or (key,))


def truths(true: int, false: int) -> list[Question]:
    keys = ["True"] * true + ["False"] * false
    return [question(QuestionType.TRUE_FALSE, at, key) for at, key in enumerate(keys)]


def choices(wrong: Sequence[str], keys: Sequence[str] = NAMES) -> list[Question]:
    kind = QuestionType.MULTIPLE_CHOICE
    return [
        question(kind, at, key, key, *(one for one in wrong if one != key))
        for at, key in enumerate(keys)
    ]


def typed(*answers: EntityValue) -> list[Question]:
    how = QuestionType.SHORT_ANSWER, Direction.FORWARD
    return [
        Question(f"f{at}", *how, "Who founded the field?", (one.entity.name,), answers=(one,))
        for at, one in enumerate(answers)
    ]


QUESTIONS: list[tuple[str, list[Question], list[Question]]] = [
    ("same-question", typed(SHANNON, TURING), typed(SHANNON, SHANNON)),
    ("true-false-balance", truths(70, 30), truths(52, 48)),
    ("longest-key", choices(["x", "y", "z"]), choices(["x" * 9, "y", "z"])),
    ("only-when-right", choices(["Mole", "Toad", "Rat"]), choices(NAMES)),
]
ENTITIES: list[tuple[str, list[Entity], list[Entity]]] = [
    (
        "duplicate-entity",
        [Entity("Hopewell", "a", "town"), Entity("Hopwell", "b", "town")],
        [Entity("Hopewell 1", "a", "town"), Entity("Hopewell 2", "b", "town")],
    ),
    (
        "duplicate-entity",
        [Entity("Line S11", "a", "line"), Entity("Lime S11", "b", "line")],
        [Entity("Line S11", "a", "line"), Entity("Line U11", "b", "line")],
    ),
    (
        "shared-name",
        [Entity("Mercury", "a", "planet"), Entity("Freddie", "b", "singer", ("Mercury",))],
        [Entity("Mercury", "a", "planet", ("mercury",)), Entity("Freddie", "b", "singer")],
    ),
    ("orphan-entity", [Entity("Nobody", "c")], []),
]


def told(rule: str, questions: Sequence[Question], entities: Sequence[Entity]) -> bool:
    """Whether a rule finds something in these questions, or in a deck of these entities."""
    one = next(one for one in DECK_RULES if one.name == rule)
    facts = tuple(Fact(entity.key, EntityValue(entity)) for entity in entities if entity.key != "c")
    deck = Deck("d", "D", entities=tuple(entities), facts=facts)
    found = one.check(questions) if one.check else ()
    also = one.check_entities(deck) if one.check_entities else ()
    return rule in {finding.rule for finding in (*found, *also)}


@pytest.mark.parametrize(("rule", "flawed", "clean"), QUESTIONS)
def test_a_rule_of_questions_tells_flaw_from_near_miss(
    rule: str, flawed: list[Question], clean: list[Question]
) -> None:
    assert told(rule, flawed, ())
    assert not told(rule, clean, ())


@pytest.mark.parametrize(("rule", "flawed", "clean"), ENTITIES)
def test_a_rule_of_entities_tells_flaw_from_near_miss(
    rule: str, flawed: list[Entity], clean: list[Entity]
) -> None:
    assert told(rule, (), flawed)
    assert not told(rule, (), clean)


def test_every_rule_has_both() -> None:
    shown = {rule for rule, _, _ in (*QUESTIONS, *ENTITIES)}
    assert shown == {rule.name for rule in DECK_RULES}
