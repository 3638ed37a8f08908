"""Rows of memories, holds and days, as a log gives them."""

from dataclasses import fields
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core.replaying import (
    NOTHING,
    Standing,
    Tally,
)
from app.models.learning import (
    ACTIVE,
    SUSPENDED,
    DailyTotal,
    HeldFact,
    Memory,
)

GONE = 0
"""The deck of a fact that is there no more: `orphans` tells of what is left of it."""
Columns = dict[str, Any]
"""A row that is not made yet: what is to be stored, by column."""
MEMORIES, HELD = insert(Memory).inline(), insert(HeldFact).inline()
TALLIED = tuple(one.name for one in fields(Tally))


def memory_row(of: tuple[int, int, int], standing: Standing) -> Columns:
    """Return a memory as columns: of whom, of which fact and of which deck."""
    assert standing.memory is not None  # noqa: S101 asked for only then
    user_id, fact_id, deck_id = of
    return {
        "user_id": user_id,
        "fact_id": fact_id,
        "deck_id": deck_id,
        "stability_days": standing.memory.stability_days,
        "difficulty": standing.memory.difficulty,
        "last_review_epoch_s": standing.memory.last_review_epoch_s,
        "due_epoch_s": standing.due_epoch_s,
        "reviews": standing.reviews,
        "lapses": standing.lapses,
        "last_type": standing.last_type,
        "first_study_day": standing.first_study_day,
        "last_study_day": standing.last_study_day,
        "state": SUSPENDED if standing.suspended else ACTIVE,
    }


def is_held(standing: Standing) -> bool:
    """Whether a fact that was never answered is set aside, or put off."""
    return standing.suspended or standing.held_until_epoch_s is not None


def held_row(user_id: int, fact_id: int, standing: Standing) -> Columns:
    """Return the row of what holds a fact back; suspended, it has no end."""
    until = None if standing.suspended else standing.held_until_epoch_s
    return {"user_id": user_id, "fact_id": fact_id, "until_epoch_s": until}


def move_day(session: Session, user_id: int, day: int, by: Tally) -> None:
    """Add to a learner's stored day; one without reviews is no day."""
    if by == NOTHING:
        return
    row = session.get(DailyTotal, (user_id, day))
    now = (tally_of(row) if row else NOTHING) + by
    if row is not None and not now.reviews:
        session.delete(row)
        return
    if row is None:
        row = DailyTotal(user_id=user_id, study_day=day)
        session.add(row)
    for name in TALLIED:
        setattr(row, name, getattr(now, name))


def tally_of(total: DailyTotal) -> Tally:
    """Return a stored day as numbers."""
    return Tally(*(getattr(total, name) for name in TALLIED))
