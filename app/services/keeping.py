"""Backups that an instance makes by itself: before every migration, and once a day.

They stand in the instance's folder `backups`; of each kind the newest ones are kept.
"""

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
    return _keep(engine, folder, (f"{BEFORE}-{current}", moment), keep, now)


def daily(engine: Engine, folder: Path, keep: int, now: int) -> Path | None:
    """Back the database up where today has no backup yet (UTC); return the file."""
    today = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")
    if not keep or (folder / f"{DAILY}-{today}{SUFFIX}").exists():
        return None
    return _keep(engine, folder, (DAILY, today), keep, now)


def _keep(engine: Engine, folder: Path, name: tuple[str, str], keep: int, now: int) -> Path | None:
    kind, moment = name
    target = folder / f"{kind}-{moment}{SUFFIX}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        backup(engine, target, now)
    except OSError as error:
        raise Refused(f"No backup could be made in {folder}: {error.strerror}.") from error
    _forget_old(folder, kind.partition(f"{BEFORE}-")[0] or BEFORE, keep)
    structlog.get_logger(__name__).info("backup made", file=target.name)
    return target


def _forget_old(folder: Path, kind: str, keep: int) -> None:
    """Remove what is surplus, and what a backup left that was killed on its way."""
    made = sorted(folder.glob(f"{kind}-*{SUFFIX}"), key=lambda path: path.stat().st_mtime_ns)
    for path in [*made[:-keep], *folder.glob(f".{kind}-*")]:
        path.unlink(missing_ok=True)
