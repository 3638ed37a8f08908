"""Memory is exact FSRS-6: the same as the Python reference, over random histories."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import fsrs
import pytest

from app.core.marking import Mark, Verdict
from app.core.memory import (
    LoggedRating,
    Rating,
    interval_days,
    next_state,
    rating_for,
    replay,
    retrievability,
)
from app.core.questions.question import QuestionType


def test_states_equal_the_reference_over_random_histories() -> None:
    rng = Random(1)  # noqa: S311 a test's chance
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    for number in range(100):
        card = fsrs.Card(card_id=number)
        at = datetime(2025, 1, 1, 12, tzinfo=UTC)
        reviews = []
        for _ in range(rng.randint(1, 12)):
            rating = Rating(rng.randint(1, 4))
            card, _log = scheduler.review_card(card, fsrs.Rating(int(rating)), at)
            reviews.append(LoggedRating(int(at.timestamp()), at.toordinal(), rating))
            at += timedelta(days=rng.randint(1, 60))
        state = replay(reviews)
        assert state is not None
        assert state.stability_days == pytest.approx(card.stability, rel=1e-4)
        assert state.difficulty == pytest.approx(card.difficulty, rel=1e-4)


def test_recall_is_ninety_percent_after_the_stability() -> None:
    assert retrievability(10, 10) == pytest.approx(0.9)
    assert retrievability(10, 0) == 1
    assert interval_days(10, 0.9) == 10
    assert interval_days(10, 0.97) < 10 < interval_days(10, 0.8)
    assert interval_days(0.001, 0.97) == 1


def test_a_clock_that_goes_back_does_not_break_a_state() -> None:
    first = next_state(None, Rating.GOOD, 1_000_000, 0)
    second = next_state(first, Rating.GOOD, 500_000, -6)
    assert second.stability_days > 0
    assert second.last_review_epoch_s == 1_000_000


def test_marks_become_ratings_by_one_table() -> None:
    def rated(credit: float, verdict: Verdict, kind: QuestionType) -> Rating:
        return rating_for(Mark(credit, verdict, ""), kind)

    assert rated(0, Verdict.WRONG, QuestionType.CLOZE) is Rating.AGAIN
    assert rated(1, Verdict.EXACT, QuestionType.MULTIPLE_CHOICE) is Rating.GOOD
    assert rated(1, Verdict.TYPO, QuestionType.SHORT_ANSWER) is Rating.HARD
    assert rated(0.5, Verdict.PARTIAL, QuestionType.ORDERING) is Rating.HARD
    assert rating_for(Mark(1, Verdict.EXACT, ""), QuestionType.FLASHCARD, 4) is Rating.EASY


def test_the_rating_table_of_the_docs_is_the_one_in_force() -> None:
    page = (Path(__file__).parents[2] / "docs" / "memory.md").read_text()
    table = dict(
        re.findall(r"^\| ([^|]+) \| (again|hard|good|the one you choose) \|$", page, re.MULTILINE)
    )
    marks = {
        "wrong": Mark(0, Verdict.WRONG, ""),
        "right, or right in other words": Mark(1, Verdict.EQUIVALENT, ""),
        "right but for a typo": Mark(1, Verdict.TYPO, ""),
        "right in part": Mark(0.5, Verdict.PARTIAL, ""),
    }
    for words, mark in marks.items():
        for kind in set(QuestionType) - {QuestionType.FLASHCARD}:
            assert rating_for(mark, kind).name.casefold() == table[words], (words, kind)
    assert table["a flashcard"] == "the one you choose"
    for rating in Rating:
        assert rating_for(marks["wrong"], QuestionType.FLASHCARD, int(rating)) is rating
