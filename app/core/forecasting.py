"""What study will ask of a learner: a year of reviews, new facts included, worked out day by day.

Facts move in groups of like stability, and chance is taken at its mean: a share of each group is
recalled and the rest is missed. So the work depends on the days alone, not on how many facts
there are, and the same facts give the same forecast.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from fsrs_rs_python import DEFAULT_PARAMETERS

from app.core.memory import (
    MAX_INTERVAL_DAYS,
    MemoryState,
    Rating,
    interval_days,
    next_state,
    retrievability,
)

STEP = 1.25
"""Ratio between the stabilities of neighbouring groups."""
LEAST_DAYS = 0.05
NEW_RECALLED = 0.8
"""Share of new facts that are right at the first answer: new ones are asked by recognition."""


@dataclass(frozen=True, slots=True)
class Group:
    """So many facts of about one stability that fall due in so many days (0: today or before)."""

    due_in_days: int
    stability_days: float
    facts: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How the learner studies: facts waiting, new facts and reviews a day, wanted recall.

    What of the day's limits is left today, where some of it is used up already.
    """

    new_waiting: int
    new_per_day: int
    reviews_per_day: int
    desired_retention: float
    difficulty: float = 5.0
    parameters: tuple[float, ...] = tuple(DEFAULT_PARAMETERS)
    maximum_interval_days: int = MAX_INTERVAL_DAYS
    new_left_today: int | None = None
    reviews_left_today: int | None = None

    def new_on(self, day: int) -> int:
        """Return how many new facts a day takes, today being 0."""
        left = None if day else self.new_left_today
        return self.new_per_day if left is None else left

    def reviews_on(self, day: int) -> int:
        """Return how many known facts a day asks, today being 0."""
        left = None if day else self.reviews_left_today
        return self.reviews_per_day if left is None else left


@dataclass(frozen=True, slots=True)
class ExpectedDay:
    """What one day asks: reviews of facts known by today, of those learned since, new facts."""

    known: float
    from_new: float
    new: float

    @property
    def reviews(self) -> float:
        """Return all answers of the day, new facts included."""
        return self.known + self.from_new + self.new


def forecast(groups: Iterable[Group], plan: Plan, days: int) -> list[ExpectedDay]:
    """Return what each of the next days asks, today first."""
    old, new = _Queue(plan, days), _Queue(plan, days)
    for group in groups:
        old.put(group.due_in_days, _level(group.stability_days), group.facts)
    waiting = float(plan.new_waiting)
    expected = []
    for day in range(days):
        due = old.due(day) + new.due(day)
        share = min(1.0, plan.reviews_on(day) / due) if due else 1.0
        known, from_new = old.study(day, share), new.study(day, share)
        learned = min(waiting, plan.new_on(day))
        waiting -= learned
        new.learn(day, learned)
        expected.append(ExpectedDay(known, from_new, learned))
    return expected


class _Queue:
    """Facts by the day on which they fall due and the level of their stability."""

    def __init__(self, plan: Plan, days: int) -> None:
        self.plan = plan
        self.days = days
        self.waiting: list[dict[int, float]] = [defaultdict(float) for _ in range(days)]
        self.turns: dict[int, _Turn] = {}
        self.first = [_first(rating, part, plan) for rating, part in _FIRST]

    def put(self, day: int, level: int, facts: float) -> None:
        if facts and day < self.days:
            self.waiting[max(0, day)][level] += facts

    def due(self, day: int) -> float:
        return sum(self.waiting[day].values())

    def study(self, day: int, share: float) -> float:
        """Ask a share of what is due, the rest tomorrow; return how many answers that takes."""
        asked = 0.0
        # Written out rather than put: this is most of the work of a whole year.
        turns, later = self.turns, self.waiting[day:]
        days = len(later)
        tomorrow = later[1] if share < 1 and days > 1 else None
        for level, facts in later[0].items():
            if tomorrow is not None:
                tomorrow[level] += facts * (1 - share)
            turn = turns.get(level) or self._turn(level)
            share_recalled, good_level, good_days, again_level, again_days = turn
            now = facts * share
            recalled = now * share_recalled
            missed = now - recalled
            if good_days < days:
                later[good_days][good_level] += recalled
            if again_days < days:
                later[again_days][again_level] += missed
            asked += now + missed
        return asked

    def learn(self, day: int, facts: float) -> None:
        """Learn new facts: some at once, the others at the second try."""
        for wait, level, part in self.first:
            self.put(day + wait, level, facts * part)

    def _turn(self, level: int) -> "_Turn":
        self.turns[level] = turn = _turn(level, self.plan)
        return turn


_FIRST = ((Rating.GOOD, NEW_RECALLED), (Rating.AGAIN, 1 - NEW_RECALLED))


def _first(rating: Rating, part: float, plan: Plan) -> tuple[int, int, float]:
    """Return days to wait and level after a first answer, and what part of new facts has it."""
    stability = next_state(None, rating, 0, 0, plan.parameters).stability_days
    wait = interval_days(stability, plan.desired_retention, plan.parameters)
    return wait, _level(stability), part


class _Turn(NamedTuple):
    """What becomes of facts of a level that are asked when due; days are 1 at least."""

    recalled: float
    good_level: int
    good_days: int
    again_level: int
    again_days: int


def _turn(level: int, plan: Plan) -> _Turn:
    parameters = plan.parameters
    stability = LEAST_DAYS * STEP**level

    def interval(stability_days: float) -> int:
        wanted = interval_days(stability_days, plan.desired_retention, parameters)
        return min(plan.maximum_interval_days, wanted)

    elapsed = interval(stability)
    before = MemoryState(stability, plan.difficulty, 0)
    good = next_state(before, Rating.GOOD, 0, elapsed, parameters).stability_days
    again = next_state(before, Rating.AGAIN, 0, elapsed, parameters).stability_days
    return _Turn(
        retrievability(stability, elapsed, parameters),
        _level(good),
        interval(good),
        _level(again),
        interval(again),
    )


def _level(stability_days: float) -> int:
    return max(0, round(math.log(max(LEAST_DAYS, stability_days) / LEAST_DAYS, STEP)))
