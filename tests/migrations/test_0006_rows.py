"""What people have uploaded goes with them, and with migration 0006."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

PERSON = """INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s, time_zone,
desired_retention, new_per_day, on_leaderboard, score, reviews)
VALUES (9, 'L', true, 'u', 1, 'UTC', 0.9, 10, false, 0, 0)"""


def test_people_survive_and_their_uploads_go_with_them(engine: Engine) -> None:
    downgrade(engine, "0005")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text(PERSON))
    upgrade(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(
            text(
                "INSERT INTO pending_import (user_id, token, deck_key, deck_revision, file_name,"
                " encoding, body, created_epoch_s) VALUES (9, 't', 'd', 0, 'f', 'UTF-8', '{}', 1)"
            )
        )
        connection.execute(text('DELETE FROM "user"'))
        assert connection.execute(text("SELECT count(*) FROM pending_import")).scalar() == 0
        connection.execute(text(PERSON))
    downgrade(engine, "0005")
    with engine.connect() as connection:
        assert connection.execute(text('SELECT display_name FROM "user"')).scalar() == "L"
