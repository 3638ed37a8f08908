"""Which facts are new to a learner, and how many of them today brings: one rule for every page.

New facts come from the decks that a learner has begun, up to the day's limit. A fact that took the
place of a known one comes as well, whatever the limit.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from app.models.content import FactRow
from app.models.learning import LearningSession
from app.services.sessions import Learner
from app.services.study.queue import replaces_known, unseen


@dataclass(frozen=True, slots=True)
class NewToday:
    """What today still brings: within the day's limit, and successors of known facts beside it."""

    within_limit: int
    successors: int

    @property
    def facts(self) -> int:
        """Return all of them."""
        return self.within_limit + self.successors


def begun(user_id: int) -> Select[int]:
    """Return the query of the decks that a learner has begun to study."""
    return select(LearningSession.deck_id).where(
        LearningSession.user_id == user_id, LearningSession.kind == "study"
    )


def new_today(
    session: Session, learner: Learner, limit: int, now: int, deck_id: int | None = None
) -> NewToday:
    """Return what today still brings of one deck, or of the decks begun.

    `limit` is what the day's limit of new facts leaves.
    """
    decks = (
        FactRow.deck_id.in_(begun(learner.id)) if deck_id is None else FactRow.deck_id == deck_id
    )
    within = count_new(session, learner, decks, limit, now)
    old = aliased(FactRow)
    taking_over = select(old.superseded_by_id).where(old.superseded_by_id.is_not(None))
    successors = session.scalar(
        select(func.count(FactRow.id)).where(
            FactRow.id.in_(taking_over),
            FactRow.status == "published",
            decks,
            *unseen(learner, now),
            replaces_known(learner),
        )
    )
    return NewToday(within, successors or 0)


def count_new(
    session: Session, learner: Learner, decks: ColumnElement[bool], most: int, now: int
) -> int:
    """Return how many facts of some decks are new, successors apart, counted no further."""
    found = (
        select(FactRow.id)
        .where(FactRow.status == "published", decks, *unseen(learner, now))
        .where(~replaces_known(learner))
        .limit(most)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(found)) or 0
