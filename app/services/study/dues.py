"""How much is due to a learner, in all or deck by deck, however long the backlog.

Over all decks the index by due date is counted alone. In single decks what is due is joined with
its facts while that is little; else the deck's facts are looked up among the memories.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.planning import day_start_epoch_s
from app.models.content import DeckRow, FactRow
from app.models.learning import ACTIVE, Memory, Review
from app.services.sessions import Learner

WALKED = 5_000
"""So many due facts, at most, are looked at one by one to tell their decks."""
EVERY = 2**31 - 1
"""A limit that no count reaches."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Now, and when the learner's day began and ends (epoch seconds)."""

    now: int
    began: int
    ends: int


@dataclass(frozen=True, slots=True)
class Dues:
    """How many published facts are due now and later today; `again` were answered today already."""

    now: int = 0
    later: int = 0
    again: int = 0


def moments_of(learner: Learner, now: int) -> Moments:
    """Return the bounds of the learner's day."""
    day = learner.day(now)
    return Moments(now, *(day_start_epoch_s(one, learner.zone) for one in (day, day + 1)))


_LEARNER: BindParameter[int] = bindparam("learner")
_NOW: BindParameter[int] = bindparam("now")
_ENDS: BindParameter[int] = bindparam("ends")
_MINE = (Memory.user_id == _LEARNER, Memory.state == ACTIVE)
_WHOLE = select(
    func.count().filter(Memory.due_epoch_s <= _NOW),
    func.count().filter(Memory.due_epoch_s > _NOW),
).where(*_MINE, Memory.due_epoch_s < _ENDS)
_UNASKED = _WHOLE.where(
    # Few, and decks are named because the index begins with them.
    Memory.fact_id.in_(
        select(FactRow.id).where(
            FactRow.deck_id.in_(select(DeckRow.id)), FactRow.status.in_(("draft", "retired"))
        )
    )
)
_FEW = select(func.count()).select_from(
    select(Memory.due_epoch_s)
    .where(*_MINE, Memory.due_epoch_s <= _NOW)
    .limit(WALKED + 1)
    .subquery()
)
_BY_DECK = (
    select(FactRow.deck_id, func.count())
    .select_from(Memory)
    .join(FactRow, FactRow.id == Memory.fact_id)
    .where(
        *_MINE,
        Memory.due_epoch_s > bindparam("after"),
        Memory.due_epoch_s <= bindparam("until"),
        FactRow.status == "published",
    )
    .group_by(FactRow.deck_id)
)
# A sum hides a column from its index: planners shall not go the other way round.
_LOOKED_UP = (
    select(Memory.fact_id)
    .select_from(FactRow)
    .join(Memory, Memory.fact_id == FactRow.id + 0)
    .where(
        *_MINE,
        Memory.due_epoch_s + 0 <= _NOW,
        FactRow.deck_id == bindparam("deck"),
        FactRow.status == "published",
    )
    .limit(bindparam("most"))
)
_IN_DECK = select(func.count()).select_from(_LOOKED_UP.subquery())
_ANSWERED = (
    select(Review.fact_id)
    .where(Review.user_id == _LEARNER, Review.reviewed_epoch_s >= bindparam("began"))
    .distinct()
    .subquery()
)
_AGAIN = (
    select(FactRow.deck_id, func.count())
    .select_from(_ANSWERED)
    .join(Memory, Memory.fact_id == _ANSWERED.c.fact_id + 0)
    .join(FactRow, FactRow.id == Memory.fact_id)
    .where(
        *_MINE,
        Memory.last_study_day >= bindparam("day"),
        Memory.due_epoch_s + 0 <= _NOW,
        FactRow.status == "published",
    )
    .group_by(FactRow.deck_id)
)
_NEXT = (
    select(Memory.due_epoch_s)
    .join(FactRow, FactRow.id == Memory.fact_id)
    .where(*_MINE, Memory.due_epoch_s > bindparam("after"), FactRow.status == "published")
    .order_by(Memory.due_epoch_s)
    .limit(1)
)
_COMING = (
    select(Memory.fact_id, Memory.due_epoch_s)
    .where(*_MINE, Memory.due_epoch_s > bindparam("after"))
    .order_by(Memory.due_epoch_s)
    .limit(WALKED)
    .subquery()
)
_NEXT_AMONG_COMING = (
    select(_COMING.c.due_epoch_s)
    .join(FactRow, FactRow.id == _COMING.c.fact_id)
    .where(FactRow.deck_id == bindparam("deck"), FactRow.status == "published")
    .order_by(_COMING.c.due_epoch_s)
    .limit(1)
)
_NEXT_LOOKED_UP = (
    select(func.min(Memory.due_epoch_s))
    .select_from(FactRow)
    .join(Memory, Memory.fact_id == FactRow.id + 0)
    .where(
        *_MINE,
        Memory.due_epoch_s + 0 > bindparam("after"),
        FactRow.deck_id == bindparam("deck"),
        FactRow.status == "published",
    )
)


def due_to(session: Session, learner: Learner, at: Moments) -> Dues:
    """Return what is due over all decks."""
    given = {"learner": learner.id, "now": at.now, "ends": at.ends}
    whole, unasked = (session.execute(one, given).one() for one in (_WHOLE, _UNASKED))
    again = sum(_again(session, learner, at).values())
    return Dues(whole[0] - unasked[0], whole[1] - unasked[1], again)


def due_by_deck(
    session: Session,
    learner: Learner,
    at: Moments,
    decks: Sequence[int],
    most: int | None = None,
) -> dict[int, Dues]:
    """Return what is due in some decks.

    Of a long backlog as much is counted in each as what was answered today already and `most`
    beside it, if given.
    """
    again = _again(session, learner, at)
    limits = {deck: EVERY if most is None else most + again.get(deck, 0) for deck in decks}
    now = _due_now(session, learner, at, limits)
    later = _by_deck(session, learner, at.now, at.ends - 1)
    return {deck: Dues(now.get(deck, 0), later.get(deck, 0), again.get(deck, 0)) for deck in decks}


def _due_now(
    session: Session, learner: Learner, at: Moments, limits: Mapping[int, int]
) -> Mapping[int, int]:
    given = {"learner": learner.id, "now": at.now}
    if (session.scalar(_FEW, given) or 0) <= WALKED:
        return _by_deck(session, learner, -1, at.now)
    return {
        deck: session.scalar(_IN_DECK, given | {"deck": deck, "most": most}) or 0
        for deck, most in limits.items()
    }


def _by_deck(session: Session, learner: Learner, after: int, until: int) -> Mapping[int, int]:
    given = {"learner": learner.id, "after": after, "until": until}
    return {row[0]: row[1] for row in session.execute(_BY_DECK, given)}


def _again(session: Session, learner: Learner, at: Moments) -> Mapping[int, int]:
    given = {
        "learner": learner.id,
        "now": at.now,
        "began": at.began,
        "day": learner.day(at.now),
    }
    return {row[0]: row[1] for row in session.execute(_AGAIN, given)}


def next_due(session: Session, user_id: int, deck_id: int | None, after: int) -> int | None:
    """Return when the next fact falls due after an instant, in a deck or in any; None for none."""
    given = {"learner": user_id, "after": after, "deck": deck_id}
    if deck_id is None:
        return session.scalar(_NEXT, given)
    soon: int | None = session.scalar(_NEXT_AMONG_COMING, given)
    return soon if soon is not None else session.scalar(_NEXT_LOOKED_UP, given)
