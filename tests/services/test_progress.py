"""Progress tells of the learner's own facts, days and points."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.services import answering, progress, study
from tests.services.test_answering import right, wrong

NOW = 1_763_900_000
DAY_S = 86_400


def studied(session: Session, deck: Deck, learner: int, misses: int = 0) -> float:
    """Answer five questions, the first ones wrongly; return the points."""
    token = study.start(session, learner, deck.key, NOW)
    points = 0.0
    for at in range(5):
        shown = study.next_question(session, learner, token, NOW)
        assert shown is not None
        question = answering.shown(session, learner, shown).question
        response = wrong(question) if at < misses else right(question)
        points += answering.answer(session, learner, shown, response, NOW, 2000).points
    return points


def test_the_schedule_lists_studied_facts_soonest_first(
    session: Session, deck: Deck, learner: int
) -> None:
    studied(session, deck, learner, misses=5)
    listed = progress.schedule(session, learner, NOW)
    dues = [one.due_epoch_s for one in listed]
    assert dues == sorted(due for due in dues if due is not None)
    assert listed[0].state_words == "due later today"
    assert all(one.statement.endswith(".") for one in listed)
    assert listed[0].retrievability == pytest.approx(1)
    whole = progress.schedule(session, learner, NOW, deck.key)
    assert len(whole) == len(deck.published)
    assert whole[-1].state_words == "not studied yet"


def test_the_forecast_counts_every_studied_fact_once(
    session: Session, deck: Deck, learner: int
) -> None:
    studied(session, deck, learner)
    far = progress.forecast(session, learner, NOW, days=365)
    assert len(far) == 365
    assert sum(one.due for one in far) == 5
    assert far[0].label == "23 Nov"
    late = progress.forecast(session, learner, NOW + 100 * DAY_S, days=3)
    assert late[0].due == 5


def test_the_history_ends_today_and_adds_up(session: Session, deck: Deck, learner: int) -> None:
    points = studied(session, deck, learner)
    days = progress.score_history(session, learner, NOW, days=7)
    assert len(days) == 7
    assert (days[-1].label, days[-1].points, days[-1].reviews) == ("23 Nov", points, 5)
    assert sum(day.reviews for day in days[:-1]) == 0
    told = progress.totals(session, learner, NOW)
    assert (told.points, told.reviews, told.facts_studied, told.seconds) == (points, 5, 5, 10)
    assert told.streak_days == 1


def test_only_those_who_want_it_are_on_the_leaderboard(
    session: Session, new_learner: Callable[..., int]
) -> None:
    shown = {"on_leaderboard": True, "password": "x"}
    new_learner(email="a@example.org", display_name="Ada", score=50, **shown)
    you = new_learner(email="b@example.org", display_name="Bo", score=70, **shown)
    new_learner(email="c@example.org", display_name="Cy", score=50, **shown)
    new_learner(email="d@example.org", password="x", score=900)  # noqa: S106 no secret
    new_learner(on_leaderboard=True, score=900)
    rows = progress.leaderboard(session, you)
    assert [(row.rank, row.display_name, row.points, row.is_you) for row in rows] == [
        (1, "Bo", 7.0, True),
        (2, "Ada", 5.0, False),
        (2, "Cy", 5.0, False),
    ]


@pytest.mark.parametrize(
    ("days", "streak"),
    [([], 0), ([10], 1), ([9, 8], 2), ([10, 9, 7], 2), ([8], 0), ([10, 8], 1)],
)
def test_a_streak_survives_until_today_is_over(days: list[int], streak: int) -> None:
    assert progress.streak_days(days, 10) == streak
