"""Who was a curator keeps every deck in migration 0008; nobody else gets one."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

USER = """INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s, time_zone,
desired_retention, new_per_day, on_leaderboard, score, reviews, changes)
VALUES ({0}, '', true, 'u{0}', 0, 'UTC', 0.9, 10, false, 0, 5, 1)"""
ROWS = (
    *(USER.format(number) for number in (1, 2, 3)),
    "INSERT INTO role (id, name, description) VALUES (1, 'curator', ''), (2, 'admin', '')",
    "INSERT INTO user_role (user_id, role_id) VALUES (1, 1), (2, 2), (2, 1)",
    "INSERT INTO deck VALUES (7, 'd', 'D', '', 'en', 3), (8, 'e', 'E', '', 'en', 1)",
)


def test_curators_keep_the_decks_that_are_there(engine: Engine) -> None:
    downgrade(engine, "0007")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in ROWS:
            connection.execute(text(row))
    upgrade(engine)
    with engine.connect() as connection:
        query = "SELECT user_id, deck_id FROM deck_curator ORDER BY user_id, deck_id"
        rows = [tuple(row) for row in connection.execute(text(query))]
    assert rows == [(1, 7), (1, 8), (2, 7), (2, 8)]
    downgrade(engine, "0007")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM user_role")).scalar() == 3
