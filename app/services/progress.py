"""What a learner has earned: score, its history, leaderboard."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.memory import MATURE_DAYS
from app.core.streaks import streak
from app.models.learning import DailyTotal, Memory
from app.models.people import User
from app.services.sessions import learner_of


@dataclass(frozen=True, slots=True)
class ScoreDay:
    """A learner's day in numbers."""

    day: int
    """A proleptic ordinal."""
    points: float
    reviews: int
    correct: int


@dataclass(frozen=True, slots=True)
class LeaderboardRow:
    """A learner who chose to be seen; equal scores share a rank."""

    rank: int
    display_name: str
    points: float
    is_you: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """All of a learner's work; `streak_days` counts days in a row up to today or yesterday."""

    points: float
    reviews: int
    correct: int
    facts_studied: int
    facts_firm: int
    streak_days: int
    seconds: int


def today_of(session: Session, user_id: int, now: int) -> int:
    """Return the learner's own day, as a proleptic ordinal. Raises NotFound."""
    return learner_of(session, user_id).day(now)


def score_history(session: Session, user_id: int, now: int, days: int = 30) -> list[ScoreDay]:
    """Return the last days in numbers, the oldest first, days without work included."""
    last = learner_of(session, user_id).day(now)
    rows = session.scalars(
        select(DailyTotal).where(
            DailyTotal.user_id == user_id, DailyTotal.study_day.between(last - days + 1, last)
        )
    )
    by_day = {row.study_day: row for row in rows}
    return [_score_day(day, by_day.get(day)) for day in range(last - days + 1, last + 1)]


def _score_day(day: int, row: DailyTotal | None) -> ScoreDay:
    if row is None:
        return ScoreDay(day, 0.0, 0, 0)
    return ScoreDay(day, row.points / 10, row.reviews, row.correct)


def leaderboard(
    session: Session, user_id: int | None = None, limit: int = 20
) -> list[LeaderboardRow]:
    """Return the learners who chose to be seen, most points first."""
    rank = func.rank().over(order_by=User.score.desc())
    rows = session.execute(
        select(rank, User.display_name, User.score, User.id)
        .where(User.on_leaderboard, User.active, User.email.is_not(None))
        .order_by(User.score.desc(), User.id)
        .limit(limit)
    )
    return [
        LeaderboardRow(place, name or "A learner", score / 10, own == user_id)
        for place, name, score, own in rows
    ]


def totals(session: Session, user_id: int, now: int) -> Totals:
    """Return all of a learner's work in numbers. Raises NotFound."""
    learner = learner_of(session, user_id)
    points, reviews, correct, response_ms = session.execute(
        select(
            func.coalesce(func.sum(DailyTotal.points), 0),
            func.coalesce(func.sum(DailyTotal.reviews), 0),
            func.coalesce(func.sum(DailyTotal.correct), 0),
            func.coalesce(func.sum(DailyTotal.response_ms), 0),
        ).where(DailyTotal.user_id == user_id)
    ).one()
    studied, firm = session.execute(
        select(func.count(), func.count().filter(Memory.stability_days >= MATURE_DAYS)).where(
            Memory.user_id == user_id
        )
    ).one()
    days = session.scalars(
        select(DailyTotal.study_day)
        .where(DailyTotal.user_id == user_id)
        .order_by(DailyTotal.study_day.desc())
    )
    return Totals(
        int(points) / 10,
        int(reviews),
        int(correct),
        studied,
        firm,
        streak(days, learner.day(now)).days,
        int(response_ms) // 1000,
    )
