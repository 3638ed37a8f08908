"""Which questions give each other away: they are not asked side by side."""

from collections.abc import Sequence

from app.core.questions.building import leaks
from app.core.questions.question import Question, QuestionType

WHOLE = frozenset({QuestionType.TRUE_FALSE, QuestionType.ORDERING, QuestionType.MATCHING})
"""Types whose keys are no answers that another stem could say."""


def tells_another(question: Question, others: Sequence[Question]) -> bool:
    """Whether the stem of one of these questions says the answer of another."""
    return any(
        leaks(question.stem, other.keys) or leaks(other.stem, question.keys)
        for other in others
        if other.type not in WHOLE and question.type not in WHOLE
    )


def follows_badly(question: Question, previous: Question) -> bool:
    """Whether a question should not come right after another: that one has just told its answer."""
    told = question.fact_key in previous.fact_keys and question.fact_key != previous.fact_key
    return told or tells_another(question, [previous])
