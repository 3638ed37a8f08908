"""What an import touched, kept so that it can be undone; and the imports of a deck so far."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.advancing import Advance, Steps, unheard
from app.core.errors import NotFound
from app.core.facts import Deck, Fact
from app.core.sentences import say
from app.interchange.pictures import PictureFile
from app.models.content import DeckRow, EntityRow, RelationRow, SourceRow
from app.models.database import writing
from app.models.imports import ImportRecord
from app.models.mapping import (
    ImportReport,
    fact_body,
    part_columns,
)
from app.models.people import User
from app.services import pictures
from app.services.decks import bring_in, deck_id_of, known_deck
from app.services.revisions import By, colliding

MOST_LISTED = 20
PARTS = {"entities": EntityRow, "relations": RelationRow, "sources": SourceRow}
HEAD = ("title", "description", "language")
Touched = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that an import comes from, and its format."""

    file_name: str
    format: str


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import of a deck, as curators see it."""

    id: int
    file_name: str
    by: str
    new: int
    changed: int
    imported_epoch_s: int
    undone_epoch_s: int | None


def import_deck(
    session: Session,
    deck: Deck,
    origin: Origin,
    by: By,
    files: Sequence[PictureFile] = (),
    advance: Advance = unheard,
) -> tuple[ImportReport, int]:
    """Store a deck from a file with its pictures in one transaction, so that it can be undone.

    Returns also the number by which it is undone. Raises MissingPicture.
    """
    pictures.check_there(session, deck, files)
    with colliding(), writing(session):
        report, kept = bring_in_undoably(session, deck, origin, by, Steps(advance, len(deck.facts)))
        pictures.keep(session, deck, kept.deck_id, files)
        return report, kept.id


def bring_in_undoably(
    session: Session, deck: Deck, origin: Origin, by: By, steps: Steps
) -> tuple[ImportReport, ImportRecord]:
    """Store a deck inside `writing` and keep what it touched."""
    before = known_deck(session, deck.key)
    report = bring_in(session, deck, before, by, steps)
    return report, _record(session, before, deck, origin, by)


def _record(
    session: Session, before: Deck | None, deck: Deck, origin: Origin, by: By
) -> ImportRecord:
    deck_id = deck_id_of(session, deck.key)
    touched = _touched(before, deck)
    facts = touched["facts"].values()
    new = sum(one["before"] is None for one in facts)
    made = ImportRecord(
        deck_id=deck_id,
        user_id=by.user_id,
        file_name=origin.file_name[-200:],
        format=origin.format,
        new_facts=new,
        changed_facts=len(facts) - new,
        imported_epoch_s=by.at_epoch_s,
        touched=touched,
        learning={},
    )
    session.add(made)
    session.flush()
    return made


def _touched(before: Deck | None, after: Deck) -> Touched:
    """Return what a file, `after`, changes in a deck; what it does not mention is not touched."""
    touched: Touched = {"head": {}}
    if before is None or _head(before) != _head(after):
        touched["head"] = {"before": _head(before) if before else None}
    if before is not None:
        was, now = _keys(before), _keys(after)
        touched["order"] = {"before": was} if now[: len(was)] != was else {}
    for section in ("facts", *PARTS):
        old = bodies(before, section) if before else {}
        touched[section] = {
            key: {"before": old.get(key), "after": fingerprint(body)}
            for key, body in each_body(after, section)
            if old.get(key) != body
        }
    return touched


def _keys(deck: Deck) -> list[str]:
    return [fact.key for fact in deck.facts]


def _head(deck: Deck) -> dict[str, str]:
    return {name: getattr(deck, name) for name in HEAD}


def bodies(deck: Deck, section: str) -> dict[str, dict[str, Any]]:
    """Return one kind of a deck's things as they are stored, by key."""
    return dict(each_body(deck, section))


def each_body(deck: Deck, section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield one kind of a deck's things as they are stored, with their keys."""
    for one in getattr(deck, section):
        yield one.key, fact_body(one) if isinstance(one, Fact) else part_columns(one)


def fingerprint(body: Mapping[str, Any]) -> str:
    """Return what tells a body from any other."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:24]


def past_imports(session: Session, deck_key: str) -> list[PastImport]:
    """Return the newest imports into a deck, newest first. Raises NotFound."""
    rows = session.execute(
        select(
            ImportRecord.id,
            ImportRecord.file_name,
            User.display_name,
            ImportRecord.new_facts,
            ImportRecord.changed_facts,
            ImportRecord.imported_epoch_s,
            ImportRecord.undone_epoch_s,
        )
        .outerjoin(User, User.id == ImportRecord.user_id)
        .where(ImportRecord.deck_id == deck_id_of(session, deck_key))
        .order_by(ImportRecord.id.desc())
        .limit(MOST_LISTED)
    )
    return [
        PastImport(number, file_name, by or "", new, changed, at, undone)
        for number, file_name, by, new, changed, at, undone in rows
    ]


def deck_of(session: Session, record_id: int) -> str:
    """Return the key of the deck that an import went into. Raises NotFound."""
    return deck_and_file(session, record_id)[0]


def deck_and_file(session: Session, record_id: int) -> tuple[str, str]:
    """Return the key of the deck that an import went into, and its file's name. Raises NotFound."""
    found = session.execute(
        select(DeckRow.key, ImportRecord.file_name)
        .join(ImportRecord, ImportRecord.deck_id == DeckRow.id)
        .where(ImportRecord.id == record_id)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such import."))
    return found.key, found.file_name


def rows_of(session: Session, record_id: int) -> int:
    """Return how many facts and reviews an import brought or changed; 0 where there is none."""
    found = session.execute(
        select(ImportRecord.new_facts, ImportRecord.changed_facts, ImportRecord.learning).where(
            ImportRecord.id == record_id
        )
    ).one_or_none()
    return found[0] + found[1] + found[2].get("reviews", 0) if found else 0
