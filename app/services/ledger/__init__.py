"""The learner's log as the truth: memory, holds, daily totals and score, computed from it.

`derive` computes all of them, `check_learner` compares them with what is stored, `rebuild` stores
them; `restate` does the same for one fact, at the cost of that fact's log.
"""

from app.services.ledger.deriving import check_learner, derive, rebuild
from app.services.ledger.reading import (
    LogPlace,
    events_of,
    has_earned,
    next_change,
    place_at,
    story_of,
)
from app.services.ledger.rows import Columns, tally_of
from app.services.ledger.storing import append, move_log, restate

__all__ = [
    "Columns",
    "LogPlace",
    "append",
    "check_learner",
    "derive",
    "events_of",
    "has_earned",
    "move_log",
    "next_change",
    "place_at",
    "rebuild",
    "restate",
    "story_of",
    "tally_of",
]
