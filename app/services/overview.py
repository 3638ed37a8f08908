"""The admins' overview: how many learn what, and how well; of nobody's single answers."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.core.planning import study_day
from app.models.content import DeckRow, FactRow
from app.models.driving import all_rows, connection_of
from app.models.learning import DailyTotal, LearningSession, Memory
from app.models.people import User
from app.services.sessions import zone_of

WEEK, MONTH = 7, 30
LEAST_LEARNERS = 5
"""Of fewer neither a deck nor retention says anything, so that nobody can be told apart."""


@dataclass(frozen=True, slots=True)
class LearnersOverview:
    """Everybody together; retention is None while too few were asked anything again."""

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
    language: str
    """Of the deck (BCP 47)."""
    facts: int
    learners: int | None
    started_month: int | None
    hard_facts: int | None
    mean_stability_days: float | None
    is_estimate: bool = False
    """Hard facts and stability are told from some of the facts, spread over the deck."""


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
    due, passed, learners = session.execute(
        select(
            func.sum(DailyTotal.due_facts),
            func.sum(DailyTotal.passed),
            func.count(DailyTotal.user_id.distinct()),
        ).where(DailyTotal.study_day > today - MONTH, DailyTotal.due_facts > 0)
    ).one()
    retention = passed / due if learners >= LEAST_LEARNERS else None
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
    learners = {row.id: row.learners for row in session.execute(_LEARNERS)}
    started = {
        row[0]: row[1]
        for row in session.execute(
            select(LearningSession.deck_id, func.count(LearningSession.user_id.distinct()))
            .where(LearningSession.started_epoch_s > now - MONTH * 86_400)
            .group_by(LearningSession.deck_id)
        )
    }
    found = []
    decks = session.scalars(select(DeckRow).order_by(DeckRow.title, DeckRow.id)).all()
    sampled = min(SAMPLED, max(LEAST_SAMPLED, SAMPLED_IN_ALL // max(1, len(decks))))
    for deck in decks:
        count, of_deck = learners[deck.id], facts.get(deck.id, 0)
        head = (deck.key, deck.title, deck.language, of_deck)
        if count < LEAST_LEARNERS:
            found.append(DeckOverview(*head, None, None, None, None))
            continue
        begun = started.get(deck.id, 0)
        shown = begun if begun >= LEAST_LEARNERS else None
        step = -(-of_deck * count // sampled) or 1
        row = all_rows(connection_of(session), _SAMPLE, {"deck": deck.id, "step": step})[0]
        found.append(DeckOverview(*head, count, shown, row.hard * step, row.stability, step > 1))
    return found


_HARD = 8.0
"""A mean difficulty from which a fact is called hard."""
SAMPLED = 1_500
"""Memories that are looked at for a deck, more or less: of more, every so many facts are taken."""
LEAST_SAMPLED, SAMPLED_IN_ALL = 100, 20_000
"""Where there are many decks fewer are looked at for each: so many at least, and over all."""
_LEARNERS = select(
    DeckRow.id,
    select(func.count())
    .select_from(User)
    .where(
        select(Memory.fact_id)
        .where(Memory.user_id == User.id, Memory.deck_id == DeckRow.id)
        .correlate(User, DeckRow)
        .exists()
    )
    .correlate(DeckRow)
    .scalar_subquery()
    .label("learners"),
)
_BY_FACT = (
    select(
        func.avg(Memory.difficulty).label("difficulty"),
        func.sum(Memory.stability_days).label("stability"),
        func.count().label("memories"),
    )
    .select_from(FactRow)
    .join(Memory, Memory.fact_id == FactRow.id)
    .where(
        FactRow.deck_id == bindparam("deck"),
        FactRow.status == "published",
        FactRow.position % bindparam("step") == 0,
    )
    .group_by(FactRow.id)
    .subquery()
)
_SAMPLE = select(
    func.count().filter(_BY_FACT.c.difficulty >= _HARD).label("hard"),
    (func.sum(_BY_FACT.c.stability) / func.sum(_BY_FACT.c.memories)).label("stability"),
)
