"""`factdeck copy-to`: an instance moves to another database, page by page, verified row by row.

How far it is stands in a file of the instance's folder, written after each page: killed, the next
call goes on there.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Select,
    Table,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from app.core.errors import Refused
from app.models.base import Base
from app.models.migrating import current_revision, is_newest, upgrade

PAGE = 1_000
Row = Mapping[str, Any]
Advance = Callable[[int], object]


class CannotCopy(Refused):
    """The other database is not empty, or not what was copied."""


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a copy is: the table, and the key of the last row that is over there."""

    path: Path

    def load(self) -> dict[str, Any] | None:
        return dict(json.loads(self.path.read_text())) if self.path.exists() else None

    def save(self, table: str, last: Sequence[object] | None) -> None:
        fresh = self.path.with_name(self.path.name + ".new")
        with fresh.open("w") as file:
            json.dump({"table": table, "last": last}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)


def rows_in(engine: Engine) -> int:
    """Return how many rows a copy has to bring over."""
    with engine.connect() as connection:
        return sum(_count(connection, table) for table in Base.metadata.sorted_tables)


def copy_to(source: Engine, target: Engine, home: Path, advance: Advance) -> int:
    """Copy every row to an empty database, or go on with a copy; return how many rows there are.

    The server must be stopped. `advance` is told of rows as they are copied and as they are
    verified: twice for each. Raises CannotCopy where the target holds something else, or differs in
    the end.
    """
    name = hashlib.sha256(str(target.url).encode()).hexdigest()[:16]
    progress = _Progress(home / f"copy-to-{name}.json")
    began = progress.load()
    if began is None:
        if current_revision(target) is not None:
            raise CannotCopy("There is a Factdeck in that database already. Give an empty one.")
        progress.save("", None)
    _prepare(target)
    with source.connect() as reading:
        _bring(reading, target, progress, advance)
        _point_to_own_rows(reading, target)
        _set_counters(target)
        copied = _verify(reading, target, advance)
    progress.path.unlink()
    return copied


def _prepare(target: Engine) -> None:
    """Make the tables, without the rows that migrations bring: those are copied as well."""
    if is_newest(current_revision(target)):
        return
    upgrade(target)
    with _writing(target) as connection, connection.begin():
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


def _writing(target: Engine) -> Connection:
    return target.connect().execution_options(write=True)


def _bring(reading: Connection, target: Engine, progress: _Progress, advance: Advance) -> None:
    tables = Base.metadata.sorted_tables
    began = progress.load() or {}
    names = [table.name for table in tables]
    at = names.index(began["table"]) if began.get("table") else 0
    for table in tables[:at]:
        advance(_count(reading, table))
    last = tuple(began["last"]) if began.get("last") else None
    if last:
        advance(_count(reading, tables[at], last))
    for table in tables[at:]:
        for page in _pages(reading, table, last):
            with _writing(target) as connection, connection.begin():
                connection.execute(
                    _inserting(target, table), [_without_own(table, r) for r in page]
                )
            progress.save(table.name, _key_of(table, page[-1]))
            advance(len(page))
        last = None


def _inserting(target: Engine, table: Table) -> Any:  # noqa: ANN401 an insert of either dialect
    """Return the insert that passes over what is there: the page at which a copy was killed."""
    dialect = sqlite if target.dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()


def _pages(
    reading: Connection, table: Table, last: tuple[object, ...] | None = None
) -> Iterator[list[Row]]:
    while page := _rows(reading, _after(select(table), table, last).limit(PAGE)):
        yield page
        last = _key_of(table, page[-1])


def _rows(connection: Connection, query: Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _after(query: Select[Any], table: Table, last: tuple[object, ...] | None) -> Select[Any]:
    key = list(table.primary_key.columns)
    ordered = query.order_by(*key)
    return ordered if last is None else ordered.where(tuple_(*key) > tuple_(*last))


def _key_of(table: Table, row: Row) -> tuple[object, ...]:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _count(reading: Connection, table: Table, up_to: tuple[object, ...] | None = None) -> int:
    query = select(func.count()).select_from(table)
    if up_to is not None:
        query = query.where(tuple_(*table.primary_key.columns) <= tuple_(*up_to))
    return reading.scalar(query) or 0


def _own(table: Table) -> list[Column[Any]]:
    """Return the columns that refer to rows of the same table."""
    return [
        column
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def _without_own(table: Table, row: Row) -> dict[str, Any]:
    return {**row, **{column.name: None for column in _own(table)}}


def _point_to_own_rows(reading: Connection, target: Engine) -> None:
    """Set the columns that refer to rows of the same table, now that all of those are there."""
    for table in Base.metadata.sorted_tables:
        for column in _own(table):
            for row in _rows(reading, select(table).where(column.is_not(None))):
                key = zip(table.primary_key.columns, _key_of(table, row), strict=True)
                changed = update(table).where(*(one == value for one, value in key))
                with _writing(target) as connection, connection.begin():
                    connection.execute(changed.values({column.name: row[column.name]}))


def _set_counters(target: Engine) -> None:
    """Let PostgreSQL number new rows after those that were copied."""
    if target.dialect.name != "postgresql":
        return
    with _writing(target) as connection, connection.begin():
        for table in Base.metadata.sorted_tables:
            key = table.autoincrement_column
            if key is not None:
                name = target.dialect.identifier_preparer.format_table(table)
                connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:name, :key), :next, false)"),
                    {
                        "name": name,
                        "key": key.name,
                        "next": (connection.scalar(select(func.max(key))) or 0) + 1,
                    },
                )


def _verify(reading: Connection, target: Engine, advance: Advance) -> int:
    """Compare every row; return how many there are. Raises CannotCopy."""
    copied = 0
    with target.connect() as there:
        for table in Base.metadata.sorted_tables:
            if _count(reading, table) != _count(there, table):
                raise CannotCopy(f"The copy of {table.name} has another number of rows. {AGAIN}")
            for page in _pages(reading, table):
                _compare(there, table, page)
                copied += len(page)
                advance(len(page))
    return copied


AGAIN = "Empty that database and copy again, with the server stopped."


def _compare(there: Connection, table: Table, page: Sequence[Row]) -> None:
    keys = [_key_of(table, row) for row in page]
    wanted = select(table).where(tuple_(*table.primary_key.columns).in_(keys))
    found = {_key_of(table, row): row for row in _rows(there, wanted)}
    for key, row in zip(keys, page, strict=True):
        if found.get(key) != row:
            raise CannotCopy(f"The copy of {table.name} differs at {key}. {AGAIN}")
