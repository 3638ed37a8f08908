"""Progress tells of the learner's own facts, days and points."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.services import answering, progress, study
from tests.services.test_answering import right, wrong

NOW = 1_763_900_000


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


def test_the_history_ends_today_and_adds_up(session: Session, deck: Deck, learner: int) -> None:
    points = studied(session, deck, learner)
    days = progress.score_history(session, learner, NOW, days=7)
    assert len(days) == 7
    assert (date.fromordinal(days[-1].day), days[-1].points) == (date(2025, 11, 23), points)
    assert days[-1].reviews == 5
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
