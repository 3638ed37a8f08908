"""Articles that are there have no author with migration 0016, and lose nothing without it."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

ROWS = (
    "INSERT INTO deck VALUES (7, 'd', 'D', '', 'en', 3)",
    """INSERT INTO source (id, deck_id, key, position, title, publisher, url, published, licence,
    text) VALUES (2, 7, 's', 0, 'S', 'Ann Lee, Press', '', '2024', '', 'One.')""",
)


def test_an_article_gets_an_empty_author_and_keeps_the_rest(engine: Engine) -> None:
    downgrade(engine, "0015")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in ROWS:
            connection.execute(text(row))
    upgrade(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        found = connection.execute(text("SELECT author, publisher, text FROM source")).one()
        assert tuple(found) == ("", "Ann Lee, Press", "One.")
        connection.execute(text("UPDATE source SET author = 'Ann Lee'"))
    downgrade(engine, "0015")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT title, publisher, text FROM source")).one()
        assert tuple(found) == ("S", "Ann Lee, Press", "One.")
    upgrade(engine)
