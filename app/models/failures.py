"""What a database's own error means to people: busy, full, closed to writing, damaged, away."""

import errno

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from app.core.errors import Refused
from app.core.sentences import say

AGAIN = {"40001", "40P01"}
"""PostgreSQL's codes for a transaction that met another's and may be tried again."""
WAITED_OUT = {"55P03", "57014"}
"""PostgreSQL's codes for a lock that did not come, and a statement that did not end, in time."""
NO_SPACE = {"53100", "53200"}
CLOSED = {"25006", "42501"}
LOCKED, READONLY, IO_ERROR, DAMAGED, FULL, CANNOT_OPEN, NO_DATABASE = 5, 8, 10, 11, 13, 14, 26
"""SQLite's primary result codes."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
"""The system's own numbers for what cannot be written to a file."""
FULL_DISK = say("The disk is full, or cannot be written.")
TOO_MANY = say("Too many people are saving at once. Please send it again.")

BAD_URL = say(
    "DATABASE_URL must be like sqlite:////folder/file or postgresql+psycopg://user@host/name."
)


class Busy(Refused):
    """Too many people are writing at once; nothing was stored and it can be sent again."""


class Collided(Busy):
    """Two transactions met and this one was undone whole; trying again is safe."""


class Away(Busy):
    """The connection to the database broke; whether the last commit arrived is not known."""


class NotStored(Refused):
    """There is no room, or no permission, to store anything; reading still works."""


class Unusable(Refused):
    """There is no database to work with, or it is damaged."""


def told(error: SQLAlchemyError) -> Refused | None:
    """Return the refusal that a database error amounts to; None where it is a fault of ours."""
    if isinstance(error, NoSuchModuleError | ArgumentError):
        return Unusable(BAD_URL)
    if not isinstance(error, DBAPIError):
        return None
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _of_sqlite(int(code) & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or (state or "").startswith(("57P", "08")):
        return Away(say("The connection to the database broke. Please send it again."))
    return _of_postgresql(state, error)


def _of_sqlite(code: int) -> Refused | None:
    if code == LOCKED:
        return Busy(TOO_MANY)
    if code in {FULL, IO_ERROR}:
        return NotStored(FULL_DISK)
    if code == READONLY:
        return NotStored(say("The database is closed to writing. Its folder must be writable too."))
    if code in {DAMAGED, NO_DATABASE}:
        return Unusable(say("The database is damaged, or no database. Restore a backup of it."))
    if code == CANNOT_OPEN:
        return Unusable(
            say("The database cannot be opened. Its folder must be there, and writable.")
        )
    return None


def _of_postgresql(state: str | None, error: DBAPIError) -> Refused | None:
    if state in AGAIN:
        return Collided(TOO_MANY)
    if state in WAITED_OUT:
        return Busy(TOO_MANY)
    if state in NO_SPACE:
        return NotStored(say("The database has no room left."))
    if state in CLOSED:
        return NotStored(say("The database is closed to writing."))
    if state is None and "connection" in str(error.orig).lower():
        return Unusable(
            say("There is no connection to the database. See DATABASE_URL, and its server.")
        )
    return None
