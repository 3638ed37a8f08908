"""What holds for a quiz session that belongs to a shared quiz: it goes on until that closes."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app.core.errors import NotAllowed, Refused
from app.core.sentences import say
from app.models.learning import LearningSession
from app.models.sharing import QuizEntry, SharedQuiz


class QuizClosed(Refused):
    """A shared quiz takes no more answers."""


class TakesNoPart(NotAllowed):
    """The quiz's owner has taken somebody off the list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody's part in a shared quiz."""

    shared_quiz_id: int
    closes_epoch_s: int
    is_removed: bool


def entry_of(session: Session, user_id: int, session_token: str) -> Entry | None:
    """Return the part in a shared quiz that a session is; None for a quiz of one's own."""
    row = session.execute(
        select(QuizEntry.shared_quiz_id, SharedQuiz.closes_epoch_s, QuizEntry.removed_epoch_s)
        .join(SharedQuiz, SharedQuiz.id == QuizEntry.shared_quiz_id)
        .where(QuizEntry.user_id == user_id, QuizEntry.session_token == session_token)
    ).one_or_none()
    return None if row is None else Entry(row[0], row[1], row[2] is not None)


def check_open(entry: Entry, now: int) -> None:
    """Raise QuizClosed and TakesNoPart where no more questions are asked."""
    if entry.is_removed:
        raise TakesNoPart(say("Whoever shared this quiz has taken you off its list."))
    if entry.closes_epoch_s <= now:
        raise QuizClosed(say("This quiz has closed. Its results show what was answered before."))


def is_over(now: int) -> ColumnElement[bool]:
    """Return the condition that a session belongs to a shared quiz that asks no more."""
    return exists().where(
        QuizEntry.user_id == LearningSession.user_id,
        QuizEntry.session_token == LearningSession.token,
        SharedQuiz.id == QuizEntry.shared_quiz_id,
        (SharedQuiz.closes_epoch_s <= now) | QuizEntry.removed_epoch_s.is_not(None),
    )
