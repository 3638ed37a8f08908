"""Calibration is computed as defined: by hand where it is small."""

import math

import pytest

from app.core.calibration import Prediction, calibration


def test_nothing_predicted_gives_nothing() -> None:
    assert calibration([]) is None


def test_bins_log_loss_and_rmse_are_those_worked_out_by_hand() -> None:
    told = calibration(
        [
            Prediction(predicted=0.9, recalled=True),
            Prediction(predicted=0.94, recalled=False),
            Prediction(predicted=0.5, recalled=True),
            Prediction(predicted=1, recalled=True),
        ]
    )
    assert told is not None
    assert [(one.low, one.count) for one in told.bins] == [(0.5, 1), (0.9, 3)]
    assert told.bins[1].predicted == pytest.approx(2.84 / 3)
    assert told.bins[1].actual == pytest.approx(2 / 3)
    loss = -(math.log(0.9) + math.log(0.06) + math.log(0.5) + math.log(0.9999)) / 4
    assert told.log_loss == pytest.approx(loss)
    off = (2.84 - 2) / 3
    assert told.rmse == pytest.approx(math.sqrt((0.25 + 3 * off**2) / 4))


def test_a_certain_prediction_that_fails_costs_much_but_not_everything() -> None:
    told = calibration([Prediction(predicted=1.0, recalled=False)])
    assert told is not None
    assert told.log_loss == pytest.approx(-math.log(1e-4))
