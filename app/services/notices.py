"""What learners are told once: corrections, replies to their reports, answers marked anew."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from app.models.content import DeckRow, FactRow
from app.models.database import writing
from app.models.driving import all_rows, connection_of, written
from app.models.learning import Notice
from app.models.people import User

MOST_SHOWN = 100


class NoticeKind(StrEnum):
    """What a notice is about."""

    CORRECTION = "correction"
    SUPERSEDED = "superseded"
    REPORT_REPLY = "report_reply"
    REMARKED = "remarked"


ABOUT_A_FACT = (NoticeKind.CORRECTION, NoticeKind.SUPERSEDED)
"""Told a second time above the next question of their fact, in a study session."""


@dataclass(frozen=True, slots=True)
class News:
    """A notice as the learner reads it. `body` holds texts by name; `text` is one for any kind."""

    number: int
    kind: str
    fact_id: int | None
    body: Mapping[str, Any]
    created_epoch_s: int
    seen: bool
    language: str = ""
    """That of its fact's deck; "" where it is about no fact."""


@dataclass(frozen=True, slots=True)
class Told:
    """What stands above a question about its fact, as a notice does in the news."""

    kind: str
    body: Mapping[str, Any]
    created_epoch_s: int


def tell(
    session: Session,
    user_id: int,
    kind: NoticeKind,
    fact_id: int | None,
    body: Mapping[str, Any],
    now: int,
) -> int:
    """Leave a learner a notice and return its number. Belongs inside `writing`."""
    locked = select(User.id).where(User.id == user_id)
    session.execute(locked.with_for_update(key_share=True))
    last = session.scalar(select(func.max(Notice.number)).where(Notice.user_id == user_id))
    number = (last or 0) + 1
    session.add(
        Notice(
            user_id=user_id,
            number=number,
            kind=str(kind),
            fact_id=fact_id,
            body=dict(body),
            created_epoch_s=now,
            seen_epoch_s=None,
            asked_epoch_s=None,
        )
    )
    session.flush()
    return number


def news(session: Session, user_id: int, limit: int = MOST_SHOWN) -> list[News]:
    """Return a learner's notices, newest first, seen ones included."""
    return _read(
        session,
        select(Notice).where(Notice.user_id == user_id).order_by(Notice.number.desc()).limit(limit),
    )


def unseen(session: Session, user_id: int) -> list[News]:
    """Return what a learner has not been told yet, oldest first."""
    return _read(
        session,
        select(Notice)
        .where(Notice.user_id == user_id, Notice.seen_epoch_s.is_(None))
        .order_by(Notice.number),
    )


def mark_seen(
    session: Session, user_id: int, now: int, numbers: Collection[int] | None = None
) -> None:
    """Note that a learner has read these notices, or all of them."""
    wanted = [] if numbers is None else [Notice.number.in_(numbers)]
    with writing(session):
        session.execute(
            update(Notice)
            .where(Notice.user_id == user_id, Notice.seen_epoch_s.is_(None), *wanted)
            .values(seen_epoch_s=now)
        )


def told_first(session: Session, user_id: int, fact_id: int, now: int) -> list[dict[str, Any]]:
    """Return what became of a fact, to stand above its question the first time after it.

    Inside `writing`. It is kept with the question as shown, so that answering reads nothing more.
    """
    connection, at = connection_of(session), {"learner": user_id, "about": fact_id}
    rows = all_rows(connection, _UNTOLD, at)
    for row in rows:
        written(connection, _NOTE_TOLD, {"learner": user_id, "which": row.number, "now": now})
    return [
        {"kind": row.kind, "body": row.body, "created_epoch_s": row.created_epoch_s} for row in rows
    ]


def has_untold(session: Session, user_id: int, fact_id: int) -> bool:
    """Whether something about a fact still waits to be told above its next question."""
    at = {"learner": user_id, "about": fact_id}
    return session.execute(_UNTOLD, at).first() is not None


_UNTOLD = (
    select(Notice.number, Notice.kind, Notice.body, Notice.created_epoch_s)
    .where(
        Notice.user_id == bindparam("learner"),
        Notice.fact_id == bindparam("about"),
        Notice.asked_epoch_s.is_(None),
        or_(*(Notice.kind == one for one in ABOUT_A_FACT)),
    )
    .order_by(Notice.number)
)
_NOTE_TOLD = (
    update(Notice)
    .where(Notice.user_id == bindparam("learner"), Notice.number == bindparam("which"))
    .values(
        asked_epoch_s=bindparam("now"),
        seen_epoch_s=func.coalesce(Notice.seen_epoch_s, bindparam("now")),
    )
)


def told_with(body: Mapping[str, Any]) -> tuple[Told, ...]:
    """Return what stands above a shown question, by its stored body."""
    return tuple(Told(**one) for one in body.get("told", ()))


def _read(session: Session, wanted: Select[Notice]) -> list[News]:
    told = (
        wanted.add_columns(DeckRow.language)
        .outerjoin(FactRow, FactRow.id == Notice.fact_id)
        .outerjoin(DeckRow, DeckRow.id == FactRow.deck_id)
    )
    return [_news(row, language or "") for row, language in session.execute(told)]


def _news(row: Notice, language: str) -> News:
    seen = row.seen_epoch_s is not None
    return News(row.number, row.kind, row.fact_id, row.body, row.created_epoch_s, seen, language)
