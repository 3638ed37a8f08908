"""Run something, killed by SIGKILL at one step after the other, and look what is left.

A step is a statement sent to the database, or a file opened, renamed or removed. It runs as a
program of its own, since it forks: `python -m tests.durability.interrupted NAME FOLDER KILLS`.
"""

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.interchange.deck_file import read_deck
from app.models.content import DeckRow, FactRow
from app.models.database import make_engine
from app.models.migrating import current_revision, downgrade, is_newest, upgrade
from app.models.sqlite import make_sqlite_file, sqlite_driver
from app.services import checking
from app.services.backup import BadBackup, backup, restore
from app.services.decks import export_deck, import_deck
from app.services.upkeep import seed

SEEDS = Path(__file__).resolve().parents[2] / "seed_data"
NOW = 1_763_900_000
FILE_STEPS = {"open", "os.rename", "os.remove", "os.link", "shutil.copyfile"}
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"


def steps_of(act: Callable[[], None], kill_at: int | None = None) -> int:
    """Do something in a child, killed at a step; return how many steps it took, 0 if killed."""
    reading, telling = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _count_steps(kill_at, telling, act)
    os.close(telling)
    told = os.read(reading, 20)
    os.close(reading)
    os.waitpid(child, 0)
    return int(told or 0)


def _count_steps(kill_at: int | None, telling: int, act: Callable[[], None]) -> None:
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", step)
    sys.addaudithook(lambda name, _: step() if name in FILE_STEPS else None)
    try:
        act()
        os.write(telling, str(steps).encode())
    finally:
        os._exit(0)


def killed_everywhere(
    prepare: Callable[[], None], act: Callable[[], None], look: Callable[[], None], kills: int
) -> None:
    """Kill something at steps spread over all of it, and look each time."""
    prepare()
    whole = steps_of(act)
    kills = min(kills, whole - 2)  # the second time some files are there already
    rng = Random(whole)
    for at in range(kills):
        kill_at = rng.randint(at * (whole - 2) // kills + 1, (at + 1) * (whole - 2) // kills)
        prepare()
        assert not steps_of(act, kill_at)
        look()


def seeded(database: Path) -> Engine:
    make_sqlite_file(database)
    engine = make_engine(f"sqlite:///{database}")
    upgrade(engine)
    with Session(engine) as session:
        seed(session, SEEDS, NOW)
    return engine


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, and what SQLite itself says of the file."""
    connection: sqlite3.Connection = sqlite_driver().connect(str(database))
    with closing(connection):
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [row[0] for row in connection.execute(TABLES)]
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608 its own tables
            for name in names
        }


def copied(database: Path, to: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{to}{suffix}").unlink(missing_ok=True)
    shutil.copy(database, to)


def migration(folder: Path, kills: int) -> None:
    """Killed in the middle of a migration, the next start completes it and loses no row."""
    old, wanted, tried = (folder / name for name in ("old", "wanted", "tried"))
    engine = seeded(old)
    downgrade(engine, "0001")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    copied(old, wanted)
    migrated(wanted)
    before, after = contents(old), contents(wanted)

    def look() -> None:
        assert contents(tried) in (before, after)
        migrated(tried)
        assert contents(tried) == after

    killed_everywhere(lambda: copied(old, tried), lambda: migrated(tried), look, kills)


def migrated(database: Path) -> None:
    engine = make_engine(f"sqlite:///{database}")
    upgrade(engine)
    assert is_newest(current_revision(engine))
    engine.dispose()


def backups(folder: Path, kills: int) -> None:
    """Killed in the middle of a backup, there is nothing under its name, or all of it."""
    database, target, other = folder / "live", folder / "kept.factdeck", folder / "other"
    seeded(database).dispose()
    wanted = contents(database)

    def act() -> None:
        engine = make_engine(f"sqlite:///{database}")
        backup(engine, target, NOW)
        engine.dispose()

    def look() -> None:
        if target.exists():
            restore(f"sqlite:///{other}", folder, target)
            assert contents(other) == wanted

    killed_everywhere(lambda: target.unlink(missing_ok=True), act, look, kills)


def restoring(folder: Path, kills: int) -> None:
    """Killed in the middle of a restore, there is the one database or the other, whole."""
    database, kept, target = folder / "live", folder / "kept", folder / "kept.factdeck"
    engine = seeded(database)
    backup(engine, target, NOW)
    restored = contents(database)
    with Session(engine) as session:
        deck = export_deck(session, "deepseek")
        import_deck(session, replace(deck, key="more"), NOW)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    shutil.copy(database, kept)
    now_there = contents(database)

    def act() -> None:
        restore(f"sqlite:///{database}", folder, target)

    def look() -> None:
        assert contents(database) in (restored, now_there)
        restore(f"sqlite:///{database}", folder, target)
        assert contents(database) == restored

    killed_everywhere(lambda: copied(kept, database), act, look, kills)
    whole = target.read_bytes()
    for damaged in (whole[:-1], whole[: len(whole) // 2]):
        target.write_bytes(damaged)
        try:
            restore(f"sqlite:///{database}", folder, target)
        except BadBackup:
            continue
        raise AssertionError("a truncated backup was restored")


def importing(folder: Path, kills: int) -> None:
    """Killed in the middle of an import, all of the file is there, or none of it."""
    database = folder / "live"
    seeded(database).dispose()
    path = SEEDS / "deepseek.yaml"
    deck = read_deck(path.read_text(encoding="utf-8"))
    other = replace(deck, key="other")

    def act() -> None:
        engine = make_engine(f"sqlite:///{database}")
        with Session(engine) as session:
            import_deck(session, other, NOW)
        engine.dispose()

    def look() -> None:
        engine = make_engine(f"sqlite:///{database}")
        with Session(engine) as session:
            keys = session.scalars(select(FactRow.key).join(DeckRow).where(DeckRow.key == "other"))
            assert len(keys.all()) in (0, len(deck.facts))
            assert checking.check(session) == []
        engine.dispose()

    def fresh() -> None:
        connection = sqlite_driver().connect(str(database))
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("DELETE FROM deck WHERE key = 'other'")
        connection.commit()
        connection.close()

    killed_everywhere(fresh, act, look, kills)
    act()
    look()


ACTS = {"migration": migration, "backups": backups, "restoring": restoring, "importing": importing}

if __name__ == "__main__":
    ACTS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
