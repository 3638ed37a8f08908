"""Calibration: ten bins for drawing, and the measures of `factdeck evaluate`."""

import pytest

from app.core.calibration import calibration
from app.core.evaluation import Prediction, log_loss, rmse_bins


def predicted(recall: float, number: int = 2, *, recalled: bool) -> Prediction:
    return Prediction(recall, recalled, elapsed_days=number, number=number, lapses=0)


def test_nothing_predicted_gives_nothing() -> None:
    assert calibration([]) is None


def test_ten_even_bins_are_drawn() -> None:
    told = calibration(
        [
            predicted(0.9, recalled=True),
            predicted(0.94, recalled=False),
            predicted(0.5, recalled=True),
            predicted(1.0, recalled=True),
        ]
    )
    assert told is not None
    assert [(one.low, one.count) for one in told.bins] == [(0.5, 1), (0.9, 3)]
    assert told.bins[1].predicted == pytest.approx(2.84 / 3)
    assert told.bins[1].actual == pytest.approx(2 / 3)


def test_the_measures_are_those_of_evaluate_and_not_of_the_drawn_bins() -> None:
    # Wrong both ways within one drawn bin, in two bins of srs-benchmark: the errors do not cancel.
    made = [
        *[predicted(0.8, 2, recalled=True) for _ in range(5)],
        *[predicted(0.8, 40, recalled=at < 3) for at in range(5)],
    ]
    told = calibration(made)
    assert told is not None
    assert told.log_loss == log_loss(made)
    assert told.rmse_bins == rmse_bins(made) == pytest.approx(0.2)
    assert len(told.bins) == 1
    assert told.bins[0].actual == pytest.approx(0.8)
