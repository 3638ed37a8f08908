"""The worker: takes the oldest job, does it, and says every second how far it is."""

import contextlib
import io
import time
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import Engine, delete, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.sentences import say
from app.interchange.loading import DeckFileRefused
from app.models.database import writing
from app.models.jobs import JobPart, TransferJob
from app.models.turns import told_aside
from app.services import exporting, importing, imports
from app.services.importing import Upload
from app.services.jobs.beginning import pieces_of, read
from app.services.jobs.kept import READ, STORE, UNDO, file_of, row_of
from app.services.revisions import By
from app.services.rewriting import DeckChanged

SILENT_S = 120
MOST_ATTEMPTS = 2
MOST_PROBLEMS = 500
BEAT_S = 1.0
Clock = Callable[[], int]


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
    beat = _Beat(session.get_bind().engine, (user_id, token), clock)
    if does := _DOES.get(asked.get("does", READ)):
        does(session, (user_id, token), asked, beat)
        return
    if kind == "export":
        data = exporting.export_file(session, asked["deck"], asked["format"], clock())
        for number, piece in enumerate(pieces_of(io.BytesIO(data))):
            with writing(session):
                place = {"user_id": user_id, "token": token, "number": number}
                session.add(JobPart(**place, data=piece))
        with writing(session):
            session.execute(row_of(user_id, token).values(state="done"))
        return
    upload = Upload(
        file_of(session, user_id, token),
        asked["name"],
        asked["deck"],
        asked["drafts"],
        token=token,
        advance=beat,
    )
    session.rollback()  # nothing is held while the file is read
    read(session, user_id, upload, clock(), learning=asked["learning"])
    with writing(session), contextlib.suppress(NotFound):
        importing.deck_meant(session, user_id, token)
        session.execute(
            delete(TransferJob).where(TransferJob.user_id == user_id, TransferJob.token == token)
        )


def _store(session: Session, of: tuple[int, str], asked: dict[str, Any], beat: "_Beat") -> None:
    user_id, token = of

    def finish(done: importing.Imported) -> None:
        _finish(session, of, asked | {"record": done.record_id}, done.counts)

    try:
        importing.apply(session, user_id, token, beat.clock(), beat, finish)
    except DeckChanged:
        importing.look_again(session, user_id, token)
        raise


def _undo(session: Session, of: tuple[int, str], asked: dict[str, Any], beat: "_Beat") -> None:
    def finish(done: imports.Undone) -> None:
        told = {"deck": done.deck_key, "kept": done.kept[:MOST_PROBLEMS]}
        _finish(session, of, asked | told, done.counts)

    imports.undo(session, asked["record"], By(of[0], beat.clock()), beat, finish)


def _finish(
    session: Session, of: tuple[int, str], asked: dict[str, Any], counts: dict[str, int]
) -> None:
    """Say that a job is done, in the transaction that does it: neither is without the other."""
    told = {"state": "done", "asked": asked | {"result": counts}}
    session.execute(row_of(*of).values(**told))


_DOES = {STORE: _store, UNDO: _undo}


def _fail(session: Session, user_id: int, token: str, problems: list[str]) -> None:
    session.rollback()
    with writing(session):
        session.execute(row_of(user_id, token).values(state="failed", problems=problems))
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
        if told_aside(f"{self.at[1]} {done} {total}"):
            return
        with Session(self.engine) as session, writing(session):
            told = {"done": done, "total": total, "beat_epoch_s": self.clock()}
            session.execute(row_of(*self.at).values(**told))
