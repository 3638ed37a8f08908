"""Backups that an instance makes by itself: before every migration, and once a day.

They stand in the instance's folder `backups`; of each kind the newest ones are kept.
"""

import fcntl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine

from app.core.errors import Refused
from app.models.migrating import current_revision, is_newest
from app.services.backup import backup

DAILY, BEFORE = "daily", "before-migration"
SUFFIX = ".factdeck"


def before_migration(engine: Engine, folder: Path, keep: int, now: int) -> Path | None:
    """Back the database up if a migration is about to change it; return the file.

    An empty database has nothing to keep. Raises Refused where the backup cannot be written: an
    instance is then not migrated.
    """
    current = current_revision(engine)
    if not keep or current is None or is_newest(current):
        return None
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S")
    return _keep(engine, Place(folder, BEFORE, f"{current}-{moment}"), keep, now)


def daily(engine: Engine, folder: Path, keep: int, now: int) -> Path | None:
    """Back the database up where today has no backup yet (UTC); return the file."""
    place = Place(folder, DAILY, datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d"))
    return None if not keep or place.file.exists() else _keep(engine, place, keep, now)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a backup goes: a folder, its kind, and what tells it from others of its kind."""

    folder: Path
    kind: str
    name: str

    @property
    def file(self) -> Path:
        """The file under its final name."""
        return self.folder / f"{self.kind}-{self.name}{SUFFIX}"


def _keep(engine: Engine, place: Place, keep: int, now: int) -> Path | None:
    """Make a backup and forget surplus ones; None where another process is at it."""
    try:
        place.folder.mkdir(mode=0o700, exist_ok=True)
        with (place.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return None
            backup(engine, place.file, now)
            _forget_old(place, keep)
    except OSError as error:
        raise Refused(f"No backup could be made in {place.folder}: {error.strerror}.") from error
    structlog.get_logger(__name__).info("backup made", file=place.file.name)
    return place.file


def _forget_old(place: Place, keep: int) -> None:
    """Remove what is surplus, and what a backup left that was killed on its way."""
    made = sorted(place.folder.glob(f"{place.kind}-*{SUFFIX}"), key=lambda one: one.stat().st_mtime)
    for path in [*made[:-keep], *place.folder.glob(f".{place.kind}-*")]:
        path.unlink(missing_ok=True)
