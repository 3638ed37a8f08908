"""Backups: one file with the whole database and its checksum, made while writes go on."""

import fcntl
import hashlib
import json
import os
import secrets
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj, which

from sqlalchemy import URL, Engine, make_url, text

from app.core.errors import Refused
from app.models.database import make_engine
from app.models.failures import NO_ROOM
from app.models.migrating import current_revision, known_revisions
from app.models.sqlite import sqlite_driver
from app.models.turns import writer_queue

FORMAT = "factdeck-backup/1"
CHUNK = 1 << 20


class BadBackup(Refused):
    """A file that is no whole backup of Factdeck; nothing was changed."""


class ServerRuns(Refused):
    """A server is using the instance; stop it first."""


@contextmanager
def serving_lock(home: Path, *, exclusive: bool) -> Iterator[None]:
    """Hold the instance: servers share it, a restore wants it alone. Raises ServerRuns."""
    descriptor = os.open(home / "serving.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        mode = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        try:
            fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerRuns(
                "A server or a restore is using this instance. Stop it first."
            ) from None
        yield
    finally:
        os.close(descriptor)


def backup(engine: Engine, target: Path, now: int) -> int:
    """Write a whole, consistent copy to `target`; return its size in bytes.

    The name appears only when the copy is complete, checked and on the disk.
    """
    part = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    data = part.with_name(part.name + ".data")
    try:
        _copy_out(engine, data)
        manifest = {
            "format": FORMAT,
            "made_epoch_s": now,
            "dialect": engine.dialect.name,
            "revision": current_revision(engine),
            "sha256": _digest(data),
        }
        with zipfile.ZipFile(part, "x", zipfile.ZIP_STORED) as archive:
            archive.writestr("manifest.json", json.dumps(manifest, indent=2))
            archive.write(data, "data")
        _to_disk(part)
        part.replace(target)
    except OSError as error:
        raise Refused(f"The backup could not be written: {error.strerror}.") from error
    except sqlite_driver().Error as error:
        raise Refused(f"The backup could not be written: {error}.") from error
    finally:
        for leftover in (part, data):
            leftover.unlink(missing_ok=True)
    return target.stat().st_size


def restore(database_url: str, home: Path, source: Path) -> None:
    """Put a backup in the place of the instance's database.

    Raises BadBackup for a file that is damaged or from a newer version, ServerRuns while a server
    uses the instance; the database is untouched then.
    """
    url = make_url(database_url)
    with serving_lock(home, exclusive=True), _unpacked(source, home) as (data, manifest):
        if manifest["dialect"] != url.get_backend_name():
            raise BadBackup(f"This is a backup of {manifest['dialect']}, not of this database.")
        if manifest["revision"] not in known_revisions():
            raise BadBackup("This backup is from a newer version of Factdeck. Install that first.")
        if url.get_backend_name() == "sqlite":
            _check_sqlite(data)
            _put_in_place(data, Path(str(url.database)))
        else:
            _run(["pg_restore", "--clean", "--if-exists", "--single-transaction"], url, data)


def _copy_out(engine: Engine, data: Path) -> None:
    if engine.dialect.name != "sqlite":
        with data.open("xb") as file:
            _run(["pg_dump", "--format=custom"], engine.url, file)
        return
    driver = sqlite_driver()
    source = driver.connect(engine.url.database)
    copy = driver.connect(str(data))
    try:
        # In one step: in several, writers in between would start it over again and again.
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        source.close()
    _check_sqlite(data)


def _check_sqlite(data: Path) -> None:
    driver = sqlite_driver()
    connection = driver.connect(str(data))
    try:
        found = connection.execute("PRAGMA integrity_check").fetchone()
    except driver.DatabaseError as error:
        raise BadBackup("The database in this backup is damaged.") from error
    finally:
        connection.close()
    if found != ("ok",):
        raise BadBackup("The database in this backup is damaged.")


@contextmanager
def _unpacked(source: Path, home: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    data = home / f".restore.{secrets.token_hex(6)}"
    try:
        try:
            with zipfile.ZipFile(source) as archive:
                manifest = json.loads(archive.read("manifest.json"))
                with archive.open("data") as packed, data.open("xb") as file:
                    copyfileobj(packed, file, CHUNK)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise Refused(f"There is no room for it in {home}: {error.strerror}.") from error
            raise BadBackup(f"{source.name} is not a whole backup of Factdeck.") from error
        whole = isinstance(manifest, dict) and manifest.get("format") == FORMAT
        if not whole or manifest.get("sha256") != _digest(data):
            raise BadBackup(f"{source.name} is damaged: its checksum does not fit.")
        yield data, manifest
    finally:
        data.unlink(missing_ok=True)


def _put_in_place(data: Path, database: Path) -> None:
    engine = make_engine(f"sqlite:///{database}")
    with writer_queue(engine):
        _in_one_file(data)
        if database.exists():
            _in_one_file(database)
        for leftover in ("-wal", "-shm"):
            Path(f"{database}{leftover}").unlink(missing_ok=True)
        _to_disk(data)
        data.chmod(0o600)
        data.replace(database)
        _to_disk(database)


def _in_one_file(database: Path) -> None:
    """Bring all of a database into its own file, in write-ahead mode.

    Killed between here and the end, a restore leaves the one database or the other, whole: a log
    beside the wrong file would spoil it. What is no database can be replaced as it is.
    """
    driver = sqlite_driver()
    connection = driver.connect(str(database))
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except driver.DatabaseError:
        pass
    finally:
        connection.close()


def _run(command: list[str], url: URL, data: object) -> None:
    """Run PostgreSQL's own tool; a password goes by its environment, since all see arguments."""
    tool = which(command[0])
    if tool is None:
        raise Refused(f"{command[0]} is not installed; it comes with PostgreSQL's client tools.")
    dsn = url.set(drivername="postgresql", password=None).render_as_string()
    given = {"stdout": data} if command[0] == "pg_dump" else {}
    extra = [] if command[0] == "pg_dump" else [str(data)]
    done = subprocess.run(  # noqa: S603 a fixed tool, no shell
        [tool, *command[1:], "--dbname", dsn, *extra],
        check=False,
        stderr=subprocess.PIPE,
        env=os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {}),
        **given,  # type: ignore[call-overload]  # one keyword
    )
    if done.returncode:
        raise Refused(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-300:]}")


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _to_disk(path: Path) -> None:
    for name, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
        descriptor = os.open(name, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_whole(engine: Engine) -> list[str]:
    """Return what SQLite itself finds wrong with the database file, a sentence each."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
    return [f"database: {line}" for line in found if line != "ok"]
