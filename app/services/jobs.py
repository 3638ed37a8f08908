"""Files that no request waits for: stored as they come, read or written aside, step by step told.

A job belongs to whoever began it. It is taken by one worker, which says every second how far it
is; where that is not heard of for two minutes another takes it, and gives up the second time.
"""

import contextlib
import io
import secrets
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import structlog
from sqlalchemy import Engine, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.sentences import say
from app.interchange.loading import DeckFileRefused
from app.interchange.uploads import ZIP
from app.models.database import writing
from app.models.jobs import JobPart, TransferJob
from app.services import exporting, importing, packages
from app.services.decks import deck_id_of
from app.services.importing import KEPT_S, Looked, Upload

LIGHT = 300_000
"""Bytes of a file, unpacked, that is read while its sender waits."""
PART = 1_000_000
MOST_WAITING = 5
"""Jobs of one person that are not done."""
SILENT_S = 120
MOST_ATTEMPTS = 2
MOST_PROBLEMS = 500
BEAT_S = 1.0
Clock = Callable[[], int]


class TooManyJobs(Refused):
    """Somebody has begun more than is done one after the other."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file on its way in; `learning` takes an Anki package's reviews along."""

    name: str
    deck_key: str = ""
    new_as_drafts: bool = False
    learning: bool = False


@dataclass(frozen=True, slots=True)
class JobPage:
    """A job as its owner sees it: `done` of `total` steps, 0 of 0 where nobody knows."""

    token: str
    kind: str
    state: str
    deck_key: str
    file_name: str
    format: str
    done: int
    total: int
    problems: tuple[str, ...] = field(default=())


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
    return _read(session, user_id, upload, now, learning=told.learning)


def _read(session: Session, user_id: int, upload: Upload, now: int, *, learning: bool) -> Looked:
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
    for number, piece in enumerate(_pieces(file)):
        with writing(session):
            place = {"user_id": user_id, "token": token, "number": number}
            session.add(JobPart(**place, data=piece))
    with writing(session):
        session.execute(_job(user_id, token).values(state="waiting"))
    return token


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PART):
        yield piece


def begin_export(session: Session, user_id: int, deck_key: str, name: str, now: int) -> str:
    """Let a job write a deck as a file; return its token. Raises NotFound and TooManyJobs."""
    exporting.format_of(name)
    deck_id_of(session, deck_key)
    return _begun(session, user_id, ("export", "waiting"), {"deck": deck_key, "format": name}, now)


def _begun(
    session: Session, user_id: int, how: tuple[str, str], asked: dict[str, Any], now: int
) -> str:
    token = secrets.token_urlsafe(32)
    with writing(session):
        forget_old(session, now)
        own = TransferJob.user_id == user_id
        open_ones = TransferJob.state.in_(["coming", "waiting", "working"])
        count = session.scalar(select(func.count()).select_from(TransferJob).where(own, open_ones))
        if (count or 0) >= MOST_WAITING:
            raise TooManyJobs(say("Wait until your other files are done."))
        place = {"user_id": user_id, "token": token, "created_epoch_s": now}
        session.add(TransferJob(**place, kind=how[0], state=how[1], asked=asked))
    return token


def forget_old(session: Session, now: int) -> None:
    """Delete jobs of the day before, inside `writing`."""
    session.execute(delete(TransferJob).where(TransferJob.created_epoch_s < now - KEPT_S))


def job_page(session: Session, user_id: int, token: str) -> JobPage | None:
    """Return a job; None where its file has been read and waits as a pending import."""
    row = session.get(TransferJob, (user_id, token), populate_existing=True)
    if row is None:
        importing.deck_meant(session, user_id, token)  # raises NotFound
        return None
    return JobPage(
        token=token,
        kind=row.kind,
        state=row.state,
        deck_key=row.asked["deck"],
        file_name=row.asked.get("name", ""),
        format=row.asked.get("format", ""),
        done=row.done,
        total=row.total,
        problems=tuple(row.problems),
    )


def export_of(session: Session, user_id: int, token: str) -> JobPage:
    """Return a job that writes a deck. Raises NotFound."""
    row = session.get(TransferJob, (user_id, token))
    found = job_page(session, user_id, token) if row is not None else None
    if found is None or found.kind != "export":
        raise NotFound(say("There is no such export."))
    return found


def file_of(session: Session, user_id: int, token: str) -> bytes:
    """Return what a finished job has written, or what is to be read. Raises NotFound."""
    parts = session.scalars(
        select(JobPart.data)
        .where(JobPart.user_id == user_id, JobPart.token == token)
        .order_by(JobPart.number)
    ).all()
    return b"".join(parts)


def drop(session: Session, user_id: int, token: str) -> None:
    """Forget a job, or the file that it has read. Raises NotFound."""
    with writing(session):
        found = session.get(TransferJob, (user_id, token))
        if found is not None:
            session.execute(
                delete(TransferJob).where(
                    TransferJob.user_id == user_id, TransferJob.token == token
                )
            )
            return
    importing.drop(session, user_id, token)


def _job(user_id: int, token: str) -> Any:  # noqa: ANN401 SQLAlchemy's own generic
    return update(TransferJob).where(TransferJob.user_id == user_id, TransferJob.token == token)


def work(engine: Engine, clock: Clock) -> bool:
    """Do the oldest job that waits, if any does; return whether one did."""
    with Session(engine) as session:
        taken = _taken(session, clock())
        if taken is None:
            return False
        user_id, token = taken
        try:
            _done(session, user_id, token, clock)
        except DeckFileRefused as refused:
            told = [str(one) for one in refused.problems[:MOST_PROBLEMS]]
            _fail(session, user_id, token, told)
        except Refused as refused:
            _fail(session, user_id, token, str(refused).split("\n")[:MOST_PROBLEMS])
        except Exception:  # noqa: BLE001 logged whole; its owner is told
            structlog.get_logger(__name__).exception("job failed", job_of=user_id)
            sentence = say("Something went wrong with this file. It is written in the log.")
            _fail(session, user_id, token, [sentence])
        return True


def _taken(session: Session, now: int) -> tuple[int, str] | None:
    lost = (TransferJob.state == "working") & (TransferJob.beat_epoch_s < now - SILENT_S)
    with writing(session):
        row = session.scalar(
            select(TransferJob)
            .where(or_(TransferJob.state == "waiting", lost))
            .order_by(TransferJob.created_epoch_s, TransferJob.token)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.attempts += 1
        row.beat_epoch_s = now
        given_up = row.attempts > MOST_ATTEMPTS
        row.state = "failed" if given_up else "working"
        if given_up:
            row.problems = [say("This file took more than the server has. It is given up.")]
            return None
        return row.user_id, row.token


def _done(session: Session, user_id: int, token: str, clock: Clock) -> None:
    row = session.get_one(TransferJob, (user_id, token))
    asked, kind = dict(row.asked), row.kind
    if kind == "export":
        data = exporting.export_file(session, asked["deck"], asked["format"], clock())
        for number, piece in enumerate(_pieces(io.BytesIO(data))):
            with writing(session):
                place = {"user_id": user_id, "token": token, "number": number}
                session.add(JobPart(**place, data=piece))
        with writing(session):
            session.execute(_job(user_id, token).values(state="done"))
        return
    upload = Upload(
        file_of(session, user_id, token),
        asked["name"],
        asked["deck"],
        asked["drafts"],
        token=token,
        advance=_Beat(session.get_bind().engine, (user_id, token), clock),
    )
    session.rollback()  # nothing is held while the file is read
    _read(session, user_id, upload, clock(), learning=asked["learning"])
    with writing(session), contextlib.suppress(NotFound):
        importing.deck_meant(session, user_id, token)
        session.execute(
            delete(TransferJob).where(TransferJob.user_id == user_id, TransferJob.token == token)
        )


def _fail(session: Session, user_id: int, token: str, problems: list[str]) -> None:
    session.rollback()
    with writing(session):
        session.execute(_job(user_id, token).values(state="failed", problems=problems))
        session.execute(delete(JobPart).where(JobPart.user_id == user_id, JobPart.token == token))


class _Beat:
    """Tells how far a job is, about once a second, in transactions of its own."""

    def __init__(self, engine: Engine, at: tuple[int, str], clock: Clock) -> None:
        self.engine, self.at, self.clock = engine, at, clock
        self.last = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self.last < BEAT_S:
            return
        self.last = time.monotonic()
        with Session(self.engine) as session, writing(session):
            told = {"done": done, "total": total, "beat_epoch_s": self.clock()}
            session.execute(_job(*self.at).values(**told))
