"""SQLite: its driver, a new file, and the engine whose readers are held to reading.

The recipe is measured: the driver never begins on its own, a reader is sent nothing that writes,
and a writer begins IMMEDIATE.
"""

import os
import re
import secrets
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from sqlite3 import Connection as DriverConnection
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from app.core.sentences import say
from app.models.driving import send
from app.models.failures import Unusable

BUSY_WAIT_S = 5.0
"""How long SQLite itself waits for another program's lock; our writers wait in their queue."""
DURABLE = "durable"
"""Where a connection keeps which `synchronous` its durable transactions have."""
WAITED_FOR = frozenset({"FULL", "EXTRA"})
"""The values of `synchronous` by which a commit waits for the disk."""
WRITES = "writes"
"""Where a connection keeps whether its transaction may write.

`PRAGMA query_only` would tell SQLite itself, but lets it compile every statement anew: half of what
an answer cost the database (docs/decisions.md).
"""
FILE = "file"
"""Where a connection keeps which file it has opened."""
MOVED = say(
    "The file of the database was moved, deleted or replaced while the server ran. Put it back, or "
    "restart the server."
)
READS = ("SELECT", "EXPLAIN", "PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|REPLACE)\b")


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


def make_sqlite_engine(url: str, synchronous: str) -> Engine:
    """Return an engine; `synchronous` is how its durable transactions wait for the disk."""
    engine = create_engine(url, module=sqlite_driver(), hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: DriverConnection, record: ConnectionPoolEntry) -> None:
        record.info[DURABLE] = synchronous
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_WAIT_S * 1000:.0f}",
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
            begin_writing(connection, is_durable=told.get("durable", True))
        else:
            connection.info[WRITES] = False
            connection.connection.cursor().execute("BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def keep_to_reading(connection: Connection, _cursor: object, text: str, *_: object) -> None:
        if not only_reads(text) and not connection.info.get(WRITES):
            raise WroteWhileReading(text)

    if engine.url.database not in {None, "", ":memory:"}:
        _stay_with(engine, Path(str(engine.url.database)))
    return engine


def _stay_with(engine: Engine, database: Path) -> None:
    """Let an engine's connections know their file, and never make a second, empty one."""
    is_there = database.exists()

    @event.listens_for(engine, "do_connect")
    def make_no_second(
        dialect: Dialect, _record: object, _args: object, parameters: dict[str, Any]
    ) -> object:
        if not is_there:
            return None  # as SQLAlchemy does it
        return dialect.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, **parameters)

    @event.listens_for(engine, "connect")
    def know(_connection: DriverConnection, record: ConnectionPoolEntry) -> None:
        nonlocal is_there
        is_there, record.info[FILE] = True, OpenedFile.of(database)


def only_reads(text: str) -> bool:
    """Whether a statement leaves the database as it is."""
    if text.startswith("SELECT"):
        return True
    words = text.lstrip().upper()
    return words.startswith(READS) or (words.startswith("WITH") and not CHANGES.search(words))


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file by what tells it from another of the same name; numbers are 0 where there is none."""

    name: str
    device: int
    number: int

    @classmethod
    def of(cls, path: str | Path) -> "OpenedFile":
        """Return the file that has a name now."""
        try:
            told = os.stat(path)  # noqa: PTH116 asked for by each write
        except OSError:
            return cls(str(path), 0, 0)
        return cls(str(path), told.st_dev, told.st_ino)


def check_in_place(connection: Connection) -> None:
    """Raise Unusable where a connection's file has another name by now, or none.

    SQLite would go on writing to it, and everything would be gone with the last process.
    """
    opened: OpenedFile | None = connection.info.get(FILE)
    if opened is not None and OpenedFile.of(opened.name) != opened:
        raise Unusable(MOVED)


def begin_writing(connection: Connection, *, is_durable: bool) -> None:
    """Begin an immediate transaction, on a connection that is in none. Raises Unusable."""
    check_in_place(connection)
    usual = connection.info[DURABLE]
    synchronous = "NORMAL" if not is_durable and usual in WAITED_FOR else usual
    if connection.info.get("synchronous") != synchronous:
        connection.connection.cursor().execute(f"PRAGMA synchronous={synchronous}")
        connection.info["synchronous"] = synchronous
    send(connection, "BEGIN IMMEDIATE")
    connection.info[WRITES] = True
