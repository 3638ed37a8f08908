"""What a study session has asked and how that went, kept from one question to the next.

A session's log only grows, and two counters of its learner tell whether anything has come or
changed: so a process that has read it once reads what is new, however long the session is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.core.questions.telling import Told, told_by
from app.models.driving import connection_of, plain_rows
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
    said: tuple[Mapping[str, Any], ...] = ()
    """What its latest answered questions have told, REMEMBERED at most, oldest first."""

    @property
    def told(self) -> Told:
        """Return what its latest questions have told, where none is open."""
        return told_by(self.said)


NOT_READ = SoFar()


def so_far(session: Session, learner: Learner, session_token: str) -> SoFar:
    """Return a session of a learner, who was read in this transaction or before it.

    No answers after those that the learner's counter tells of: what comes meanwhile is read next
    time, and once. A change may be of any answer: then all are read again.
    """
    kept = _kept(learner.id, session_token)
    before = kept[0]
    at = {"learner": learner.id, "which": session_token, "until": learner.reviews}
    connection = connection_of(session)
    if before.changes != learner.changes or before.reviews > learner.reviews:
        found = _read(connection, learner, at)
    elif before.reviews < learner.reviews:
        found = _read_on(connection, learner, at, before)
    else:
        return before
    kept[0] = found
    return found


@lru_cache(maxsize=KEPT_SESSIONS)
def _kept(_learner: int, _session_token: str) -> list[SoFar]:
    """Return the place where a session is kept. Its token is by chance, and never another's."""
    return [NOT_READ]


def _read(connection: Connection, learner: Learner, at: Mapping[str, Any]) -> SoFar:
    answers = sorted(plain_rows(connection, HISTORY, at))
    bodies = plain_rows(connection, LATEST_BODIES, at)
    return SoFar(
        learner.reviews,
        learner.changes,
        tuple([(fact, rating) for _, fact, rating in answers]),
        tuple([_told_of(body) for (body,) in reversed(bodies)]),
    )


def _read_on(
    connection: Connection, learner: Learner, at: Mapping[str, Any], before: SoFar
) -> SoFar:
    answers = sorted(plain_rows(connection, HISTORY_SINCE, {**at, "after": before.reviews}))
    said = before.said + tuple([_told_of(body) for _, _, _, body in answers])
    return SoFar(
        learner.reviews,
        learner.changes,
        before.history + tuple([(fact, rating) for _, fact, rating, _ in answers]),
        said[-REMEMBERED:],
    )


def _told_of(body: str) -> Mapping[str, Any]:
    """Return what a question as it was shown, which never changes once answered, has told."""
    read = json.loads(body)
    return {name: read[name] for name in ("fact_key", "type", "stem", "fact_keys")}
