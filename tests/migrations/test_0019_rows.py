"""Memories learn their facts' decks in migration 0019, follow a move, and lose only that again."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade
from tests.migrations.test_0007_rows import ROWS

MORE = (
    """INSERT INTO deck (id, key, title, description, language, revision)
    VALUES (7, 'e', 'E', '', 'en', 1)""",
    """INSERT INTO fact (id, deck_id, key, position, value, stance, according_to_text, as_of, quote,
    status, ask, ask_inverse, say, note, tags, revision) VALUES
    (5, 7, 'g', 1, '{}', 'stated', '', '', '', 'published', '', '', '', '', '[]', 1)""",
    """INSERT INTO memory (user_id, fact_id, stability_days, difficulty, last_review_epoch_s,
    due_epoch_s, reviews, lapses, last_type, first_study_day, last_study_day, state) VALUES
    (1, 1, 2.5, 5, 9, 10, 1, 0, 'cloze', 1, 1, 0),
    (1, 5, 3.5, 6, 19, 20, 2, 1, 'cloze', 1, 2, 1)""",
)


def test_memories_are_in_their_facts_decks_and_follow_them(engine: Engine) -> None:
    downgrade(engine, "0018")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in (*ROWS.strip().split(";\n"), *MORE):
            connection.execute(text(row))
    upgrade(engine)
    decks = text("SELECT fact_id, deck_id, stability_days, state FROM memory ORDER BY fact_id")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        assert [tuple(row) for row in connection.execute(decks)] == [(1, 1, 2.5, 0), (5, 7, 3.5, 1)]
        connection.execute(text("UPDATE fact SET deck_id = 7 WHERE id = 1"))
        assert [row[1] for row in connection.execute(decks)] == [7, 7]
        connection.execute(text("DELETE FROM fact WHERE id = 5"))
        assert [row[0] for row in connection.execute(decks)] == [1]
    downgrade(engine, "0018")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT fact_id, stability_days, due_epoch_s FROM memory"))
        assert [tuple(row) for row in kept] == [(1, 2.5, 10)]
    upgrade(engine)
