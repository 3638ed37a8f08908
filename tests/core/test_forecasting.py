"""The forecast loses no fact, keeps to the limits, and does not grow with the number of facts."""

import time
from random import Random

import pytest

from app.core.forecasting import Group, Plan, forecast
from app.core.memory import MemoryState, Rating, interval_days, next_state, retrievability

PLAN = Plan(new_waiting=0, new_per_day=10, reviews_per_day=10_000, desired_retention=0.9)


def test_what_is_due_is_asked_on_its_day_and_misses_cost_a_second_answer() -> None:
    days = forecast([Group(0, 10, 100), Group(3, 40, 50)], PLAN, 4)
    # Whole days and the grid of stabilities move predicted recall a little off 90 %.
    assert days[0].known == pytest.approx(110, rel=0.02)
    assert days[3].known >= 50


def test_the_limit_of_a_day_holds_back_and_forgets_nothing() -> None:
    plan = Plan(0, 0, 20, 0.9)
    days = forecast([Group(0, 400, 60)], plan, 4)
    assert days[0].known == pytest.approx(22, rel=0.03)
    assert days[2].known > 19
    assert days[3].known < 21


def test_new_facts_bring_reviews_until_none_are_left() -> None:
    days = forecast([], Plan(25, 10, 1000, 0.9), 60)
    assert [day.new for day in days[:4]] == [10, 10, 5, 0]
    assert sum(day.from_new for day in days) > 25
    assert all(day.known == 0 for day in days)


def test_the_mean_agrees_with_chance_fact_by_fact() -> None:
    rng, facts, horizon = Random(5), 2000, 60  # noqa: S311 no secret
    asked = 0
    for _ in range(facts):
        due, state = 0, MemoryState(5.0, 5.0, 0)
        wait = interval_days(5.0, 0.9)
        while due < horizon:
            asked += 1
            recalled = rng.random() < retrievability(state.stability_days, wait)
            asked += not recalled
            rating = Rating.GOOD if recalled else Rating.AGAIN
            after = next_state(state, rating, 0, wait)
            state = MemoryState(after.stability_days, 5.0, 0)
            wait = interval_days(state.stability_days, 0.9)
            due += wait
    expected = sum(day.known for day in forecast([Group(0, 5.0, facts)], PLAN, horizon))
    assert expected == pytest.approx(asked, rel=0.05)


def test_a_year_of_a_million_facts_takes_no_longer_than_that_of_a_thousand() -> None:
    groups = [Group(day, 1.3**level, 300) for day in range(365) for level in range(25)]
    plan = Plan(10**6, 30, 10**6, 0.9)
    forecast(groups, plan, 365)
    started = time.process_time()
    forecast(groups, plan, 365)
    assert time.process_time() - started < 10  # a hang, not a benchmark
