"""The statement with one part blanked, typed."""

from app.core.facts import Fact
from app.core.marking import Mark
from app.core.questions.building import gapped, hint_for, question_for, tells, told_apart
from app.core.questions.chance import Chance
from app.core.questions.index import DeckIndex
from app.core.questions.question import Direction, Question, QuestionType, Response
from app.core.questions.short_answer import answers, mark_typed
from app.core.wording import display


def ask(index: DeckIndex, fact: Fact, direction: Direction, _chance: Chance) -> Question | None:
    """Return the question, or None where the gap cannot be made or the rest gives it away."""
    values = answers(index, fact, direction)
    sentence = told_apart(index, fact, direction, gapped(fact, direction))
    if not sentence or tells(fact, sentence, values):
        return None
    return question_for(
        fact,
        (QuestionType.CLOZE, direction),
        sentence,
        [display(value, fact.language) for value in values],
        answers=values,
        rivals=index.rivals(values[0]),
        hint=hint_for(values[0]),
    )


def mark(question: Question, response: Response) -> Mark:
    """Mark what was typed."""
    return mark_typed(question, response)
