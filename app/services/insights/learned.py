"""Which facts a learner has begun in the last seven days."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.planning import day_start_epoch_s
from app.core.wording import fact_text
from app.models.content import DeckRow, FactRow
from app.models.learning import Memory, Review, ReviewAmendment
from app.models.some_facts import facts_of_rows
from app.services.insights.memories import recalls_now
from app.services.sessions import Learner

WEEK = 7
LISTED = 50


@dataclass(frozen=True, slots=True)
class LearnedFact:
    """A fact begun on a day (a proleptic ordinal), and its predicted recall now."""

    fact_id: int
    statement: str
    day: int
    recall: float
    language: str
    """That of its deck."""


@dataclass(frozen=True, slots=True)
class LearnedThisWeek:
    """How many facts were begun in seven days, and the newest 50 of them."""

    count: int
    facts: tuple[LearnedFact, ...]


def learned_this_week(session: Session, learner: Learner, now: int) -> LearnedThisWeek:
    """Return the published facts whose first answer in study came within the last seven days.

    Found through the week's answers that nothing was predicted for, as for every first one: all
    memories are not looked at. Where the first was undone later, the next one began the fact.
    Facts marked as known have no answer, and are not among them.
    """
    first = learner.day(now) - WEEK + 1
    again = aliased(Review)
    begun_again = (
        select(again.fact_id)
        .join(ReviewAmendment, ReviewAmendment.number == again.number)
        .where(
            again.user_id == learner.id,
            ReviewAmendment.user_id == learner.id,
            ReviewAmendment.kind == "undone",
        )
    )
    answered = (
        select(Review.fact_id)
        .where(
            Review.user_id == learner.id,
            # A day more: who has moved zones answered by another clock.
            Review.reviewed_epoch_s >= day_start_epoch_s(first - 1, learner.zone),
            Review.moves_memory,
            or_(Review.predicted.is_(None), Review.fact_id.in_(begun_again)),
        )
        .distinct()
    )
    begun = (
        select(Memory, FactRow, DeckRow.language)
        .join(FactRow, FactRow.id == Memory.fact_id)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .where(
            Memory.user_id == learner.id,
            Memory.fact_id.in_(answered),
            Memory.first_study_day >= first,
            FactRow.status == "published",
        )
    )
    count = session.scalar(select(func.count()).select_from(begun.subquery())) or 0
    newest = begun.order_by(Memory.first_study_day.desc(), Memory.fact_id.desc()).limit(LISTED)
    rows = session.execute(newest).all() if count else []
    facts = facts_of_rows(session, [row[1] for row in rows])
    recalls = recalls_now([row[0] for row in rows], now, learner)
    listed = (
        LearnedFact(row[1].id, fact_text(facts[row[1].id]), row[0].first_study_day, recall, row[2])
        for row, recall in zip(rows, recalls, strict=True)
    )
    return LearnedThisWeek(count, tuple(listed))
