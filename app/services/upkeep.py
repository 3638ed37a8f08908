"""Looking after an instance: opening it migrated and seeded, bringing files in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Status
from app.interchange.deck_file import read_deck
from app.interchange.facts_csv import read_facts_csv
from app.models.content import DeckRow
from app.models.database import make_engine, make_sqlite_file
from app.models.mapping import ImportReport
from app.models.migrating import current_revision, is_known, upgrade
from app.services import keeping
from app.services.decks import export_deck, import_deck


@dataclass(frozen=True, slots=True)
class Backups:
    """Where an instance's own backups stand, and how many of each kind; 0 for none."""

    folder: Path
    keep: int


@contextmanager
def opened(
    database_url: str, seed_data: Path, now: int, backups: Backups | None = None
) -> Iterator[Session]:
    """Open an instance's database, migrated, and seeded where it has no deck yet.

    It is backed up before a migration. Raises Unusable and FromTheFuture, with nothing changed.
    """
    engine = make_engine(database_url)
    if engine.dialect.name == "sqlite" and engine.url.database:
        make_sqlite_file(Path(engine.url.database))
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


def import_file(
    session: Session, text: str, wanted: tuple[str | None, bool], now: int
) -> ImportReport:
    """Create or update a deck from a file; `wanted` is another key, and whether as drafts."""
    key, as_draft = wanted
    deck = read_deck(text)
    return import_deck(session, _wanted(replace(deck, key=key or deck.key), as_draft), now)


def import_table(session: Session, text: str, wanted: tuple[str, bool], now: int) -> ImportReport:
    """Create or update the deck with a key from a table of facts; what it lacks stays."""
    key, as_draft = wanted
    try:
        known = export_deck(session, key)
    except NotFound:
        known = None
    return import_deck(session, _wanted(read_facts_csv(text, key, known), as_draft), now)


def _wanted(deck: Deck, as_draft: bool) -> Deck:  # noqa: FBT001 the command line's own switch
    if not as_draft:
        return deck
    return replace(deck, facts=tuple(replace(fact, status=Status.DRAFT) for fact in deck.facts))
