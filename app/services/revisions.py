"""What every kind of thing shares about its revisions: the refusal of stale edits, and history."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound
from app.core.sentences import say
from app.models.people import User
from app.models.revisions import KEPT, Revised

Thing = TypeVar("Thing")


_STALE = {
    "fact": say("Somebody else has changed this fact since you opened it."),
    "entity": say("Somebody else has changed this entity since you opened it."),
    "relation": say("Somebody else has changed this relation since you opened it."),
    "article": say("Somebody else has changed this article since you opened it."),
}


class StaleRevision(Conflict, Generic[Thing]):
    """Somebody else has saved the thing since it was opened; `theirs` is what it is now."""

    def __init__(self, theirs: Thing, revision: int, what: str = "fact") -> None:
        super().__init__(_STALE[what])
        self.theirs = theirs
        self.revision = revision


class NoSuchRevision(NotFound):
    """The thing never had a revision by that number."""


class Collision(Conflict):
    """Two people made the same thing at the same moment; one of them was first."""


@contextmanager
def colliding() -> Iterator[None]:
    """Turn a unique key that somebody else has just taken into a refusal."""
    try:
        yield
    except IntegrityError as error:
        raise Collision(
            say("Somebody else saved this at the same moment. Send it again.")
        ) from error


WHO = func.coalesce(func.nullif(User.display_name, ""), User.email, "")
"""Who a revision is by: a name, else the address that curators know each other by.

"" where it is nobody's: an import on the command line, a deck that came with the program.
"""


@dataclass(frozen=True, slots=True)
class PastRevision:
    """What one change made of a thing: `changes` are (field, before, after).

    `corrected` is the old and the new answer, where those who learned the fact were told.
    """

    revision: int
    changed_epoch_s: int
    by: str
    changes: tuple[tuple[str, str, str], ...]
    corrected: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and when (epoch seconds)."""

    user_id: int | None
    at_epoch_s: int


def past(
    session: Session,
    kind: type[Revised],
    row_id: int,
    readable: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict,
) -> list[PastRevision]:
    """Return every change to a thing, newest first; `readable` puts a body in people's words."""
    kept = KEPT[kind]
    rows = session.execute(
        select(kept.table, WHO)
        .outerjoin(User, User.id == kept.table.user_id)
        .where(kept.owner == row_id)
        .order_by(kept.table.revision)
    ).all()
    found: list[PastRevision] = []
    before: Mapping[str, Any] = {}
    for row, name in rows:
        body = readable(row.body)
        changes = difference(before, body)
        found.append(PastRevision(row.revision, row.changed_epoch_s, name, changes))
        before = body
    return found[::-1]


def body_at(session: Session, kind: type[Revised], row_id: int, revision: int) -> dict[str, Any]:
    """Return what a thing was at a revision. Raises NoSuchRevision."""
    kept = KEPT[kind]
    found = session.scalar(
        select(kept.table).where(kept.owner == row_id, kept.table.revision == revision)
    )
    if found is None:
        raise NoSuchRevision(say("There is no such revision."))
    return dict(found.body)


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """Return the fields that differ, each with what it was and what it became, in words."""
    fields = dict.fromkeys([*after, *before])
    pairs = [(field, before.get(field), after.get(field)) for field in fields]
    return tuple(
        (field.replace("_", " "), in_words(was), in_words(now))
        for field, was, now in pairs
        if was != now and (was or now)
    )


def in_words(content: object) -> str:
    """Return a field's content as people read it."""
    if isinstance(content, Mapping):
        return ", ".join(f"{name}: {in_words(one)}" for name, one in content.items())
    if isinstance(content, list):
        return ", ".join(map(in_words, content))
    if isinstance(content, bool):
        return "yes" if content else "no"
    return str(content or "")
