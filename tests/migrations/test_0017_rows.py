"""Shared quizzes come and go with migration 0017; people, and what they answered, stay."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

BEFORE = (
    (
        'INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s, time_zone,'
        " desired_retention, new_per_day, on_leaderboard, score, reviews)"
        " VALUES (9, 'L', true, 'u', 1, 'UTC', 0.9, 10, false, 0, 0)"
    ),
    (
        "INSERT INTO deck (id, key, title, description, language, revision)"
        " VALUES (3, 'd', 'D', '', 'en', 1)"
    ),
    (
        "INSERT INTO learning_session (user_id, token, deck_id, kind, plan, seed, started_epoch_s)"
        " VALUES (9, 's', 3, 'quiz', '[]', 1, 1)"
    ),
)
AFTER = (
    (
        "INSERT INTO shared_quiz (id, user_id, deck_id, secret_sha256, title, questions,"
        " created_epoch_s, closes_epoch_s) VALUES (5, 9, 3, 'x', 't', '[]', 1, 2)"
    ),
    (
        "INSERT INTO quiz_entry (user_id, shared_quiz_id, session_token, name, joined_epoch_s)"
        " VALUES (9, 5, 's', 'L', 1)"
    ),
    "INSERT INTO embed_origin (deck_id, origin) VALUES (3, 'https://a.example')",
)


def run(engine: Engine, *statements: str) -> None:
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))


def test_what_people_did_stays_and_shared_quizzes_go_again(engine: Engine) -> None:
    downgrade(engine, "0016")
    run(engine, *BEFORE)
    upgrade(engine)
    run(engine, *AFTER)
    downgrade(engine, "0016")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT user_id, token FROM learning_session")).all()
    assert [tuple(one) for one in kept] == [(9, "s")]
    upgrade(engine)
    with engine.connect() as connection:
        for table in ("shared_quiz", "quiz_entry", "embed_origin"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0  # noqa: S608 names of ours
