"""The engine and the way to write: `writing(session)` is one immediate transaction.

The recipe is measured: the driver never begins on its own, a reader is sent nothing that writes, a
writer begins IMMEDIATE, and waits its turn in a fair queue (`flock`), not in SQLite's polling.
"""

import fcntl
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from pathlib import Path
from sqlite3 import Connection as DriverConnection
from types import ModuleType
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.core.sentences import say
from app.models.driving import send
from app.models.failures import BAD_URL, Away, Busy, Collided, NotStored, Unusable, told

__all__ = [
    "Busy",
    "heard_aside",
    "make_engine",
    "make_sqlite_file",
    "retried",
    "sqlite_driver",
    "told_aside",
    "writer_queue",
    "writing",
]
WRITE_WAIT_S = 5.0
TRIES = 5
LONGEST_PAUSE_MS = 50
DURABLE = "durable"
"""Where a connection keeps which `synchronous` its durable transactions have."""
WAITED_FOR = frozenset({"FULL", "EXTRA"})
"""The values of `synchronous` by which a commit waits for the disk."""
WRITES = "writes"
"""Where a connection keeps whether its transaction may write.

`PRAGMA query_only` would tell SQLite itself, but lets it compile every statement anew: half of what
an answer cost the database (docs/decisions.md).
"""
READS = ("SELECT", "EXPLAIN", "PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|REPLACE)\b")
LONGEST_TOLD = 100
_turn = threading.local()
_WRITES = "writes"
GivenT = ParamSpec("GivenT")
ReturnT = TypeVar("ReturnT")


class WroteWhileReading(RuntimeError):
    """A fault of ours: what changes the database belongs into `writing`."""


def sqlite_driver() -> ModuleType:
    """Return the newest SQLite driver at hand: pysqlite3 lacks Debian's WAL-reset bug."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return import_module("sqlite3")


def wal_fault(version: tuple[int, ...]) -> str | None:
    """Return a warning for a version of SQLite that can spoil a database in write-ahead mode.

    Mended in 3.51.3, and in the older lines from 3.50.7 and 3.44.6 on. Our queue of writers keeps
    commits and checkpoints apart, so the fault has no occasion as long as all writers take it.
    """
    is_mended = version >= (3, 51, 3) or any(
        line <= version < (line[0], line[1] + 1, 0) for line in ((3, 50, 7), (3, 44, 6))
    )
    if is_mended:
        return None
    number = ".".join(map(str, version))
    return say(
        "SQLite {number} has a fault that can spoil databases; 3.51.3 and later are without it.",
        number=number,
    )


def driver_warning(engine: Engine) -> str | None:
    """Return what is to be said about the SQLite in use, if anything."""
    if engine.dialect.name != "sqlite":
        return None
    return wal_fault(tuple(sqlite_driver().sqlite_version_info))


def make_engine(url: str, synchronous: str = "FULL") -> Engine:
    """Return an engine for a SQLite or PostgreSQL URL."""
    if url.startswith("sqlite"):
        return _sqlite_engine(url, synchronous)
    if not url.startswith("postgresql"):
        raise Unusable(BAD_URL)
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={
            "options": "-c lock_timeout=5000 -c statement_timeout=10000"
            " -c idle_in_transaction_session_timeout=15000"
        },
    )


def make_sqlite_file(database: Path) -> None:
    """Make a new database file under its name at once, in write-ahead mode already.

    Two servers that start together would each turn it to that mode, and one would fail. So an
    empty file was never ours: raises Unusable for it.
    """
    if database.exists():
        if not database.stat().st_size:
            raise Unusable(
                say(
                    "{database} is empty. Restore a backup, or delete it to begin with a new one.",
                    database=database,
                )
            )
        return
    fresh = database.with_name(f".{database.name}.{secrets.token_hex(6)}")
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite_driver().connect(str(fresh))
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
        os.link(fresh, database)
    except FileExistsError:
        pass
    except OSError as error:
        raise Unusable(
            say(
                "No database can be made at {database}: {strerror}.",
                database=database,
                strerror=error.strerror,
            )
        ) from error
    finally:
        fresh.unlink(missing_ok=True)


def _sqlite_engine(url: str, synchronous: str) -> Engine:
    engine = create_engine(url, module=sqlite_driver())

    @event.listens_for(engine, "connect")
    def prepare(connection: DriverConnection, record: ConnectionPoolEntry) -> None:
        record.info[DURABLE] = synchronous
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={WRITE_WAIT_S * 1000:.0f}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "trusted_schema=OFF",
            "cache_size=-16000",
            "journal_size_limit=67108864",
            "mmap_size=0",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        told = connection.get_execution_options()
        if told.get("write"):
            _begin_writing(connection, is_durable=told.get("durable", True))
        else:
            connection.info[WRITES] = False
            connection.connection.cursor().execute("BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def keep_to_reading(connection: Connection, _cursor: object, text: str, *_: object) -> None:
        if not connection.info.get(WRITES) and not only_reads(text):
            raise WroteWhileReading(text)

    return engine


def only_reads(text: str) -> bool:
    """Whether a statement leaves the database as it is."""
    if text.startswith("SELECT"):
        return True
    words = text.lstrip().upper()
    return words.startswith(READS) or (words.startswith("WITH") and not CHANGES.search(words))


def _begin_writing(connection: Connection, *, is_durable: bool) -> None:
    usual = connection.info[DURABLE]
    synchronous = "NORMAL" if not is_durable and usual in WAITED_FOR else usual
    if connection.info.get("synchronous") != synchronous:
        connection.connection.cursor().execute(f"PRAGMA synchronous={synchronous}")
        connection.info["synchronous"] = synchronous
    send(connection, "BEGIN IMMEDIATE")
    connection.info[WRITES] = True


@contextmanager
def writing(session: Session, *, is_durable: bool = True) -> Iterator[Session]:
    """Open the one writing transaction: commit at the end, roll back on any error.

    Ends the read transaction first: SQLAlchemy would ignore the option inside one.
    What is not durable is whole like all else and outlives a killed process, but is not waited for
    until it is on the disk: a machine that loses its power may lose it, unless a durable
    transaction came after it. For what nobody was promised and can be made again.
    Raises Busy when no turn comes within WRITE_WAIT_S seconds, NotStored when there is no room.
    """
    engine = session.get_bind().engine
    goes_on = engine.dialect.name == "sqlite" and _has_only_read(session)
    if not goes_on:
        session.rollback()
    with writer_queue(engine):
        try:
            if goes_on:
                _write_from_here(session, is_durable=is_durable)
            else:
                options = {"write": True, "durable": is_durable}
                connection = session.connection(execution_options=options)
                if not is_durable and engine.dialect.name == "postgresql":
                    send(connection, "SET LOCAL synchronous_commit = off")
            session.info[_WRITES] = True
            yield session
            session.commit()
        except DBAPIError as error:
            session.rollback()
            refusal = told(error)
            if refusal is None:
                raise
            raise refusal from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info[_WRITES] = False


def is_writing(session: Session) -> bool:
    """Whether a session is inside `writing`: what it reads may be its own, and may be undone."""
    return bool(session.info.get(_WRITES))


def _has_only_read(session: Session) -> bool:
    """Whether a session reads, and holds nothing that is to be stored."""
    is_clean = session.is_active and not (session.new or session.dirty or session.deleted)
    return is_clean and session.in_transaction() and not session.in_nested_transaction()


def _write_from_here(session: Session, *, is_durable: bool) -> None:
    """Turn a reading transaction on SQLite into a writing one, of its own.

    A third of the time of ending one and beginning the other through all layers.
    """
    session.expire_all()
    connection = session.connection()
    connection.connection.rollback()
    _begin_writing(connection, is_durable=is_durable)


def retried(
    does: Callable[Concatenate[Session, GivenT], ReturnT],
) -> Callable[Concatenate[Session, GivenT], ReturnT]:
    """Let a service try again, with a pause by chance, after it met another's transaction.

    Only for services that do nothing but one transaction, or that know what they have done: a
    connection that broke may have broken after the commit. Raises Busy after TRIES tries.
    """

    @wraps(does)
    def tries(session: Session, /, *args: GivenT.args, **kwargs: GivenT.kwargs) -> ReturnT:
        for number in range(1, TRIES):
            try:
                return does(session, *args, **kwargs)
            except (Collided, Away):
                session.rollback()
            except DBAPIError as error:
                session.rollback()
                if not isinstance(told(error), Collided | Away):
                    raise
            time.sleep(number * secrets.randbelow(LONGEST_PAUSE_MS) / 1000)
        return does(session, *args, **kwargs)

    return tries


@contextmanager
def writer_queue(engine: Engine) -> Iterator[None]:
    """Wait for this thread's turn to write to SQLite; the kernel frees it after a crash."""
    database = engine.url.database if engine.dialect.name == "sqlite" else None
    if database is None or database == ":memory:":
        yield
        return
    try:
        descriptor = os.open(f"{database}.writer", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NotStored(
            say("Beside the database nothing can be written: {strerror}.", strerror=error.strerror)
        ) from error
    try:
        _take_turn(descriptor)
        _turn.descriptor = descriptor
        yield
    finally:
        _turn.descriptor = None
        os.close(descriptor)


def told_aside(text: str) -> bool:
    """Write what this thread has to tell while it holds the turn; False where it holds none.

    It stands in the queue's own file, for `heard_aside`: in the database nobody sees a word of a
    transaction before its end, and on SQLite nobody else may write meanwhile.
    """
    descriptor = getattr(_turn, "descriptor", None)
    if descriptor is None:
        return False
    os.pwrite(descriptor, text.encode()[:LONGEST_TOLD].ljust(LONGEST_TOLD), 0)
    return True


def heard_aside(engine: Engine) -> str:
    """Return what the last writer to SQLite that had anything to tell has told."""
    database = engine.url.database if engine.dialect.name == "sqlite" else None
    if database is None or database == ":memory:":
        return ""
    try:
        told = Path(f"{database}.writer").read_bytes()[:LONGEST_TOLD]
    except OSError:
        return ""
    return told.decode(errors="replace").strip()


def _take_turn(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _wait_for_turn(descriptor)


def _wait_for_turn(descriptor: int) -> None:
    """Block in a helper thread, so that the kernel's fair queue is used and waiting ends."""
    own = os.dup(descriptor)
    taken, given_up = threading.Event(), threading.Event()

    def wait() -> None:
        fcntl.flock(own, fcntl.LOCK_EX)
        if given_up.is_set():
            fcntl.flock(own, fcntl.LOCK_UN)
        taken.set()
        os.close(own)

    started = time.monotonic()
    threading.Thread(target=wait, daemon=True).start()
    if not taken.wait(WRITE_WAIT_S):
        given_up.set()
        waited = time.monotonic() - started
        raise Busy(
            say(
                "The database was busy for {waited:.0f} seconds. Please send it again.",
                waited=waited,
            )
        )
