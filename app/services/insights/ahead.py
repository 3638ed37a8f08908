"""What study will ask in the coming year, from what is remembered and what is still new."""

from collections import defaultdict

from sqlalchemy.orm import Session

from app.core.forecasting import ExpectedDay, Group, Plan, forecast
from app.core.planning import day_start_epoch_s
from app.models.learning import ACTIVE
from app.services.insights.days import YEAR
from app.services.insights.memories import DAY_S, Sample
from app.services.sessions import Learner
from app.services.study.newcomers import new_ahead
from app.services.study.queue import quota_of


def expected(session: Session, learner: Learner, sample: Sample, now: int) -> list[ExpectedDay]:
    """Return what each day of the coming year asks, today first, within the learner's limits.

    Its new facts are those that Today counts (`newcomers`), on today as on every other day.
    """
    quota = quota_of(session, learner, now)
    most = max(quota.new, YEAR * learner.new_per_day)
    new, waiting = new_ahead(session, learner, quota.new, most, now)
    today = new.facts
    difficulty = sum(one.difficulty for one in sample.rows) / max(1, len(sample.rows))
    plan = Plan(
        new_waiting=max(today, waiting),
        new_per_day=learner.new_per_day,
        reviews_per_day=learner.preferences.reviews_per_day,
        desired_retention=learner.desired_retention,
        difficulty=difficulty or 5.0,
        parameters=learner.parameters,
        maximum_interval_days=learner.preferences.maximum_interval_days,
        new_left_today=today,
        reviews_left_today=quota.due,
    )
    return forecast(_groups(learner, sample, now), plan, YEAR)


def _groups(learner: Learner, sample: Sample, now: int) -> list[Group]:
    start = day_start_epoch_s(learner.day(now), learner.zone)
    found: dict[tuple[int, int], list[float]] = defaultdict(list)
    for one in sample.rows:
        if one.state == ACTIVE:
            due = min(YEAR, max(0, (one.due_epoch_s - start) // DAY_S))
            found[due, int(one.stability_days)].append(one.stability_days)
    return [
        Group(due, sum(these) / len(these), sample.weight * len(these))
        for (due, _), these in found.items()
    ]
