"""A32: the machine's clock jumps, forth and back by years, while somebody studies.

The mutants that must fail: elapsed days without a floor at nought; a log ordered by its times.
"""

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models.learning import Memory, Review
from app.services import accounts, checking
from tests.web.conftest import Submit, sign_in_as
from tests.web.test_study_controls import Visit, any_answer

BEGAN = 1_763_900_000
DAY_S = 86_400
JUMPS_DAYS = (0, -3, 1_500, -9_000, 1, 40_000, 0)
"""Days from the beginning, one jump after the other."""
PAGES = (
    "/",
    "/study",
    "/progress",
    "/schedule",
    "/schedule/month",
    "/score",
    "/planner/aside",
    "/planner/history",
    "/decks/deepseek",
)


@pytest.fixture
def engine(client: FlaskClient) -> Engine:
    engine: Engine = client.application.extensions["factdeck"].engine
    return engine


@pytest.fixture
def jumps() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGAN, tick=True) as clock:
        yield clock


def test_a_clock_that_jumps_loses_nothing_and_breaks_no_memory(
    jumps: time_machine.Traveller,
    client: FlaskClient,
    submit: Submit,
    visit: Visit,
    engine: Engine,
) -> None:
    with Session(engine) as session:
        learner = accounts.sign_up(session, None, "a@b.example", "a long enough phrase", BEGAN)
    for days in JUMPS_DAYS:
        jumps.move_to(BEGAN + days * DAY_S)
        sign_in_as(client, learner)  # years later the sign-in has ended
        for _ in range(3):
            question = submit("/decks/deepseek", "/decks/deepseek/study").headers["Location"]
            told = submit(question, question, **any_answer(visit(question).text))
            assert told.status_code == 303, days
            page = visit(told.headers["Location"])
            assert page.status_code == 200, days
            assert "nan" not in page.text.split("<main")[1].lower().split(), days
        for path in PAGES:
            assert visit(path).status_code == 200, (days, path)
    with Session(engine) as session:
        assert checking.check(session) == []
        [warning] = checking.warnings(session)[-1:]
        assert "the clock went back" in warning
        numbers = session.scalars(select(Review.number)).all()
        assert sorted(numbers) == list(range(1, len(JUMPS_DAYS) * 3 + 1))
        for memory in session.scalars(select(Memory)):
            assert memory.stability_days > 0
            assert 1 <= memory.difficulty <= 10
            assert memory.due_epoch_s >= memory.last_review_epoch_s
