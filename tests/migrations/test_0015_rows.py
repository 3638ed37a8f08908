"""Passkeys and links that make accounts come and go with migration 0015; people stay."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade
from tests.migrations.test_0013_rows import PERSON, run

ROWS = (
    (
        "INSERT INTO passkey (id, user_id, credential_id, public_key, sign_count, name,"
        " created_epoch_s) VALUES (1, 9, 'c', 'p', 0, 'n', 1)"
    ),
    "INSERT INTO passkey_challenge VALUES ('s', 'c', 9, 1)",
    "INSERT INTO sign_up_link VALUES ('a@b.example', 't', 1)",
)


def test_people_stay_and_passkeys_and_links_go_again(engine: Engine) -> None:
    downgrade(engine, "0014")
    run(engine, PERSON)
    upgrade(engine)
    for row in ROWS:
        run(engine, row)
    downgrade(engine, "0014")
    with engine.connect() as connection:
        names = connection.execute(text('SELECT display_name FROM "user"')).scalars().all()
    assert names == ["L"]
    upgrade(engine)
    with engine.connect() as connection:
        for table in ("passkey", "passkey_challenge", "sign_up_link"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0  # noqa: S608 the names above
