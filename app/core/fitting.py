"""A learner's own FSRS parameters: fitted to the older reviews, tried on the newest fifth."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from fsrs_rs_python import (
    DEFAULT_PARAMETERS,
    FSRS,
    FSRSItem,
    default_simulator_config,
    optimal_retention,
)

from app.core.evaluation import Prediction, Review, items_of, log_loss, predictions

FIRST_FIT = 400
"""Reviews in the log before the first fit."""
NEXT_FIT = 1_000
"""Further reviews before each fit that comes by itself."""
HELD_OUT = 0.2
CHEAPEST, DEAREST = 0.70, 0.97
Card = Sequence[Review]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit gave: log loss on the held-out newest fifth, with the old ones and the new."""

    parameters: tuple[float, ...]
    held_out: int
    log_loss_before: float | None
    log_loss_after: float | None

    @property
    def better(self) -> bool:
        """Whether the new parameters predict the held-out reviews better."""
        if self.log_loss_before is None or self.log_loss_after is None:
            return False
        return self.log_loss_after < self.log_loss_before


def wants_fit(reviews: int, at_last_fit: int | None) -> bool:
    """Return whether a log is long enough for a (further) fit that comes by itself."""
    if at_last_fit is None:
        return reviews >= FIRST_FIT
    return reviews - at_last_fit >= NEXT_FIT


def fit(cards: Sequence[Card], current: Sequence[float]) -> Fitted:
    """Return parameters fitted to the older four fifths, and how they do on the newest fifth.

    Where nothing can be fitted, the current parameters come back, as good as they were.
    """
    since = _newest_from(cards)
    older = [[one for one in card if one.at_epoch_s < since] for card in cards]
    items = [item for card in older for item in items_of(card)]
    parameters = _computed(items) if items else None
    before = _newest(cards, current, since)
    if parameters is None:
        loss = log_loss(before)
        return Fitted(tuple(current), len(before), loss, loss)
    after = _newest(cards, parameters, since)
    return Fitted(parameters, len(before), log_loss(before), log_loss(after))


def _newest_from(cards: Sequence[Card]) -> int:
    times = sorted(review.at_epoch_s for card in cards for review in card)
    return times[-ceil(len(times) * HELD_OUT)] if times else 0


def _newest(cards: Sequence[Card], parameters: Sequence[float], since: int) -> list[Prediction]:
    return [
        made
        for card in cards
        for made in predictions(card, parameters)
        if card[made.number - 1].at_epoch_s >= since
    ]


def _computed(items: list[FSRSItem]) -> tuple[float, ...] | None:
    try:
        found = tuple(FSRS(DEFAULT_PARAMETERS).compute_parameters(items))
    except (RuntimeError, ValueError):
        return None
    return found if len(found) == len(DEFAULT_PARAMETERS) else None


def least_work_retention(
    parameters: Sequence[float], facts: int, new_per_day: int, reviews_per_day: int
) -> float:
    """Return the recall at which a year of study brings most knowledge for its time.

    By fsrs-rs's simulator with its usual costs; slow (seconds to minutes): never in a request.
    """
    config = default_simulator_config()
    config.deck_size = max(100, min(facts, 5_000))
    config.learn_span = 365
    config.learn_limit = max(1, new_per_day)
    config.review_limit = max(1, reviews_per_day)
    return min(DEAREST, max(CHEAPEST, optimal_retention(config, list(parameters))))
