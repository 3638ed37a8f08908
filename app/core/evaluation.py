"""How well FSRS-6 predicts a review log: `factdeck evaluate`.

Every scored review weighs the same. Reviews on the learner's same day move the state but are not
scored, nor is a card's first review.
"""

import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fsrs_rs_python import DEFAULT_PARAMETERS, FSRS, FSRSItem, FSRSReview

from app.core.errors import Refused
from app.core.memory import MemoryState, Rating, next_state, retrievability
from app.core.planning import study_day

COLUMNS = ("card_id", "review_time", "review_rating")
MAX_PROBLEMS = 20
"""Bad lines named in a refusal; a wrong file has thousands."""
EPSILON = 1e-15
"""Keeps the logarithm finite where a prediction is 0 or 1."""
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 9998


class BadReviewLog(Refused):
    """A review log that cannot be read: the message names each bad line."""


@dataclass(frozen=True, slots=True)
class Review:
    """One line of a log: when, how it was rated, and the learner's day it fell on."""

    at_epoch_s: int
    rating: Rating
    day: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """One scored review: what was predicted and what came, with what its bin needs."""

    recall: float
    recalled: bool
    elapsed_days: int
    number: int
    """The how-manieth review of its card, from 1, same-day ones included."""
    lapses: int


def evaluate(csv_text: str, zone: ZoneInfo, *, optimise: bool = False) -> dict[str, Any]:
    """Return reviews, cards, scored, log_loss, rmse_bins, auc and parameters of a log.

    The log has the columns card_id, review_time (ISO 8601; in `zone` when it names no offset) and
    review_rating (1-4); others are ignored. Figures that nothing was scored for are None, and so
    is auc where every review went the same way. With `optimise`, parameters are fitted to
    this very log first. Raises BadReviewLog, naming lines.
    """
    cards = _read(csv_text, zone)
    parameters = _fitted(cards) if optimise else list(DEFAULT_PARAMETERS)
    made = [prediction for reviews in cards for prediction in predictions(reviews, parameters)]
    return {
        "reviews": sum(map(len, cards)),
        "cards": len(cards),
        "scored": len(made),
        "log_loss": log_loss(made),
        "rmse_bins": rmse_bins(made),
        "auc": auc(made),
        "parameters": parameters,
    }


def predictions(reviews: Sequence[Review], parameters: Sequence[float]) -> Iterator[Prediction]:
    """Yield a prediction for each scored review of one card, oldest first."""
    state: MemoryState | None = None
    last_day, lapses = 0, 0
    for number, review in enumerate(reviews, start=1):
        elapsed = review.day - last_day if state else 0
        recalled = review.rating is not Rating.AGAIN
        if state and elapsed > 0:
            recall = retrievability(state.stability_days, elapsed, parameters)
            yield Prediction(recall, recalled, elapsed, number, lapses)
            lapses += not recalled
        state = next_state(state, review.rating, review.at_epoch_s, elapsed, parameters)
        last_day = review.day


def log_loss(made: Sequence[Prediction]) -> float | None:
    """Return the mean negative logarithm of what was predicted for what came."""
    if not made:
        return None
    losses = (-math.log(max(EPSILON, p.recall if p.recalled else 1 - p.recall)) for p in made)
    return math.fsum(losses) / len(made)


def rmse_bins(made: Sequence[Prediction]) -> float | None:
    """Return the RMSE between mean prediction and mean recall over bins, weighed by their size.

    Bins as in srs-benchmark: by elapsed days, count of reviews and count of lapses.
    """
    bins: dict[tuple[float, float, float], list[Prediction]] = defaultdict(list)
    for prediction in made:
        bins[bin_of(prediction)].append(prediction)
    if not bins:
        return None
    squares = (
        math.fsum(p.recall - p.recalled for p in members) ** 2 / len(members)
        for members in bins.values()
    )
    return math.sqrt(math.fsum(squares) / len(made))


def bin_of(prediction: Prediction) -> tuple[float, float, float]:
    """Return srs-benchmark's bin of a prediction: elapsed days, reviews, lapses."""
    return (
        round(_step(prediction.elapsed_days, 2.48, 3.62), 2),
        round(_step(prediction.number, 1.99, 1.89)),
        round(_step(prediction.lapses, 1.65, 1.73)) if prediction.lapses else 0,
    )


def _step(count: int, factor: float, base: float) -> float:
    return float(factor * base ** math.floor(math.log(count) / math.log(base)))


def auc(made: Sequence[Prediction]) -> float | None:
    """Return how often a recalled review was predicted above a forgotten one; ties count half."""
    recalled = sum(prediction.recalled for prediction in made)
    forgotten = len(made) - recalled
    if not recalled or not forgotten:
        return None
    groups: dict[float, list[bool]] = defaultdict(list)
    for prediction in made:
        groups[prediction.recall].append(prediction.recalled)
    below, wins = 0, 0.0
    for recall in sorted(groups):
        hits = sum(groups[recall])
        misses = len(groups[recall]) - hits
        wins += hits * (below + misses / 2)
        below += misses
    return wins / (recalled * forgotten)


def _fitted(cards: Sequence[Sequence[Review]]) -> list[float]:
    items = [item for reviews in cards for item in items_of(reviews)]
    if not items:
        raise BadReviewLog("The log has no review on a later day than a card's first: nothing fits")
    try:
        return list(FSRS(DEFAULT_PARAMETERS).compute_parameters(items))
    except (RuntimeError, ValueError) as problem:
        raise BadReviewLog(f"The log has too little to fit parameters to ({problem}).") from problem


def items_of(reviews: Sequence[Review]) -> Iterator[FSRSItem]:
    """Yield the history up to each scored review: what fsrs-rs learns from."""
    history: list[FSRSReview] = []
    last_day: int | None = None
    for review in reviews:
        elapsed = 0 if last_day is None else review.day - last_day
        history.append(FSRSReview(int(review.rating), elapsed))
        if elapsed > 0:
            yield FSRSItem(list(history))
        last_day = review.day


def _read(csv_text: str, zone: ZoneInfo) -> list[list[Review]]:
    rows = csv.DictReader(io.StringIO(csv_text.removeprefix("\ufeff"), newline=""))
    cards: dict[str, list[Review]] = defaultdict(list)
    problems: list[str] = []
    try:
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise BadReviewLog(f"Line 1: the log has no column {', '.join(missing)}.")
        for row in rows:
            try:
                cards[_card(row)].append(_review(row, zone))
            except ValueError as problem:
                problems.append(f"Line {rows.line_num}: {problem}")
    except csv.Error as problem:
        raise BadReviewLog(f"Line {rows.line_num}: this is not CSV ({problem}).") from problem
    if problems:
        raise BadReviewLog(_told(problems))
    return [sorted(reviews, key=lambda review: review.at_epoch_s) for reviews in cards.values()]


def _told(problems: Sequence[str]) -> str:
    more = len(problems) - MAX_PROBLEMS
    return "\n".join([*problems[:MAX_PROBLEMS], *([f"and {more} more"] if more > 0 else [])])


def _card(row: dict[str, str | None]) -> str:
    card = (row["card_id"] or "").strip()
    if not card:
        raise ValueError("card_id is empty.")
    return card


def _review(row: dict[str, str | None], zone: ZoneInfo) -> Review:
    rating = (row["review_rating"] or "").strip()
    if rating not in {"1", "2", "3", "4"}:
        raise ValueError(f"review_rating must be 1, 2, 3 or 4, not {rating[:40]!r}.")
    at_epoch_s = _instant((row["review_time"] or "").strip(), zone)
    return Review(at_epoch_s, Rating(int(rating)), study_day(at_epoch_s, zone))


def _instant(text: str, zone: ZoneInfo) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"review_time {text[:40]!r} is not ISO 8601.") from None
    if not _EARLIEST_YEAR <= at.year <= _LATEST_YEAR:
        raise ValueError(f"review_time {text[:40]!r} is outside 1970 to 9998.")
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp())
