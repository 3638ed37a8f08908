"""The results of a shared quiz side by side: who answered what right, and in which time."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.questions import QuestionType
from app.core.scoring import tenths
from app.core.sentences import say
from app.models.content import DeckRow
from app.models.learning import LearningSession, Review, ReviewAmendment, ShownQuestion
from app.models.sharing import QuizEntry, SharedQuiz
from app.services.quiz_entries import entry_of

REMARKED = "remarked"
"""A curator has let an answer count: that holds in results; what learners say of their own not."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person did; `credits` are 0-1 by question, None for one not answered in time."""

    user_id: int
    name: str
    credits: tuple[float | None, ...]
    correct: int
    points: float
    seconds: int
    """From joining to the last answer."""
    finished: bool
    is_you: bool


@dataclass(frozen=True, slots=True)
class Board:
    """A shared quiz's results, as much of them as the reader may see."""

    quiz_id: int
    title: str
    deck_key: str
    deck_title: str
    stems: tuple[str, ...]
    """Only for who may see all: they would tell those who are still answering."""
    questions: int
    max_points: float
    closes_epoch_s: int
    is_closed: bool
    is_owner: bool
    sees_all: bool
    standings: tuple[Standing, ...]
    people: int
    session_token: str | None
    """The reader's own session, where they take part."""


@dataclass(slots=True)
class _Answers:
    credits: dict[int, float] = field(default_factory=dict)
    tenths: int = 0
    last_epoch_s: int = 0


def board_of_session(session: Session, user_id: int, session_token: str, now: int) -> Board | None:
    """Return the results that a quiz session is compared in; None for a quiz of one's own."""
    entry = entry_of(session, user_id, session_token)
    if entry is None or entry.is_removed:
        return None
    return board(session, user_id, entry.shared_quiz_id, now)


def board(session: Session, user_id: int, quiz_id: int, now: int) -> Board:
    """Return a quiz's results: all for its owner, and for all once they are finished or it closed.

    Before, people see themselves alone. Raises NotFound for who neither owns it nor takes part.
    """
    row = session.execute(
        select(SharedQuiz, DeckRow.key, DeckRow.title)
        .join(DeckRow, DeckRow.id == SharedQuiz.deck_id)
        .where(SharedQuiz.id == quiz_id)
    ).one_or_none()
    entry = session.get(QuizEntry, (user_id, quiz_id))
    takes_part = entry is not None and entry.removed_epoch_s is None
    if row is None or not (takes_part or row.SharedQuiz.user_id == user_id):
        raise NotFound(say("There is no such quiz, or you take no part in it."))
    found, deck_key, deck_title = row
    standings = _standings(session, found, user_id)
    is_closed, is_owner = found.closes_epoch_s <= now, found.user_id == user_id
    sees_all = is_owner or is_closed or any(one.is_you and one.finished for one in standings)
    bodies = [one["body"] for one in found.questions]
    return Board(
        quiz_id=quiz_id,
        title=found.title,
        deck_key=deck_key,
        deck_title=deck_title,
        stems=tuple(body["stem"] for body in bodies) if sees_all else (),
        questions=len(bodies),
        max_points=sum(tenths(QuestionType(body["type"]), 1) for body in bodies) / 10,
        closes_epoch_s=found.closes_epoch_s,
        is_closed=is_closed,
        is_owner=is_owner,
        sees_all=sees_all,
        standings=tuple(one for one in standings if _is_shown(one, is_owner, is_closed, sees_all)),
        people=len(standings),
        session_token=entry.session_token if entry and takes_part else None,
    )


def _is_shown(one: Standing, is_owner: bool, is_closed: bool, sees_all: bool) -> bool:  # noqa: FBT001 three plain facts of one board
    return one.is_you or is_owner or is_closed or (sees_all and one.finished)


def _standings(session: Session, found: SharedQuiz, reader_id: int) -> list[Standing]:
    """Return everybody's results, best first; of two alike, the faster one; who sleeps is last."""
    entries = session.execute(
        select(QuizEntry, LearningSession.finished_epoch_s)
        .join(
            LearningSession,
            (LearningSession.user_id == QuizEntry.user_id)
            & (LearningSession.token == QuizEntry.session_token),
        )
        .where(QuizEntry.shared_quiz_id == found.id, QuizEntry.removed_epoch_s.is_(None))
    ).all()
    answers = _answers(session, found)
    standings = [
        _standing(entry, finished, answers[entry.user_id], found, reader_id)
        for entry, finished in entries
    ]
    return sorted(standings, key=_place)


def _place(one: Standing) -> tuple[float, bool, bool, int, str]:
    sleeps = all(credit is None for credit in one.credits)
    return -one.points, not one.finished, sleeps, one.seconds, one.name


def _standing(
    entry: QuizEntry, finished: int | None, given: _Answers, found: SharedQuiz, reader_id: int
) -> Standing:
    places = range(1, len(found.questions) + 1)
    return Standing(
        user_id=entry.user_id,
        name=entry.name,
        credits=tuple(given.credits.get(place) for place in places),
        correct=sum(credit == 1 for credit in given.credits.values()),
        points=given.tenths / 10,
        seconds=max(0, given.last_epoch_s - entry.joined_epoch_s) if given.credits else 0,
        finished=finished is not None and finished <= found.closes_epoch_s,
        is_you=entry.user_id == reader_id,
    )


def _answers(session: Session, found: SharedQuiz) -> dict[int, _Answers]:
    """Return everybody's answers that came in time, by learner, in two queries.

    Points are credit by weight, for all alike: what a fact has earned elsewhere that day is no
    matter here.
    """
    rows = session.execute(
        select(
            QuizEntry.user_id,
            ShownQuestion.position,
            Review.number,
            Review.question_type,
            Review.credit,
            Review.reviewed_epoch_s,
        )
        .join(
            ShownQuestion,
            (ShownQuestion.user_id == QuizEntry.user_id)
            & (ShownQuestion.session_token == QuizEntry.session_token),
        )
        .join(
            Review,
            (Review.user_id == ShownQuestion.user_id) & (Review.token == ShownQuestion.token),
        )
        .where(
            QuizEntry.shared_quiz_id == found.id,
            QuizEntry.removed_epoch_s.is_(None),
            Review.reviewed_epoch_s <= found.closes_epoch_s,
        )
        .order_by(QuizEntry.user_id, ShownQuestion.position)
    ).all()
    accepted = _accepted(session, found.id)
    answers: dict[int, _Answers] = defaultdict(_Answers)
    for row in rows:
        given = answers[row.user_id]
        credit = accepted.get((row.user_id, row.number), row.credit)
        given.credits[row.position] = credit
        given.tenths += tenths(QuestionType(row.question_type), credit)
        given.last_epoch_s = max(given.last_epoch_s, row.reviewed_epoch_s)
    return answers


def _accepted(session: Session, quiz_id: int) -> dict[tuple[int, int], float]:
    """Return the credit of answers that a curator let count afterwards, by learner and review."""
    rows = session.execute(
        select(ReviewAmendment.user_id, ReviewAmendment.number, ReviewAmendment.credit)
        .join(
            Review,
            (Review.user_id == ReviewAmendment.user_id) & (Review.number == ReviewAmendment.number),
        )
        .join(
            ShownQuestion,
            (ShownQuestion.user_id == Review.user_id) & (ShownQuestion.token == Review.token),
        )
        .join(
            QuizEntry,
            (QuizEntry.user_id == ShownQuestion.user_id)
            & (QuizEntry.session_token == ShownQuestion.session_token),
        )
        .where(QuizEntry.shared_quiz_id == quiz_id, ReviewAmendment.kind == REMARKED)
        .order_by(ReviewAmendment.change)
    )
    return {(user_id, number): credit for user_id, number, credit in rows}
