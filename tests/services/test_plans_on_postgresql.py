"""PostgreSQL can serve each hot read from an index that has all its conditions.

Which index it chooses is left to its statistics, which a test cannot have. So each index stands
alone: all others of the table are dropped (in a transaction that is undone) and scans forbidden.
"""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Select, inspect, text

from app.models.statements.answering import LOAD
from app.models.statements.choosing import DUE
from app.services.study import dues

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
NOW = 1_763_900_000
SPAN = {"first": NOW, "end": NOW + 86_400, "ends": NOW + 86_400}
GIVEN = SPAN | {"learner": 1, "deck": 1, "now": NOW, "most": 300, "after": -1}
DECK_DUE = "ix_memory_user_deck_due"
READS: list[tuple[Select[*tuple[Any, ...]], str, set[str]]] = [
    (DUE, DECK_DUE, {"user_id", "deck_id", "due_epoch_s"}),
    (dues.WHOLE, "ix_memory_user_due", {"user_id", "due_epoch_s"}),
    (dues.BY_DECK, DECK_DUE, {"user_id", "deck_id", "due_epoch_s"}),
    (LOAD, "ix_memory_user_due", {"user_id", "due_epoch_s"}),
]


def leave_only(connection: Connection, kept: str) -> None:
    """Drop all indexes of memories but one."""
    connection.execute(text("ALTER TABLE memory DROP CONSTRAINT pk_memory"))
    for index in inspect(connection).get_indexes("memory"):
        if index["name"] != kept:
            connection.execute(text(f"DROP INDEX {index['name']}"))
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    connection.execute(text("SET LOCAL enable_bitmapscan = off"))


def scans(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every part of a plan that reads memories."""
    own = [plan] if plan.get("Relation Name") == "memory" else []
    return own + [one for part in plan.get("Plans", ()) for one in scans(part)]


@pytest.mark.parametrize(("read", "index", "columns"), READS)
def test_an_index_has_all_that_a_hot_read_asks_for(
    engine: Engine, read: Select[*tuple[Any, ...]], index: str, columns: set[str]
) -> None:
    with engine.connect().execution_options(write=True) as connection:
        leave_only(connection, index)
        compiled = read.compile(engine)
        asked = f"EXPLAIN (FORMAT JSON) {compiled}"
        plan = connection.exec_driver_sql(asked, {**compiled.params, **GIVEN}).scalar_one()
        connection.rollback()
    found = scans(plan[0]["Plan"])
    assert found
    for scan in found:
        assert scan.get("Index Name") == index, scan
        assert all(f"{column} " in scan["Index Cond"] for column in columns), scan
