"""What a study session has asked and how that went, kept from one question to the next.

A session's log only grows, and two counters of its learner tell whether anything has come or
changed: so a process that has read it once reads what is new, however long the session is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app.core.questions.telling import Told, told_by
from app.models.driving import all_rows, connection_of, plain_rows
from app.models.statements.sitting import HISTORY, HISTORY_SINCE, LATEST_BODIES, REMEMBERED
from app.services.sessions import Learner

KEPT_SESSIONS = 256
"""In a process: those of the learners who are answering just now. Any other is read anew."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """A session as it stands after so many of its learner's reviews and changes."""

    reviews: int = 0
    changes: int = -1
    history: tuple[tuple[int, int], ...] = ()
    """The (fact id, rating) that are in force, oldest first."""
    position: int = 0
    """Of its last answered question."""
    said: tuple[Mapping[str, Any], ...] = ()
    """What its latest answered questions have told, REMEMBERED at most, oldest first."""

    @property
    def told(self) -> Told:
        """Return what its latest questions have told, where none is open."""
        return told_by(self.said)


NOT_READ = SoFar()


def so_far(session: Session, learner: Learner, session_token: str) -> SoFar:
    """Return a session of a learner, who was read in this transaction or before it."""
    kept = _kept(learner.id, session_token)
    before = kept[0]
    at = {"learner": learner.id, "which": session_token}
    kept[0] = found = SoFar(
        learner.reviews,
        learner.changes,
        _history(session, learner, at, before),
        *_said(session, at, before),
    )
    return found


@lru_cache(maxsize=KEPT_SESSIONS)
def _kept(_learner: int, _session_token: str) -> list[SoFar]:
    """Return the place where a session is kept. Its token is by chance, and never another's."""
    return [NOT_READ]


def _history(
    session: Session, learner: Learner, at: Mapping[str, Any], before: SoFar
) -> tuple[tuple[int, int], ...]:
    """Return the answers in force. A change may be of any of them: then all are read again.

    None after those that the learner's counter tells of: what somebody adds meanwhile comes next
    time, and once.
    """
    goes_on = before.changes == learner.changes and before.reviews <= learner.reviews
    if goes_on and before.reviews == learner.reviews:
        return before.history
    until = {**at, "until": learner.reviews}
    connection = connection_of(session)
    if goes_on:
        rows = plain_rows(connection, HISTORY_SINCE, {**until, "after": before.reviews})
    else:
        rows = plain_rows(connection, HISTORY, until)
    new = tuple([(fact, rating) for _, fact, rating in sorted(rows)])
    return before.history + new if goes_on else new


def _said(
    session: Session, at: Mapping[str, Any], before: SoFar
) -> tuple[int, tuple[Mapping[str, Any], ...]]:
    """Return the last answered question's place, and what the latest have told.

    They never change. An open one may yet be withdrawn, and another have its place.
    """
    rows = all_rows(connection_of(session), LATEST_BODIES, {**at, "after": before.position})
    if not rows:
        return before.position, before.said
    new = tuple([_told_of(row.body) for row in reversed(rows)])
    return rows[0].position, (before.said + new)[-REMEMBERED:]


def _told_of(body: str) -> Mapping[str, Any]:
    read = json.loads(body)
    return {name: read[name] for name in ("fact_key", "type", "stem", "fact_keys")}
