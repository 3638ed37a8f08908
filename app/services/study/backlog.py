"""A backlog made bearable: spread over the coming days; pausing and coming back."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.core.planning import day_start_epoch_s
from app.core.replaying import ChangeKind
from app.core.urgency import DAY_S, DueFact, in_order, spread
from app.models.content import FactRow
from app.models.database import writing
from app.models.learning import ACTIVE, Memory, MemoryEvent
from app.models.people import User
from app.services.sessions import Learner, lock_learner
from app.services.study.preferences import change_settings
from app.services.study.queue import ORDER, quota_of


def reschedule(session: Session, user_id: int, now: int) -> int:
    """Spread what is due beyond today's limit over the coming days; return how many moved.

    The first in the order of asking stay today; what is remembered is not touched.
    In one transaction.
    """
    with writing(session):
        return _reschedule(session, lock_learner(session, user_id), now)


def pause(session: Session, user_id: int, now: int) -> None:
    """Stop asking until the learner comes back."""
    with writing(session):
        learner = lock_learner(session, user_id)
        if learner.preferences.paused_epoch_s is None:
            change_settings(session, user_id, paused_epoch_s=now)


def come_back(session: Session, user_id: int, now: int) -> int:
    """End a pause and spread what has become due in it; return how many facts were moved."""
    with writing(session):
        learner = lock_learner(session, user_id)
        if learner.preferences.paused_epoch_s is None:
            return 0
        change_settings(session, user_id, paused_epoch_s=None)
        return _reschedule(session, learner, now)


def _reschedule(session: Session, learner: Learner, now: int) -> int:
    today = learner.day(now)
    waiting = in_order(_waiting(session, learner, now), now, ORDER)
    left = quota_of(session, learner, now).due
    loads = _loads(session, learner, today, len(waiting))
    loads[today] = learner.preferences.reviews_per_day - left
    limit = learner.preferences.reviews_per_day
    days = spread(
        [fact.fact_id for fact in waiting], loads, limit, learner.preferences.weekday_loads
    )
    days.pop(today, None)
    moved = [
        (fact, day_start_epoch_s(day, learner.zone))
        for day, facts in days.items()
        for fact in facts
    ]
    return move_due(session, learner, moved, now)


def _waiting(session: Session, learner: Learner, now: int) -> list[DueFact]:
    """Return what is due and not begun today."""
    rows = session.execute(
        select(
            Memory.fact_id, Memory.stability_days, Memory.last_review_epoch_s, Memory.due_epoch_s
        )
        .join(FactRow, FactRow.id == Memory.fact_id)
        .where(
            Memory.user_id == learner.id,
            Memory.due_epoch_s <= now,
            Memory.last_study_day < learner.day(now),
            Memory.state == ACTIVE,
            FactRow.status == "published",
        )
    )
    return [DueFact(*row) for row in rows]


def _loads(session: Session, learner: Learner, today: int, waiting: int) -> Counter[int]:
    """Return what falls due on each coming day that a backlog of this size may reach."""
    limit = max(1, learner.preferences.reviews_per_day)
    last = today + 2 + 10 * waiting // limit
    dues = session.scalars(
        select(Memory.due_epoch_s).where(
            Memory.user_id == learner.id,
            Memory.due_epoch_s >= day_start_epoch_s(today + 1, learner.zone),
            Memory.due_epoch_s < day_start_epoch_s(today, learner.zone) + (last - today) * DAY_S,
            Memory.state == ACTIVE,
        )
    )
    return Counter(map(learner.day, dues))


def move_due(session: Session, learner: Learner, moved: Sequence[tuple[int, int]], now: int) -> int:
    """Log and store new due instants of facts; return how many.

    Inside a writing transaction, the learner locked; as few statements as there are tables.
    """
    if not moved:
        return 0
    session.execute(
        insert(MemoryEvent),
        [
            {
                "user_id": learner.id,
                "change": learner.changes + at,
                "fact_id": fact_id,
                "kind": str(ChangeKind.MOVED),
                "due_epoch_s": due,
                "after_review": learner.reviews,
                "at_epoch_s": now,
                "study_day": learner.day(now),
            }
            for at, (fact_id, due) in enumerate(moved, start=1)
        ],
    )
    session.connection().execute(
        _MOVE, [{"learner": learner.id, "fact": fact, "due": due} for fact, due in moved]
    )
    session.execute(
        update(User).where(User.id == learner.id).values(changes=learner.changes + len(moved))
    )
    session.expire_all()
    return len(moved)


_MOVE = (
    update(Memory.__table__)  # type: ignore[arg-type]  # a mapped class's table is a Table
    .where(
        Memory.__table__.c.user_id == bindparam("learner"),
        Memory.__table__.c.fact_id == bindparam("fact"),
    )
    .values(due_epoch_s=bindparam("due"))
)
