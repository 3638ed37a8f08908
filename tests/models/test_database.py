"""Which SQLite is safe to write with."""

import pytest

from app.models.database import wal_fault


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
