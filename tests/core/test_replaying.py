"""A fact's story: exact FSRS-6 as fsrs-rs and py-fsrs have it, and the same however it is told."""

from datetime import UTC, datetime, timedelta
from math import exp
from random import Random

import fsrs
import fsrs_rs_python
import pytest
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from fsrs_rs_python import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from app.core.memory import Rating, retrievability
from app.core.replaying import (
    NOTHING,
    Answered,
    Changed,
    ChangeKind,
    Event,
    Tally,
    earned_by,
    tell,
)

START = datetime(2025, 1, 1, 12, tzinfo=UTC)


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 a test's chance


def answered(number: int, day: int, rating: Rating, worth: int = 10) -> Answered:
    return Answered(
        number=number,
        at_epoch_s=day * 86_400 + 43_200 + number,
        study_day=day,
        rating=rating,
        correct=rating > 1,
        worth=worth,
        response_ms=1000,
        question_type="cloze",
        moves_memory=True,
        due_epoch_s=(day + 1) * 86_400,
    )


def drawn_history(rng: Random) -> list[tuple[int, Rating]]:
    """Days and ratings, a third of the reviews on the same day as the one before."""
    day, history = START.toordinal(), []
    for _ in range(rng.randint(1, 16)):
        history.append((day, Rating(rng.choices((1, 2, 3, 4), (25, 15, 50, 10))[0])))
        day += 0 if rng.random() < 0.33 else int(exp(rng.uniform(0, 6)))
    return history


def drawn_parameters(rng: Random) -> tuple[float, ...]:
    factors = [exp(rng.gauss(0, 0.15)) for _ in DEFAULT_PARAMETERS]
    drawn = [value * factor for value, factor in zip(DEFAULT_PARAMETERS, factors, strict=True)]
    drawn[:4] = sorted(drawn[:4])
    bounds = zip(drawn, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    return tuple(min(high, max(low, value)) for value, low, high in bounds)


def test_states_equal_fsrs_rs_and_py_fsrs_over_thousands_of_histories() -> None:
    rng = chance(20)
    worst = 0.0
    for number in range(3000):
        parameters = drawn_parameters(rng) if number % 2 else tuple(DEFAULT_PARAMETERS)
        history = drawn_history(rng)
        told = tell(
            (answered(at, day, rating) for at, (day, rating) in enumerate(history, start=1)),
            parameters,
        ).standing.memory
        assert told is not None
        for other in (by_fsrs_rs(history, parameters), by_py_fsrs(number, history, parameters)):
            for mine, theirs in zip((told.stability_days, told.difficulty), other, strict=True):
                worst = max(worst, abs(mine - theirs) / theirs)
    assert worst < 1e-4, worst


def by_fsrs_rs(
    history: list[tuple[int, Rating]], parameters: tuple[float, ...]
) -> tuple[float, float]:
    """The state by fsrs-rs's own walk over a whole history."""
    reviews, last = [], history[0][0]
    for day, rating in history:
        reviews.append(fsrs_rs_python.FSRSReview(int(rating), day - last))
        last = day
    state = fsrs_rs_python.FSRS(parameters).memory_state(fsrs_rs_python.FSRSItem(reviews))
    return state.stability, state.difficulty


def by_py_fsrs(
    number: int, history: list[tuple[int, Rating]], parameters: tuple[float, ...]
) -> tuple[float, float]:
    """The state by the Python reference; its days are those between instants."""
    scheduler = fsrs.Scheduler(
        parameters, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    card = fsrs.Card(card_id=number + 1)
    for at, (day, rating) in enumerate(history):
        moment = START + timedelta(days=day - history[0][0], seconds=at)
        card, _ = scheduler.review_card(card, fsrs.Rating(int(rating)), moment)
    assert card.stability is not None
    assert card.difficulty is not None
    return card.stability, card.difficulty


def test_recall_equals_the_reference_at_any_time() -> None:
    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    for stability in (0.3, 2.0, 17.5, 400.0):
        for days in (0, 1, 5, 90, 2000):
            card = fsrs.Card(card_id=1, stability=stability, difficulty=5, last_review=START)
            theirs = scheduler.get_card_retrievability(card, START + timedelta(days=days))
            assert retrievability(stability, days) == pytest.approx(theirs, rel=1e-6)


events = st.lists(
    st.tuples(
        st.sampled_from(Rating),
        st.integers(-20, 60),
        st.sampled_from([None, *ChangeKind]),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=25,
)


@given(events, st.randoms(use_true_random=False))
def test_a_story_is_the_same_in_whatever_order_its_events_are_handed_over(
    drawn: list[tuple[Rating, int, ChangeKind | None, int]], rng: Random
) -> None:
    story: list[Event] = []
    day = 739_000
    for number, (rating, step, kind, worth) in enumerate(drawn, start=1):
        day += step
        story.append(answered(number, day, rating, worth))
        if kind is not None:
            due, stability = (day + 9) * 86_400, 40.0
            story.append(Changed(number, number, kind, day * 86_400, day, due, stability))
    told = tell(story)
    mixed = list(story)
    rng.shuffle(mixed)
    assert tell(mixed) == told
    standing = told.standing
    if standing.memory is not None:
        assert standing.memory.stability_days > 0
        assert 1 <= standing.memory.difficulty <= 10
        assert standing.first_study_day <= standing.last_study_day
    total = sum(tally.points for tally in told.days.values())
    assert total == sum(earned_by(story, number) for number in range(1, len(drawn) + 1))
    assert sum(tally.reviews for tally in told.days.values()) == len(drawn)
    for tally in told.days.values():
        assert tally.due_facts <= tally.reviews
        assert NOTHING + tally - tally == Tally()


def test_a_fact_counts_once_a_day_as_known_of_old() -> None:
    story = [
        answered(1, 10, Rating.GOOD),
        answered(2, 10, Rating.GOOD),
        answered(3, 14, Rating.AGAIN),
        answered(4, 14, Rating.GOOD),
        answered(5, 12, Rating.GOOD),
    ]
    days = tell(story).days
    assert {day: (one.new_facts, one.due_facts, one.points) for day, one in days.items()} == {
        10: (1, 0, 10),
        14: (0, 1, 10),
        12: (0, 0, 10),
    }
