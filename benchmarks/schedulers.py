"""Ways to decide when a fact is asked again: ours, and those it is compared with."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from app.core.evaluation import Review
from app.core.fitting import fit, wants_fit
from app.core.intervals import (
    BALANCED_DAYS,
    Wanted,
    allowed_days,
    by_chance,
    days_allowed,
    fades_before,
    least_loaded,
    spread_before,
)
from app.core.memory import (
    DEFAULT_PARAMETERS,
    MemoryState,
    Rating,
    exact_interval_days,
    next_state,
    replay,
)
from app.core.memory import LoggedRating as Logged

EVEN = (100,) * 7


class Scheduler(Protocol):
    """What the simulation asks of a way to schedule."""

    name: str

    def after(self, fact: int, day: int, *, right: bool) -> int:
        """Note an answer and return the day on which the fact is asked again."""
        ...


@dataclass
class Ours:
    """Factdeck's own core: FSRS-6, fuzz, balanced days; parameters fitted as in the product."""

    name: str = "Factdeck"
    fits: bool = True
    balances: bool = True
    fuzzes: bool = True
    retention: float = 0.9
    target_day: int | None = None
    """A date to be ready by, and from which day on the scheduler knows of it."""
    told_on: int = 0
    parameters: tuple[float, ...] = tuple(DEFAULT_PARAMETERS)
    states: dict[int, tuple[MemoryState, int]] = field(default_factory=dict)
    logs: dict[int, list[Review]] = field(default_factory=dict)
    load: Counter[int] = field(default_factory=Counter)
    due: dict[int, int] = field(default_factory=dict)
    reviews: int = 0
    last_fit: int | None = None

    def after(self, fact: int, day: int, *, right: bool) -> int:
        """Return the least loaded of the days that FSRS-6 and fuzz allow."""
        for rating in (Rating.GOOD,) if right else (Rating.AGAIN, Rating.GOOD):
            self._note(fact, day, rating)
        if self.fits and wants_fit(self.reviews, self.last_fit):
            self._fit()
        state, _ = self.states[fact]
        self.load[self.due.pop(fact, -1)] -= 1
        self.due[fact] = day + self._days(fact, state, day)
        self.load[self.due[fact]] += 1
        return self.due[fact]

    def tell_date(self, day: int) -> dict[int, int]:
        """Return the new days of facts that would fade before the date, as the product does."""
        target = self.target_day
        assert target is not None  # noqa: S101 asked of those with a date
        faded = [
            fact
            for fact, (state, last) in self.states.items()
            if self.due[fact] >= target
            and fades_before(state.stability_days, target - last, self.parameters)
        ]
        faded.sort(key=lambda fact: self.states[fact][0].stability_days)
        moved = {
            fact: at for at, facts in spread_before(faded, day, target).items() for fact in facts
        }
        self.due |= moved
        return moved

    def _note(self, fact: int, day: int, rating: Rating) -> None:
        before, last = self.states.get(fact, (None, day))
        after = next_state(before, rating, day * 86_400, day - last, self.parameters)
        self.states[fact] = (after, day)
        self.logs.setdefault(fact, []).append(Review(day * 86_400, rating, day))
        self.reviews += 1

    def _days(self, fact: int, state: MemoryState, day: int) -> int:
        exact = exact_interval_days(state.stability_days, self.retention, self.parameters)
        if not self.fuzzes:
            return max(1, round(exact))
        left = None
        if self.target_day is not None and self.told_on <= day <= self.target_day:
            left = self.target_day - day
        wanted = Wanted(self.retention, 36_500, left)
        allowed = days_allowed(state.stability_days, wanted, self.parameters)
        rng = Random(f"{fact}:{self.reviews}")
        if not self.balances or allowed[-1] > BALANCED_DAYS:
            return by_chance(allowed, EVEN, day, rng)
        load = {days: self.load[day + days] for days in allowed}
        return least_loaded(allowed, load, EVEN, day, rng)

    def _fit(self) -> None:
        self.last_fit = self.reviews
        fitted = fit(list(self.logs.values()), self.parameters)
        if not fitted.better:
            return
        self.parameters = fitted.parameters
        for fact, log in self.logs.items():
            state = replay((Logged(r.at_epoch_s, r.day, r.rating) for r in log), self.parameters)
            assert state is not None  # noqa: S101 no log is empty
            self.states[fact] = (state, log[-1].day)


@dataclass
class Fixed:
    """Fixed intervals, from the start again after a miss: what many do with a calendar."""

    name: str = "fixed 1-3-7-14-30-60-120"
    steps: tuple[int, ...] = (1, 3, 7, 14, 30, 60, 120)
    step: dict[int, int] = field(default_factory=dict)

    def after(self, fact: int, day: int, *, right: bool) -> int:
        """Return the next step, or the first."""
        at = self.step[fact] = min(self.step.get(fact, -1) + 1, len(self.steps) - 1) * right
        return day + self.steps[at]


@dataclass
class Sm2:
    """SM-2 as Wozniak published it (1990); right answers count as grade 4, with Anki's fuzz."""

    name: str = "SM-2"
    cards: dict[int, tuple[int, float, float]] = field(default_factory=dict)

    def after(self, fact: int, day: int, *, right: bool) -> int:
        """Return the day by repetitions, interval and ease."""
        repetitions, interval, ease = self.cards.get(fact, (0, 0.0, 2.5))
        if right:
            interval = (1.0, 6.0)[repetitions] if repetitions < 2 else interval * ease
            repetitions += 1
        else:
            repetitions, interval = 0, 1.0
            ease = max(1.3, ease - 0.32)
        self.cards[fact] = (repetitions, interval, ease)
        rng = Random(f"{fact}:{day}")
        return day + rng.choice(allowed_days(interval, 36_500))


@dataclass
class Cramming:
    """Everything once, and then nothing before the last days, when all is gone over daily."""

    last_day: int
    days: int = 3
    name: str = "cramming in the last 3 days"

    def after(self, fact: int, day: int, *, right: bool) -> int:
        """Return the first of the last days, or the next of them."""
        del fact, right
        return max(day + 1, self.last_day - self.days)
