"""New facts are counted by one rule on every page, and what was learned this week is listed."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.evaluation import evaluate
from app.core.facts import Deck
from app.models.content import FactRow
from app.models.database import writing
from app.models.learning import Memory, Review
from app.services import amendments, insights, memory_events, study
from app.services.decks import import_deck
from app.services.sessions import learner_of
from tests.services.conftest import made_deck
from tests.services.test_insights import DAY_S, NOW, studied
from tests.services.test_memory_events import wishing
from tests.services.test_study import facts_apart, work


def same_on_both(session: Session, learner: int, now: int) -> int:
    """Return what Today counts, which is what the forecast's first day holds."""
    today = study.today(session, learner, None, now).new_left
    assert insights.insights(session, learner, now).forecast[0].new == today
    return today


@pytest.mark.writes_rows
def test_today_and_the_forecast_count_the_same_new_facts(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=20)
    import_deck(session, made_deck("never-begun"), NOW)
    assert same_on_both(session, learner, NOW) == 0  # no deck begun
    assert study.today(session, learner, deck.key, NOW).new_left == 20
    studied(session, deck, learner)
    assert same_on_both(session, learner, NOW) == 15  # five of twenty are used up
    facts = session.scalars(select(FactRow.id).order_by(FactRow.id)).all()
    memory_events.suspend(session, learner, facts[20], NOW)
    with writing(session):
        retired = update(FactRow).where(FactRow.id.in_(facts[10:18]))
        session.execute(retired.values(status="retired"))
    later = NOW + DAY_S
    assert same_on_both(session, learner, later) == 26 - 5 - 1 - 8
    ahead = insights.insights(session, learner, later).forecast
    assert sum(one.new for one in ahead) == 12


def test_the_forecasts_first_day_keeps_to_what_is_left_of_today(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=8), facts_apart(session)
    work(session, learner, study.start(session, learner, deck.key, NOW), NOW, set())
    study.save_wishes(session, learner, wishing(study.wishes(session, learner), reviews_per_day=3))
    later = NOW + 60 * DAY_S
    first = insights.insights(session, learner, later).forecast[0]
    assert 3 <= first.known < 3 * 2  # those missed are asked twice
    work(session, learner, study.start(session, learner, deck.key, later), later, set())
    told = insights.insights(session, learner, later)
    assert study.today(session, learner, None, later).due == 0
    assert told.forecast[0].known == 0


def test_what_was_learned_this_week_is_listed_with_its_facts(
    session: Session, deck: Deck, learner: int
) -> None:
    studied(session, deck, learner)
    told = insights.insights(session, learner, NOW + 6 * DAY_S).learned
    assert told.count == len(told.facts) == 5
    assert {one.fact_id for one in told.facts} == set(session.scalars(select(Memory.fact_id)))
    assert all(0 < one.recall < 1 and one.statement for one in told.facts)
    assert insights.insights(session, learner, NOW + 7 * DAY_S).learned.count == 0
    last = session.scalars(select(Review.token).order_by(Review.number.desc())).first()
    assert last is not None
    amendments.undo(session, learner, last, NOW + 60)
    assert insights.insights(session, learner, NOW + 60).learned.count == 4


def logged(session: Session, learner: int) -> str:
    """Return the learner's log as `factdeck evaluate` reads it."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("card_id", "review_time", "review_rating"))
    rows = select(Review.fact_id, Review.reviewed_epoch_s, Review.rating).order_by(Review.number)
    for fact, at, rating in session.execute(rows.where(Review.user_id == learner)):
        table.writerow((fact, datetime.fromtimestamp(at, UTC).isoformat(), rating))
    return text.getvalue()


def test_the_progress_page_measures_predictions_as_evaluate_does(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=8), facts_apart(session)
    for days, misses in ((0, {2}), (3, {1, 4}), (9, {3}), (40, {2, 5}), (130, {1})):
        at = NOW + days * DAY_S
        work(session, learner, study.start(session, learner, deck.key, at), at, misses)
    at = NOW + 130 * DAY_S
    told = insights.insights(session, learner, at).calibration
    zone = learner_of(session, learner).zone
    assert zone == ZoneInfo("UTC")
    by_file = evaluate(logged(session, learner), zone)
    assert told is not None
    assert told.count == by_file["scored"] > 20
    assert told.log_loss == pytest.approx(by_file["log_loss"], abs=1e-6)
    assert told.rmse_bins == pytest.approx(by_file["rmse_bins"], abs=1e-6)
