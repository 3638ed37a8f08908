"""Articles that are there become their first revision in migration 0009."""

import json

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

ROWS = (
    "INSERT INTO deck VALUES (7, 'd', 'D', '', 'en', 3)",
    """INSERT INTO source (id, deck_id, key, position, title, publisher, url, published, licence,
    text) VALUES (2, 7, 's', 0, 'S', 'Press', '', '2024', '', 'One.')""",
)


def test_an_article_keeps_its_text_and_begins_its_history(engine: Engine) -> None:
    downgrade(engine, "0008")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in ROWS:
            connection.execute(text(row))
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT revision FROM source")).scalar() == 1
        query = "SELECT source_id, revision, CAST(body AS TEXT) FROM source_revision"
        (number, revision, body), *others = connection.execute(text(query)).all()
    assert (number, revision, others) == (2, 1, [])
    assert json.loads(body) == {
        "key": "s",
        "title": "S",
        "publisher": "Press",
        "url": "",
        "published": "2024",
        "licence": "",
        "text": "One.",
    }
    downgrade(engine, "0008")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT text FROM source")).scalar() == "One."
