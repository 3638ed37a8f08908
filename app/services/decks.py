"""Decks: bring one in from a file, give one out, list them, prepare their questions."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from app.core.advancing import Steps
from app.core.errors import Conflict, NotFound, Refused
from app.core.facts import Deck
from app.core.questions import DeckIndex
from app.core.sentences import say
from app.core.values import slug
from app.models.content import DeckCurator, DeckRow, FactRow, SourceRow
from app.models.database import is_writing, writing
from app.models.driving import connection_of, first_row
from app.models.learning import LearningSession
from app.models.mapping import ImportReport, load_deck, store_deck
from app.models.statements.decks import DECK_LANGUAGE, DECK_STATE
from app.services.corrections import correct_all
from app.services.kept_decks import kept_deck
from app.services.others import other_decks
from app.services.revisions import By, colliding

__all__ = [
    "DeckCard",
    "DeckHead",
    "ImportReport",
    "StaleHead",
    "StudiedDeck",
    "bring_in",
    "create_deck",
    "deck_card",
    "deck_id_of",
    "deck_list",
    "delete_deck",
    "describe_deck",
    "export_deck",
    "head_of",
    "import_deck",
    "index_of",
    "known_deck",
]
LONGEST_KEY = 60
_CACHED_DECKS = 32
_indexes: OrderedDict[tuple[Engine, int, int], tuple[str, DeckIndex]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class DeckCard:
    """A deck at a glance; `facts` counts the published ones."""

    key: str
    title: str
    description: str
    language: str
    """In which it is written (BCP 47)."""
    facts: int
    sources: int


@dataclass(frozen=True, slots=True)
class DeckHead:
    """What a deck says of itself; `language` is a BCP 47 tag."""

    title: str
    description: str = ""
    language: str = "en"

    @property
    def fingerprint(self) -> str:
        """What tells this from any other: who saves a change has seen this and nothing newer."""
        return hashlib.sha256(repr(self).encode(errors="replace")).hexdigest()[:32]


class StaleHead(Conflict):
    """Somebody else has described the deck since it was opened; `theirs` is what it says now."""

    def __init__(self, theirs: DeckHead) -> None:
        super().__init__(say("Somebody else has changed this deck since you opened it."))
        self.theirs = theirs


class StudiedDeck(Refused):
    """A deck with answers cannot be deleted."""


def import_deck(session: Session, deck: Deck, now: int, user_id: int | None = None) -> ImportReport:
    """Store a deck in one transaction, and say what was new; `imports` does it undoably.

    Answers that the file changes are corrections: those who learned the old ones are told.
    """
    with colliding(), writing(session):
        return bring_in(session, deck, known_deck(session, deck.key), By(user_id, now), Steps())


def known_deck(session: Session, key: str) -> Deck | None:
    """Return the deck with a key, or None where there is none."""
    known = session.scalar(select(DeckRow.id).where(DeckRow.key == key))
    return None if known is None else load_deck(session, known)


def bring_in(
    session: Session, deck: Deck, before: Deck | None, by: By, steps: Steps
) -> ImportReport:
    """Store a deck inside `writing`, and tell those whose answers it corrects."""
    report = store_deck(session, deck, (by.user_id, by.at_epoch_s), steps)
    if before is not None and report.changed:
        correct_all(session, deck_id_of(session, deck.key), before.fact_by_key, by)
    return report


def create_deck(session: Session, head: DeckHead, user_id: int) -> str:
    """Make an empty deck that its maker curates, and return its key."""
    with colliding(), writing(session):
        taken = set(session.scalars(select(DeckRow.key)))
        base = slug(head.title)[:LONGEST_KEY]
        numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
        key = next(one for one in (base, *numbered) if one not in taken)
        row = DeckRow(
            key=key, title=head.title, description=head.description, language=head.language
        )
        session.add(row)
        session.flush()
        session.add(DeckCurator(user_id=user_id, deck_id=row.id))
        return key


def describe_deck(session: Session, key: str, head: DeckHead, opened: str) -> None:
    """Change what a deck is called and says of itself; `opened` is the fingerprint that was shown.

    Raises NotFound and StaleHead.
    """
    with writing(session):
        deck_id = deck_id_of(session, key)
        row = session.get_one(DeckRow, deck_id, with_for_update=True, populate_existing=True)
        stored = DeckHead(row.title, row.description, row.language)
        if stored.fingerprint != opened:
            raise StaleHead(stored)
        row.title, row.description, row.language = head.title, head.description, head.language
        row.revision += 1


def head_of(session: Session, key: str) -> DeckHead:
    """Return what a deck says of itself. Raises NotFound."""
    row = session.get_one(DeckRow, deck_id_of(session, key))
    return DeckHead(row.title, row.description, row.language)


def delete_deck(session: Session, key: str) -> None:
    """Delete a deck that nobody has been asked. Raises StudiedDeck and NotFound."""
    with writing(session):
        deck_id = deck_id_of(session, key)
        asked = select(LearningSession.token).where(LearningSession.deck_id == deck_id)
        if session.scalar(select(asked.exists())):
            raise StudiedDeck(say("Somebody has studied this deck: retire its facts instead."))
        session.execute(delete(DeckRow).where(DeckRow.id == deck_id))


def export_deck(session: Session, key: str) -> Deck:
    """Return a deck with everything in it. Raises NotFound."""
    return kept_deck(session, deck_id_of(session, key)).deck


def deck_id_of(session: Session, key: str) -> int:
    """Return the id of the deck with a key. Raises NotFound."""
    found = session.scalar(select(DeckRow.id).where(DeckRow.key == key))
    if found is None:
        raise NotFound(say("There is no such deck."))
    return found


def language_of(session: Session, key: str) -> str:
    """Return the language of the deck with a key (BCP 47). Raises NotFound."""
    found = first_row(connection_of(session), DECK_LANGUAGE, {"deck": key})
    if found is None:
        raise NotFound(say("There is no such deck."))
    return str(found.language)


def deck_list(session: Session, key: str | None = None) -> list[DeckCard]:
    """Return every deck, or the one with a key, by title."""
    facts = (
        select(func.count())
        .where(FactRow.deck_id == DeckRow.id, FactRow.status == "published")
        .scalar_subquery()
    )
    sources = select(func.count()).where(SourceRow.deck_id == DeckRow.id).scalar_subquery()
    query = select(
        DeckRow.key, DeckRow.title, DeckRow.description, DeckRow.language, facts, sources
    )
    if key is not None:
        query = query.where(DeckRow.key == key)
    return [DeckCard(*row) for row in session.execute(query.order_by(DeckRow.title, DeckRow.id))]


def deck_card(session: Session, key: str) -> DeckCard:
    """Return one deck at a glance. Raises NotFound."""
    found = deck_list(session, key)
    if not found:
        raise NotFound(say("There is no such deck."))
    return found[0]


def index_of(session: Session, deck_id: int) -> DeckIndex:
    """Return what a deck's questions are made from, kept until a deck changes."""
    found = first_row(connection_of(session), DECK_STATE, {"deck": deck_id})
    if found is None:
        raise NotFound(say("There is no such deck."))
    return index_at(session, deck_id, found.revision, found.others)


def index_at(session: Session, deck_id: int, revision: int, others: str) -> DeckIndex:
    """Return the index of a deck in the state that `DECK_STATE` told.

    The deck is gathered once for each of its revisions; what other decks lend and know, once for
    each change of any of them. Inside `writing` nothing is kept: it may be undone.
    """
    slot = (session.get_bind().engine, deck_id, revision)
    with _lock:
        if slot in _indexes:
            _indexes.move_to_end(slot)
        state, made = _indexes.get(slot, (None, None))
    if made is not None and state == others:
        return made
    if made is None:
        made = DeckIndex(kept_deck(session, deck_id).deck)
    made = made.beside_decks(other_decks(session, made.deck, deck_id))
    if is_writing(session):
        return made
    with _lock:
        _indexes[slot] = others, made
        while len(_indexes) > _CACHED_DECKS:
            _indexes.popitem(last=False)
    return made
