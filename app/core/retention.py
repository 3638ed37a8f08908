"""True retention as Anki's manual has it: how much was recalled when it was asked again.

Counted are facts of an earlier day at their first answer of a day; young and mature apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Period(StrEnum):
    """What a row or a point of the table stands for; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


SHOWN = {Period.DAY: 30, Period.WEEK: 26, Period.MONTH: 12}
"""How many of each are told."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """Facts asked again on a day (a proleptic ordinal), of them mature ones; and those recalled."""

    day: int
    asked: int
    passed: int
    mature: int
    mature_passed: int


@dataclass(frozen=True, slots=True)
class Retention:
    """Facts asked again in a stretch of days, and recalled; `first` is its first day."""

    first: int
    young: int
    young_passed: int
    mature: int
    mature_passed: int

    @property
    def asked(self) -> int:
        """Return all of them."""
        return self.young + self.mature

    @property
    def passed(self) -> int:
        """Return how many of all were recalled."""
        return self.young_passed + self.mature_passed


def retention(first: int, days: Iterable[Recalled]) -> Retention:
    """Return the retention over days."""
    asked = passed = mature = firm = 0
    for one in days:
        asked, passed = asked + one.asked, passed + one.passed
        mature, firm = mature + one.mature, firm + one.mature_passed
    return Retention(first, asked - mature, passed - firm, mature, firm)


def start_of(day: int, period: Period) -> int:
    """Return the first day of the day's own period."""
    if period is Period.DAY:
        return day
    at = date.fromordinal(day)
    if period is Period.WEEK:
        return day - at.weekday()
    return at.replace(day=1).toordinal()


def series(days: Iterable[Recalled], period: Period, today: int) -> list[Retention]:
    """Return retention period by period, oldest first, empty ones included."""
    starts = [start_of(today, period)]
    while len(starts) < SHOWN[period]:
        starts.append(start_of(starts[-1] - 1, period))
    within: dict[int, list[Recalled]] = {start: [] for start in reversed(starts)}
    for one in days:
        start = start_of(one.day, period)
        if start in within:
            within[start].append(one)
    return [retention(start, these) for start, these in within.items()]
