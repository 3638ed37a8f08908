"""What today holds, and how a session went."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core.planning import day_start_epoch_s
from app.models.content import DeckRow, FactRow
from app.models.effective import CREDIT, POINTS, effective
from app.models.learning import ACTIVE, DailyTotal, Memory, Review
from app.services.decks import deck_id_of
from app.services.sessions import Learner, learner_of, own_session
from app.services.study.newcomers import new_today
from app.services.study.queue import quota_of


@dataclass(frozen=True, slots=True)
class Today:
    """What today holds: due now, new facts left, missed ones that come later, done so far.

    `due` stays within the day's limit; what is due beyond it is `backlog`.
    """

    due: int
    new_left: int
    later_today: int
    reviewed: int
    next_due_epoch_s: int | None
    backlog: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class StudySummary:
    """How a study session went."""

    reviewed: int
    correct: int
    points: float
    next_due_epoch_s: int | None


def today(session: Session, user_id: int, deck_key: str | None, now: int) -> Today:
    """Return what today holds, in one deck or in all that are begun. Raises NotFound."""
    learner = learner_of(session, user_id)
    deck_id = deck_id_of(session, deck_key) if deck_key is not None else None
    in_deck = [FactRow.deck_id == deck_id] if deck_id is not None else []
    day = learner.day(now)
    mine = (
        Memory.user_id == user_id,
        Memory.state == ACTIVE,
        FactRow.status == "published",
        *in_deck,
    )
    tomorrow = day_start_epoch_s(day + 1, learner.zone)
    due, later = _due(session, learner, in_deck, (now, tomorrow))
    begun = _begun(session, learner, in_deck, now)
    due -= begun
    upcoming = session.scalar(
        select(Memory.due_epoch_s)
        .join(FactRow, FactRow.id == Memory.fact_id)
        .where(Memory.due_epoch_s > now, *mine)
        .order_by(Memory.due_epoch_s)
        .limit(1)
    )
    quota = quota_of(session, learner, now)
    new = new_today(session, learner, quota.new, now, deck_id)
    paused = learner.preferences.paused_epoch_s is not None
    done = session.get(DailyTotal, (user_id, day))
    return Today(
        due=0 if paused else begun + min(due, quota.due),
        new_left=0 if paused else new.facts,
        later_today=later,
        reviewed=done.reviews if done else 0,
        next_due_epoch_s=upcoming,
        backlog=max(0, due - quota.due),
        paused=paused,
    )


def _due(
    session: Session, learner: Learner, in_deck: list[ColumnElement[bool]], until: tuple[int, int]
) -> tuple[int, int]:
    """Return how many facts are due now, and how many more by tomorrow (both epoch seconds).

    Over all decks this reads one index and no fact: thousands may be due. Facts that are not
    published are few, and taken off; decks are named because that index begins with them.
    """
    now, tomorrow = until
    counts = (
        func.count().filter(Memory.due_epoch_s <= now),
        func.count().filter(Memory.due_epoch_s > now),
    )
    mine = (
        Memory.user_id == learner.id,
        Memory.due_epoch_s < tomorrow,
        Memory.state == ACTIVE,
    )
    if in_deck:
        joined = select(*counts).join(FactRow, FactRow.id == Memory.fact_id)
        row = session.execute(joined.where(FactRow.status == "published", *in_deck, *mine)).one()
        return row[0], row[1]
    aside = select(FactRow.id).where(
        FactRow.deck_id.in_(select(DeckRow.id)), FactRow.status.in_(("draft", "retired"))
    )
    whole = session.execute(select(*counts).where(*mine)).one()
    unasked = session.execute(select(*counts).where(*mine, Memory.fact_id.in_(aside))).one()
    return whole[0] - unasked[0], whole[1] - unasked[1]


def _begun(session: Session, learner: Learner, in_deck: list[ColumnElement[bool]], now: int) -> int:
    """Return how many facts are due again that were answered today already."""
    day = learner.day(now)
    answered = select(Review.fact_id).where(
        Review.user_id == learner.id,
        Review.reviewed_epoch_s >= day_start_epoch_s(day, learner.zone),
    )
    counted = (
        select(func.count())
        .select_from(Memory)
        .join(FactRow, FactRow.id == Memory.fact_id)
        .where(
            Memory.user_id == learner.id,
            Memory.fact_id.in_(answered),
            Memory.last_study_day >= day,
            Memory.due_epoch_s <= now,
            Memory.state == ACTIVE,
            FactRow.status == "published",
            *in_deck,
        )
    )
    return session.scalar(counted) or 0


def summary(session: Session, user_id: int, session_token: str) -> StudySummary:
    """Return how a study session went so far. Raises NotFound."""
    owner = own_session(session, user_id, session_token, "study")
    reviewed, correct, points = session.execute(
        effective(
            select(
                func.count(Review.number),
                func.count(Review.number).filter(CREDIT >= 1),
                func.coalesce(func.sum(POINTS), 0),
            )
        ).where(Review.user_id == user_id, Review.session_token == session_token)
    ).one()
    upcoming = session.scalar(
        select(func.min(Memory.due_epoch_s))
        .join(FactRow, FactRow.id == Memory.fact_id)
        .where(
            Memory.user_id == user_id,
            Memory.state == ACTIVE,
            FactRow.deck_id == owner.deck_id,
            FactRow.status == "published",
        )
    )
    return StudySummary(reviewed, correct, int(points) / 10, upcoming)
