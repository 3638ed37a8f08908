"""Which SQLite is safe to write with, what a reader may send, and how a commit waits."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.database import make_engine, writing
from app.models.sqlite import WroteWhileReading, only_reads, wal_fault


@pytest.mark.parametrize(
    "version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)]
)
def test_a_faulty_sqlite_is_warned_of(version: tuple[int, ...]) -> None:
    assert ".".join(map(str, version)) in (wal_fault(version) or "")


@pytest.mark.parametrize(
    "version", [(3, 44, 6), (3, 50, 7), (3, 50, 9), (3, 51, 3), (3, 53, 4), (4, 0, 0)]
)
def test_a_mended_sqlite_is_not(version: tuple[int, ...]) -> None:
    assert wal_fault(version) is None


def _pragma(session: Session, name: str) -> int:
    return int(session.execute(text(f"PRAGMA {name}")).scalar_one())


@pytest.mark.parametrize(
    ("configured", "durable", "hasty"), [("FULL", 2, 1), ("EXTRA", 3, 1), ("NORMAL", 1, 1)]
)
def test_each_transaction_waits_for_the_disk_as_it_says(
    tmp_path: Path, configured: str, durable: int, hasty: int
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}", configured)
    for reads_first in (True, False):
        with Session(engine) as session:
            for is_durable in (True, False, True, False, False, True):
                if reads_first:
                    _pragma(session, "user_version")
                with writing(session, is_durable=is_durable):
                    expected = durable if is_durable else hasty
                    assert _pragma(session, "synchronous") == expected
    engine.dispose()


def test_reading_writes_nothing_after_any_writing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    with Session(engine) as session:
        with writing(session):
            session.execute(text("CREATE TABLE kept (at INTEGER)"))
        for _ in range(2):
            with pytest.raises(WroteWhileReading, match="INSERT"):
                session.execute(text("INSERT INTO kept VALUES (1)"))
            session.rollback()
            with writing(session, is_durable=False):
                session.execute(text("INSERT INTO kept VALUES (1)"))
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "reads"),
    [
        ("SELECT 1", True),
        ("\n  select replace(a, 'x', 'y') FROM t", True),
        ("EXPLAIN QUERY PLAN SELECT 1", True),
        ("PRAGMA integrity_check", True),
        ("SAVEPOINT one", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("WITH a AS (SELECT 1) DELETE FROM t", False),
        ("with a as (select 1) insert into t select * from a", False),
        ("update t set a = 1", False),
        ("REPLACE INTO t VALUES (1)", False),
        ("/* told */ DELETE FROM t", False),
        ("CREATE TABLE t (a)", False),
        ("VACUUM", False),
    ],
)
def test_what_only_reads_is_told_by_its_text(statement: str, *, reads: bool) -> None:
    assert only_reads(statement) == reads


def test_statements_stay_compiled_from_one_transaction_to_the_next(tmp_path: Path) -> None:
    """A PRAGMA that is a flag of SQLite's lets it compile them all anew, each time it is set."""
    engine = make_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    with Session(engine) as session:
        raw = session.connection().connection.dbapi_connection
        assert raw is not None
        sent: list[str] = []
        for is_durable in (True, False, True):
            raw.set_trace_callback(sent.append)
            _pragma(session, "user_version")
            with writing(session, is_durable=is_durable):
                pass
            session.rollback()
    engine.dispose()
    told = {one.split("=")[0] for one in sent if one.startswith("PRAGMA")}
    assert told <= {"PRAGMA user_version", "PRAGMA synchronous"}, told
