"""Jobs as their owners see them, and what they hold."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.sentences import say
from app.models.database import writing
from app.models.jobs import JobPart, TransferJob
from app.models.turns import heard_aside
from app.services import importing
from app.services.importing import KEPT_S

READ, STORE, UNDO = "read", "store", "undo"
"""What an import job does: with a file, with what was read of it, with an import of before."""
TOLD_WORDS = 3
"""Of a job that holds the turn to write: which it is, steps done, steps in all."""


@dataclass(frozen=True, slots=True)
class JobPage:
    """A job as its owner sees it: `done` of `total` steps, 0 of 0 where nobody knows.

    `result` counts what one did that has stored or undone an import: the one of `record`, of which
    `kept` names what was edited since and was not undone.
    """

    token: str
    kind: str
    state: str
    deck_key: str
    file_name: str
    format: str
    done: int
    total: int
    problems: tuple[str, ...] = field(default=())
    does: str = READ
    result: Mapping[str, int] = field(default_factory=dict)
    record: int = 0
    kept: tuple[str, ...] = ()


def job_page(session: Session, user_id: int, token: str) -> JobPage | None:
    """Return a job; None where its file has been read and waits as a pending import."""
    row = session.get(TransferJob, (user_id, token), populate_existing=True)
    if row is None:
        importing.deck_meant(session, user_id, token)  # raises NotFound
        return None
    done, total = _heard(session, token) or (row.done, row.total)
    return JobPage(
        token=token,
        kind=row.kind,
        state=row.state,
        deck_key=row.asked["deck"],
        file_name=row.asked.get("name", ""),
        format=row.asked.get("format", ""),
        done=done,
        total=total,
        problems=tuple(row.problems),
        does=row.asked.get("does", READ),
        result=row.asked.get("result", {}),
        record=row.asked.get("record", 0),
        kept=tuple(row.asked.get("kept", ())),
    )


def _heard(session: Session, token: str) -> tuple[int, int] | None:
    """Return how far a job is that holds the database's one turn to write."""
    told = heard_aside(session.get_bind().engine).split()
    if len(told) != TOLD_WORDS or told[0] != token:
        return None
    return int(told[1]), int(told[2])


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
        .order_by(JobPart.number),
        execution_options={"yield_per": 1},
    )
    whole = io.BytesIO()  # parts joined would stand in memory twice
    for part in parts:
        whole.write(part)
    return whole.getvalue()


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


def forget_old(session: Session, now: int) -> None:
    """Delete jobs of the day before, inside `writing`."""
    session.execute(delete(TransferJob).where(TransferJob.created_epoch_s < now - KEPT_S))


def row_of(user_id: int, token: str) -> Any:  # noqa: ANN401 SQLAlchemy's own generic
    """Return the statement that changes a job, inside `writing`."""
    return update(TransferJob).where(TransferJob.user_id == user_id, TransferJob.token == token)
