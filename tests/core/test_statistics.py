"""Item statistics, against formulas written another way and numbers worked out by hand."""

import statistics
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.questions import QuestionType
from app.core.statistics import (
    FirstAnswer,
    Flag,
    ItemSums,
    ResponseCount,
    chosen_counts,
    discrimination,
    efficiency,
    median_ms,
    response_key,
    statistics_of,
    time_bin,
    typed_counts,
)

MC, TYPED = QuestionType.MULTIPLE_CHOICE, QuestionType.SHORT_ANSWER
ANSWERS = st.lists(
    st.builds(
        FirstAnswer,
        st.sampled_from([0, 33, 50, 67, 100]),
        st.none() | st.integers(0, 100),
        st.integers(0, 600_000),
    ),
    max_size=60,
)


def sums_of(answers: list[FirstAnswer]) -> ItemSums:
    sums = ItemSums()
    for answer in answers:
        sums.add(answer)
    return sums


def covariance(pairs: list[tuple[int, int]]) -> float:
    return statistics.covariance([x for x, _ in pairs], [y for _, y in pairs])


def test_a_worked_example() -> None:
    # Five learners: right, right, wrong, right, wrong; the rest of their sessions 90, 80, 40, 60
    # and 50 %. Means 60 and 64; covariance (sum of products of differences 3,800)/4 = 950 in
    # hundredths squared; variances 3,000 and 430; correlation 950 / sqrt(3,000 x 430).
    pairs = [(100, 90), (100, 80), (0, 40), (100, 60), (0, 50)]
    sums = sums_of([FirstAnswer(x, y, 4000) for x, y in pairs])
    found = statistics_of(sums, MC)
    assert found.answers == 5
    assert found.facility == pytest.approx(0.6)
    assert found.discrimination == pytest.approx(950 / (3000 * 430) ** 0.5)
    assert found.efficiency == pytest.approx(1)  # the three best sessions are the three right ones
    assert found.flags == Flag(0)


def test_efficiency_is_the_share_of_the_largest_covariance() -> None:
    pairs = [(100, 40), (0, 90), (50, 60), (100, 80), (0, 10)]
    best = list(zip(sorted(x for x, _ in pairs), sorted(y for _, y in pairs), strict=True))
    sums = sums_of([FirstAnswer(x, y) for x, y in pairs])
    assert efficiency(sums) == pytest.approx(covariance(pairs) / covariance(best))


@given(ANSWERS)
def test_the_sums_give_what_the_formulas_give(answers: list[FirstAnswer]) -> None:
    sums = sums_of(answers)
    pairs = [(one.credit, one.rest) for one in answers if one.rest is not None]
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    if len(set(xs)) > 1 and len(set(ys)) > 1:
        assert discrimination(sums) == pytest.approx(statistics.correlation(xs, ys))
        best = list(zip(sorted(xs), sorted(ys), strict=True))
        assert efficiency(sums) == pytest.approx(covariance(pairs) / covariance(best))
    else:
        assert discrimination(sums) is None
    if answers:
        mean = statistics.fmean(one.credit for one in answers) / 100
        assert statistics_of(sums, MC).facility == pytest.approx(mean)


@given(ANSWERS, ANSWERS)
def test_an_answer_taken_back_leaves_no_trace(
    kept: list[FirstAnswer], gone: list[FirstAnswer]
) -> None:
    sums = sums_of([*kept, *gone])
    for answer in gone:
        sums.add(answer, -1)
    assert sums == sums_of(kept)
    assert ItemSums.load(sums.answers, sums.credit_sum, sums.dump()) == sums


def test_the_median_of_bins_is_the_median_within_five_percent() -> None:
    rng = Random(4)  # noqa: S311 times of a made-up crowd
    times = [int(rng.lognormvariate(8.5, 0.8)) for _ in range(999)]
    found = median_ms(Counter(map(time_bin, times)))
    assert found == pytest.approx(statistics.median(times), rel=0.05)
    assert median_ms(Counter()) is None
    assert time_bin(1) == time_bin(250) == 0


def answered(right: int, wrong: int) -> ItemSums:
    return sums_of([FirstAnswer(100)] * right + [FirstAnswer(0)] * wrong)


@pytest.mark.parametrize(
    ("right", "wrong", "flags"),
    [
        (19, 0, Flag(0)),
        (20, 0, Flag.TOO_EASY),
        (19, 1, Flag.TOO_EASY),
        (18, 2, Flag(0)),
        (4, 16, Flag.TOO_HARD),
        (5, 15, Flag(0)),
        (0, 19, Flag(0)),
    ],
)
def test_there_is_a_verdict_from_twenty_answers_on(right: int, wrong: int, flags: Flag) -> None:
    assert statistics_of(answered(right, wrong), QuestionType.ORDERING).flags == flags


def test_guessing_sets_what_is_too_hard() -> None:
    half = [
        ResponseCount("True", is_key=True, offered=20, picked=9),
        ResponseCount("False", is_key=False, offered=20, picked=11),
    ]
    found = statistics_of(answered(9, 11), QuestionType.TRUE_FALSE, half)
    assert Flag.TOO_HARD in found.flags
    assert Flag.DISTRACTOR_OVER_KEY in found.flags


def test_discrimination_under_nought_is_flagged() -> None:
    weak = [FirstAnswer(100, 20)] * 10 + [FirstAnswer(0, 80)] * 10
    assert statistics_of(sums_of(weak), MC).flags == Flag.NEGATIVE_DISCRIMINATION
    assert statistics_of(sums_of(weak[1:]), MC).flags == Flag(0)


def test_distractors_are_judged_by_how_many_saw_them() -> None:
    def flags(*distractors: ResponseCount) -> Flag:
        key = ResponseCount("key", is_key=True, offered=100, picked=60)
        other = ResponseCount("other", is_key=False, offered=100, picked=30)
        return statistics_of(answered(60, 40), MC, [key, other, *distractors]).flags

    assert flags(ResponseCount("a", is_key=False, offered=100, picked=10)) == Flag(0)
    assert flags(ResponseCount("a", is_key=False, offered=19, picked=0)) == Flag(0)
    assert flags(ResponseCount("a", is_key=False, offered=20, picked=0)) == Flag.DISTRACTOR_UNPICKED
    assert (
        flags(ResponseCount("a", is_key=False, offered=30, picked=19)) == Flag.DISTRACTOR_OVER_KEY
    )


def test_typed_responses_that_come_again_and_again_are_flagged() -> None:
    def flags(*rejected: int) -> Flag:
        wrong = [
            ResponseCount(str(at), is_key=False, offered=0, picked=many)
            for at, many in enumerate(rejected)
        ]
        right = 40 - sum(rejected)
        counts = [ResponseCount("key", is_key=True, offered=0, picked=right), *wrong]
        return statistics_of(answered(right, sum(rejected)), TYPED, counts).flags

    assert flags(3, 3) == Flag(0)
    assert flags(4) == Flag.OFTEN_REJECTED
    assert flags(*[1] * 20) == Flag.OFTEN_REJECTED


def test_what_rates_itself_gets_no_verdict() -> None:
    assert statistics_of(answered(30, 0), QuestionType.FLASHCARD).flags == Flag(0)


def test_responses_are_counted_by_what_marking_takes_for_one() -> None:
    assert response_key("High-Flyer") == response_key("  high flyer ") != response_key("low flyer")
    assert response_key("?!") == "?!"
    assert typed_counts("Lima", 100)["lima", True].picked == 1
    assert typed_counts("Lima", 50)["lima", False].picked == 1
    counts = chosen_counts(["Lima", "Oslo"], ["Oslo"], ["Lima"])
    assert counts["lima", False] == ResponseCount("Lima", is_key=False, offered=1, picked=1)
    assert counts["oslo", True] == ResponseCount("Oslo", is_key=True, offered=1, picked=0)
