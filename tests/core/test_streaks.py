"""Streaks forgive a rest day a week; levels follow points."""

import pytest

from app.core.streaks import level_of, streak


@pytest.mark.parametrize(
    ("days", "length", "rested"),
    [
        ([], 0, 0),
        ([100], 1, 0),
        ([99, 98], 2, 0),
        ([100, 99, 97], 3, 1),
        ([100, 98, 97, 95], 3, 1),
        ([100, 98, 97, 96, 95, 94, 93, 91], 8, 2),
        ([98], 1, 1),
        ([97], 0, 0),
        ([101, 100, 99], 2, 0),
    ],
)
def test_one_day_in_seven_may_be_rested(days: list[int], length: int, rested: int) -> None:
    found = streak(days, 100)
    assert (found.days, found.rested) == (length, rested)


@pytest.mark.parametrize(
    ("points", "number", "next_at"),
    [(0, 0, 1), (0.9, 0, 1), (1, 1, 10), (24.9, 2, 25), (100, 5, None)],
)
def test_the_level_follows_the_points(points: float, number: int, next_at: int | None) -> None:
    assert (level_of(points).number, level_of(points).next_at) == (number, next_at)
