"""Work that is begun for a job: files that come in pieces, imports, exports."""

import io
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.sentences import say
from app.interchange.uploads import ZIP
from app.models.database import writing
from app.models.jobs import JobPart, TransferJob
from app.services import exporting, importing, imports, packages
from app.services.decks import deck_id_of
from app.services.importing import Looked, Upload
from app.services.jobs.kept import STORE, UNDO, forget_old, row_of

LIGHT = 300_000
"""Bytes of a file, unpacked, that is read while its sender waits."""
MANY_ROWS = 2_000
"""Facts and reviews of an import that is undone while somebody waits."""
PART = 1_000_000
MOST_WAITING = 5
"""Jobs of one person that are not done."""


class TooManyJobs(Refused):
    """Somebody has begun more than is done one after the other."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way in; `learning` takes an Anki package's reviews along."""

    name: str
    deck_key: str = ""
    new_as_drafts: bool = False
    learning: bool = False


def is_light(file: IO[bytes]) -> bool:
    """Whether a file is small, also unpacked, as far as its list of contents says."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > LIGHT:
        return False
    is_packed = file.read(len(ZIP)) == ZIP
    file.seek(0)
    if not is_packed:
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            packed = any(entry.filename.endswith("21b") for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return True  # refused at once
    finally:
        file.seek(0)
    return unpacked <= LIGHT and not packed


def read_now(session: Session, user_id: int, file: IO[bytes], told: Incoming, now: int) -> Looked:
    """Read a light file at once. Raises what reading raises."""
    upload = Upload(file.read(), told.name, told.deck_key, told.new_as_drafts)
    return read(session, user_id, upload, now, learning=told.learning)


def read(session: Session, user_id: int, upload: Upload, now: int, *, learning: bool) -> Looked:
    """Read a file and keep it to be looked at; `learning` takes a package's reviews along."""
    looked = importing.look_at(session, user_id, upload, now)
    if looked.is_package and learning:
        page = packages.opened(session, user_id, looked.token)
        mapping = {one.id: one.mapping for one in page.types}
        packages.map_fields(session, user_id, looked.token, mapping, with_learning=True)
    return looked


def begin_import(session: Session, user_id: int, file: IO[bytes], told: Incoming, now: int) -> str:
    """Store a file in pieces, for a job to read; return the job's token. Raises TooManyJobs."""
    asked = {
        "name": told.name[-importing.LONGEST_NAME :],
        "deck": told.deck_key,
        "drafts": told.new_as_drafts,
        "learning": told.learning,
    }
    token = _begun(session, user_id, ("import", "coming"), asked, now)
    for number, piece in enumerate(pieces_of(file)):
        with writing(session):
            place = {"user_id": user_id, "token": token, "number": number}
            session.add(JobPart(**place, data=piece))
    with writing(session):
        session.execute(row_of(user_id, token).values(state="waiting"))
    return token


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file in pieces that others need not wait for."""
    while piece := file.read(PART):
        yield piece


def is_long_to_store(session: Session, user_id: int, token: str) -> bool:
    """Whether storing a file that was read takes longer than its sender waits. Raises NotFound."""
    return importing.size_of(session, user_id, token) > LIGHT


def begin_store(session: Session, user_id: int, token: str, now: int) -> str:
    """Let a job store what was read of a file; return its token. Raises NotFound, TooManyJobs."""
    deck_key, name = importing.meant(session, user_id, token)
    asked = {"does": STORE, "deck": deck_key, "name": name}
    return _begun(session, user_id, ("import", "waiting"), asked, now, token)


def is_long_to_undo(session: Session, record_id: int) -> bool:
    """Whether undoing an import takes longer than somebody waits for a page."""
    return imports.rows_of(session, record_id) > MANY_ROWS


def begin_undo(session: Session, user_id: int, record_id: int, now: int) -> str:
    """Let a job undo an import; return its token. Raises NotFound and TooManyJobs."""
    deck_key, name = imports.deck_and_file(session, record_id)
    asked = {"does": UNDO, "deck": deck_key, "name": name, "record": record_id}
    token = f"undo-{record_id}"  # asked twice, it is one job
    return _begun(session, user_id, ("import", "waiting"), asked, now, token)


def begin_export(session: Session, user_id: int, deck_key: str, name: str, now: int) -> str:
    """Let a job write a deck as a file; return its token. Raises NotFound and TooManyJobs."""
    exporting.format_of(name)
    deck_id_of(session, deck_key)
    return _begun(session, user_id, ("export", "waiting"), {"deck": deck_key, "format": name}, now)


def _begun(
    session: Session,
    user_id: int,
    how: tuple[str, str],
    asked: dict[str, Any],
    now: int,
    token: str = "",
) -> str:
    token = token or secrets.token_urlsafe(32)
    with writing(session):
        forget_old(session, now)
        earlier = session.get(TransferJob, (user_id, token), populate_existing=True)
        if earlier is not None and earlier.state != "failed":
            return token  # asked twice
        if earlier is not None:
            session.delete(earlier)
            session.flush()
        own = TransferJob.user_id == user_id
        open_ones = TransferJob.state.in_(["coming", "waiting", "working"])
        count = session.scalar(select(func.count()).select_from(TransferJob).where(own, open_ones))
        if (count or 0) >= MOST_WAITING:
            raise TooManyJobs(say("Wait until your other files are done."))
        place = {"user_id": user_id, "token": token, "created_epoch_s": now}
        session.add(TransferJob(**place, kind=how[0], state=how[1], asked=asked))
    return token
