"""The progress page: forecast, retention, calibration, what is known, where the time goes.

Days come from their totals. What needs single answers looks at the newest 2,000, and what needs
single memories at up to 3,000 of them, in blocks spread over all: so the page takes no longer for
a million facts than for ten thousand, and says so where a figure is an estimate.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.core.calibration import Calibration, Prediction, calibration
from app.core.forecasting import ExpectedDay, Group, Plan, forecast
from app.core.memory import Rating, retrievability
from app.core.planning import day_start_epoch_s
from app.core.streaks import Level, Streak, level_of, streak
from app.models.content import DeckRow, FactRow
from app.models.effective import RATING, effective
from app.models.learning import (
    ACTIVE,
    DailyTotal,
    LearningSession,
    Memory,
    ReminderSettings,
    Review,
)
from app.services.schedule import due_by_day
from app.services.sessions import Learner, learner_of

DAY_S = 86_400
YEAR = 365
RECENT_REVIEWS = 2000
BLOCKS, BLOCK = 20, 150
LARGEST_SAMPLE = BLOCKS * BLOCK
TRACED = 240
"""Facts whose log is read for what was known on earlier days."""
TRACE_POINTS = 25
USUAL_SECONDS = 12.0
"""What an answer takes until the learner's own pace is known."""
ANSWERS_A_NEW_FACT = 2
MOST_SHARES = 8


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
class Retention:
    """Facts of an earlier day at their first answer of a day: asked and recalled."""

    label: str
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


@dataclass(frozen=True, slots=True)
class DayWork:
    """A day, by its ordinal, in numbers."""

    day: int
    reviews: int
    points: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Slice:
    """How many facts lie between two bounds."""

    label: str
    facts: float


@dataclass(frozen=True, slots=True)
class Share:
    """How much time and how many answers something took among the newest answers."""

    label: str
    answers: int
    recalled: int
    seconds: float


@dataclass(frozen=True, slots=True)
class KnownOn:
    """The sum of recall over all facts on a day."""

    day: int
    facts: float


@dataclass(frozen=True, slots=True)
class Insights:
    """The whole progress page."""

    today: int
    days: tuple[DayWork, ...]
    forecast: tuple[ExpectedDay, ...]
    retention: tuple[Retention, ...]
    calibration: Calibration | None
    stability: tuple[Slice, ...]
    difficulty: tuple[Slice, ...]
    recall: tuple[Slice, ...]
    known: tuple[KnownOn, ...]
    known_now: float
    facts: int
    sampled: int
    by_type: tuple[Share, ...]
    by_deck: tuple[Share, ...]
    by_tag: tuple[Share, ...]
    recent: int
    learned_this_week: int
    reviews_this_week: int


def insights(session: Session, user_id: int, now: int) -> Insights:
    """Return everything on the progress page. Raises NotFound."""
    learner = learner_of(session, user_id)
    today = learner.day(now)
    totals = _totals(session, user_id, today - YEAR + 1)
    recent = _recent(session, user_id)
    counted, sample = _sample(session, user_id)
    weight = counted / len(sample) if sample else 1.0
    recalls = [_recall(one, now, learner) for one in sample]
    week = [total for day, total in totals.items() if day > today - 7]
    return Insights(
        today=today,
        days=tuple(_day(day, totals.get(day)) for day in range(today - YEAR + 1, today + 1)),
        forecast=tuple(_forecast(session, learner, (counted, sample), now)),
        retention=_retention(totals, today),
        calibration=calibration(
            [Prediction(r.predicted, r.rating > Rating.AGAIN) for r in recent if r.predicted]
        ),
        stability=_slices([one.stability_days for one in sample], STABILITIES, weight),
        difficulty=_slices([one.difficulty for one in sample], DIFFICULTIES, weight),
        recall=_slices(recalls, RECALLS, weight),
        known=_known(session, learner, sample, counted, now),
        known_now=sum(recalls) * weight,
        facts=counted,
        sampled=len(sample),
        by_type=_shares((row.question_type.replace("_", " "), row) for row in recent),
        by_deck=_shares((row.title, row) for row in recent),
        by_tag=_shares((tag, row) for row in recent for tag in row.tags),
        recent=len(recent),
        learned_this_week=sum(total.new_facts for total in week),
        reviews_this_week=sum(total.reviews for total in week),
    )


def glance(session: Session, user_id: int, asked: int, new: int, now: int) -> TodayGlance:
    """Return the day so far; `asked` and `new` are how many facts are still to be asked today."""
    learner = learner_of(session, user_id)
    today = learner.day(now)
    totals = _totals(session, user_id, today - YEAR + 1)
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


def _totals(session: Session, user_id: int, first: int) -> dict[int, DailyTotal]:
    rows = session.scalars(
        select(DailyTotal).where(DailyTotal.user_id == user_id, DailyTotal.study_day >= first)
    )
    return {row.study_day: row for row in rows}


def _day(day: int, total: DailyTotal | None) -> DayWork:
    if total is None:
        return DayWork(day, 0, 0.0, 0.0)
    return DayWork(day, total.reviews, total.points / 10, total.response_ms / 1000)


def _retention(totals: dict[int, DailyTotal], today: int) -> tuple[Retention, ...]:
    spans = (
        ("Today", 0, 0),
        ("Yesterday", 1, 1),
        ("7 days", 0, 6),
        ("30 days", 0, 29),
        ("A year", 0, YEAR - 1),
    )
    return tuple(
        _retained(label, [t for day, t in totals.items() if low <= today - day <= high])
        for label, low, high in spans
    )


def _retained(label: str, totals: Sequence[DailyTotal]) -> Retention:
    due, passed = sum(t.due_facts for t in totals), sum(t.passed for t in totals)
    mature, firm = sum(t.mature for t in totals), sum(t.mature_passed for t in totals)
    return Retention(label, due - mature, passed - firm, mature, firm)


def _recent(session: Session, user_id: int) -> list[Any]:
    """Return the newest answers in force, with their facts' deck and tags."""
    last = session.scalar(select(func.max(Review.number)).where(Review.user_id == user_id)) or 0
    query = effective(
        select(
            Review.predicted,
            RATING.label("rating"),
            Review.response_ms,
            Review.question_type,
            FactRow.tags,
            DeckRow.title,
        )
        .join(FactRow, FactRow.id == Review.fact_id)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .where(Review.user_id == user_id, Review.number > last - RECENT_REVIEWS)
    )
    return list(session.connection().execute(query).all())


def _shares(labelled: Iterable[tuple[str, Any]]) -> tuple[Share, ...]:
    found: dict[str, list[Any]] = defaultdict(list)
    for label, row in labelled:
        found[label].append(row)
    shares = [
        Share(
            label,
            len(rows),
            sum(row.rating > Rating.AGAIN for row in rows),
            sum(row.response_ms for row in rows) / 1000,
        )
        for label, rows in found.items()
    ]
    return tuple(sorted(shares, key=lambda one: (-one.seconds, one.label))[:MOST_SHARES])


_MEMORY = (
    Memory.fact_id,
    Memory.stability_days,
    Memory.difficulty,
    Memory.last_review_epoch_s,
    Memory.due_epoch_s,
    Memory.state,
)
_BLOCK = (
    select(*_MEMORY)
    .where(Memory.user_id == bindparam("learner"), Memory.fact_id >= bindparam("start"))
    .order_by(Memory.fact_id)
    .limit(bindparam("size"))
)


def _sample(session: Session, user_id: int) -> tuple[int, list[Any]]:
    """Return how many memories there are, and all of them or blocks spread over them."""
    everything = {"learner": user_id, "start": 0, "size": LARGEST_SAMPLE + 1}
    connection = session.connection()  # rows without the unit of work: half the time
    rows = connection.execute(_BLOCK, everything).all()
    if len(rows) <= LARGEST_SAMPLE:
        return len(rows), list(rows)
    # Asked one by one the ends are two steps each; counting a million rows would take 100 ms, so
    # facts learned are added up by day. Resets and facts marked as known make it an estimate.
    low, high = (
        session.scalar(select(one(Memory.fact_id)).where(Memory.user_id == user_id)) or 0
        for one in (func.min, func.max)
    )
    learned = select(func.sum(DailyTotal.new_facts)).where(DailyTotal.user_id == user_id)
    count = session.scalar(learned) or 0
    found: dict[int, Any] = {}
    for at in range(BLOCKS):
        start = low + (high - low) * at // BLOCKS
        block = connection.execute(_BLOCK, {"learner": user_id, "start": start, "size": BLOCK})
        found |= {row.fact_id: row for row in block}
    return max(count, len(found)), list(found.values())


def _recall(memory: Any, now: int, learner: Learner) -> float:  # noqa: ANN401 a row
    elapsed = (now - memory.last_review_epoch_s) / DAY_S
    return retrievability(memory.stability_days, elapsed, learner.parameters)


STABILITIES = (
    (1, "under a day"),
    (3, "1–3 days"),
    (7, "3–7 days"),
    (21, "1–3 weeks"),
    (90, "3 weeks–3 months"),
    (365, "3–12 months"),
    (1e9, "over a year"),
)
DIFFICULTIES = (*((at + 1.0, str(at)) for at in range(1, 10)), (11.0, "10"))
RECALLS = (*((at / 10, f"{at * 10 - 10}–{at * 10} %") for at in range(1, 10)), (2.0, "90–100 %"))


def _slices(
    numbers: Sequence[float], bounds: Sequence[tuple[float, str]], weight: float
) -> tuple[Slice, ...]:
    """Count numbers below each upper bound, as estimated for all facts."""
    counts, highs = [0] * len(bounds), [high for high, _ in bounds]
    for number in numbers:
        counts[bisect_right(highs, number)] += 1
    return tuple(
        Slice(label, count * weight) for (_, label), count in zip(bounds, counts, strict=True)
    )


def _forecast(
    session: Session, learner: Learner, memories: tuple[int, Sequence[Any]], now: int
) -> list[ExpectedDay]:
    counted, sample = memories
    weight = counted / len(sample) if sample else 1.0
    today = learner.day(now)
    start = day_start_epoch_s(today, learner.zone)
    groups: dict[tuple[int, int], list[float]] = defaultdict(list)
    for one in sample:
        if one.state == ACTIVE:
            due = min(YEAR, max(0, (one.due_epoch_s - start) // DAY_S))
            groups[due, int(one.stability_days)].append(one.stability_days)
    difficulty = sum(one.difficulty for one in sample) / len(sample) if sample else 5.0
    plan = Plan(
        new_waiting=_waiting(session, learner.id, counted),
        new_per_day=learner.new_per_day,
        reviews_per_day=learner.preferences.reviews_per_day,
        desired_retention=learner.desired_retention,
        difficulty=difficulty,
        parameters=learner.parameters,
        maximum_interval_days=learner.preferences.maximum_interval_days,
    )
    known = [
        Group(due, sum(these) / len(these), weight * len(these))
        for (due, _), these in groups.items()
    ]
    return forecast(known, plan, YEAR)


def _waiting(session: Session, user_id: int, studied: int) -> int:
    """Return how many facts of the decks that a learner has begun are still new to them."""
    begun = select(LearningSession.deck_id).where(
        LearningSession.user_id == user_id, LearningSession.kind == "study"
    )
    published = select(func.count()).where(
        FactRow.deck_id.in_(begun), FactRow.status == "published"
    )
    return max(0, (session.scalar(published) or 0) - studied)


def _known(
    session: Session, learner: Learner, sample: Sequence[Any], counted: int, now: int
) -> tuple[KnownOn, ...]:
    """Return what was known on some days of the last year: from the log of some facts."""
    step = max(1, -(-len(sample) // TRACED))
    traced = [one.fact_id for one in sample[::step]]
    if not traced:
        return ()
    rows = (
        session.connection()
        .execute(
            effective(
                select(
                    Review.fact_id, Review.reviewed_epoch_s, Review.stability_days, Review.study_day
                ).where(
                    Review.user_id == learner.id, Review.fact_id.in_(traced), Review.moves_memory
                )
            ).order_by(Review.fact_id, Review.number)
        )
        .all()
    )
    # Read by fact: in the order of numbers alone the whole log would be walked.
    log: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        log[row.fact_id].append(row)
    today = learner.day(now)
    first = max(today - YEAR, min((row.study_day for row in rows), default=today))
    days = sorted(
        {first + (today - first) * at // (TRACE_POINTS - 1) for at in range(TRACE_POINTS)}
    )
    weight = counted / len(traced)
    return tuple(KnownOn(day, weight * _known_at(log, day, learner)) for day in days)


def _known_at(log: dict[int, list[Any]], day: int, learner: Learner) -> float:
    end = day_start_epoch_s(day + 1, learner.zone)
    known = 0.0
    for rows in log.values():
        last = next((row for row in reversed(rows) if row.reviewed_epoch_s < end), None)
        if last is not None:
            elapsed = (end - last.reviewed_epoch_s) / DAY_S
            known += retrievability(last.stability_days, elapsed, learner.parameters)
    return known


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
