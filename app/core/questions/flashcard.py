"""Recall, reveal, rate yourself."""

from app.core.facts import Fact
from app.core.marking import Mark, Verdict
from app.core.questions.building import question_for, stem_for, tells, wrong
from app.core.questions.chance import Chance
from app.core.questions.index import DeckIndex
from app.core.questions.question import (
    Direction,
    Question,
    QuestionType,
    Response,
    SelfRated,
)
from app.core.questions.short_answer import answers
from app.core.sentences import say
from app.core.wording import display

AGAIN = 1


def ask(index: DeckIndex, fact: Fact, direction: Direction, _chance: Chance) -> Question | None:
    """Return the question, or None where its wording is missing or gives the answer away."""
    text = stem_for(fact, direction)
    values = answers(index, fact, direction)
    if not text or not values or tells(fact, text, values):
        return None
    keys = [display(value, fact.language) for value in values]
    return question_for(fact, (QuestionType.FLASHCARD, direction), text, keys)


def mark(_question: Question, response: Response) -> Mark:
    """Take the learner's own word for it."""
    if not isinstance(response, SelfRated):
        return wrong(say("Say how well you knew it."))
    if response.rating == AGAIN:
        return wrong(say("You said that you did not know it."))
    return Mark(1.0, Verdict.EXACT, say("You said that you knew it."))
