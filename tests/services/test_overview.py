"""The overview counts everybody together and says nothing of a handful."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.services import overview
from tests.services.test_insights import DAY_S, NOW, studied


def test_learners_and_decks_are_told_from_five_learners_on(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    for at in range(4):
        studied(session, deck, new_learner(), NOW - at * DAY_S)
    (few,) = overview.decks_overview(session, NOW)
    assert (few.facts, few.learners, few.hard_facts) == (26, None, None)
    studied(session, deck, new_learner(email="l@b.example", password="x"), NOW)  # noqa: S106 no secret
    (told,) = overview.decks_overview(session, NOW)
    assert (told.learners, told.started_month, told.language) == (5, 5, deck.language)
    assert told.mean_stability_days is not None
    assert told.mean_stability_days > 0
    (later,) = overview.decks_overview(session, NOW + 60 * DAY_S)
    assert (later.learners, later.started_month) == (5, None)
    whole = overview.learners_overview(session, NOW)
    assert (whole.people, whole.guests) == (1, 4)
    assert (whole.active_today, whole.active_week) == (2, 5)
    assert whole.answers_week == 25
    assert whole.retention is None


def test_a_large_deck_is_told_from_some_of_its_facts(
    session: Session,
    deck: Deck,
    new_learner: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(5):
        studied(session, deck, new_learner(), misses=3)
    (whole,) = overview.decks_overview(session, NOW)
    monkeypatch.setattr(overview, "SAMPLED", 5 * whole.facts // 2)
    (some,) = overview.decks_overview(session, NOW)
    assert (whole.is_estimate, some.is_estimate) == (False, True)
    assert whole.hard_facts is not None
    assert some.hard_facts is not None
    assert some.hard_facts % 2 == 0
    assert abs(some.hard_facts - whole.hard_facts) <= 4
    if session.get_bind().dialect.name == "sqlite":
        plan = "EXPLAIN QUERY PLAN " + str(overview._LEARNERS.compile(session.get_bind()))  # noqa: SLF001 its plan
        steps = [row[3] for row in session.connection().exec_driver_sql(plan)]
        assert not [step for step in steps if step.startswith("SCAN memory")], steps


def test_retention_of_all_is_that_of_facts_asked_again(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learners = [new_learner() for _ in range(5)]
    for learner in learners:
        studied(session, deck, learner)
    for learner in learners[:4]:
        studied(session, deck, learner, NOW + 20 * DAY_S)
    few = overview.learners_overview(session, NOW + 20 * DAY_S)
    assert few.retention is None, "of four somebody could be made out"
    studied(session, deck, learners[4], NOW + 20 * DAY_S, misses=5)
    told = overview.learners_overview(session, NOW + 20 * DAY_S)
    assert told.retention is not None
    assert 0.7 < told.retention < 0.95, "four of five recalled all"
