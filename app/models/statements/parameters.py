"""Parameters that are no columns, by one name in all statements."""

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    bindparam,
    literal_column,
)

LEARNER: BindParameter[int] = bindparam("learner")
TOKEN: BindParameter[str] = bindparam("which")
FACT: BindParameter[int] = bindparam("fact")
DAY: BindParameter[int] = bindparam("day")


def at_most(rows: BindParameter[int] | int) -> ColumnElement[int]:
    """Return what limits a statement to so many rows.

    SQLite plans by a parameter that stands there alone, and so compiles the statement anew each
    time it is sent: most of what a short one costs. By a sum it does not plan.
    """
    if isinstance(rows, BindParameter):
        return rows + 0
    return literal_column(str(rows), Integer)
