"""Decks as pages read them: whole, and kept until somebody changes them.

Reading a deck of 5,000 facts takes a quarter of a second, and each page of its curators needs it.
Every change of a deck raises its revision, and a deck's number is never given to another one; so
number and revision tell what it holds. Inside `writing` nothing is kept: a transaction sees what
it has changed itself, and what is rolled back was never there.
"""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Fact
from app.core.questions.looks import entities_in
from app.core.sentences import say
from app.core.values import Entity
from app.core.wording import shown_value, statement, stem
from app.models.content import DeckRow, FactRow
from app.models.database import is_writing
from app.models.mapping import load_deck

MOST_KEPT = 40_000
"""Facts of all kept decks of a process together; the deck that was asked for last always is."""


class Line(NamedTuple):
    """A fact as lists show it."""

    text: str
    answer: str


def text_of(fact: Fact) -> str:
    """Return a fact as a list names it."""
    return statement(fact) or stem(fact) or fact.key


def line_of(fact: Fact) -> Line:
    """Return a fact as lists show it."""
    return Line(text_of(fact), shown_value(fact))


def has_words(fact: Fact, line: Line, words: Sequence[str]) -> bool:
    """Whether all words (in lower case) are in a fact's key, line or tags."""
    text = " ".join((fact.key, *line, *fact.tags)).casefold()
    return all(word in text for word in words)


@dataclass(frozen=True)
class KeptDeck:
    """A deck at one of its revisions, with the numbers of its facts."""

    id: int
    revision: int
    deck: Deck
    numbers: Mapping[str, tuple[int, int]]
    """Number and revision of each fact, by key."""
    _lines: dict[str, Line] = field(default_factory=dict)

    def line(self, fact: Fact) -> Line:
        """Return a fact of the deck as lists show it, put into words once."""
        known = self._lines.get(fact.key)
        if known is None:
            known = self._lines[fact.key] = line_of(fact)
        return known

    def has_words(self, fact: Fact, words: Sequence[str]) -> bool:
        """Whether a fact of the deck has all words (in lower case) in its line."""
        return not words or has_words(fact, self.line(fact), words)

    @cached_property
    def uses(self) -> Counter[str]:
        """In how many facts each entity is, by key."""
        return uses_of(self.deck)


def uses_of(deck: Deck) -> Counter[str]:
    """Return in how many facts each entity is, by key."""
    found: Counter[str] = Counter()
    for fact in deck.facts:
        named = {entity.key for entity in entities_in(fact.value)}
        named |= {one.key for one in (fact.subject, fact.according_to) if isinstance(one, Entity)}
        found.update(named)
    return found


_kept: OrderedDict[tuple[Engine, int], KeptDeck] = OrderedDict()
_lock = Lock()


def kept_deck(session: Session, deck_id: int) -> KeptDeck:
    """Return a deck as it is now. Raises NotFound."""
    revision = session.scalar(select(DeckRow.revision).where(DeckRow.id == deck_id))
    if revision is None:
        raise NotFound(say("There is no such deck."))
    if is_writing(session):
        return _read(session, deck_id, revision)
    slot = session.get_bind().engine, deck_id
    with _lock:
        known = _kept.get(slot)
        if known is not None and known.revision == revision:
            _kept.move_to_end(slot)
            return known
    made = _read(session, deck_id, revision)
    with _lock:
        _kept[slot] = made
        _kept.move_to_end(slot)
        _forget_the_oldest()
    return made


def _read(session: Session, deck_id: int, revision: int) -> KeptDeck:
    numbers = session.execute(
        select(FactRow.key, FactRow.id, FactRow.revision).where(FactRow.deck_id == deck_id)
    )
    ids = {key: (fact_id, at) for key, fact_id, at in numbers}
    return KeptDeck(deck_id, revision, load_deck(session, deck_id), ids)


def _forget_the_oldest() -> None:
    facts = sum(len(one.deck.facts) for one in _kept.values())
    while facts > MOST_KEPT and len(_kept) > 1:
        facts -= len(_kept.popitem(last=False)[1].deck.facts)
