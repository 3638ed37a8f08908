"""Days in a row, with rest days that punish nobody, and the level of a day."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.sentences import say

REST_WINDOW_DAYS = 7
"""In any such stretch one day may be rested."""
LEVELS = (
    (1, say("Warm")),
    (10, say("Steady")),
    (25, say("Strong")),
    (50, say("Brilliant")),
    (100, say("Blazing")),
)
"""Points from which a day has a level."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Days worked on in a row; rested days neither count nor break it."""

    days: int
    rested: int


def streak(worked: Iterable[int], today: int) -> Streak:
    """Return the streak up to today, from worked days (ordinals), the latest first.

    Today not yet done breaks nothing. Of any seven days in a row one may be rested.
    """
    expected, last_rest, days, rested = today, today + REST_WINDOW_DAYS, 0, 0
    for day in worked:
        if day > today:
            continue
        if day < today and not days:
            expected = today - 1
        gap = expected - day
        may_rest = last_rest - expected >= REST_WINDOW_DAYS
        if gap > 1 or (gap == 1 and not may_rest):
            break
        if gap == 1:
            last_rest, rested = expected, rested + 1
        days, expected = days + 1, day - 1
    return Streak(days, rested if days else 0)


@dataclass(frozen=True, slots=True)
class Level:
    """How far a day has come: 0 to 5, and the points that the next level begins at."""

    number: int
    name: str
    next_at: int | None


def level_of(points: float) -> Level:
    """Return the level of a day with so many points."""
    reached = [name for least, name in LEVELS if points >= least]
    following = next((least for least, _ in LEVELS if points < least), None)
    return Level(len(reached), reached[-1] if reached else say("Resting"), following)
