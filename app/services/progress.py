"""What a learner knows and has earned: schedule, forecast, history, leaderboard."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.core.facts import Fact
from app.core.memory import retrievability
from app.core.planning import study_day
from app.core.wording import fact_text, stem
from app.models.content import DeckRow, FactRow
from app.models.learning import DailyTotal, Memory
from app.models.people import User
from app.services.decks import index_of
from app.services.sessions import Learner, learner_of

DAY_S = 86_400
FIRM_DAYS = 21
"""From this stability on a fact counts as firmly known, as in Anki ("mature")."""


@dataclass(frozen=True, slots=True)
class ScheduledFact:
    """A fact in the learner's own schedule; None where it was never studied."""

    deck_key: str
    fact_key: str
    statement: str
    due_epoch_s: int | None
    stability_days: float | None
    retrievability: float | None
    reviews: int
    lapses: int
    state_words: str


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """How many facts fall due on a learner's day, by its proleptic ordinal."""

    day: int
    label: str
    due: int


@dataclass(frozen=True, slots=True)
class ScoreDay:
    """A learner's day in numbers."""

    label: str
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


def schedule(
    session: Session, user_id: int, now: int, deck_key: str | None = None
) -> list[ScheduledFact]:
    """Return every published fact of the decks the learner studies, soonest due first.

    Facts never studied come last, and only for a deck that is asked for. Raises NotFound.
    """
    learner = learner_of(session, user_id)
    rows = session.execute(_schedule_query(user_id, deck_key)).all()
    decks = {row.deck_id: index_of(session, row.deck_id).deck for row in rows}
    found = (
        (row, decks[row.deck_id].fact_by_key.get(row.key), decks[row.deck_id].key) for row in rows
    )
    listed = [_scheduled(learner, row, fact, key, now) for row, fact, key in found if fact]
    return sorted(listed, key=lambda one: (one.due_epoch_s is None, one.due_epoch_s or 0))


def _schedule_query(user_id: int, deck_key: str | None) -> Select[int, str, Memory | None]:
    mine = (Memory.fact_id == FactRow.id) & (Memory.user_id == user_id)
    query = (
        select(FactRow.deck_id, FactRow.key, Memory)
        .join(Memory, mine, isouter=deck_key is not None)
        .where(FactRow.status == "published")
        .order_by(FactRow.deck_id, FactRow.position, FactRow.id)
    )
    if deck_key is None:
        return query
    return query.join(DeckRow, DeckRow.id == FactRow.deck_id).where(DeckRow.key == deck_key)


def _scheduled(
    learner: Learner, row: Row[int, str, Memory | None], fact: Fact, deck_key: str, now: int
) -> ScheduledFact:
    memory = row[2]
    if memory is None:
        return ScheduledFact(
            deck_key, fact.key, stem(fact), None, None, None, 0, 0, "not studied yet"
        )
    elapsed = max(0, now - memory.last_review_epoch_s) / DAY_S
    return ScheduledFact(
        deck_key=deck_key,
        fact_key=fact.key,
        statement=fact_text(fact),
        due_epoch_s=memory.due_epoch_s,
        stability_days=memory.stability_days,
        retrievability=retrievability(memory.stability_days, elapsed),
        reviews=memory.reviews,
        lapses=memory.lapses,
        state_words=state_words(memory, learner, now),
    )


def state_words(memory: Memory, learner: Learner, now: int) -> str:
    """Return in two or three words how well a fact is known."""
    if memory.due_epoch_s <= now:
        return "due now"
    if learner.day(memory.due_epoch_s) == learner.day(now):
        return "due later today"
    return "firmly known" if memory.stability_days >= FIRM_DAYS else "being learned"


def forecast(session: Session, user_id: int, now: int, days: int = 30) -> list[ForecastDay]:
    """Return how many facts fall due on each of the next days; what is overdue counts today."""
    learner = learner_of(session, user_id)
    dues = session.scalars(
        select(Memory.due_epoch_s)
        .join(FactRow, FactRow.id == Memory.fact_id)
        .where(
            Memory.user_id == user_id,
            FactRow.status == "published",
            Memory.due_epoch_s < now + (days + 1) * DAY_S,
        )
    )
    first = learner.day(now)
    counted = Counter(max(first, study_day(due, learner.zone)) for due in dues)
    return [ForecastDay(day, label(day), counted[day]) for day in range(first, first + days)]


def label(day: int) -> str:
    """Return a day as "23 Nov"."""
    at = date.fromordinal(day)
    return f"{at.day} {at:%b}"


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
        return ScoreDay(label(day), 0.0, 0, 0)
    return ScoreDay(label(day), row.points / 10, row.reviews, row.correct)


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
        select(func.count(), func.count().filter(Memory.stability_days >= FIRM_DAYS)).where(
            Memory.user_id == user_id
        )
    ).one()
    days = session.scalars(
        select(DailyTotal.study_day)
        .where(DailyTotal.user_id == user_id)
        .order_by(DailyTotal.study_day.desc())
    )
    streak = streak_days(days, learner.day(now))
    return Totals(
        int(points) / 10,
        int(reviews),
        int(correct),
        studied,
        firm,
        streak,
        int(response_ms) // 1000,
    )


def streak_days(days: Iterable[int], today: int) -> int:
    """Return how many days in a row were worked on; today not yet done breaks nothing."""
    expected, count = today, 0
    for day in days:
        if day == today - 1 and count == 0:
            expected = day
        if day != expected:
            break
        count += 1
        expected -= 1
    return count
