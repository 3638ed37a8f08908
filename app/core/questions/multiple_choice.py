"""One key among three or four options."""

from dataclasses import replace
from random import Random

from app.core.facts import Fact
from app.core.marking import Mark
from app.core.questions.building import (
    fits,
    leaks,
    question_for,
    right,
    stem_for,
    wrong,
)
from app.core.questions.distractors import size_of, subject_distractors, value_distractors
from app.core.questions.giveaways import gives_itself_away
from app.core.questions.index import DeckIndex
from app.core.questions.question import Chosen, Direction, Question, QuestionType, Response
from app.core.values import EntityValue, SetValue, TextValue, Value
from app.core.wording import answer_texts, display

FEWEST = 2
"""Distractors; with fewer the question is left out rather than padded."""


def ask(index: DeckIndex, fact: Fact, direction: Direction, rng: Random) -> Question | None:
    """Return the question, or None where it would be poor."""
    text = stem_for(fact, direction)
    if not text or isinstance(fact.value, SetValue):
        return None
    if direction is Direction.FORWARD:
        key: Value = fact.value
        others = value_distractors(index, fact, rng)
    else:
        if fact.subject is None:
            return None
        key = EntityValue(fact.subject)
        others = [EntityValue(entity) for entity in subject_distractors(index, fact, rng)]
    others = [other for other in others if not leaks(text, (display(other),))]
    if len(others) < FEWEST or leaks(text, answer_texts(key)):
        return None
    if gives_itself_away(text, display(key), list(map(display, others))):
        return None
    options = ordered([key, *others], rng)
    question = question_for(fact, QuestionType.MULTIPLE_CHOICE, direction, text, (display(key),))
    question = replace(question, options=options)
    return question if fits(question) else None


def ordered(values: list[Value], rng: Random) -> tuple[str, ...]:
    """Return options as shown: amounts and dates ascending, names shuffled."""
    if isinstance(values[0], EntityValue | TextValue):
        rng.shuffle(values)
        return tuple(map(display, values))
    return tuple(map(display, sorted(values, key=size_of)))


def mark(question: Question, response: Response) -> Mark:
    """Mark the option chosen."""
    if not isinstance(response, Chosen) or len(response.options) != 1:
        return wrong("Pick one of the options.")
    if response.options[0] in question.keys:
        return right()
    return wrong(f"The right answer is {question.keys[0]}.")
