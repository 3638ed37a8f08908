"""Looking after an instance: opening it migrated and seeded, bringing files in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.advancing import Advance, unheard
from app.core.facts import Deck, Status
from app.core.wording import ENGLISH
from app.interchange.deck_file import read_deck
from app.interchange.uploads import Into, read_any
from app.models.content import DeckRow
from app.models.database import make_engine
from app.models.failures import BAD_URL, Unusable
from app.models.mapping import ImportReport
from app.models.migrating import current_revision, is_known, upgrade
from app.models.sqlite import make_sqlite_file
from app.services import imports, keeping
from app.services.decks import import_deck, known_deck
from app.services.imports import Origin
from app.services.revisions import By


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is brought in: the deck's key instead of its own, its format, all as drafts.

    `language` is that of a table which makes a new deck; `reading` and `storing` are told how far
    it is.
    """

    key: str | None = None
    format: str | None = None
    as_drafts: bool = False
    reading: Advance = unheard
    storing: Advance = unheard
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class Backups:
    """Where an instance's own backups stand, and how many of each kind; 0 for none."""

    folder: Path
    keep: int


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What a file brought: by which number that is undone, and what of the file was left out."""

    report: ImportReport
    record_id: int
    refused: tuple[str, ...]


@contextmanager
def opened(
    database_url: str, seed_data: Path, now: int, backups: Backups | None = None
) -> Iterator[Session]:
    """Open an instance's database, migrated, and seeded where it has no deck yet.

    It is backed up before a migration. Raises Unusable and FromTheFuture, with nothing changed.
    """
    engine = make_engine(database_url)
    if engine.dialect.name == "sqlite":
        if engine.url.database in {None, "", ":memory:"}:
            raise Unusable(BAD_URL)  # each process would have one of its own, and forget it
        make_sqlite_file(Path(str(engine.url.database)))
    try:
        if backups and is_known(current_revision(engine)):
            keeping.before_migration(engine, backups.folder, backups.keep, now)
        upgrade(engine)
        with Session(engine) as session:
            seed(session, seed_data, now)
            yield session
    finally:
        engine.dispose()


def seed(session: Session, seed_data: Path, now: int) -> None:
    """Bring the seeded decks into an instance without decks."""
    if session.scalar(select(func.count()).select_from(DeckRow)):
        return
    for path in sorted(seed_data.glob("*.yaml")):
        import_deck(session, read_deck(path.read_text(encoding="utf-8")), now)


def import_file(session: Session, data: bytes, name: str, wanted: Wanted, now: int) -> BroughtIn:
    """Create or update a deck from a file of any kind."""
    known = known_deck(session, wanted.key) if wanted.key else None
    into = Into(
        wanted.key,
        known,
        wanted.format,
        is_own=True,
        advance=wanted.reading,
        language=wanted.language,
    )
    read = read_any(data, name, into)
    deck = _drafted(read.deck) if wanted.as_drafts else read.deck
    origin, by = Origin(name, read.format), By(None, now)
    report, record_id = imports.import_deck(
        session, deck, origin, by, read.pictures, wanted.storing
    )
    return BroughtIn(report, record_id, read.refused)


def _drafted(deck: Deck) -> Deck:
    return replace(deck, facts=tuple(replace(fact, status=Status.DRAFT) for fact in deck.facts))
