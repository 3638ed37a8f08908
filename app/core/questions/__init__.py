"""The question types: a module each, joined in one registry.

`questions_of` gives every question of a fact, `ask` one of them, `mark` marks a response.
The same deck and seed give the same questions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.core.facts import Fact, Side
from app.core.marking import Mark
from app.core.questions import (
    cloze,
    flashcard,
    matching,
    multiple_choice,
    multiple_select,
    ordering,
    short_answer,
    true_false,
)
from app.core.questions.chance import Chance
from app.core.questions.index import DeckIndex
from app.core.questions.question import Direction, Question, QuestionType, Response

__all__ = [
    "QUESTION_TYPES",
    "DeckIndex",
    "Direction",
    "Question",
    "QuestionType",
    "TypeModule",
    "ask",
    "mark",
    "questions_of",
]


Ask = Callable[[DeckIndex, Fact, Direction, Chance], Question | None]


@dataclass(frozen=True, slots=True)
class TypeModule:
    """What a question type does: make a question of a fact, and mark a response to it.

    Each function of `wordings` makes the question in other words, or None.
    """

    wordings: tuple[Ask, ...]
    mark: Callable[[Question, Response], Mark]


QUESTION_TYPES: Mapping[QuestionType, TypeModule] = {
    QuestionType.MULTIPLE_CHOICE: TypeModule(
        (multiple_choice.ask, multiple_choice.complete), multiple_choice.mark
    ),
    QuestionType.MULTIPLE_SELECT: TypeModule((multiple_select.ask,), multiple_select.mark),
    QuestionType.TRUE_FALSE: TypeModule((true_false.ask,), true_false.mark),
    QuestionType.CLOZE: TypeModule((cloze.ask,), cloze.mark),
    QuestionType.SHORT_ANSWER: TypeModule((short_answer.ask,), short_answer.mark),
    QuestionType.ORDERING: TypeModule((ordering.ask,), ordering.mark),
    QuestionType.MATCHING: TypeModule((matching.ask,), matching.mark),
    QuestionType.FLASHCARD: TypeModule((flashcard.ask,), flashcard.mark),
}


def questions_of(index: DeckIndex, fact: Fact, seed: int) -> list[Question]:
    """Return every good question of a fact, each type and direction at most once a wording."""
    made = (
        _ask(index, fact, (question_type, direction, wording), seed)
        for question_type, module in QUESTION_TYPES.items()
        for direction in Direction
        for wording in range(len(module.wordings))
    )
    return [question for question in made if question is not None]


def ask(
    index: DeckIndex, fact: Fact, question_type: QuestionType, direction: Direction, seed: int
) -> Question | None:
    """Return one question of a fact, or None where that type makes no good one of it.

    The seed draws the wording where a type has several.
    """
    wordings = list(range(len(QUESTION_TYPES[question_type].wordings)))
    if len(wordings) > 1:
        Chance(seed, f"{fact.key}:{question_type}:{direction}:wording").own.shuffle(wordings)
    made = (_ask(index, fact, (question_type, direction, one), seed) for one in wordings)
    return next((question for question in made if question is not None), None)


def _ask(
    index: DeckIndex, fact: Fact, how: tuple[QuestionType, Direction, int], seed: int
) -> Question | None:
    question_type, direction, wording = how
    chance = Chance(seed, f"{fact.key}:{question_type}:{direction}:{wording}")
    made = QUESTION_TYPES[question_type].wordings[wording](index, fact, direction, chance)
    return _illustrated(made, fact) if made is not None and fact.pictures else made


_OF_SEVERAL = frozenset({QuestionType.ORDERING, QuestionType.MATCHING})
"""Types that ask several facts at once: a picture of one of them would stand beside all."""


def _illustrated(question: Question, fact: Fact) -> Question:
    """Return a question with its fact's pictures; asked the other way round it shows them after."""
    pictures = fact.pictures
    if question.direction is Direction.INVERSE or question.type in _OF_SEVERAL:
        pictures = tuple(replace(one, side=Side.ANSWER) for one in pictures)
    return replace(question, pictures=pictures)


def mark(question: Question, response: Response) -> Mark:
    """Mark a response by the question as it was shown."""
    return QUESTION_TYPES[question.type].mark(question, response)
