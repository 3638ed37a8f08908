"""The admins' overview: how many learn what, and how well; of nobody's single answers."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.planning import study_day
from app.models.content import DeckRow, FactRow
from app.models.learning import DailyTotal, LearningSession, Memory
from app.models.people import User
from app.services.sessions import zone_of

WEEK, MONTH = 7, 30
LEAST_LEARNERS = 5
"""A deck learned by fewer says nothing of its learners, so that nobody can be told apart."""


@dataclass(frozen=True, slots=True)
class LearnersOverview:
    """Everybody together; retention is None while nothing was asked again."""

    people: int
    guests: int
    active_today: int
    active_week: int
    active_month: int
    answers_week: int
    retention: float | None


@dataclass(frozen=True, slots=True)
class DeckOverview:
    """A deck's learners together; None where they are too few to be told."""

    key: str
    title: str
    facts: int
    learners: int | None
    started_month: int | None
    hard_facts: int | None
    mean_stability_days: float | None


def learners_overview(session: Session, now: int) -> LearnersOverview:
    """Return how many learn and how well, by the days of UTC (learners' own may be a day off)."""
    today = study_day(now, zone_of("UTC"))
    people, guests = session.execute(
        select(
            func.count().filter(User.email.is_not(None)), func.count().filter(User.email.is_(None))
        ).select_from(User)
    ).one()
    day, week, month = (_active_since(session, today - n + 1) for n in (1, WEEK, MONTH))
    answers = session.scalar(
        select(func.sum(DailyTotal.reviews)).where(DailyTotal.study_day > today - WEEK)
    )
    due, passed = session.execute(
        select(func.sum(DailyTotal.due_facts), func.sum(DailyTotal.passed)).where(
            DailyTotal.study_day > today - MONTH
        )
    ).one()
    retention = passed / due if due else None
    return LearnersOverview(people, guests, day, week, month, answers or 0, retention)


def _active_since(session: Session, day: int) -> int:
    query = select(func.count(DailyTotal.user_id.distinct())).where(DailyTotal.study_day >= day)
    return session.scalar(query) or 0


def decks_overview(session: Session, now: int) -> list[DeckOverview]:
    """Return each deck's learners together, by title."""
    facts = {
        row[0]: row[1]
        for row in session.execute(
            select(FactRow.deck_id, func.count())
            .where(FactRow.status == "published")
            .group_by(FactRow.deck_id)
        )
    }
    learned = {row.deck_id: row for row in session.execute(_LEARNED)}
    started = {
        row[0]: row[1]
        for row in session.execute(
            select(LearningSession.deck_id, func.count(LearningSession.user_id.distinct()))
            .where(LearningSession.started_epoch_s > now - MONTH * 86_400)
            .group_by(LearningSession.deck_id)
        )
    }
    found = []
    for deck in session.scalars(select(DeckRow).order_by(DeckRow.title, DeckRow.id)):
        row = learned.get(deck.id)
        told = row if row and row.learners >= LEAST_LEARNERS else None
        head = (deck.key, deck.title, facts.get(deck.id, 0))
        if told is None:
            found.append(DeckOverview(*head, None, None, None, None))
            continue
        begun = started.get(deck.id, 0)
        shown = begun if begun >= LEAST_LEARNERS else None
        found.append(DeckOverview(*head, told.learners, shown, int(told.hard), told.stability))
    return found


_HARD = 8.0
"""A mean difficulty from which a fact is called hard."""
_BY_FACT = (
    select(
        FactRow.deck_id,
        Memory.fact_id,
        func.avg(Memory.difficulty).label("difficulty"),
        func.sum(Memory.stability_days).label("stability"),
        func.count().label("memories"),
    )
    .join(FactRow, FactRow.id == Memory.fact_id)
    .group_by(FactRow.deck_id, Memory.fact_id)
    .subquery()
)
_LEARNERS = (
    select(FactRow.deck_id, func.count(Memory.user_id.distinct()).label("learners"))
    .join(FactRow, FactRow.id == Memory.fact_id)
    .group_by(FactRow.deck_id)
    .subquery()
)
_LEARNED = (
    select(
        _BY_FACT.c.deck_id,
        _LEARNERS.c.learners,
        func.count().filter(_BY_FACT.c.difficulty >= _HARD).label("hard"),
        (func.sum(_BY_FACT.c.stability) / func.sum(_BY_FACT.c.memories)).label("stability"),
    )
    .join(_LEARNERS, _LEARNERS.c.deck_id == _BY_FACT.c.deck_id)
    .group_by(_BY_FACT.c.deck_id, _LEARNERS.c.learners)
)
