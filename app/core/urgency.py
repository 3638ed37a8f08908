"""Which of the facts that are due come first, and what a backlog becomes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

DAY_S = 86_400
LEAST_SHARE = 0.2
"""Of a day's reviews, kept free for a backlog however much falls due on that day anyway."""


@dataclass(frozen=True, slots=True)
class DueFact:
    """What orders a due fact among others; instants in epoch seconds."""

    fact_id: int
    stability_days: float
    last_review_epoch_s: int
    due_epoch_s: int


class Order(StrEnum):
    """The orders that were compared by simulation (`benchmarks/planning.py`)."""

    RETRIEVABILITY = "retrievability"
    """Lowest predicted recall first."""
    SAFEST = "safest"
    """Highest predicted recall first."""
    OVERDUENESS = "overdueness"
    """Most overdue first, relative to the interval."""
    LEAST_OVERDUE = "least overdue"
    """Least overdue first, relative to the interval."""
    DUE = "due"
    """Longest overdue first, in days."""


def _faded(fact: DueFact, now: int) -> float:
    """Return elapsed time in stabilities: recall falls as this grows, whatever the parameters."""
    return max(0, now - fact.last_review_epoch_s) / DAY_S / fact.stability_days


def _overdue(fact: DueFact, now: int) -> float:
    planned = max(1, fact.due_epoch_s - fact.last_review_epoch_s)
    return (now - fact.due_epoch_s) / planned


_KEYS: dict[Order, Callable[[DueFact, int], float]] = {
    Order.RETRIEVABILITY: lambda fact, now: -_faded(fact, now),
    Order.SAFEST: _faded,
    Order.OVERDUENESS: lambda fact, now: -_overdue(fact, now),
    Order.LEAST_OVERDUE: _overdue,
    Order.DUE: lambda fact, _: fact.due_epoch_s,
}


def in_order(facts: Iterable[DueFact], now: int, order: Order) -> list[DueFact]:
    """Return due facts in an order; equal ones by their number."""
    key = _KEYS[order]
    return sorted(facts, key=lambda fact: (key(fact, now), fact.fact_id))


def spread(
    backlog: Sequence[int], loads: Mapping[int, int], limit: int, weekday_loads: Sequence[int]
) -> dict[int, list[int]]:
    """Return day → facts: a backlog (most urgent first) spread over the days from the first.

    `loads` holds for each of the coming days (proleptic ordinals, from today) what falls due then
    anyway; days beyond count as empty. A day takes what its limit leaves, and a fifth at least.
    """
    spread_over: dict[int, list[int]] = {}
    left = list(backlog)
    day = min(loads)
    while left:
        most = limit * weekday_loads[(day - 1) % 7] / 100
        room = max(int(most) - loads.get(day, 0), ceil(most * LEAST_SHARE))
        if not any(weekday_loads) or not limit:
            room = len(left)
        if room > 0:
            spread_over[day], left = left[:room], left[room:]
        day += 1
    return spread_over
