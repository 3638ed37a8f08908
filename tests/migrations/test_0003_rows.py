"""The rows of the release before are whole after migration 0003, and after going back."""

import json

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade

ROWS = """
INSERT INTO deck VALUES (7, 'd', 'D', '', 'en', 3);
INSERT INTO entity (id, deck_id, key, position, name, kind, aliases)
VALUES (1, 7, 'lima', 0, 'Lima', 'city', '["Lima Town"]');
INSERT INTO relation (id, deck_id, key, position, ask, ask_inverse, say, value_kind, many)
VALUES (2, 7, 'in', 0, 'Where?', '', '', 'entity', true);
INSERT INTO fact (id, deck_id, key, position, value, stance, according_to_text, as_of, quote,
status, ask, ask_inverse, say, note, tags, revision, subject_id)
VALUES (5, 7, 'f', 0, '"x"', 'stated', '', '', '', 'published', '', '', '', '', '[]', 1, 1);
INSERT INTO fact_revision VALUES (1, 5, 1, NULL, 1234, '{}');
INSERT INTO "user" (id, display_name, active, fs_uniquifier, created_epoch_s, time_zone,
desired_retention, new_per_day, on_leaderboard, score, reviews)
VALUES (9, 'L', true, 'u', 1, 'UTC', 0.9, 10, false, 0, 0);
INSERT INTO memory VALUES (9, 5, 2.0, 5.0, 1, 2, 1, 0, 'cloze', 3, 3);
"""


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_rows_survive_and_what_is_there_becomes_the_first_revision(engine: Engine) -> None:
    downgrade(engine, "0002")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in ROWS.strip().split(";\n"):
            connection.execute(text(row.removesuffix(";")))
    upgrade(engine)
    assert rows(engine, "SELECT id, revision, superseded_by_id, subject_id FROM fact") == [
        (5, 1, None, 1)
    ]
    assert rows(engine, "SELECT user_id, fact_id, reviews FROM memory") == [(9, 5, 1)]
    (entity,) = rows(engine, "SELECT entity_id, revision, changed_epoch_s FROM entity_revision")
    assert entity == (1, 1, 1234)
    (body,) = rows(engine, "SELECT CAST(body AS TEXT) FROM entity_revision")[0]
    kept = {"key": "lima", "name": "Lima", "kind": "city", "aliases": ["Lima Town"]}
    assert json.loads(str(body)) == kept
    (body,) = rows(engine, "SELECT CAST(body AS TEXT) FROM relation_revision")[0]
    assert json.loads(str(body))["many"] is True
    downgrade(engine, "0002")
    assert rows(engine, "SELECT id, name FROM entity") == [(1, "Lima")]
    assert rows(engine, "SELECT id, subject_id FROM fact") == [(5, 1)]
    assert rows(engine, "SELECT user_id, fact_id, reviews FROM memory") == [(9, 5, 1)]
    assert rows(engine, "SELECT fact_id, changed_epoch_s FROM fact_revision") == [(5, 1234)]
