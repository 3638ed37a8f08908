"""Other decks, as far as they concern the questions of one: what they lend and what they know.

What a deck can be asked for is read once for each of its revisions, and a fact of it once when it
first concerns another deck. So a change anywhere costs the next question the one deck that changed.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.core.facts import Deck, Fact
from app.core.values import Entity
from app.models.content import DeckRow, EntityRow, FactRow
from app.models.database import is_writing
from app.models.mapping import entity_keys
from app.models.some_facts import load_facts
from app.models.statements.decks import OLDEST_DECKS

MOST_DECKS = OLDEST_DECKS - 1
MOST_FACTS = 20_000
"""Published facts of other decks that are looked through; a deck beyond them lends nothing."""
MOST_LENT = 2000
MOST_KEPT = 4 * MOST_DECKS
"""Decks of a process that are known by what they can be asked for."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Known:
    """What one deck can be asked for at one of its revisions."""

    entities: tuple[Entity, ...]
    """The first MOST_LENT of them, oldest first."""
    by_name: Mapping[str, Collection[int]]
    """Published facts at one of whose ends a name is, without its case."""
    by_ask: Mapping[str, Collection[int]]
    """Published facts by their own question."""
    facts: dict[int, Fact] = field(default_factory=dict)
    """Those that have concerned another deck so far."""

    def concerned(self, names: Collection[str], asks: Collection[str]) -> list[int]:
        """Return the facts at whose ends a name is or that are asked in these words, in order."""
        found: set[int] = set()
        for table, wanted in ((self.by_name, names), (self.by_ask, asks)):
            for one in table.keys() & wanted:
                found.update(table[one])
        return sorted(found)


@dataclass(frozen=True, slots=True)
class _Other:
    """A deck beside the one that is asked."""

    id: int
    language: str
    revision: int


class _Shelf(Generic[T]):
    """What is known of decks at their revisions: of MOST_KEPT of them, those asked for last.

    Nothing is kept inside `writing`: what a transaction sees there may be undone.
    """

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[Engine, int, int], T] = OrderedDict()
        self._lock = Lock()

    def of(self, session: Session, others: Sequence[_Other]) -> dict[_Other, T]:
        """Return what is known of some decks as they are now."""
        if is_writing(session):
            return {}
        engine = session.get_bind().engine
        found = {}
        with self._lock:
            for one in others:
                slot = engine, one.id, one.revision
                if slot in self._found:
                    self._found.move_to_end(slot)
                    found[one] = self._found[slot]
        return found

    def keep(self, session: Session, read: Mapping[_Other, T]) -> None:
        """Keep what was read of some decks, and forget what was not asked for longest."""
        if is_writing(session):
            return
        engine = session.get_bind().engine
        with self._lock:
            self._found.update(((engine, one.id, one.revision), kept) for one, kept in read.items())
            while len(self._found) > MOST_KEPT:
                self._found.popitem(last=False)


_PUBLISHED = FactRow.status == "published"
_known_decks: _Shelf[_Known] = _Shelf()
_sizes: _Shelf[int] = _Shelf()


def other_decks(session: Session, deck: Deck, deck_id: int) -> tuple[Deck, ...]:
    """Return the entities of other decks, oldest first, and their facts that concern this deck.

    Those are facts at one of whose ends is a name of this deck, and facts asked in its words.
    """
    others = _whole_decks(session, deck_id)
    known = _known(session, others)
    names = {name.casefold() for one in deck.entities for name in one.names}
    asks = {fact.ask_template for fact in deck.facts if fact.ask_template}
    concerned = {one: known[one].concerned(names, asks) for one in others}
    unread = {
        at: one for one, found in concerned.items() for at in found if at not in known[one].facts
    }
    for at, fact in load_facts(session, unread).items():
        known[unread[at]].facts[at] = fact
    return tuple(
        Deck(
            key="",
            title="",
            language=one.language,
            entities=known[one].entities,
            facts=tuple(known[one].facts[at] for at in found if at in known[one].facts),
        )
        for one, found in concerned.items()
    )


def _whole_decks(session: Session, deck_id: int) -> Sequence[_Other]:
    """Return the oldest of the other decks that are small enough to be known as a whole."""
    rows = session.execute(
        select(DeckRow.id, DeckRow.language, DeckRow.revision)
        .where(DeckRow.id != deck_id)
        .order_by(DeckRow.id)
        .limit(MOST_DECKS)
    )
    others = [_Other(*row) for row in rows]
    sizes = _sizes.of(session, others)
    uncounted = [one for one in others if one not in sizes]
    if uncounted:
        counted = session.execute(
            select(FactRow.deck_id, func.count())
            .where(FactRow.deck_id.in_([one.id for one in uncounted]), _PUBLISHED)
            .group_by(FactRow.deck_id)
        )
        size_of = {row[0]: row[1] for row in counted}
        found = {one: size_of.get(one.id, 0) for one in uncounted}
        sizes |= found
        _sizes.keep(session, found)
    left, chosen = MOST_FACTS, []
    for one in others:
        if sizes[one] <= left:
            left -= sizes[one]
            chosen.append(one)
    return chosen


def _known(session: Session, others: Sequence[_Other]) -> dict[_Other, _Known]:
    """Return what some decks can be asked for; those that changed are read."""
    known = _known_decks.of(session, others)
    unread = [one for one in others if one not in known]
    if unread:
        read = _read(session, unread)
        known |= read
        _known_decks.keep(session, read)
    return known


def _read(session: Session, others: Sequence[_Other]) -> dict[_Other, _Known]:
    """Read what some decks can be asked for, in two queries."""
    ids = [one.id for one in others]
    entities = _entities(session, ids)
    by_key = {deck: {one.key: one for one in found.values()} for deck, found in entities.items()}
    by_name: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    by_ask: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = session.execute(
        select(FactRow.id, FactRow.deck_id, FactRow.subject_id, FactRow.value, FactRow.ask)
        .where(FactRow.deck_id.in_(ids), _PUBLISHED)
        .order_by(FactRow.id)
    )
    for fact_id, deck, subject, value, ask in rows:
        ends = [entities[deck].get(subject)] if subject is not None else []
        ends += [by_key.get(deck, {}).get(key) for key in entity_keys(value)]
        for name in {name.casefold() for one in ends if one for name in one.names}:
            by_name[deck][name].append(fact_id)
        if ask:
            by_ask[deck][ask].append(fact_id)
    return {
        one: _Known(
            tuple(entities[one.id].values())[:MOST_LENT],
            dict(by_name[one.id]),
            dict(by_ask[one.id]),
        )
        for one in others
    }


def _entities(session: Session, decks: Collection[int]) -> dict[int, dict[int, Entity]]:
    """Return the entities of some decks by deck and number."""
    found: dict[int, dict[int, Entity]] = defaultdict(dict)
    rows = session.execute(
        select(
            EntityRow.deck_id,
            EntityRow.id,
            EntityRow.name,
            EntityRow.key,
            EntityRow.kind,
            EntityRow.aliases,
        )
        .where(EntityRow.deck_id.in_(decks))
        .order_by(EntityRow.id)
    )
    for deck, at, name, key, kind, aliases in rows:
        found[deck][at] = Entity(name, key, kind, tuple(aliases))
    return found
