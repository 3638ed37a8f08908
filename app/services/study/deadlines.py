"""What a learner wants otherwise in one deck: another recall, and a date to be ready by."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.intervals import fades_before, spread_before
from app.core.planning import day_start_epoch_s
from app.core.sentences import say
from app.core.urgency import DAY_S
from app.models.content import DeckRow, FactRow
from app.models.database import writing
from app.models.learning import ACTIVE, DeckSettings, Memory
from app.services.decks import deck_id_of
from app.services.sessions import Learner, learner_of, lock_learner
from app.services.study.backlog import move_due
from app.services.study.preferences import NotPossible, check_retention


@dataclass(frozen=True, slots=True)
class DeckWishes:
    """What a learner wants otherwise in one deck; None means as everywhere."""

    deck_key: str
    deck_title: str
    desired_retention: float | None
    target_day: int | None
    """A proleptic ordinal."""
    is_over: bool = False
    """Whether that day has passed: facts are asked as they would be without it."""


class DayIsOver(NotPossible):
    """A day to be ready by that has passed already."""


def deck_wishes(session: Session, user_id: int, deck_key: str, now: int) -> DeckWishes:
    """Return what a learner wants otherwise in a deck. Raises NotFound."""
    deck = session.scalar(select(DeckRow).where(DeckRow.key == deck_key))
    if deck is None:
        raise NotFound(say("There is no such deck."))
    row = session.get(DeckSettings, (user_id, deck.id))
    if row is None:
        return DeckWishes(deck.key, deck.title, None, None)
    over = row.target_day is not None and row.target_day < learner_of(session, user_id).day(now)
    return DeckWishes(deck.key, deck.title, row.desired_retention, row.target_day, over)


def save_deck_wishes(
    session: Session,
    user_id: int,
    deck_key: str,
    wanted: tuple[float | None, int | None],
    now: int,
) -> int:
    """Store the recall and the target day wanted in a deck; return how many facts that moves.

    A new date moves what would fade before it; one that has passed since may stay. Raises
    NotPossible, DayIsOver and NotFound.
    """
    retention, target_day = wanted
    if retention is not None:
        check_retention(retention)
    deck_id = deck_id_of(session, deck_key)
    with writing(session):
        learner = lock_learner(session, user_id)
        row = session.get(DeckSettings, (user_id, deck_id))
        before = row.target_day if row else None
        if target_day is not None and target_day != before and target_day < learner.day(now):
            raise DayIsOver(say("That day has passed. Choose today or a later day."))
        if row is None:
            row = DeckSettings(user_id=user_id, deck_id=deck_id)
            session.add(row)
        row.desired_retention, row.target_day = retention, target_day
        session.flush()
        if target_day is None or target_day == before:
            return 0
        return _get_ready(session, learner, deck_id, target_day, now)


def _get_ready(session: Session, learner: Learner, deck_id: int, target_day: int, now: int) -> int:
    """Move a deck's facts that would fade before a date to the days that lead up to it.

    Answers look after this by themselves; it is for what was answered before the date was set.
    The weakest come first, and so may come once more.
    """
    today = learner.day(now)
    if target_day <= today + 1:
        return 0
    start = day_start_epoch_s(target_day, learner.zone)
    rows = session.execute(
        select(Memory.fact_id, Memory.stability_days, Memory.last_review_epoch_s)
        .join(FactRow, FactRow.id == Memory.fact_id)
        .where(
            Memory.user_id == learner.id,
            Memory.due_epoch_s >= start,
            Memory.state == ACTIVE,
            FactRow.deck_id == deck_id,
            FactRow.status == "published",
        )
        .order_by(Memory.stability_days, Memory.fact_id)
    )
    faded = [
        row.fact_id
        for row in rows
        if fades_before(
            row.stability_days, (start - row.last_review_epoch_s) / DAY_S, learner.parameters
        )
    ]
    moved = [
        (fact, day_start_epoch_s(day, learner.zone))
        for day, facts in spread_before(faded, today, target_day).items()
        for fact in facts
    ]
    return move_due(session, learner, moved, now)
