"""The learner's day, and how a fact is asked as its memory grows."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from random import Random
from zoneinfo import ZoneInfo

import pytest

from app.core.planning import Asked, day_start_epoch_s, study_day, ways_to_ask
from app.core.questions.question import Direction, QuestionType

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
QUARTER_S = 900


@pytest.mark.parametrize("name", ZONES)
def test_days_never_skip_or_go_back_across_two_years(name: str) -> None:
    zone = ZoneInfo(name)
    start = 1_704_067_200
    last = study_day(start, zone)
    for at in range(start, start + 2 * 366 * 86_400, 2 * QUARTER_S):
        day = study_day(at, zone)
        assert day - last in (0, 1)
        last = day


@pytest.mark.parametrize("name", ZONES)
def test_a_day_starts_where_the_one_before_ends(name: str) -> None:
    zone = ZoneInfo(name)
    for day in range(739_000, 739_400):
        start = day_start_epoch_s(day, zone)
        assert study_day(start, zone) == day
        assert study_day(start - 1, zone) == day - 1


def first_way(
    possible: Iterable[Asked], stability: float | None, last: QuestionType | None, rng: Random
) -> Asked:
    """How a fact is asked for which only some ways make a question."""
    return next(way for way in chain(*ways_to_ask(stability, last, rng)) if way in possible)


def test_question_types_climb_with_stability() -> None:
    every = [(kind, Direction.FORWARD) for kind in QuestionType]
    rng = Random(1)  # noqa: S311 a test's chance
    young = {first_way(every, None, None, rng)[0] for _ in range(60)}
    assert young == {
        QuestionType.MULTIPLE_CHOICE,
        QuestionType.TRUE_FALSE,
        QuestionType.MATCHING,
        QuestionType.MULTIPLE_SELECT,
    }
    assert first_way(every, 30, None, rng)[0] is QuestionType.SHORT_ANSWER
    assert first_way(every, 4, QuestionType.ORDERING, rng)[0] is QuestionType.CLOZE


def test_a_type_is_not_asked_twice_running_when_there_is_another() -> None:
    pair = [
        (QuestionType.SHORT_ANSWER, Direction.FORWARD),
        (QuestionType.FLASHCARD, Direction.FORWARD),
    ]
    rng = Random(1)  # noqa: S311 a test's chance
    assert first_way(pair, 30, QuestionType.SHORT_ANSWER, rng)[0] is QuestionType.FLASHCARD
    assert first_way(pair[:1], 30, QuestionType.SHORT_ANSWER, rng) == pair[0]


@pytest.mark.parametrize("last", [None, *QuestionType])
@pytest.mark.parametrize("stability", [None, 1.0, 4.0, 30.0])
def test_every_way_to_ask_is_tried_once(stability: float | None, last: QuestionType | None) -> None:
    ways = list(chain(*ways_to_ask(stability, last, Random(1))))  # noqa: S311 as above
    every = [(kind, direction) for kind in QuestionType for direction in Direction]
    assert sorted(ways) == sorted(every)
    assert last is None or {kind for kind, _ in ways[-2:]} == {last}


TWELVE = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Santiago",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Africa/Casablanca",
]


@pytest.mark.parametrize("name", TWELVE)
def test_every_quarter_of_an_hour_of_four_years_has_its_day(name: str) -> None:
    """Days neither repeat, skip nor go back, and each begins where its start is said to be."""
    zone = ZoneInfo(name)
    first, end = 1_672_531_200, 1_798_761_600
    day = study_day(first, zone)
    turn = day_start_epoch_s(day + 1, zone)
    for at in range(first, end, QUARTER_S):
        if at >= turn:
            assert turn > at - QUARTER_S
            day += 1
            turn = day_start_epoch_s(day + 1, zone)
        assert study_day(at, zone) == day, datetime.fromtimestamp(at, zone)
    assert day - study_day(first, zone) == 1461
