"""The progress page: forecast, retention, calibration, what is known, where the time goes.

Days come from their totals. What needs single answers looks at the newest 2,000, and what needs
single memories at up to 3,000 of them, in blocks spread over all: so the page takes no longer for
a million facts than for ten thousand, and says so where a figure is an estimate.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.calibration import Calibration, calibration
from app.core.forecasting import ExpectedDay
from app.services.insights.ahead import expected
from app.services.insights.days import (
    YEAR,
    DayWork,
    TrueRetention,
    day_work,
    totals_since,
    true_retention,
)
from app.services.insights.learned import WEEK, LearnedThisWeek, learned_this_week
from app.services.insights.memories import (
    DIFFICULTIES,
    RECALLS,
    STABILITIES,
    KnownOn,
    Slice,
    known_before,
    recalls_now,
    sample_of,
    slices,
)
from app.services.insights.recent import Share, recent_answers, scored, shares, tags_of
from app.services.sessions import learner_of


@dataclass(frozen=True, slots=True)
class Insights:
    """The whole progress page."""

    today: int
    days: tuple[DayWork, ...]
    forecast: tuple[ExpectedDay, ...]
    retention: TrueRetention
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
    desired_retention: float
    paused: bool
    learned: LearnedThisWeek
    reviews_this_week: int


def insights(session: Session, user_id: int, now: int) -> Insights:
    """Return everything on the progress page. Raises NotFound."""
    learner = learner_of(session, user_id)
    today = learner.day(now)
    totals = totals_since(session, user_id, today - YEAR + 1)
    recent = recent_answers(session, user_id)
    sample = sample_of(session, user_id)
    weight = sample.weight
    recalls = recalls_now(sample.rows, now, learner)
    return Insights(
        today=today,
        days=tuple(day_work(day, totals.get(day)) for day in range(today - YEAR + 1, today + 1)),
        forecast=tuple(expected(session, learner, sample, now)),
        retention=true_retention(totals.values(), today),
        calibration=calibration(scored(session, user_id, recent)),
        stability=slices([one.stability_days for one in sample.rows], STABILITIES, weight),
        difficulty=slices([one.difficulty for one in sample.rows], DIFFICULTIES, weight),
        recall=slices(recalls, RECALLS, weight),
        known=known_before(session, learner, sample, now),
        known_now=sum(recalls) * weight,
        facts=sample.counted,
        sampled=len(sample.rows),
        by_type=shares((row.question_type, row) for row in recent),
        by_deck=shares((row.title, row) for row in recent),
        by_tag=shares((tag, row) for row in recent for tag in tags_of(row.tags)),
        recent=len(recent),
        desired_retention=learner.desired_retention,
        paused=learner.preferences.paused_epoch_s is not None,
        learned=learned_this_week(session, learner, now),
        reviews_this_week=sum(row.reviews for day, row in totals.items() if day > today - WEEK),
    )
