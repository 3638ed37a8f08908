"""The day on which a fact comes back: fuzz, balance, and a date to be ready by."""

from collections import Counter
from random import Random

import fsrs
import pytest
from fsrs_rs_python import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from app.core.intervals import (
    Wanted,
    allowed_days,
    by_chance,
    days_allowed,
    fuzz_days,
    least_loaded,
    retention_towards,
)
from app.core.memory import retrievability

EVEN = (100,) * 7


def chance(seed: int | str = 1) -> Random:
    return Random(seed)  # noqa: S311 a test's chance


@pytest.mark.parametrize(
    ("interval", "low", "high"),
    [(1, 1, 1), (2, 2, 2), (2.5, 2, 4), (7, 5, 9), (20, 17, 23), (100, 93, 107), (365, 345, 385)],
)
def test_fuzz_allows_the_days_that_anki_documents(interval: float, low: int, high: int) -> None:
    allowed = allowed_days(interval, 36_500)
    assert (allowed[0], allowed[-1]) == (low, high)


def test_fuzz_is_as_wide_as_the_reference_has_it() -> None:
    for interval in range(3, 400):
        delta = 1.0
        for one in fsrs.scheduler.FUZZ_RANGES:
            delta += one["factor"] * max(min(interval, one["end"]) - one["start"], 0.0)
        assert fuzz_days(interval) == pytest.approx(delta)


@given(st.floats(0.01, 100_000), st.integers(1, 36_500))
def test_no_day_is_under_one_or_over_the_maximum(interval: float, maximum: int) -> None:
    allowed = allowed_days(interval, maximum)
    assert 1 <= allowed[0] <= allowed[-1] <= maximum


def test_the_least_loaded_of_the_allowed_days_is_taken() -> None:
    load = {5: 9, 6: 9, 7: 2, 8: 9, 9: 9}
    assert least_loaded(range(5, 10), load, EVEN, 739_000, chance()) == 7
    assert least_loaded(range(5, 10), {}, EVEN, 739_000, chance()) in range(5, 10)


def test_an_easy_weekday_gets_less_and_one_of_zero_nothing() -> None:
    today = 739_000
    closed = (today + 7 - 1) % 7
    loads = tuple(0 if weekday == closed else 100 for weekday in range(7))
    crowded = dict.fromkeys(range(5, 10), 50) | {7: 0}
    assert least_loaded(range(5, 10), crowded, loads, today, chance()) != 7
    assert least_loaded(range(7, 8), {}, loads, today, chance()) == 7
    rng = chance()
    drawn = Counter(by_chance(range(5, 10), loads, today, rng) for _ in range(300))
    assert drawn[7] == 0
    assert min(drawn[days] for days in (5, 6, 8, 9)) > 40


def test_the_same_seed_gives_the_same_day() -> None:
    draws = [least_loaded(range(5, 30), {}, EVEN, 1, chance("7:3:1")) for _ in range(5)]
    assert len(set(draws)) == 1


def test_wanted_recall_rises_towards_a_date() -> None:
    rising = [retention_towards(0.85, left) for left in (None, 40, 30, 20, 10, 0)]
    assert rising == sorted(rising)
    assert rising[:3] == [0.85] * 3
    assert rising[-1] == pytest.approx(0.97)
    assert retention_towards(0.85, -3) == 0.85


@given(st.floats(0.5, 2000), st.integers(2, 400))
def test_on_the_date_a_fact_was_just_asked_or_is_still_known(stability: float, left: int) -> None:
    allowed = days_allowed(stability, Wanted(0.9, 36_500, left), DEFAULT_PARAMETERS)
    assert allowed[0] >= 1
    if allowed[-1] >= left:
        assert retrievability(stability, left) >= 0.97 - 1e-9
