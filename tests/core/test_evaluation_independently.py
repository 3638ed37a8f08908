"""`factdeck evaluate` against FSRS-6 and srs-benchmark's measures written down once more, plainly.

Nothing of ours is used to expect: the formulas are those of FSRS-6's authors ("The algorithm"), the
bins and the counting are srs-benchmark's, areas are counted pair by pair.
"""

import math
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from app.core.evaluation import evaluate

# FSRS-6's default parameters, from the authors' table.
W = [
    *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796),
    *(1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
]
LEAST, MOST = 0.001, 36_500.0
Row = tuple[str, datetime, int]


def kept(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))


def first_difficulty(rating: int) -> float:
    return W[4] - math.exp(W[5] * (rating - 1)) + 1


def recall_after(days: float, stability: float) -> float:
    factor = 0.9 ** (-1 / W[20]) - 1
    return float((1 + factor * days / stability) ** -W[20])


def harder(difficulty: float, rating: int) -> float:
    step = -W[6] * (rating - 3) * (10 - difficulty) / 9
    return kept(W[7] * first_difficulty(4) + (1 - W[7]) * (difficulty + step), 1, 10)


def steadier(stability: float, difficulty: float, rating: int, days: int) -> float:
    if days == 0:
        grown = math.exp(W[17] * (rating - 3 + W[18])) * stability ** -W[19]
        return stability * (max(1.0, grown) if rating >= 2 else grown)
    recall = recall_after(days, stability)
    if rating == 1:
        forgotten = (
            W[11]
            * difficulty ** -W[12]
            * ((stability + 1) ** W[13] - 1)
            * math.exp(W[14] * (1 - recall))
        )
        return min(forgotten, stability / math.exp(W[17] * W[18]))
    grown = math.exp(W[8]) * (11 - difficulty) * stability ** -W[9]
    grown *= math.exp(W[10] * (1 - recall)) - 1
    grown *= W[15] if rating == 2 else W[16] if rating == 4 else 1
    return stability * (1 + grown)


def expected(rows: list[Row], zone: ZoneInfo) -> dict[str, float]:
    by_card: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for card, at, rating in rows:
        by_card[card].append((at, rating))
    scored: list[tuple[float, int, tuple[float, float, float]]] = []
    for reviews in by_card.values():
        reviews.sort(key=lambda one: one[0])
        stability = difficulty = 0.0
        lapses, last = 0, None
        for number, (at, rating) in enumerate(reviews, start=1):
            local = at.astimezone(zone).replace(tzinfo=None) - timedelta(hours=4)
            day = local.date()
            if last is None:
                stability, difficulty = W[rating - 1], kept(first_difficulty(rating), 1, 10)
            else:
                days = (day - last).days
                if days:
                    bin_of = (
                        round(2.48 * 3.62 ** math.floor(math.log(days, 3.62) + 1e-12), 2),
                        round(1.99 * 1.89 ** math.floor(math.log(number, 1.89) + 1e-12), 0),
                        round(1.65 * 1.73 ** math.floor(math.log(lapses, 1.73) + 1e-12), 0)
                        if lapses
                        else 0.0,
                    )
                    scored.append((recall_after(days, stability), int(rating > 1), bin_of))
                    lapses += rating == 1
                stability = kept(steadier(stability, difficulty, rating, days), LEAST, MOST)
                difficulty = harder(difficulty, rating)
            last = day
    bins: dict[tuple[float, float, float], list[tuple[float, int]]] = defaultdict(list)
    for recall, came, bin_of in scored:
        bins[bin_of].append((recall, came))
    squares = 0.0
    for members in bins.values():
        mean, rate = (sum(one[at] for one in members) / len(members) for at in (0, 1))
        squares += len(members) * (mean - rate) ** 2
    pairs = [(a[0] > b[0]) + (a[0] == b[0]) / 2 for a in scored if a[1] for b in scored if not b[1]]
    losses = [-math.log(recall if came else 1 - recall) for recall, came, _ in scored]
    return {
        "reviews": len(rows),
        "cards": len(by_card),
        "scored": len(scored),
        "log_loss": sum(losses) / len(losses),
        "rmse_bins": math.sqrt(squares / len(scored)),
        "auc": sum(pairs) / len(pairs),
    }


def drawn(seed: int) -> list[Row]:
    """Reviews at any hour, some minutes apart, across changes of the clock, in no order."""
    rng = Random(seed)  # noqa: S311 drawn logs are no secret
    rows: list[Row] = []
    for card in range(40):
        at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 300))
        for _ in range(rng.randrange(1, 14)):
            rows.append((f"card {card}", at, rng.choice((1, 1, 2, 3, 3, 3, 3, 4))))
            wait = rng.choice((0.003, 0.01, 0.4, 1, 3, 10, 40, 200))
            at += timedelta(seconds=1 + int(86_400 * wait * rng.random()))
    rng.shuffle(rows)
    return rows


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"])
def test_figures_equal_those_of_another_implementation(zone: str) -> None:
    rows = drawn(sum(map(ord, zone)))
    log = "review_duration,review_rating,card_id,review_time\n" + "".join(
        f'100,{rating},"{card}",{at.isoformat()}\n' for card, at, rating in rows
    )
    figures = evaluate(log, ZoneInfo(zone))
    for name, value in expected(rows, ZoneInfo(zone)).items():
        assert figures[name] == pytest.approx(value, rel=1e-5), name
