"""Learners of the release before are whole after migration 0004, and wait to be counted."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

LEARNER = """INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s,
time_zone, desired_retention, new_per_day, on_leaderboard, score, reviews)
VALUES (9, 'L', true, 'u', 1, 'UTC', 0.9, 10, false, 70, 12)"""


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_what_learners_did_before_is_still_to_be_counted(engine: Engine) -> None:
    downgrade(engine, "0003")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text(LEARNER))
    upgrade(engine)
    assert rows(engine, 'SELECT id, score, reviews, reviews_counted FROM "user"') == [
        (9, 70, 12, 0)
    ]
    waiting = 'SELECT id FROM "user" WHERE reviews > reviews_counted'
    assert rows(engine, waiting) == [(9,)]
    downgrade(engine, "0003")
    assert rows(engine, 'SELECT id, score, reviews FROM "user"') == [(9, 70, 12)]
