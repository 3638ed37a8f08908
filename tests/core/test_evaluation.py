"""`factdeck evaluate`: what is scored, in which bin, and what a bad log is told."""

import math
from zoneinfo import ZoneInfo

import pytest
from fsrs_rs_python import DEFAULT_PARAMETERS

from app.core.errors import Refused
from app.core.evaluation import Prediction, auc, bin_of, evaluate, log_loss, rmse_bins

UTC_ZONE = ZoneInfo("UTC")
HEADER = "card_id,review_time,review_rating\n"


def predicted(recall: float, *, recalled: bool, elapsed: int = 1, number: int = 2) -> Prediction:
    return Prediction(recall, recalled, elapsed, number, 0)


def test_first_and_same_day_reviews_are_not_scored() -> None:
    log = (
        HEADER
        + "a,2025-01-01T10:00:00Z,3\na,2025-01-02T03:59:00Z,3\na,2025-01-03T12:00:00Z,1\n"
        + "b,2025-01-01T10:00:00Z,3\n"
    )
    figures = evaluate(log, UTC_ZONE)
    assert (figures["reviews"], figures["cards"], figures["scored"]) == (4, 2, 1)
    assert figures["auc"] is None
    assert figures["parameters"] == list(DEFAULT_PARAMETERS)


def test_the_day_turns_at_four_in_the_learners_zone() -> None:
    log = HEADER + "a,2025-01-01T20:30:00Z,3\na,2025-01-01T22:45:00Z,3\n"
    assert evaluate(log, UTC_ZONE)["scored"] == 0
    assert evaluate(log, ZoneInfo("Asia/Kolkata"))["scored"] == 1
    assert evaluate(log, ZoneInfo("Asia/Karachi"))["scored"] == 0
    assert evaluate(log, ZoneInfo("Asia/Kathmandu"))["scored"] == 1


def test_a_review_that_moves_the_state_on_the_same_day_changes_the_prediction() -> None:
    start, later = "a,2025-01-01T10:00:00Z,1\n", "a,2025-01-06T10:00:00Z,3\n"
    plain = evaluate(HEADER + start + later, UTC_ZONE)
    moved = evaluate(HEADER + start + "a,2025-01-01T10:05:00Z,3\n" + later, UTC_ZONE)
    assert plain["scored"] == moved["scored"] == 1
    assert plain["log_loss"] > moved["log_loss"]


def test_rows_in_any_order_give_the_same_figures() -> None:
    rows = [f"a,2025-01-{day:02d}T10:00:00Z,{1 + day % 4}\n" for day in range(1, 20, 3)]
    assert evaluate(HEADER + "".join(rows), UTC_ZONE) == evaluate(
        HEADER + "".join(reversed(rows)), UTC_ZONE
    )


def test_log_loss_is_the_mean_of_every_review_alike() -> None:
    made = [predicted(0.9, recalled=True), predicted(0.8, recalled=False)]
    assert log_loss(made) == pytest.approx(-(math.log(0.9) + math.log(0.2)) / 2)
    assert log_loss([]) is None


def test_bins_are_those_of_srs_benchmark() -> None:
    def placed(elapsed: int, number: int, lapses: int) -> tuple[float, float, float]:
        return bin_of(
            Prediction(0.9, recalled=True, elapsed_days=elapsed, number=number, lapses=lapses)
        )

    assert placed(1, 2, 0) == (2.48, 4, 0)
    assert placed(4, 4, 1) == (8.98, 7, 2)
    assert placed(30, 10, 5) == (32.5, 13, 5)


def test_rmse_compares_means_within_bins_and_weighs_them_by_size() -> None:
    near = [predicted(0.9, recalled=True), predicted(0.7, recalled=False)]
    far = [predicted(0.5, recalled=True, elapsed=100)]
    expected = math.sqrt((2 * (0.8 - 0.5) ** 2 + (0.5 - 1) ** 2) / 3)
    assert rmse_bins(near + far) == pytest.approx(expected)


def test_auc_counts_pairs_in_order_and_ties_half() -> None:
    made = [
        predicted(0.9, recalled=True),
        predicted(0.5, recalled=True),
        predicted(0.5, recalled=False),
    ]
    assert auc(made) == pytest.approx(0.75)


def test_parameters_fitted_to_a_log_predict_it_no_worse() -> None:
    rows = [
        f"{card},2025-{1 + at // 27:02d}-{1 + at % 27:02d}T10:00:00Z,"
        f"{1 if (card + at) % 3 else 3}\n"
        for card in range(60)
        for at in range(0, 160, 9 + card % 5)
    ]
    log = HEADER + "".join(rows)
    plain, fitted = evaluate(log, UTC_ZONE), evaluate(log, UTC_ZONE, optimise=True)
    assert len(fitted["parameters"]) == 21
    assert fitted["log_loss"] <= plain["log_loss"]


def test_bad_rows_are_refused_with_their_lines() -> None:
    log = HEADER + "a,2025-01-01T10:00:00Z,3\na,yesterday,3\na,2025-01-02T10:00:00Z,5\n,,\n"
    with pytest.raises(Refused) as refusal:
        evaluate(log, UTC_ZONE)
    told = str(refusal.value).splitlines()
    assert [line.split(":")[0] for line in told] == ["Line 3", "Line 4", "Line 5"]


def test_of_very_many_bad_rows_some_are_named_and_the_rest_counted() -> None:
    with pytest.raises(Refused) as refusal:
        evaluate(HEADER + "a,yesterday,3\n" * 1000, UTC_ZONE)
    told = str(refusal.value).splitlines()
    assert len(told) == 21
    assert told[0].startswith("Line 2:")
    assert told[-1] == "and 980 more"


@pytest.mark.parametrize("log", ["", "card_id,review_time\n", "a,b\n1,2\n"])
def test_a_log_without_its_columns_is_refused(log: str) -> None:
    with pytest.raises(Refused, match="no column"):
        evaluate(log, UTC_ZONE)


def test_an_empty_log_and_one_of_first_reviews_score_nothing() -> None:
    figures = evaluate(HEADER, UTC_ZONE)
    assert (figures["reviews"], figures["scored"], figures["log_loss"]) == (0, 0, None)
    with pytest.raises(Refused):
        evaluate(HEADER + "a,2025-01-01T10:00:00Z,3\n", UTC_ZONE, optimise=True)
