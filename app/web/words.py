"""Words for what is stored by name: kinds of report, states, flags, question types."""

from app.core.questions import QuestionType
from app.core.statistics import Flag
from app.services.reports import ReportKind, ReportStatus

REPORT_KINDS = {
    ReportKind.WRONG: "The answer is wrong",
    ReportKind.AMBIGUOUS: "The question is ambiguous",
    ReportKind.SHOULD_COUNT: "My answer should count",
    ReportKind.OUT_OF_DATE: "It is out of date",
}
REPORT_STATES = {
    ReportStatus.OPEN: "waiting for a curator",
    ReportStatus.ACCEPTED: "accepted",
    ReportStatus.FIXED: "mended",
    ReportStatus.DISMISSED: "answered",
}
FLAGS = {
    Flag.TOO_EASY: "Too easy",
    Flag.TOO_HARD: "Too hard",
    Flag.NEGATIVE_DISCRIMINATION: "Better learners miss it",
    Flag.DISTRACTOR_UNPICKED: "A wrong option nobody picks",
    Flag.DISTRACTOR_OVER_KEY: "A wrong option beats the right one",
    Flag.OFTEN_REJECTED: "Typed answers often rejected",
}
TYPE_LABELS = {
    QuestionType.MULTIPLE_CHOICE: "Multiple choice",
    QuestionType.MULTIPLE_SELECT: "Pick all that are right",
    QuestionType.TRUE_FALSE: "True or false",
    QuestionType.CLOZE: "Fill the gap",
    QuestionType.SHORT_ANSWER: "Short answer",
    QuestionType.ORDERING: "Put in order",
    QuestionType.MATCHING: "Match pairs",
    QuestionType.FLASHCARD: "Flashcard",
}
