"""From a memory to the day on which it is asked again: fuzz, balanced days, a date to be ready by.

FSRS says after how many days recall falls to what the learner wants. Around that number a few
days are allowed (fuzz, as in Anki); among these the one with the least to do is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, inf
from random import Random

from app.core.memory import exact_interval_days, retrievability

_FUZZ_RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, inf, 0.05))
"""From, to (days) and share, as Anki has them: intervals under 2.5 days have no fuzz."""
HIGHEST_RETENTION = 0.97
READY_DAYS = 30
"""So many days before its date a deck's wanted recall begins to rise."""
LAST_DAYS = 10
"""So many days before its date a fact is asked once more that would fade by then."""
BALANCED_DAYS = 90
"""Longer intervals are spread by chance alone: their allowed days are many and far away."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What decides an interval besides the memory."""

    retention: float
    maximum_days: int
    target_in_days: int | None = None
    """Days until the deck's target date; None without one, or when it has passed."""


def retention_towards(retention: float, target_in_days: int | None) -> float:
    """Return the recall wanted today: it rises to 0.97 over the last 30 days before a date."""
    if target_in_days is None or not 0 <= target_in_days < READY_DAYS:
        return retention
    nearness = 1 - target_in_days / READY_DAYS
    return max(retention, retention + (HIGHEST_RETENTION - retention) * nearness)


def fuzz_days(interval: float) -> float:
    """Return how many days an interval may be off, either way."""
    if interval < _FUZZ_RANGES[0][0]:
        return 0.0
    return 1.0 + sum(
        share * max(0.0, min(interval, end) - start) for start, end, share in _FUZZ_RANGES
    )


def allowed_days(interval: float, maximum_days: int) -> range:
    """Return the whole days that fuzz allows for an interval, never under 1 or over the maximum.

    As Anki's `constrained_fuzz_bounds`: two days at least where there is any fuzz.
    """
    most = max(1, maximum_days)
    wanted = min(max(1.0, interval), float(most))
    off = fuzz_days(wanted)
    low, high = (min(most, max(1, floor(wanted + by + 0.5))) for by in (-off, off))
    if high == low and 2 < high < most:  # noqa: PLR2004 Anki's own limit
        high = low + 1
    return range(low, high + 1)


def days_allowed(stability_days: float, wanted: Wanted, parameters: Sequence[float]) -> range:
    """Return the days after which a fact may be asked again.

    Before a target date: a fact whose recall would have fallen below what is wanted on that date
    is asked within the ten days before it, so that the last day has not to carry them all.
    """
    retention = retention_towards(wanted.retention, wanted.target_in_days)
    exact = exact_interval_days(stability_days, retention, parameters)
    allowed = allowed_days(exact, wanted.maximum_days)
    left = wanted.target_in_days
    if left is None or left <= 1 or allowed[-1] < left:
        return allowed
    if retrievability(stability_days, left, parameters) >= retention_towards(wanted.retention, 0):
        return allowed
    return range(min(allowed[0], max(1, left - LAST_DAYS)), left)


def fades_before(stability_days: float, elapsed_days: float, parameters: Sequence[float]) -> bool:
    """Whether recall after so many days is below what is wanted on a target date."""
    return retrievability(stability_days, elapsed_days, parameters) < HIGHEST_RETENTION


def spread_before(facts: Sequence[int], today: int, target_day: int) -> dict[int, list[int]]:
    """Return day → facts: those that would fade before a date, over the days that lead up to it.

    Evenly over the last 30 days at most, from tomorrow on (proleptic ordinals); the first of
    `facts` come first, and so may be asked once more.
    """
    first = max(today + 1, target_day - READY_DAYS)
    days = max(1, target_day - first)
    spread: dict[int, list[int]] = {}
    for at, fact in enumerate(facts):
        spread.setdefault(first + at * days // len(facts), []).append(fact)
    return spread


def least_loaded(
    allowed: range,
    load: Mapping[int, int],
    weekday_loads: Sequence[int],
    today: int,
    rng: Random,
) -> int:
    """Return the allowed number of days after which the least is to be done.

    `load` counts what is due that many days from `today` (a proleptic ordinal); a weekday's load
    in percent says what it may carry, and one of 0 is taken only where nothing else is allowed.
    Equal days are decided by chance.
    """

    def fullness(days: int) -> tuple[float, float]:
        share = weekday_loads[(today + days - 1) % 7]
        return ((load.get(days, 0) + 1) / share if share else inf, rng.random())

    return min(allowed, key=fullness)


def by_chance(allowed: range, weekday_loads: Sequence[int], today: int, rng: Random) -> int:
    """Return one of the allowed days by chance, in proportion to what its weekday may carry."""
    shares = [weekday_loads[(today + days - 1) % 7] for days in allowed]
    if not any(shares):
        return rng.choice(allowed)
    return rng.choices(allowed, shares)[0]
