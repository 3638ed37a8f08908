"""The rows of the release before are whole after migration 0002, and after going back."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

ROWS = """
INSERT INTO deck VALUES (7, 'd', 'D', '', 'en', 3);
INSERT INTO source (id, deck_id, key, position, title, publisher, url, published, licence, text)
VALUES (2, 7, 's', 0, 'S', '', '', '', '', 'One.')
"""


def test_rows_survive_and_dismissed_sentences_go_with_their_source(engine: Engine) -> None:
    downgrade(engine, "0001")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in ROWS.strip().split(";\n"):
            connection.execute(text(row))
    upgrade(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(
            text("INSERT INTO dismissed_sentence VALUES (1, 2, :mark, NULL, 5)"), {"mark": "a" * 64}
        )
        assert connection.execute(text("SELECT text FROM source")).scalar() == "One."
        connection.execute(text("DELETE FROM source WHERE id = 2"))
        assert connection.execute(text("SELECT count(*) FROM dismissed_sentence")).scalar() == 0
    downgrade(engine, "0001")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT key FROM deck")).scalar() == "d"
