"""Facts are found by their tags after migration 0021, and keep them without it."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

ROWS = (
    "INSERT INTO deck VALUES (7, 'd', 'D', '', 'en', 3)",
    """INSERT INTO fact (id, deck_id, key, position, value, stance, according_to_text, as_of, quote,
    status, ask, ask_inverse, say, note, tags, revision) VALUES
    (5, 7, 'f', 0, '{}', 'stated', '', '', '', 'draft', '', '', '', '', '["t", "ü x", "t"]', 4),
    (6, 7, 'g', 1, '{}', 'stated', '', '', '', 'published', '', '', '', '', '[]', 1)""",
)


def test_the_tags_of_facts_become_rows(engine: Engine) -> None:
    downgrade(engine, "0020")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in ROWS:
            connection.execute(text(row))
    upgrade(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        found = connection.execute(text("SELECT tag, fact_id FROM fact_tag ORDER BY tag")).all()
        assert [tuple(row) for row in found] == [("t", 5), ("ü x", 5)]
        connection.execute(text("DELETE FROM fact WHERE id = 5"))
        assert not connection.execute(text("SELECT tag FROM fact_tag")).all()
    downgrade(engine, "0020")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id, tags FROM fact")).scalar() == 6
    upgrade(engine)
