"""What is remembered now and was known before, from a sample where there are very many facts."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.core.memory import forgetting_curve
from app.core.planning import day_start_epoch_s
from app.core.sentences import say
from app.models.content import FactRow
from app.models.driving import all_rows, connection_of, first_row
from app.models.effective import STORY_ORDER, effective
from app.models.learning import DailyTotal, Memory, Review
from app.models.statements.choosing import IS_ASKED
from app.services.insights.days import YEAR
from app.services.sessions import Learner

DAY_S = 86_400
BLOCKS, BLOCK = 20, 150
LARGEST_SAMPLE = BLOCKS * BLOCK
TRACED = 240
"""Facts whose log is read for what was known on earlier days."""
TRACE_POINTS = 25


@dataclass(frozen=True, slots=True)
class Slice:
    """How many facts lie between two bounds."""

    label: str
    facts: float


@dataclass(frozen=True, slots=True)
class KnownOn:
    """The sum of recall over all facts on a day."""

    day: int
    facts: float


@dataclass(frozen=True, slots=True)
class Sample:
    """How many published facts are remembered, and all of them or blocks spread over them."""

    counted: int
    rows: Sequence[Any]

    @property
    def weight(self) -> float:
        """Return how many facts each row stands for."""
        return self.counted / len(self.rows) if self.rows else 1.0


_MEMORY = (
    Memory.fact_id,
    Memory.stability_days,
    Memory.difficulty,
    Memory.last_review_epoch_s,
    Memory.due_epoch_s,
    Memory.state,
)
_BLOCK = (
    select(*_MEMORY)
    .join(FactRow, FactRow.id == Memory.fact_id)
    .where(FactRow.status == "published")
    .where(Memory.user_id == bindparam("learner"), Memory.fact_id >= bindparam("start"))
    .order_by(Memory.fact_id)
    .limit(bindparam("size"))
)


_BEYOND = (
    select(Memory.fact_id)
    .where(Memory.user_id == bindparam("learner"), IS_ASKED)
    .order_by(Memory.fact_id)
    .limit(1)
    .offset(bindparam("most"))
)
"""A row where a learner has more memories of published facts than so many."""


def sample_of(session: Session, user_id: int) -> Sample:
    """Return a learner's memories of published facts, or a sample of them."""
    connection = connection_of(session)
    reach = {"learner": user_id, "most": LARGEST_SAMPLE}
    if first_row(connection, _BEYOND, reach) is None:
        everything = {"learner": user_id, "start": 0, "size": LARGEST_SAMPLE}
        rows = all_rows(connection, _BLOCK, everything)
        return Sample(len(rows), rows)
    # Asked one by one the ends are two steps each; counting a million rows would take 100 ms, so
    # facts learned are added up by day. Resets and facts marked as known make it an estimate.
    low, high = (
        session.scalar(select(one(Memory.fact_id)).where(Memory.user_id == user_id)) or 0
        for one in (func.min, func.max)
    )
    learned = select(func.sum(DailyTotal.new_facts)).where(DailyTotal.user_id == user_id)
    count = session.scalar(learned) or 0
    found: dict[int, Any] = {}
    for at in range(BLOCKS):
        start = low + (high - low) * at // BLOCKS
        of = {"learner": user_id, "start": start, "size": BLOCK}
        found |= {row.fact_id: row for row in all_rows(connection, _BLOCK, of)}
    return Sample(max(count, len(found)), list(found.values()))


def recalls_now(memories: Iterable[Any], now: int, learner: Learner) -> list[float]:
    """Return the predicted recall of each memory, 0-1."""
    recall = forgetting_curve(learner.parameters)
    return [recall(one.stability_days, (now - one.last_review_epoch_s) / DAY_S) for one in memories]


STABILITIES = (
    (1, say("under a day")),
    (3, say("1–3 days")),
    (7, say("3–7 days")),
    (21, say("1–3 weeks")),
    (90, say("3 weeks–3 months")),
    (365, say("3–12 months")),
    (1e9, say("over a year")),
)
DIFFICULTIES = (*((at + 1.0, str(at)) for at in range(1, 10)), (11.0, "10"))
RECALLS = (*((at / 10, f"{at * 10 - 10}–{at * 10} %") for at in range(1, 10)), (2.0, "90–100 %"))


def slices(
    numbers: Sequence[float], bounds: Sequence[tuple[float, str]], weight: float
) -> tuple[Slice, ...]:
    """Count numbers below each upper bound, as estimated for all facts."""
    counts, highs = [0] * len(bounds), [high for high, _ in bounds]
    for number in numbers:
        counts[bisect_right(highs, number)] += 1
    return tuple(
        Slice(label, count * weight) for (_, label), count in zip(bounds, counts, strict=True)
    )


def known_before(
    session: Session, learner: Learner, sample: Sample, now: int
) -> tuple[KnownOn, ...]:
    """Return what was known on some days of the last year: from the log of some facts."""
    step = max(1, -(-len(sample.rows) // TRACED))
    traced = [one.fact_id for one in sample.rows[::step]]
    if not traced:
        return ()
    rows = (
        connection_of(session)
        .execute(
            effective(
                select(
                    Review.fact_id, Review.reviewed_epoch_s, Review.stability_days, Review.study_day
                ).where(
                    Review.user_id == learner.id, Review.fact_id.in_(traced), Review.moves_memory
                )
            ).order_by(Review.fact_id, *STORY_ORDER)
        )
        .all()
    )
    # Read by fact: in the order of numbers alone the whole log would be walked.
    log: dict[int, list[tuple[int, float]]] = defaultdict(list)
    today = first = learner.day(now)
    for fact, at, stability, day in rows:
        if stability is not None:
            log[fact].append((at, stability))
        first = min(first, day)
    first = max(today - YEAR, first)
    days = sorted(
        {first + (today - first) * at // (TRACE_POINTS - 1) for at in range(TRACE_POINTS)}
    )
    weight = sample.counted / len(traced)
    recall = forgetting_curve(learner.parameters)
    ends = [day_start_epoch_s(day + 1, learner.zone) for day in days]
    return tuple(
        KnownOn(day, weight * _known_at(log.values(), end, recall))
        for day, end in zip(days, ends, strict=True)
    )


def _known_at(
    logs: Iterable[list[tuple[int, float]]], end: int, recall: Callable[[float, float], float]
) -> float:
    """Return the sum of recall at an instant, by logs of (time, stability) of single facts."""
    known = 0.0
    for log in logs:
        for at, stability in reversed(log):
            if at < end:
                known += recall(stability, (end - at) / DAY_S)
                break
    return known
