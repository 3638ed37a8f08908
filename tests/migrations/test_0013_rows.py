"""Tokens of programs come and go with migration 0013; people stay."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

PERSON = (
    'INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s, time_zone,'
    " desired_retention, new_per_day, on_leaderboard, score, reviews)"
    " VALUES (9, 'L', true, 'u', 1, 'UTC', 0.9, 10, false, 0, 0)"
)
PROGRAM = (
    "INSERT INTO api_token (id, user_id, secret_sha256, name, scopes, created_epoch_s)"
    " VALUES (1, 9, 's', 'n', 'read', 1)"
)


def run(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text(statement))


def test_people_stay_and_tokens_go_again(engine: Engine) -> None:
    downgrade(engine, "0012")
    run(engine, PERSON)
    upgrade(engine)
    run(engine, PROGRAM)
    downgrade(engine, "0012")
    with engine.connect() as connection:
        names = connection.execute(text('SELECT display_name FROM "user"')).scalars().all()
    assert names == ["L"]
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM api_token")).scalar() == 0
