"""What quiz and study share: the learner's settings, sessions, and putting a question up."""

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fsrs_rs_python import DEFAULT_PARAMETERS
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.planning import NewOrder, Preferences, study_day
from app.core.questions import Question
from app.core.questions.codec import dump_question
from app.core.sentences import say
from app.models.content import FactRow
from app.models.driving import Found, Query, connection_of, first_row, written
from app.models.learning import LearningSession, ShownQuestion
from app.models.statements.learners import LEARNER_SETTINGS, LOCK_COUNTERS, LOCK_LEARNER
from app.models.statements.showing import INSERT_SHOWN
from app.models.statements.sitting import PROGRESS

TOKEN_BYTES = 12
"""A token names a session or a question among those of one learner; all others are refused. So 96
bits, 16 characters, are more than can be guessed or come twice. A review holds two of them and its
index one, which at 43 characters each were a fifth of a database (docs/decisions.md)."""


class NothingToAsk(Refused):
    """The deck has no fact, or no question of the wanted types."""


@dataclass(frozen=True, slots=True)
class Learner:
    """The settings of a learner that decide about days, intervals and new facts."""

    id: int
    zone: ZoneInfo
    desired_retention: float
    new_per_day: int
    reviews: int
    changes: int
    parameters: tuple[float, ...]
    preferences: Preferences

    def day(self, at_epoch_s: int) -> int:
        """Return the learner's day at an instant, as a proleptic ordinal."""
        return study_day(at_epoch_s, self.zone)


@dataclass(frozen=True, slots=True)
class FactRef:
    """A published fact's row: its id, and its revision at the time of asking."""

    id: int
    revision: int


def new_token() -> str:
    """Return a token for a session or a question."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_from(told: str) -> str:
    """Return a token that is always the same for a text."""
    digest = hashlib.sha256(told.encode()).digest()[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).decode()


def learner_of(session: Session, user_id: int) -> Learner:
    """Return a learner. Raises NotFound."""
    return _learner(session, user_id, lock=False)


def lock_learner(session: Session, user_id: int) -> Learner:
    """Return a learner and keep their other requests waiting until this transaction ends."""
    return _learner(session, user_id, lock=True)


def lock_counters(session: Session, user_id: int) -> tuple[int, int]:
    """Return a learner's counts of reviews and changes, and lock as `lock_learner` does."""
    reviews, changes = _row_of(session, LOCK_COUNTERS, user_id)
    return reviews, changes


def _row_of(session: Session, query: Query, user_id: int) -> Found:
    row = first_row(connection_of(session), query, {"learner": user_id})
    if row is None:
        raise NotFound(say("There is no such learner."))
    return row


def _learner(session: Session, user_id: int, *, lock: bool) -> Learner:
    row = _row_of(session, LOCK_LEARNER if lock else LEARNER_SETTINGS, user_id)
    return Learner(
        id=row.id,
        zone=zone_of(row.time_zone),
        desired_retention=row.desired_retention,
        new_per_day=row.new_per_day,
        reviews=row.reviews,
        changes=row.changes,
        parameters=tuple(row.parameters or DEFAULT_PARAMETERS),
        preferences=_preferences(row) if row.has_settings else Preferences(),
    )


def _preferences(row: Found) -> Preferences:
    return Preferences(
        reviews_per_day=row.reviews_per_day,
        maximum_interval_days=row.maximum_interval_days,
        new_order=NewOrder(row.new_order),
        weekday_loads=tuple(row.weekday_loads),
        leech_lapses=row.leech_lapses,
        leech_suspends=row.leech_suspends,
        fits_by_itself=row.fits_by_itself,
        paused_epoch_s=row.paused_epoch_s,
    )


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by name; one that this machine does not know counts as UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def own_session(session: Session, user_id: int, session_token: str, kind: str) -> LearningSession:
    """Return a learner's own session of a kind. Raises NotFound, also for somebody else's."""
    found = session.get(LearningSession, (user_id, session_token))
    if found is None or found.kind != kind:
        raise no_such_session(kind)
    return found


def no_such_session(kind: str) -> NotFound:
    """Return the refusal of a quiz or a study session that is not there for somebody."""
    if kind == "quiz":
        return NotFound(say("There is no such quiz, or it is not yours."))
    return NotFound(say("There is no such study session, or it is not yours."))


def published_facts(session: Session, deck_id: int) -> dict[str, FactRef]:
    """Return the ids and revisions of a deck's published facts, by key."""
    rows = session.execute(
        select(FactRow.key, FactRow.id, FactRow.revision).where(
            FactRow.deck_id == deck_id, FactRow.status == "published"
        )
    )
    return {row.key: FactRef(row.id, row.revision) for row in rows}


def open_session(
    session: Session, user_id: int, deck_id: int, kind: str, now: int
) -> LearningSession:
    """Add a session with a token that nobody can guess."""
    made = LearningSession(
        user_id=user_id,
        token=new_token(),
        deck_id=deck_id,
        kind=kind,
        plan=[],
        seed=secrets.randbits(53),
        started_epoch_s=now,
        finished_epoch_s=None,
    )
    session.add(made)
    return made


def put_up(
    session: Session,
    owner: LearningSession,
    questions: Sequence[tuple[FactRef, Question]],
    first: int,
    now: int,
) -> list[str]:
    """Keep questions as they will be shown, from position `first` on; return their tokens."""
    session.flush()  # the session may be as new as they are
    bodies = [(fact, dump_question(question)) for fact, question in questions]
    return keep_shown(session, (owner.user_id, owner.token), bodies, first, now)


def keep_shown(
    session: Session,
    owner: tuple[int, str],
    bodies: Sequence[tuple[FactRef, Mapping[str, Any]]],
    first: int,
    now: int,
) -> list[str]:
    """Keep questions, as data, in a session: of whom and which. Return their tokens."""
    user_id, session_token = owner
    rows = [
        {
            "user_id": user_id,
            "token": new_token(),
            "session_token": session_token,
            "position": position,
            "fact_id": fact.id,
            "fact_revision": fact.revision,
            "body": body,
            "shown_epoch_s": now,
            "answered_epoch_s": None,
        }
        for position, (fact, body) in enumerate(bodies, start=first)
    ]
    connection = connection_of(session)
    for row in rows:
        written(connection, INSERT_SHOWN, row)
    return [str(row["token"]) for row in rows]


def put_up_again(session: Session, user_id: int, token: str, copy_token: str) -> None:
    """Put up a copy of a question, under a token of its own, in its session, which goes on."""
    row = session.get_one(ShownQuestion, (user_id, token))
    owner = session.get_one(LearningSession, (user_id, row.session_token))
    owner.finished_epoch_s = None
    copy = ShownQuestion(
        user_id=user_id,
        token=copy_token,
        session_token=row.session_token,
        position=next_position(session, owner),
        fact_id=row.fact_id,
        fact_revision=row.fact_revision,
        body=row.body,
        shown_epoch_s=row.shown_epoch_s,
        answered_epoch_s=None,
    )
    session.add(copy)
    session.flush()


def next_position(session: Session, owner: LearningSession) -> int:
    """Return the place of a session's next question."""
    at = {"learner": owner.user_id, "which": owner.token}
    row = first_row(connection_of(session), PROGRESS, at)
    return ((row.position if row else None) or 0) + 1
