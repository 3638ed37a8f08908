"""The statements of the answer path, handed to the database's driver itself.

SQLAlchemy compiles each of them once; from then on its text goes to the driver without the layers
between, which cost five to ten times what the database does (docs/decisions.md). Types are
converted, listeners are told, and what fails is raised as SQLAlchemy does it.
Only for statements that are made once, when a module is loaded: their compiled form is kept.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Query = Select[*tuple[Any, ...]]
Change = Insert | Update | Delete
Statement = Query | Change
Given = Mapping[str, Any]
Convert = Callable[[Any], Any]
Added = Callable[[int], object]
AT_ONCE = 1000
"""Rows in one go."""


class Found(tuple[Any, ...]):  # noqa: SLOT001 it is never made: a row is a named tuple
    """A row, where its columns have their names."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # noqa: ANN401 as SQLAlchemy's own rows


@dataclass(slots=True)
class _Compiled:
    """A statement as one kind of database takes it."""

    text: str
    names: tuple[str, ...]
    """Of its parameters, in order; again where one stands in it twice."""
    constants: dict[str, Any]
    converts: tuple[tuple[str, Convert], ...]
    is_positional: bool
    made: Callable[[Sequence[Any]], Found] | None = None
    """What makes a row of ours from one of the driver's: known with the first ones."""

    def parameters(self, given: Given) -> Sequence[Any] | Given:
        """Return the parameters as the driver takes them."""
        values = {**self.constants, **given}
        for name, convert in self.converts:
            values[name] = convert(values[name])
        if self.is_positional:
            return tuple([values[name] for name in self.names])
        return {name: values[name] for name in self.names}


_CONNECTION = "connection"

_compiled: dict[tuple[Statement, str, tuple[str, ...]], _Compiled] = {}


def connection_of(session: Session) -> Connection:
    """Return the connection of a session's transaction, which begins where there is none.

    A session looks its connection up through four layers each time; this does so once in each
    transaction.
    """
    transaction = session.get_transaction()
    if transaction is not None and transaction.is_active:
        known, connection = session.info.get(_CONNECTION, (None, None))
        if known is transaction and connection is not None:
            return cast("Connection", connection)
    found = session.connection()
    session.info[_CONNECTION] = (session.get_transaction(), found)
    return found


def all_rows(connection: Connection, statement: Query, given: Given) -> list[Found]:
    """Return all rows of a statement."""
    compiled = _compiled_for(connection, statement, ())
    cursor = _sent(connection, compiled.text, compiled.parameters(given))
    made = compiled.made or _row_maker(connection, statement, compiled, cursor)
    return [made(row) for row in cursor.fetchall()]


def plain_rows(connection: Connection, statement: Query, given: Given) -> list[tuple[Any, ...]]:
    """Return all rows as the driver has them: for many rows of plain numbers and texts."""
    compiled = _compiled_for(connection, statement, ())
    rows: list[tuple[Any, ...]]
    rows = _sent(connection, compiled.text, compiled.parameters(given)).fetchall()
    return rows


def first_row(connection: Connection, statement: Query, given: Given) -> Found | None:
    """Return the first row of a statement; None where it has none."""
    rows = all_rows(connection, statement, given)
    return rows[0] if rows else None


def written(connection: Connection, statement: Change, given: Given) -> int:
    """Insert, change or delete; return how many rows."""
    compiled = _compiled_for(connection, statement, tuple(given))
    return int(_sent(connection, compiled.text, compiled.parameters(given)).rowcount)


def written_all(
    connection: Connection, statement: Change, rows: Iterable[Given], added: Added = lambda _: None
) -> None:
    """Insert many rows that give the same columns, a batch at a time; `added` hears of each.

    Of rows that are made one by one there are no more than a batch at once.
    """
    coming = iter(rows)
    while made := list(islice(coming, AT_ONCE)):
        compiled = _compiled_for(connection, statement, tuple(made[0]))
        batch = [compiled.parameters(row) for row in made]
        _sent(connection, compiled.text, batch, is_many=True)
        added(len(batch))


def send(connection: Connection, text: str) -> None:
    """Send a text that has no parameters and gives no rows."""
    _sent(connection, text, ())


def _sent(
    connection: Connection,
    text: str,
    parameters: Any,  # noqa: ANN401 the driver's own
    *,
    is_many: bool = False,
) -> Any:  # noqa: ANN401 as above
    """Return the cursor of a statement. Raises DBAPIError, as SQLAlchemy does."""
    cursor = connection.connection.cursor()
    told = connection.engine.dispatch  # a connection of its own joins them anew each time
    try:
        for listener in told.before_cursor_execute:
            text, parameters = listener(connection, cursor, text, parameters, None, is_many)
        send_it = cursor.executemany if is_many else cursor.execute
        send_it(text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _raised(connection, text, parameters, error) from error
    for listener in told.after_cursor_execute:
        listener(connection, cursor, text, parameters, None, is_many)
    return cursor


def _raised(
    connection: Connection,
    text: str,
    parameters: Any,  # noqa: ANN401 the driver's own
    error: Exception,
) -> BaseException:
    """Return what SQLAlchemy raises for a driver's error; a connection that broke is let go."""
    dialect = connection.dialect
    is_broken = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]  # a pool's connection is one
    if is_broken:
        connection.invalidate(error)
    return DBAPIError.instance(
        text,
        parameters,
        error,
        dialect.loaded_dbapi.Error,
        connection_invalidated=is_broken,
        dialect=dialect,
    )


def _compiled_for(
    connection: Connection, statement: Statement, columns: tuple[str, ...]
) -> _Compiled:
    key = (statement, connection.dialect.name, columns)
    found = _compiled.get(key)
    if found is None:
        found = _compiled[key] = _compile(connection.dialect, statement, columns)
    return found


def _compile(dialect: Dialect, statement: Statement, columns: tuple[str, ...]) -> _Compiled:
    made: Any = statement.compile(dialect=dialect, column_keys=columns or None)
    assert not made.insert_prefetch  # noqa: S101 every value is given: nothing is filled in
    assert not made.update_prefetch  # noqa: S101 as above
    assert not any(one.expanding for one in made.binds.values())  # noqa: S101 a list changes the text
    converts = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for name, bind in made.binds.items()
    }
    return _Compiled(
        text=str(made),
        names=tuple(made.positiontup or made.binds),
        constants={name: bind.value for name, bind in made.binds.items() if not bind.required},
        converts=tuple((name, one) for name, one in converts.items() if one is not None),
        is_positional=made.positional,
    )


def _row_maker(
    connection: Connection,
    statement: Query,
    compiled: _Compiled,
    cursor: Any,  # noqa: ANN401 the driver's own
) -> Callable[[Sequence[Any]], Found]:
    """Return, and keep, what makes a row of ours: PostgreSQL tells types with the first rows."""
    dialect, columns = connection.dialect, list(statement.selected_columns)
    processors = [
        column.type.dialect_impl(dialect).result_processor(dialect, told[1])
        for column, told in zip(columns, cursor.description, strict=True)
    ]
    converts = [(at, one) for at, one in enumerate(processors) if one is not None]
    named: Any = namedtuple  # noqa: PYI024 its names are known at run time only
    make: Callable[[Sequence[Any]], Found]
    make = named("Found", [str(one.key) for one in columns], rename=True)._make

    def converted(row: Sequence[Any]) -> Found:
        values = list(row)
        for at, convert in converts:
            values[at] = convert(values[at])
        return make(values)

    compiled.made = converted if converts else make
    return compiled.made
