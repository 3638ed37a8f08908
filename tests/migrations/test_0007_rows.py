"""Days that are there learn their true retention in migration 0007, and lose only that again."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

ROWS = """
INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s, time_zone,
desired_retention, new_per_day, on_leaderboard, score, reviews, changes)
VALUES (1, '', true, 'u', 0, 'UTC', 0.9, 10, false, 0, 5, 1);
INSERT INTO deck (id, key, title, description, language, revision)
VALUES (1, 'd', 'D', '', 'en', 1);
INSERT INTO fact (id, deck_id, key, position, value, stance, according_to_text, as_of, quote,
status, ask, ask_inverse, say, note, tags, revision)
VALUES (1, 1, 'f', 1, '{}', 'stated', '', '', '', 'published', '', '', '', '', '[]', 1);
INSERT INTO daily_total (user_id, study_day, reviews, correct, new_facts, points, response_ms,
due_facts) VALUES (1, 10, 1, 1, 1, 0, 5, 0), (1, 13, 2, 1, 0, 0, 5, 1), (1, 50, 1, 1, 0, 0, 5, 1),
(1, 90, 1, 1, 0, 0, 5, 1)
"""
REVIEW = """INSERT INTO review (user_id, number, token, session_token, moves_memory, fact_id,
question_type, direction, response, credit, verdict, why, rating, points, reviewed_epoch_s,
study_day, response_ms, stability_days) VALUES (1, {0}, 't{0}', 's', true, 1, 'cloze', 'forward',
'{{}}', 1, 'exact', '', {2}, 0, {0}, {1}, 5, {3})"""
REVIEWS = ((1, 10, 3, 3.0), (2, 13, 1, 1.0), (3, 13, 3, 25.0), (4, 50, 3, 60.0), (5, 90, 3, 99.0))
UNSURE = """INSERT INTO review_amendment (user_id, number, change, kind, credit, verdict, why,
rating, points, after_review, amended_epoch_s)
VALUES (1, 5, 1, 'i_guessed', 0, 'wrong', '', 1, 0, 5, 9)"""


def test_days_that_are_there_learn_their_true_retention(engine: Engine) -> None:
    downgrade(engine, "0006")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in ROWS.strip().split(";\n"):
            connection.execute(text(row))
        for one in REVIEWS:
            connection.execute(text(REVIEW.format(*one)))
        connection.execute(text(UNSURE))
    upgrade(engine)
    query = "SELECT study_day, reviews, passed, mature, mature_passed FROM daily_total"
    with engine.connect() as connection:
        days = sorted(map(tuple, connection.execute(text(query))))
        kept = connection.execute(text("SELECT count(*), count(predicted) FROM review")).one()
    assert days == [(10, 1, 0, 0, 0), (13, 2, 0, 0, 0), (50, 1, 1, 1, 1), (90, 1, 0, 1, 0)]
    assert tuple(kept) == (5, 0)
    downgrade(engine, "0006")
    with engine.connect() as connection:
        days = connection.execute(text("SELECT study_day, reviews, due_facts FROM daily_total"))
        assert sorted(map(tuple, days)) == [(10, 1, 0), (13, 2, 1), (50, 1, 1), (90, 1, 1)]
