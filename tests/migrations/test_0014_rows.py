"""Nobody has chosen a language when migration 0014 comes; people stay when it goes."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

PERSON = (
    'INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s, time_zone,'
    " desired_retention, new_per_day, on_leaderboard, score, reviews)"
    " VALUES (9, 'L', true, 'u', 1, 'UTC', 0.9, 10, false, 0, 0)"
)


def run(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text(statement))


def asked(engine: Engine, query: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(query)).scalar()


def test_people_begin_without_a_language_of_their_own(engine: Engine) -> None:
    downgrade(engine, "0013")
    run(engine, PERSON)
    upgrade(engine)
    assert asked(engine, 'SELECT language FROM "user"') == ""
    run(engine, "UPDATE \"user\" SET language = 'de'")
    downgrade(engine, "0013")
    assert asked(engine, 'SELECT display_name FROM "user"') == "L"
    upgrade(engine)
