"""What quiz and study share: the learner's settings, sessions, and putting a question up."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.planning import study_day
from app.core.questions import Question
from app.core.questions.codec import dump_question
from app.models.content import FactRow
from app.models.learning import LearningSession, ShownQuestion
from app.models.people import User


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

    def day(self, at_epoch_s: int) -> int:
        """Return the learner's day at an instant, as a proleptic ordinal."""
        return study_day(at_epoch_s, self.zone)


@dataclass(frozen=True, slots=True)
class FactRef:
    """A published fact's row: its id, and its revision at the time of asking."""

    id: int
    revision: int


def learner_of(session: Session, user_id: int) -> Learner:
    """Return a learner. Raises NotFound."""
    return _learner(session, user_id, lock=False)


def lock_learner(session: Session, user_id: int) -> Learner:
    """Return a learner and keep their other requests waiting until this transaction ends."""
    return _learner(session, user_id, lock=True)


def _learner(session: Session, user_id: int, *, lock: bool) -> Learner:
    query = select(
        User.id, User.time_zone, User.desired_retention, User.new_per_day, User.reviews
    ).where(User.id == user_id)
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("There is no such learner.")
    return Learner(
        row.id, zone_of(row.time_zone), row.desired_retention, row.new_per_day, row.reviews
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
        raise NotFound(f"There is no such {kind}, or it is not yours.")
    return found


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
        token=secrets.token_urlsafe(32),
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
    rows = [
        ShownQuestion(
            user_id=owner.user_id,
            token=secrets.token_urlsafe(32),
            session_token=owner.token,
            position=position,
            fact_id=fact.id,
            fact_revision=fact.revision,
            body=dump_question(question),
            shown_epoch_s=now,
            answered_epoch_s=None,
        )
        for position, (fact, question) in enumerate(questions, start=first)
    ]
    session.add_all(rows)
    session.flush()
    return [row.token for row in rows]


def open_question(session: Session, user_id: int, session_token: str) -> str | None:
    """Return the token of a session's first unanswered question."""
    return session.scalar(
        select(ShownQuestion.token)
        .where(
            ShownQuestion.user_id == user_id,
            ShownQuestion.session_token == session_token,
            ShownQuestion.answered_epoch_s.is_(None),
        )
        .order_by(ShownQuestion.position)
        .limit(1)
    )
