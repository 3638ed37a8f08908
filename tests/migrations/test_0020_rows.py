"""Facts that are there have no pictures with migration 0020, and lose nothing without it."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

ROWS = (
    "INSERT INTO deck VALUES (7, 'd', 'D', '', 'en', 3)",
    """INSERT INTO fact (id, deck_id, key, position, value, stance, according_to_text, as_of, quote,
    status, ask, ask_inverse, say, note, tags, revision) VALUES (5, 7, 'f', 0, '{}', 'stated', '',
    '', '', 'draft', 'Which?', '', '', 'n', '["t"]', 4)""",
)
PICTURE = (
    "INSERT INTO picture (deck_id, name, media_type, width, height, data) "
    "VALUES (7, 'a.png', 'image/png', 1, 2, :data)"
)


def test_a_fact_gets_no_pictures_and_keeps_the_rest(engine: Engine) -> None:
    downgrade(engine, "0019")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in ROWS:
            connection.execute(text(row))
    upgrade(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        found = connection.execute(text("SELECT pictures, note, tags, revision FROM fact")).one()
        assert [str(found[0]), found[1], found[3]] == ["[]", "n", 4]
        connection.execute(text(PICTURE), {"data": b"x"})
        connection.execute(text("UPDATE fact SET pictures = '[{}]'"))
    downgrade(engine, "0019")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT ask, note, revision FROM fact")).one()[:] == (
            "Which?",
            "n",
            4,
        )
    upgrade(engine)
