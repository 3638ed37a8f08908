"""The statement with one part blanked, typed."""

from dataclasses import replace
from random import Random

from app.core.facts import Fact
from app.core.marking import Mark
from app.core.questions.building import fits, gapped, hint_for, question_for
from app.core.questions.index import DeckIndex
from app.core.questions.question import Direction, Question, QuestionType, Response
from app.core.questions.short_answer import answers, mark_typed
from app.core.wording import display


def ask(index: DeckIndex, fact: Fact, direction: Direction, _rng: Random) -> Question | None:
    """Return the question, or None where the gap cannot be made or the rest gives it away."""
    sentence = gapped(fact, direction)
    if not sentence:
        return None
    values = answers(index, fact, direction)
    question = question_for(
        fact, QuestionType.CLOZE, direction, sentence, [display(value) for value in values]
    )
    question = replace(
        question, answers=values, rivals=index.rivals(values[0]), hint=hint_for(values[0])
    )
    return question if fits(question) else None


def mark(question: Question, response: Response) -> Mark:
    """Mark what was typed."""
    return mark_typed(question, response)
