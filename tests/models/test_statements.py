"""Every statement of the answer path finds its rows by an index, as SQLite itself plans it."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from sqlalchemy import ClauseElement, Delete, Engine, Select, Update

from app.models import statements
from app.models.driving import all_rows
from app.models.statements.choosing import IN_PLAN

MODULES = [
    import_module(f"{statements.__name__}.{one.name}") for one in iter_modules(statements.__path__)
]
FOUND: dict[str, ClauseElement] = {
    name: one
    for module in MODULES
    for name, one in vars(module).items()
    if not name.startswith("_") and isinstance(one, Select | Update | Delete)
}
WITH_PLAN = ("MISSED", "NEW", "NEW_MIXED", "SUCCESSORS")
NAMES = ("learner", "which", "fact", "deck", "day", "now", "until", "most", "relearn_s")
NAMES += ("first", "end", "start", "since", "fewer", "after")
OLDEST = "SCAN oldest_decks"
WINDOWS = {"DUE", "DUE_IN_PLAN", "DUE_AHEAD", "DUE_AHEAD_IN_PLAN"}
"""These put in order what a window of some hundred rows holds, found as its index has them."""
MAY_SORT = {"NEW_MIXED"} | WINDOWS
"""Mixed new facts are put in an order of the learner's own; all others come as an index has them,
or are few."""


def planned(engine: Engine, statement: ClauseElement) -> list[str]:
    """What SQLite does for a statement, a line a step."""
    if isinstance(statement, Select):
        statement = statement.params(dict.fromkeys(NAMES, 1) | {"plan": [1]})
        sql = str(statement.compile(engine, compile_kwargs={"render_postcompile": True}))
    else:
        sql = str(statement.compile(engine))
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?"))
        return [row[3] for row in rows]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_statement_of_the_answer_path_reads_a_table_through(engine: Engine) -> None:
    assert len(FOUND) >= 25
    for name, statement in FOUND.items():
        steps = planned(engine, statement)
        through = [one for one in steps if one.startswith("SCAN") and "CONSTANT" not in one]
        if OLDEST in through:  # fifty rows by their number, however many decks there are
            assert "SEARCH deck USING INTEGER PRIMARY KEY (rowid>?)" in steps, (name, steps)
            through.remove(OLDEST)
        if name in WINDOWS:
            through.remove("SCAN due_window")
            assert sum("TEMP B-TREE" in one for one in steps) == 1, (name, steps)
        assert not through, (name, steps)
        sorts = [one for one in steps if "TEMP B-TREE FOR ORDER BY" in one]
        assert not sorts or name in MAY_SORT, (name, steps)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_plan_narrows_what_is_asked_without_reading_a_table_through(engine: Engine) -> None:
    for name in WITH_PLAN:
        steps = planned(engine, FOUND[name].where(IN_PLAN))  # type: ignore[attr-defined]
        assert not [one for one in steps if one.startswith("SCAN")], (name, steps)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("HISTORY", "SEARCH shown_question USING INDEX sqlite_autoindex_shown_question_2"),
        (
            "HISTORY_SINCE",
            "SEARCH review USING INDEX sqlite_autoindex_review_1 (user_id=? AND num",
        ),
        (
            "DUE",
            "SEARCH memory USING INDEX ix_memory_user_deck_due (user_id=? AND deck_id=? AND due",
        ),
        ("LOAD", "SEARCH memory USING COVERING INDEX ix_memory_user_due"),
        ("STANDING", "SEARCH memory USING PRIMARY KEY (user_id=? AND fact_id=?)"),
    ],
)
def test_the_learners_own_index_is_the_one_taken(engine: Engine, name: str, step: str) -> None:
    steps = planned(engine, FOUND[name])
    assert any(one.startswith(step) for one in steps), steps


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_compiles_no_statement_of_the_answer_path_anew(engine: Engine) -> None:
    """SQLite asks its authorizer whatever it compiles, and nobody about what it has compiled."""
    given, compiled = dict.fromkeys(NAMES, 1), list[str]()
    sent = [""]

    def tell(*_: object) -> int:
        compiled.append(sent[0])
        return 0

    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.set_authorizer(tell)  # this alone lets SQLite compile everything once more
        for name, statement in FOUND.items():
            if isinstance(statement, Select) and not name.endswith("IN_PLAN"):
                sent[0] = f"first {name}"
                all_rows(connection, statement, given)
                sent[0] = name
                all_rows(connection, statement, given)
    again = set(compiled) & set(FOUND)
    assert not again
    assert "first DUE" in compiled
