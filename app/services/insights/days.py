"""A learner's days in numbers: the day so far, the year, the month, true retention."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.retention import Period, Recalled, Retention, retention, series
from app.core.sentences import say
from app.core.streaks import Level, Streak, level_of, streak
from app.models.learning import DailyTotal, ReminderSettings
from app.services.schedule import due_by_day
from app.services.sessions import learner_of

YEAR = 365
USUAL_SECONDS = 12.0
"""What an answer takes until the learner's own pace is known."""
ANSWERS_A_NEW_FACT = 2
SPANS = (
    ("Today", 0, 0),
    ("Yesterday", 1, 1),
    (say("Last week"), 0, 6),
    (say("Last month"), 0, 29),
    (say("Last year"), 0, YEAR - 1),
)
"""The rows of Anki's table: name, and how many days ago the first and the last day are."""


@dataclass(frozen=True, slots=True)
class TodayGlance:
    """The day so far and the streak; minutes are by the learner's own pace of 30 days."""

    minutes: int
    streak: Streak
    points: float
    level: Level
    reviewed: int
    goal: int


@dataclass(frozen=True, slots=True)
class DayWork:
    """A day, by its ordinal, in numbers."""

    day: int
    reviews: int
    points: float
    seconds: float


@dataclass(frozen=True, slots=True)
class TrueRetention:
    """Retention over the latest spans, by name, and period by period, oldest first."""

    spans: tuple[tuple[str, Retention], ...]
    series: dict[Period, tuple[Retention, ...]]

    @property
    def month(self) -> Retention:
        """Return that of the last 30 days."""
        return dict(self.spans)["Last month"]


def glance(session: Session, user_id: int, asked: int, new: int, now: int) -> TodayGlance:
    """Return the day so far; `asked` and `new` are how many facts are still to be asked today."""
    learner = learner_of(session, user_id)
    today = learner.day(now)
    totals = totals_since(session, user_id, today - YEAR + 1)
    month = [total for day, total in totals.items() if day > today - 30]
    reviews = sum(total.reviews for total in month)
    pace = sum(total.response_ms for total in month) / 1000 / reviews if reviews else USUAL_SECONDS
    done = totals.get(today)
    points = done.points / 10 if done else 0.0
    reminders = session.get(ReminderSettings, user_id)
    return TodayGlance(
        minutes=-int(-(asked + ANSWERS_A_NEW_FACT * new) * pace // 60),
        streak=streak((day for day in sorted(totals, reverse=True)), today),
        points=points,
        level=level_of(points),
        reviewed=done.reviews if done else 0,
        goal=reminders.goal if reminders else 0,
    )


def totals_since(session: Session, user_id: int, first: int) -> dict[int, DailyTotal]:
    """Return the stored days from a first one on."""
    rows = session.scalars(
        select(DailyTotal).where(DailyTotal.user_id == user_id, DailyTotal.study_day >= first)
    )
    return {row.study_day: row for row in rows}


def day_work(day: int, total: DailyTotal | None) -> DayWork:
    """Return a day in numbers."""
    if total is None:
        return DayWork(day, 0, 0.0, 0.0)
    return DayWork(day, total.reviews, total.points / 10, total.response_ms / 1000)


def true_retention(totals: Iterable[DailyTotal], today: int) -> TrueRetention:
    """Return how much was recalled when it was asked again."""
    counted = [
        Recalled(row.study_day, row.due_facts, row.passed, row.mature, row.mature_passed)
        for row in totals
    ]
    spans = (
        (name, retention(today - last, (d for d in counted if first <= today - d.day <= last)))
        for name, first, last in SPANS
    )
    return TrueRetention(
        tuple(spans), {period: tuple(series(counted, period, today)) for period in Period}
    )


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the month view: answers given, or facts that fall due."""

    day: int
    reviews: int
    due: int


def month(session: Session, user_id: int, first: date, now: int) -> list[CalendarDay]:
    """Return the days of the month that a date is the first of. Raises NotFound."""
    learner = learner_of(session, user_id)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    start, days = first.toordinal(), (following - first).days
    done = session.execute(
        select(DailyTotal.study_day, DailyTotal.reviews).where(
            DailyTotal.user_id == user_id, DailyTotal.study_day.between(start, start + days - 1)
        )
    )
    reviews = {row.study_day: row.reviews for row in done}
    due = due_by_day(session, learner, start, days, now)
    return [CalendarDay(start + at, reviews.get(start + at, 0), due[at]) for at in range(days)]
