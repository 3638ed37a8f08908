"""How much is due to a learner, in all or deck by deck, however long the backlog.

Indexes by due date are counted alone, over all decks or deck by deck; that a fact is not asked any
more is looked up in an index of those alone. Of a long backlog no more than some thousands are
counted, and of each deck no more than a day asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ScalarSelect,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import Session

from app.core.planning import day_start_epoch_s
from app.models.content import DeckRow, FactRow
from app.models.driving import all_rows, connection_of, first_row
from app.models.learning import ACTIVE, Memory, Review
from app.models.statements.choosing import IS_ASKED
from app.models.statements.parameters import at_most
from app.services.sessions import Learner

COUNTED = 5_000
"""So many facts, at most, are counted as due, in all or for every deck."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Now, and when the learner's day began and ends (epoch seconds)."""

    now: int
    began: int
    ends: int


@dataclass(frozen=True, slots=True)
class Dues:
    """How many published facts are due now and later today; `again` were answered today already.

    With `more` they are not counted to the end.
    """

    now: int = 0
    later: int = 0
    again: int = 0
    more: bool = False


def moments_of(learner: Learner, now: int) -> Moments:
    """Return the bounds of the learner's day."""
    day = learner.day(now)
    return Moments(now, *(day_start_epoch_s(one, learner.zone) for one in (day, day + 1)))


_LEARNER: BindParameter[int] = bindparam("learner")
_NOW: BindParameter[int] = bindparam("now")
_ENDS: BindParameter[int] = bindparam("ends")
_AFTER: BindParameter[int] = bindparam("after")
_DECK: BindParameter[int] = bindparam("deck")
_MINE = (Memory.user_id == _LEARNER, Memory.state == ACTIVE)
_ASKED = (*_MINE, IS_ASKED)
_DUE_NOW = Memory.due_epoch_s <= _NOW
_DUE_LATER = (Memory.due_epoch_s > _NOW, Memory.due_epoch_s < _ENDS)
_THIS_DECK = Memory.deck_id == _DECK


def _due_now(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """Return how many memories are due, counted as far as `most`."""
    found = (
        select(Memory.fact_id)
        .where(*_ASKED, _DUE_NOW, *conditions)
        .limit(at_most(bindparam("most")))
    )
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def _due_later(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(*_ASKED, *_DUE_LATER, *conditions).scalar_subquery()


WHOLE = select(_due_now().label("due"), _due_later().label("later"))
"""Today's counts over all decks; its growth is measured by itself (benchmarks/growth.py)."""
_ONE_DECK = select(_due_now(_THIS_DECK).label("due"), _due_later(_THIS_DECK).label("later"))


def _in_each_deck(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Memory)
        .where(*_ASKED, Memory.deck_id == DeckRow.id, *conditions)
        .correlate(DeckRow)
        .scalar_subquery()
    )


BY_DECK = select(
    DeckRow.id,
    _in_each_deck(Memory.due_epoch_s > _AFTER, _DUE_NOW).label("due"),
    _in_each_deck(*_DUE_LATER).label("later"),
)
_FEW = select(func.count().label("due")).select_from(
    select(Memory.due_epoch_s).where(*_MINE, _DUE_NOW).limit(at_most(bindparam("most"))).subquery()
)
_IN_DECK = select(_due_now(_THIS_DECK).label("due"))
_ANSWERED = (
    select(Review.fact_id)
    .where(Review.user_id == _LEARNER, Review.reviewed_epoch_s >= bindparam("began"))
    .distinct()
    .subquery()
)
_AGAIN = (
    select(FactRow.deck_id, func.count().label("again"))
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
    .limit(at_most(1))
)
_NEXT_IN_DECK = _NEXT.where(_THIS_DECK)


def due_to(session: Session, learner: Learner, at: Moments, deck_id: int | None = None) -> Dues:
    """Return what is due in one deck, or over all."""
    given = {"learner": learner.id, "now": at.now, "ends": at.ends, "most": COUNTED + 1}
    query = WHOLE if deck_id is None else _ONE_DECK
    found = all_rows(connection_of(session), query, given | {"deck": deck_id})[0]
    again = _again(session, learner, at)
    every = sum(again.values()) if deck_id is None else again.get(deck_id, 0)
    return Dues(min(COUNTED, found.due), found.later, every, more=found.due > COUNTED)


def due_by_deck(
    session: Session, learner: Learner, at: Moments, decks: Sequence[int], most: int
) -> dict[int, Dues]:
    """Return what is due in some decks.

    Of a long backlog as much is counted in each as what was answered today already and `most`
    beside it.
    """
    again = _again(session, learner, at)
    given = {"learner": learner.id, "now": at.now, "ends": at.ends}
    connection = connection_of(session)
    few = all_rows(connection, _FEW, given | {"most": COUNTED + 1})[0].due <= COUNTED
    after = -1 if few else at.now
    found = {row.id: row for row in all_rows(connection, BY_DECK, given | {"after": after})}

    def due(deck: int) -> int:
        if few:
            return int(found[deck].due) if deck in found else 0
        limit = {"deck": deck, "most": most + again.get(deck, 0)}
        return int(all_rows(connection, _IN_DECK, given | limit)[0].due)

    return {
        deck: Dues(due(deck), found[deck].later if deck in found else 0, again.get(deck, 0))
        for deck in decks
    }


def _again(session: Session, learner: Learner, at: Moments) -> Mapping[int, int]:
    given = {
        "learner": learner.id,
        "now": at.now,
        "began": at.began,
        "day": learner.day(at.now),
    }
    return {row.deck_id: row.again for row in all_rows(connection_of(session), _AGAIN, given)}


def next_due(session: Session, user_id: int, deck_id: int | None, after: int) -> int | None:
    """Return when the next fact falls due after an instant, in a deck or in any; None for none."""
    given = {"learner": user_id, "after": after, "deck": deck_id}
    query = _NEXT if deck_id is None else _NEXT_IN_DECK
    row = first_row(connection_of(session), query, given)
    return row.due_epoch_s if row else None
