"""Whether predictions came true: drawn in ten bins, measured as `factdeck evaluate` measures."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.evaluation import Prediction, log_loss, rmse_bins

BINS = 10


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
    """How good predictions were, as srs-benchmark defines both figures. Lower is better.

    `bins` are for drawing alone: `rmse_bins` goes by bins of its own (core/evaluation.py).
    """

    bins: tuple[Bin, ...]
    count: int
    log_loss: float
    rmse_bins: float


def calibration(predictions: Sequence[Prediction]) -> Calibration | None:
    """Return how good predictions were; None without any.

    The bins drawn are of equal width over 0-1; empty ones are left out.
    """
    loss, rmse = log_loss(predictions), rmse_bins(predictions)
    if loss is None or rmse is None:
        return None
    binned: dict[int, list[Prediction]] = {}
    for one in predictions:
        binned.setdefault(min(BINS - 1, int(one.recall * BINS)), []).append(one)
    bins = tuple(_bin(at, binned[at]) for at in sorted(binned))
    return Calibration(bins, len(predictions), loss, rmse)


def _bin(at: int, within: Sequence[Prediction]) -> Bin:
    count = len(within)
    predicted = math.fsum(one.recall for one in within) / count
    return Bin(
        at / BINS, (at + 1) / BINS, count, predicted, sum(o.recalled for o in within) / count
    )
