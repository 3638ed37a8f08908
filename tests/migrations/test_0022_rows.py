"""Decks keep their facts through migration 0022, and their numbers are never given again."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade
from tests.migrations.test_0021_rows import ROWS

NEW = """INSERT INTO deck (key, title, description, language, revision)
    VALUES ('e', 'E', '', 'en', 1)"""


def test_decks_keep_their_facts_and_no_number_is_given_twice(engine: Engine) -> None:
    downgrade(engine, "0021")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in ROWS:
            connection.execute(text(row))
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT setval(pg_get_serial_sequence('deck', 'id'), 7)"))
    upgrade(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        facts = connection.execute(text("SELECT id, deck_id FROM fact ORDER BY id")).all()
        assert [tuple(row) for row in facts] == [(5, 7), (6, 7)]
        connection.execute(text("DELETE FROM deck"))
        assert not connection.execute(text("SELECT id FROM fact")).all()
        connection.execute(text(NEW))
        assert connection.execute(text("SELECT id FROM deck")).scalar_one() == 8
    downgrade(engine, "0021")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT id, key, revision FROM deck")).one()
        assert tuple(kept) == (8, "e", 1)
    upgrade(engine)
