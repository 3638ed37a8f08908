"""Records of imports and memories from elsewhere come and go with migration 0011."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

ROWS = (
    (
        'INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s, time_zone,'
        " desired_retention, new_per_day, on_leaderboard, score, reviews)"
        " VALUES (9, 'L', true, 'u', 1, 'UTC', 0.9, 10, false, 0, 0)"
    ),
    (
        "INSERT INTO deck (id, key, title, description, language, revision)"
        " VALUES (1, 'd', 'D', '', 'en', 1)"
    ),
    (
        "INSERT INTO fact (id, deck_id, key, position, value, stance, according_to_text, as_of,"
        " quote, status, ask, ask_inverse, say, note, tags, revision)"
        " VALUES (1, 1, 'f', 1, '{}', 'stated', '', '', '', 'published', '', '', '', '', '[]', 1)"
    ),
    (
        "INSERT INTO memory_event (user_id, change, fact_id, kind, cause, after_review, at_epoch_s,"
        " study_day, stability_days) VALUES (9, 1, 1, 'suspended', 4, 0, 5, 6, NULL)"
    ),
    (
        "INSERT INTO pending_import (user_id, token, deck_key, deck_revision, file_name, encoding,"
        " body, created_epoch_s) VALUES (9, 't', 'd', 0, 'f', 'UTF-8', '{}', 1)"
    ),
)
NEW = (
    (
        "INSERT INTO memory_event (user_id, change, fact_id, kind, after_review, at_epoch_s,"
        " study_day, stability_days, difficulty) VALUES (9, 2, 1, 'imported', 0, 5, 6, 3.5, 4.5)"
    ),
    (
        "INSERT INTO import_record (id, deck_id, user_id, file_name, format, new_facts,"
        " changed_facts, imported_epoch_s, touched, learning)"
        " VALUES (1, 1, 9, 'f', 'csv', 1, 0, 5, '{}', '{}')"
    ),
)


def run(engine: Engine, *statements: str) -> None:
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))


def test_what_was_there_stays_and_what_is_new_goes_again(engine: Engine) -> None:
    downgrade(engine, "0010")
    run(engine, *ROWS)
    upgrade(engine)
    run(engine, *NEW)
    with engine.connect() as connection:
        pending = connection.execute(text("SELECT format, package, learning FROM pending_import"))
        assert tuple(pending.one()) == ("", "", "")
    downgrade(engine, "0010")
    with engine.connect() as connection:
        events = connection.execute(text("SELECT change, kind, cause FROM memory_event"))
        assert [tuple(row) for row in events] == [(1, "suspended", 4)]
        names = connection.execute(text("SELECT file_name FROM pending_import"))
        assert names.scalar() == "f"
    upgrade(engine)
