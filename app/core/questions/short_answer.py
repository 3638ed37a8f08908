"""A wh-question, typed; forward and inverse."""

from dataclasses import replace

from app.core.facts import Fact
from app.core.marking import Mark, mark_value
from app.core.marking.normalise import squeezed
from app.core.marking.people import could_be_person
from app.core.questions.asked import WHO, asked_for
from app.core.questions.building import (
    MAX_STEM,
    all_values,
    hint_for,
    question_for,
    right,
    stem_for,
    tells,
    wrong,
)
from app.core.questions.chance import Chance
from app.core.questions.distractors import right_subjects
from app.core.questions.index import DeckIndex
from app.core.questions.question import Direction, Question, QuestionType, Response, Typed
from app.core.sentences import say
from app.core.values import EntityValue, Value
from app.core.wording import display

PERSON = "person"


def ask(index: DeckIndex, fact: Fact, direction: Direction, _chance: Chance) -> Question | None:
    """Return the question, or None where its wording is missing or gives the answer away."""
    text = stem_for(fact, direction)
    values = answers(index, fact, direction)
    if not text or not values or tells(fact, text, values):
        return None
    return question_for(
        fact,
        (QuestionType.SHORT_ANSWER, direction),
        text,
        [display(value, fact.language) for value in values],
        answers=values,
        rivals=index.rivals(values[0]),
        hint=hint_for(values[0]),
    )


def answers(index: DeckIndex, fact: Fact, direction: Direction) -> tuple[Value, ...]:
    """Return every right answer; each alone is taken."""
    if direction is Direction.INVERSE:
        return tuple(EntityValue(entity) for entity in right_subjects(index, fact))
    if fact not in index.kept.answers:
        values = all_values(index, fact)
        index.kept.answers[fact] = tuple(_as_asked(fact, value) for value in values)
    return index.kept.answers[fact]


def _as_asked(fact: Fact, value: Value) -> Value:
    """Return the answer as what its question says it is: who names a person without a kind."""
    if not isinstance(value, EntityValue) or asked_for(fact) != WHO:
        return value
    entity = value.entity
    person = not entity.kind and could_be_person(entity.name)
    return EntityValue(replace(entity, kind=PERSON)) if person else value


def mark(question: Question, response: Response) -> Mark:
    """Mark what was typed."""
    return mark_typed(question, response)


def mark_typed(question: Question, response: Response) -> Mark:
    """Mark against each right answer and give the best mark."""
    if not isinstance(response, Typed) or not response.text.strip():
        return wrong(say("Nothing was typed."))
    if question.statement and squeezed(response.text[:MAX_STEM]) == squeezed(question.statement):
        return right(say("Right, in a whole sentence: {keys}.", keys=question.keys[0]))
    marks = [
        mark_value(value, response.text, question.rivals, question.language)
        for value in question.answers
    ]
    return max(marks, key=lambda one: one.credit)
