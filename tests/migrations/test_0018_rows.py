"""Reviews and sessions of before stay as they were in migration 0018."""

from sqlalchemy import Engine, text

from app.models.migrating import downgrade, upgrade
from tests.migrations.test_0007_rows import REVIEW, ROWS

SESSION = (
    "INSERT INTO learning_session (user_id, token, deck_id, kind, plan, seed, started_epoch_s)"
    " VALUES (1, 's', 1, 'study', '[]', 1, 1)"
)
LATE = "UPDATE review SET behind_review = 0, behind_change = 0, retold_due_epoch_s = 9"


def test_what_was_before_is_in_order_and_the_reviews_outlive_going_back(engine: Engine) -> None:
    downgrade(engine, "0017")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for row in (*ROWS.strip().split(";\n"), REVIEW.format(1, 10, 3, 3.0), SESSION):
            connection.execute(text(row))
    upgrade(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        places = connection.execute(text("SELECT behind_review, behind_change FROM review"))
        assert places.all() == [(None, None)]
        offline = connection.execute(text("SELECT is_offline FROM learning_session")).scalar()
        assert not offline
        connection.execute(text(LATE))
    downgrade(engine, "0017")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT number, study_day, rating FROM review")).one()
    assert tuple(kept) == (1, 10, 3)
    upgrade(engine)
