"""Points: credit times the weight of the question type."""

from app.core.questions.question import QuestionType

WEIGHTS = {
    QuestionType.MULTIPLE_CHOICE: 1,
    QuestionType.MULTIPLE_SELECT: 1,
    QuestionType.TRUE_FALSE: 1,
    QuestionType.MATCHING: 1,
    QuestionType.CLOZE: 2,
    QuestionType.ORDERING: 2,
    QuestionType.SHORT_ANSWER: 3,
    QuestionType.FLASHCARD: 0,
}
"""Recognition 1, cloze and ordering 2, recall 3; who rates themselves earns none."""


def tenths(question_type: QuestionType, credit: float) -> int:
    """Return the points of an answer in whole tenths, so that sums are exact; credit is 0-1."""
    return round(10 * credit * WEIGHTS[question_type])
