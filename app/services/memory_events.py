"""Changes to a fact's memory that are no answers: logged, replayed with the reviews, undoable."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.intervals import allowed_days
from app.core.memory import exact_interval_days
from app.core.planning import day_start_epoch_s
from app.core.replaying import Answered, ChangeKind, tell
from app.core.sentences import say
from app.models.content import FactRow
from app.models.database import writing
from app.models.learning import LearningSession, Memory, MemoryEvent, ShownQuestion
from app.services import ledger
from app.services.sessions import Learner, lock_learner

KNOWN_DAYS = 365.0
"""The stability of a fact that the learner says they know: asked again after about a year."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a fact: until when, with which memory, and which review brought it about."""

    kind: ChangeKind
    due_epoch_s: int | None = None
    stability_days: float | None = None
    cause: int | None = None


def bury(session: Session, user_id: int, fact_id: int, now: int) -> str | None:
    """Set a fact aside until tomorrow; return the session in which it was open, if any."""
    with writing(session):
        learner = lock_learner(session, user_id)
        due = day_start_epoch_s(learner.day(now) + 1, learner.zone)
        memory = session.get(Memory, (user_id, fact_id))
        if memory is not None:
            due = max(due, memory.due_epoch_s)  # "not today" brings nothing nearer
        return _change(session, learner, fact_id, Change(ChangeKind.BURIED, due), now)


def suspend(session: Session, user_id: int, fact_id: int, now: int) -> str | None:
    """Set a fact aside until it is resumed; return the session in which it was open, if any."""
    with writing(session):
        learner = lock_learner(session, user_id)
        return _change(session, learner, fact_id, Change(ChangeKind.SUSPENDED), now)


def resume(session: Session, user_id: int, fact_id: int, now: int) -> str | None:
    """Ask a suspended or buried fact again when it is due: as if it had never been put off."""
    with writing(session):
        learner = lock_learner(session, user_id)
        events = ledger.events_of(session, user_id, fact_id).get(fact_id, [])
        unburied = (
            one for one in events if isinstance(one, Answered) or one.kind is not ChangeKind.BURIED
        )
        due = tell(unburied, learner.parameters).standing.due_epoch_s
        return _change(session, learner, fact_id, Change(ChangeKind.RESUMED, due), now)


def reset(session: Session, user_id: int, fact_id: int, now: int) -> str | None:
    """Forget all that is remembered of a fact: it is new again. The log keeps its reviews."""
    with writing(session):
        learner = lock_learner(session, user_id)
        return _change(session, learner, fact_id, Change(ChangeKind.RESET), now)


def mark_known(session: Session, user_id: int, fact_id: int, now: int) -> str | None:
    """Take a learner's word that they know a fact: asked again in about a year."""
    with writing(session):
        learner = lock_learner(session, user_id)
        exact = exact_interval_days(KNOWN_DAYS, learner.desired_retention, learner.parameters)
        days = allowed_days(exact, learner.preferences.maximum_interval_days)[0]
        due = day_start_epoch_s(learner.day(now) + days, learner.zone)
        change = Change(ChangeKind.KNOWN, due, KNOWN_DAYS)
        return _change(session, learner, fact_id, change, now)


def _change(
    session: Session, learner: Learner, fact_id: int, change: Change, now: int
) -> str | None:
    record(session, learner, fact_id, change, now)
    return _withdraw(session, learner.id, fact_id)


def record(session: Session, learner: Learner, fact_id: int, change: Change, now: int) -> None:
    """Log a change and restate the fact. Inside a writing transaction, the learner locked.

    Raises NotFound for a fact that does not exist.
    """
    if session.get(FactRow, fact_id) is None:
        raise NotFound(say("There is no such fact."))
    before = ledger.story_of(session, learner, fact_id)
    session.add(event(session, learner, fact_id, change, now))
    session.flush()
    ledger.restate(session, learner, fact_id, before)


def event(
    session: Session, learner: Learner, fact_id: int, change: Change, now: int
) -> MemoryEvent:
    """Return a change as a row of the log, numbered."""
    return MemoryEvent(
        user_id=learner.id,
        change=ledger.next_change(session, learner.id),
        fact_id=fact_id,
        kind=str(change.kind),
        cause=change.cause,
        due_epoch_s=change.due_epoch_s,
        stability_days=change.stability_days,
        after_review=change.cause or learner.reviews,
        at_epoch_s=now,
        study_day=learner.day(now),
    )


def _withdraw(session: Session, user_id: int, fact_id: int) -> str | None:
    """Take back the open study questions of a fact; return the session of the last of them."""
    studying = select(LearningSession.token).where(
        LearningSession.user_id == user_id, LearningSession.kind == "study"
    )
    still_open = (
        ShownQuestion.user_id == user_id,
        ShownQuestion.fact_id == fact_id,
        ShownQuestion.answered_epoch_s.is_(None),
        ShownQuestion.session_token.in_(studying),
    )
    token = session.scalar(
        select(ShownQuestion.session_token)
        .where(*still_open)
        .order_by(ShownQuestion.shown_epoch_s.desc())
        .limit(1)
    )
    if token is not None:
        session.execute(delete(ShownQuestion).where(*still_open))
    return token
