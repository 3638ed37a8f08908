"""An uploaded file is read and kept for its owner to look at; nothing of a deck is touched."""

import secrets
from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.advancing import Advance, unheard
from app.core.facts import Deck, Status
from app.interchange.apkg import dump_package
from app.interchange.deck_file import write_own
from app.interchange.uploads import Into, read_any
from app.models.database import writing
from app.models.studio import PendingImport
from app.services import pictures
from app.services.decks import export_deck, known_deck
from app.services.importing.kept import revision_of

MOST_PENDING = 5
"""Files that one person can be looking at."""
KEPT_S = 86_400
LONGEST_NAME = 200
MOST_REFUSED = 500


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, the deck that it is for ("" for the one it names), and how.

    A job that reads it gives its own token, and is told how far that is.
    """

    data: bytes
    name: str
    deck_key: str = ""
    new_as_drafts: bool = False
    token: str = ""
    advance: Advance = unheard


@dataclass(frozen=True, slots=True)
class Looked:
    """Where an uploaded file waits; the fields of an Anki package can be mapped first."""

    token: str
    is_package: bool


def look_at(session: Session, user_id: int, upload: Upload, now: int) -> Looked:
    """Read an uploaded file and keep it for its owner to look at.

    Nothing of the deck is touched. Raises what reading raises, with every problem, and NotFound.
    """
    known = export_deck(session, upload.deck_key) if upload.deck_key else None
    read = read_any(
        upload.data, upload.name, Into(upload.deck_key or None, known, advance=upload.advance)
    )
    deck = read.deck
    pictures.check_there(session, deck, read.pictures)
    if upload.new_as_drafts:
        deck = drafted(deck, known_deck(session, deck.key))
    token = upload.token or secrets.token_urlsafe(32)
    with writing(session):
        _forget_old(session, user_id, now)
        session.add(
            PendingImport(
                user_id=user_id,
                token=token,
                deck_key=deck.key,
                deck_revision=revision_of(session, deck.key),
                file_name=upload.name[-LONGEST_NAME:],
                encoding=read.encoding,
                body=write_own(deck),
                created_epoch_s=now,
                format=read.format,
                refused=list(read.refused[:MOST_REFUSED]),
                package=dump_package(read.package) if read.package else "",
                mapping={"drafts": upload.new_as_drafts, "into": upload.deck_key},
            )
        )
        session.flush()
        pictures.keep_pending(session, user_id, token, read.pictures)
    return Looked(token, read.package is not None)


def drafted(deck: Deck, known: Deck | None) -> Deck:
    """Return a deck whose facts are drafts unless the known deck has them."""
    present = known.fact_by_key if known else {}
    return replace(
        deck,
        facts=tuple(
            fact if fact.key in present else replace(fact, status=Status.DRAFT)
            for fact in deck.facts
        ),
    )


def _forget_old(session: Session, user_id: int, now: int) -> None:
    session.execute(delete(PendingImport).where(PendingImport.created_epoch_s < now - KEPT_S))
    newest = session.scalars(
        select(PendingImport.token)
        .where(PendingImport.user_id == user_id)
        .order_by(PendingImport.created_epoch_s.desc(), PendingImport.token)
    ).all()
    too_many = list(newest[MOST_PENDING - 1 :])
    if too_many:
        session.execute(
            delete(PendingImport).where(
                PendingImport.user_id == user_id, PendingImport.token.in_(too_many)
            )
        )
