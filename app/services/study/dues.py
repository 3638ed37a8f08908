"""How much is due to a learner, in all or deck by deck, however long the backlog.

Indexes by due date are counted alone, over all decks or deck by deck; facts that are not asked any
more are few, and taken off. Of a long backlog each deck is looked at no further than a day asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session

from app.core.planning import day_start_epoch_s
from app.models.content import DeckRow, FactRow
from app.models.learning import ACTIVE, Memory, Review
from app.services.sessions import Learner

WALKED = 5_000
"""So many due facts, at most, are counted for every deck."""


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
UNASKED = ("draft", "retired")
_EVERY_DECK = select(DeckRow.id)
"""Where decks are named, an index that begins with them can be used."""
_UNASKED_FACTS = select(FactRow.id).where(
    FactRow.deck_id.in_(_EVERY_DECK), FactRow.status.in_(UNASKED)
)
_UNASKED = _WHOLE.where(Memory.fact_id.in_(_UNASKED_FACTS))
_FEW = select(func.count()).select_from(
    select(Memory.due_epoch_s)
    .where(*_MINE, Memory.due_epoch_s <= _NOW)
    .limit(WALKED + 1)
    .subquery()
)
_AFTER: BindParameter[int] = bindparam("after")
_DECK: BindParameter[int] = bindparam("deck")


def _in_each_deck(first: ColumnElement[bool], last: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Memory)
        .where(*_MINE, Memory.deck_id == DeckRow.id, first, last)
        .correlate(DeckRow)
        .scalar_subquery()
    )


_BY_DECK = select(
    DeckRow.id,
    _in_each_deck(Memory.due_epoch_s > _AFTER, Memory.due_epoch_s <= _NOW),
    _in_each_deck(Memory.due_epoch_s > _NOW, Memory.due_epoch_s < _ENDS),
)
_COUNTS = (
    func.count().filter(Memory.due_epoch_s <= _NOW),
    func.count().filter(Memory.due_epoch_s > _NOW),
)
_UNASKED_BY_DECK = (
    # A sum hides a column from its index: planners shall not go the other way round.
    select(FactRow.deck_id, *_COUNTS)
    .select_from(FactRow)
    .join(Memory, Memory.fact_id == FactRow.id + 0)
    .where(
        *_MINE,
        Memory.due_epoch_s + 0 > _AFTER,
        Memory.due_epoch_s + 0 < _ENDS,
        FactRow.deck_id.in_(_EVERY_DECK),
        FactRow.status.in_(UNASKED),
    )
    .group_by(FactRow.deck_id)
)
_ONE_DECK = (
    select(*_COUNTS)
    .select_from(Memory)
    .join(FactRow, FactRow.id == Memory.fact_id)
    .where(
        *_MINE,
        Memory.deck_id == _DECK,
        Memory.due_epoch_s < _ENDS,
        FactRow.status == "published",
    )
)
_FIRST_IN_DECK = (
    select(Memory.fact_id)
    .join(FactRow, FactRow.id == Memory.fact_id)
    .where(
        *_MINE,
        Memory.deck_id == _DECK,
        Memory.due_epoch_s <= _NOW,
        FactRow.status == "published",
    )
    .limit(bindparam("most"))
)
_IN_DECK = select(func.count()).select_from(_FIRST_IN_DECK.subquery())
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
    .where(*_MINE, Memory.due_epoch_s > _AFTER, FactRow.status == "published")
    .order_by(Memory.due_epoch_s)
    .limit(1)
)
_NEXT_IN_DECK = _NEXT.where(Memory.deck_id == _DECK)


def due_to(session: Session, learner: Learner, at: Moments) -> Dues:
    """Return what is due over all decks."""
    given = {"learner": learner.id, "now": at.now, "ends": at.ends}
    connection = session.connection()
    whole, unasked = (connection.execute(one, given).one() for one in (_WHOLE, _UNASKED))
    again = sum(_again(session, learner, at).values())
    return Dues(whole[0] - unasked[0], whole[1] - unasked[1], again)


def due_in_deck(session: Session, learner: Learner, at: Moments, deck_id: int) -> Dues:
    """Return what is due in one deck."""
    given = {"learner": learner.id, "now": at.now, "ends": at.ends, "deck": deck_id}
    now, later = session.connection().execute(_ONE_DECK, given).one()
    return Dues(now, later, _again(session, learner, at).get(deck_id, 0))


def due_by_deck(
    session: Session, learner: Learner, at: Moments, decks: Sequence[int], most: int
) -> dict[int, Dues]:
    """Return what is due in some decks.

    Of a long backlog as much is counted in each as what was answered today already and `most`
    beside it.
    """
    again = _again(session, learner, at)
    given = {"learner": learner.id, "now": at.now}
    connection = session.connection()
    if (connection.execute(_FEW, given).scalar() or 0) <= WALKED:
        found = _by_deck(session, learner, at, -1)
        now = {deck: dues[0] for deck, dues in found.items()}
    else:
        found = _by_deck(session, learner, at, at.now)
        limits = {deck: most + again.get(deck, 0) for deck in decks}
        now = {
            deck: connection.execute(_IN_DECK, given | {"deck": deck, "most": limit}).scalar() or 0
            for deck, limit in limits.items()
        }
    return {
        deck: Dues(now.get(deck, 0), found.get(deck, (0, 0))[1], again.get(deck, 0))
        for deck in decks
    }


def _by_deck(
    session: Session, learner: Learner, at: Moments, after: int
) -> Mapping[int, tuple[int, int]]:
    """Return how many facts of each deck are due now and later, of those due after an instant."""
    given = {"learner": learner.id, "now": at.now, "ends": at.ends, "after": after}
    connection = session.connection()
    unasked = {row[0]: (row[1], row[2]) for row in connection.execute(_UNASKED_BY_DECK, given)}
    return {
        deck: (now - unasked.get(deck, (0, 0))[0], later - unasked.get(deck, (0, 0))[1])
        for deck, now, later in connection.execute(_BY_DECK, given)
    }


def _again(session: Session, learner: Learner, at: Moments) -> Mapping[int, int]:
    given = {
        "learner": learner.id,
        "now": at.now,
        "began": at.began,
        "day": learner.day(at.now),
    }
    return {row[0]: row[1] for row in session.connection().execute(_AGAIN, given)}


def next_due(session: Session, user_id: int, deck_id: int | None, after: int) -> int | None:
    """Return when the next fact falls due after an instant, in a deck or in any; None for none."""
    given = {"learner": user_id, "after": after, "deck": deck_id}
    query = _NEXT if deck_id is None else _NEXT_IN_DECK
    return session.connection().execute(query, given).scalar()
