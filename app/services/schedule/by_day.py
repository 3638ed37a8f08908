"""How many facts fall due on each day."""

from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core.planning import day_start_epoch_s
from app.models.content import DeckRow, FactRow
from app.models.learning import ACTIVE, Memory
from app.services.sessions import Learner

HIDDEN = ("draft", "retired")


def due_by_day(session: Session, learner: Learner, first: int, days: int, now: int) -> list[int]:
    """Return how many facts fall due on each of some days (ordinals from `first`).

    What is overdue counts today. One range of the index by due date a day, days of 23 and 25
    hours included; facts that are not published are counted apart and taken off, for they are few.
    """
    today = learner.day(now)
    bounds = [day_start_epoch_s(first + at, learner.zone) for at in range(days + 1)]
    ranges = [
        (0 if first + at == today else start, end)
        for at, (start, end) in enumerate(pairwise(bounds))
    ]
    every = session.execute(select(*(_due_in(learner.id, *one) for one in ranges))).one()
    hidden = _hidden_due(session, learner.id, bounds[-1])
    return [
        0 if first + at < today else count - sum(start <= due < end for due in hidden)
        for at, (count, (start, end)) in enumerate(zip(every, ranges, strict=True))
    ]


def _due_in(user_id: int, start: int, end: int) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(Memory)
        .where(
            Memory.user_id == user_id,
            Memory.due_epoch_s >= start,
            Memory.due_epoch_s < end,
            Memory.state == ACTIVE,
        )
        .scalar_subquery()
    )


def _hidden_due(session: Session, user_id: int, end: int) -> Sequence[int]:
    """Return when facts that are not asked any more would fall due."""
    retired = select(FactRow.id).where(
        FactRow.deck_id.in_(select(DeckRow.id)), FactRow.status.in_(HIDDEN)
    )
    return session.scalars(
        select(Memory.due_epoch_s).where(
            Memory.user_id == user_id,
            Memory.fact_id.in_(retired),
            Memory.due_epoch_s < end,
            Memory.state == ACTIVE,
        )
    ).all()
