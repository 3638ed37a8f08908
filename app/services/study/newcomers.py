"""Which facts are new to a learner, and how many of them today brings: one rule for every page.

New facts come from the decks that a learner has begun, up to the day's limit. A fact that took the
place of a known one comes as well, whatever the limit.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.models.content import DeckRow, FactRow
from app.models.driving import Found, all_rows, connection_of
from app.models.learning import HeldFact, LearningSession
from app.models.statements.choosing import is_unseen
from app.models.statements.parameters import at_most
from app.services.sessions import Learner
from app.services.study.queue import replaces_known

_LEARNER: BindParameter[int] = bindparam("learner")
_NOW: BindParameter[int] = bindparam("now")


@dataclass(frozen=True, slots=True)
class NewToday:
    """What today still brings: within the day's limit, and successors of known facts beside it."""

    within_limit: int
    successors: int

    @property
    def facts(self) -> int:
        """Return all of them."""
        return self.within_limit + self.successors


def new_today(
    session: Session, learner: Learner, limit: int, now: int, deck_id: int | None = None
) -> NewToday:
    """Return what today still brings of one deck, or of the decks begun.

    `limit` is what the day's limit of new facts leaves.
    """
    return new_ahead(session, learner, limit, limit, now, deck_id)[0]


def new_ahead(
    session: Session,
    learner: Learner,
    limit: int,
    most: int,
    now: int,
    deck_id: int | None = None,
) -> tuple[NewToday, int]:
    """Return what today still brings, and how many facts wait within the limit of other days.

    These are counted up to `most`, which is `limit` or more.
    """
    query = _BEGUN_HEADS if deck_id is None else _ONE_HEAD
    heads = all_rows(connection_of(session), query, {"learner": learner.id, "deck": deck_id})
    waiting = min(most, sum(_count(session, learner, heads, most, now).values()))
    successors = _successors(session, learner, now)
    beside = sum(successors.get(head[0], 0) for head in heads)
    return NewToday(min(limit, waiting), beside), waiting


def new_by_deck(session: Session, learner: Learner, limit: int, now: int) -> dict[int, int]:
    """Return how many new facts today would bring from each deck, begun or not."""
    heads = all_rows(connection_of(session), _ALL_HEADS, {"learner": learner.id})
    within = _count(session, learner, heads, limit, now)
    successors = _successors(session, learner, now)
    return {deck: count + successors.get(deck, 0) for deck, count in within.items()}


_BEGUN = (
    select(LearningSession.deck_id)
    .where(LearningSession.user_id == _LEARNER, LearningSession.kind == "study")
    .distinct()
)
_ALL_HEADS = select(
    DeckRow.id,
    DeckRow.revision,
    select(HeldFact.fact_id).where(HeldFact.user_id == _LEARNER).exists().label("holds"),
)
_ONE_HEAD = _ALL_HEADS.where(DeckRow.id == bindparam("deck"))
_BEGUN_HEADS = _ALL_HEADS.where(DeckRow.id.in_(_BEGUN))
"""Decks, with what their finished state goes by, and whether the learner holds any fact back."""


_old = aliased(FactRow)
_SUCCESSORS = (
    select(FactRow.deck_id, func.count())
    .where(
        FactRow.id.in_(select(_old.superseded_by_id).where(_old.superseded_by_id.is_not(None))),
        FactRow.status == "published",
        *is_unseen(_LEARNER, _NOW),
        replaces_known(_LEARNER),
    )
    .group_by(FactRow.deck_id)
)


def _successors(session: Session, learner: Learner, now: int) -> Mapping[int, int]:
    found = all_rows(connection_of(session), _SUCCESSORS, {"learner": learner.id, "now": now})
    return {row[0]: row[1] for row in found}


def _new_in_deck() -> Select[int]:
    # The last first: who learns in the deck's order has the new ones there.
    return (
        select(FactRow.id)
        .where(
            FactRow.deck_id == DeckRow.id,
            FactRow.status == "published",
            *is_unseen(_LEARNER, _NOW),
            ~replaces_known(_LEARNER),
        )
        .order_by(FactRow.position.desc())
        .limit(at_most(bindparam("most")))
        .correlate(DeckRow)
    )


_COUNTS = select(
    DeckRow.id,
    select(func.count()).select_from(_new_in_deck().subquery()).scalar_subquery(),
).where(DeckRow.id.in_(bindparam("decks", expanding=True)))


def _count(
    session: Session,
    learner: Learner,
    heads: Sequence[Found],
    most: int,
    now: int,
) -> dict[int, int]:
    """Return how many facts of each deck are new, counted up to `most` in each."""
    found = {head[0]: 0 for head in heads}
    url = str(session.get_bind().engine.url)
    slots = {
        deck: (url, learner.id, deck, revision, learner.changes) for deck, revision, _ in heads
    }
    left = [deck for deck, slot in slots.items() if not _is_finished(slot, now)]
    if not left or not most:
        return found
    given = {"learner": learner.id, "now": now, "most": most, "decks": left}
    found |= {row[0]: row[1] for row in connection_of(session).execute(_COUNTS, given)}
    holds = heads[0][2]
    for deck in left:
        if not found[deck] and not holds:
            _finish(slots[deck], now)
    return found


Slot = tuple[str, int, int, int, int]
"""Database, learner, deck, the deck's revision, how many changes the learner's memory had."""
_FINISHED_S = 600
_MOST_FINISHED = 20_000
_finished: OrderedDict[Slot, int] = OrderedDict()
_lock = Lock()


def _is_finished(slot: Slot, now: int) -> bool:
    """Whether nothing of a deck was new a while ago, and cannot have become new since.

    Answers make nothing new; edits of the deck and amendments of the learner's log change the
    slot. Finding nothing is the one search that goes through a whole deck, so it is remembered.
    """
    return 0 <= now - _finished.get(slot, now + 1) < _FINISHED_S


def _finish(slot: Slot, now: int) -> None:
    with _lock:
        _finished[slot] = now
        while len(_finished) > _MOST_FINISHED:
            _finished.popitem(last=False)
