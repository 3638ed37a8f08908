"""The migrations make the very schema of the models, up and down, on both engines."""

import re

import pytest
from sqlalchemy import Engine, inspect, text

from app.core.errors import Refused
from app.models import content, imports, learning, people, sharing, studio
from app.models.base import Base
from app.models.database import make_engine
from app.models.migrating import (
    FromTheFuture,
    current_revision,
    downgrade,
    upgrade,
)

TABLES = (content, imports, learning, people, sharing, studio)
METADATA = Base.metadata


def clauses(ddl: str) -> list[str]:
    """The parts of a statement in a fixed order: Alembic writes constraints in its own.

    SQLite writes a rebuilt table's name in quotes.
    """
    unquoted = re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", ddl)
    whole = " ".join(unquoted.split()).replace(") WITHOUT", "), CONSTRAINT WITHOUT")
    parted = re.split(r", (?=CONSTRAINT|[a-z_\"]+ [A-Z]+)", whole)
    return sorted(part.strip(")( ") for part in parted)


def schema_of(engine: Engine) -> object:
    """Everything that the database says of its schema, CHECKs included."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%'")
            )
            own = {row.name: clauses(row.sql or "") for row in rows}
            own.pop("sqlite_sequence", None)  # SQLite's own, and never dropped
            return own
    inspector = inspect(engine)
    return {
        table: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)
            ],
            "pk": inspector.get_pk_constraint(table),
            "fks": sorted(map(str, inspector.get_foreign_keys(table))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "checks": sorted(map(str, inspector.get_check_constraints(table))),
            "indexes": sorted(map(str, inspector.get_indexes(table))),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_the_migrations_make_the_schema_of_the_models(engine: Engine) -> None:
    migrated = schema_of(engine)
    downgrade(engine, "base")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        METADATA.create_all(connection)
    assert schema_of(engine) == migrated
    assert "fact" in str(migrated)
    assert "status_known" in str(migrated)


def test_up_down_and_up_again_leave_the_same_schema(engine: Engine) -> None:
    before = schema_of(engine)
    downgrade(engine, "base")
    assert schema_of(engine) == {}
    assert current_revision(engine) is None
    upgrade(engine)
    assert schema_of(engine) == before
    assert not upgrade(engine)


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    before = schema_of(engine)
    assert not upgrade(engine)
    assert schema_of(engine) == before
    assert current_revision(engine) is not None


def test_a_database_of_a_newer_version_is_refused_and_left_alone(engine: Engine) -> None:
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(FromTheFuture, match="9999") as refused:
        upgrade(engine)
    assert isinstance(refused.value, Refused)
    assert current_revision(engine) == "9999"


def test_foreign_keys_are_on_again_after_a_migration(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_days_that_are_there_learn_how_many_known_facts_were_studied(engine: Engine) -> None:
    downgrade(engine, "0001")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for statement in _STUDIED:
            connection.execute(text(statement))
    upgrade(engine)
    with engine.connect() as connection:
        days = connection.execute(text("SELECT study_day, due_facts, reviews FROM daily_total"))
        assert sorted(map(tuple, days)) == [(10, 0, 2), (11, 1, 2)]
        memory = connection.execute(text("SELECT state, stability_days FROM memory")).one()
        assert tuple(memory) == (0, 3.5)
    downgrade(engine, "0001")
    with engine.connect() as connection:
        days = connection.execute(text("SELECT study_day, reviews FROM daily_total"))
        assert sorted(map(tuple, days)) == [(10, 2), (11, 2)]


_REVIEW = (
    "INSERT INTO review (user_id, number, token, session_token, moves_memory, fact_id,"
    " question_type, direction, response, credit, verdict, why, rating, points,"
    " reviewed_epoch_s, study_day, response_ms) VALUES (1, {0}, 't{0}', 's', {1}, 1, 'cloze',"
    " 'forward', '{{}}', 1, 'exact', '', 3, 0, {0}, {2}, 5)"
)
_STUDIED = (
    (
        'INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s, time_zone,'
        " desired_retention, new_per_day, on_leaderboard, score, reviews)"
        " VALUES (1, '', true, 'u', 0, 'UTC', 0.9, 10, false, 0, 4)"
    ),
    (
        "INSERT INTO deck (id, key, title, description, language, revision)"
        " VALUES (1, 'd', 'D', '', 'en', 1)"
    ),
    (
        "INSERT INTO fact (id, deck_id, key, position, value, stance, according_to_text, as_of,"
        " quote, status, ask, ask_inverse, say, note, tags, revision)"
        " VALUES (1, 1, 'f', 1, '{}', 'stated', '', '', '', 'published', '', '', '', '', '[]', 1)"
    ),
    _REVIEW.format(1, "true", 10),
    _REVIEW.format(2, "true", 10),
    _REVIEW.format(3, "false", 11),
    _REVIEW.format(4, "true", 11),
    "INSERT INTO daily_total VALUES (1, 10, 2, 2, 1, 0, 10), (1, 11, 2, 2, 0, 0, 10)",
    "INSERT INTO memory VALUES (1, 1, 3.5, 5, 4, 9, 3, 0, 'cloze', 10, 11)",
)
