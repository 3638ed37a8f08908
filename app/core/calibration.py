"""Whether predictions came true: bins of predicted against actual recall, log loss, RMSE."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10
_NEVER_CERTAIN = 1e-4
"""A prediction of certainty counts as almost certain: the log of nothing has no value."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Recall as predicted before an answer, 0-1, and whether it came true."""

    predicted: float
    recalled: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions between two bounds: how many, their mean, and the share that was recalled."""

    low: float
    high: float
    count: int
    predicted: float
    actual: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How good predictions were; `rmse` weighs each bin by its count. Lower is better."""

    bins: tuple[Bin, ...]
    count: int
    log_loss: float
    rmse: float


def calibration(predictions: Sequence[Prediction]) -> Calibration | None:
    """Return how good predictions were; None without any.

    Bins are of equal width over 0-1; empty ones are left out.
    """
    if not predictions:
        return None
    binned: dict[int, list[Prediction]] = {}
    for one in predictions:
        binned.setdefault(min(BINS - 1, int(one.predicted * BINS)), []).append(one)
    bins = tuple(_bin(at, binned[at]) for at in sorted(binned))
    count = len(predictions)
    squares = sum(one.count * (one.predicted - one.actual) ** 2 for one in bins)
    losses = math.fsum(_loss(one) for one in predictions)
    return Calibration(bins, count, losses / count, math.sqrt(squares / count))


def _bin(at: int, within: Sequence[Prediction]) -> Bin:
    count = len(within)
    predicted = math.fsum(one.predicted for one in within) / count
    return Bin(
        at / BINS, (at + 1) / BINS, count, predicted, sum(o.recalled for o in within) / count
    )


def _loss(one: Prediction) -> float:
    sure = min(1 - _NEVER_CERTAIN, max(_NEVER_CERTAIN, one.predicted))
    return -math.log(sure if one.recalled else 1 - sure)
