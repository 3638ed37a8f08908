"""When a fact is due after a review: decided once, and kept in the log with it."""

from app.core.memory import MemoryState, interval_days
from app.core.planning import day_start_epoch_s
from app.services.sessions import Learner

RELEARN_S = 600
"""A missed fact is due again after this many seconds."""


def due_after(learner: Learner, state: MemoryState, now: int, *, missed: bool) -> int:
    """Return when the fact is due: later today when missed, else at the start of a day."""
    if missed:
        return now + RELEARN_S
    days = interval_days(state.stability_days, learner.desired_retention, learner.parameters)
    return day_start_epoch_s(learner.day(now) + days, learner.zone)
