"""In which order to ask what is due: two thousand facts or more, worked off by each order.

The learner comes back after 75 days away and answers 150 due facts a day. `make bench`.
"""

import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from app.core.urgency import DAY_S, DueFact, Order, in_order, spread
from benchmarks.learners import Learner, TrueMemory, learners
from benchmarks.schedulers import Ours

FACTS, AWAY_DAYS, LIMIT, HORIZON = 3_600, 75, 150, 120


@dataclass(frozen=True)
class Recovery:
    """How a backlog was worked off; knowledge is mean true recall in percent."""

    backlog: int
    days: int
    lapses: int
    knowledge: float
    at_the_end: float


def grown(learner: Learner) -> tuple[dict[int, TrueMemory], Ours, dict[int, int], int]:
    """Return a learner's memories and plan after 150 days of study and 60 days away."""
    rng = Random(learner.seed)
    scheduler = Ours(fits=False)
    memories: dict[int, TrueMemory] = {}
    due: dict[int, int] = {}
    studied = 150
    for day in range(studied):
        for fact in [fact for fact, at in due.items() if at <= day]:
            right = rng.random() < memories[fact].recall(day)
            memories[fact].study(day, right=right)
            due[fact] = scheduler.after(fact, day, right=right)
        for fact in range(len(memories), min(FACTS, len(memories) + FACTS // 140 + 1)):
            memories[fact] = learner.memory(fact)
            memories[fact].study(day, right=True)
            due[fact] = scheduler.after(fact, day, right=True)
    return memories, scheduler, due, studied + AWAY_DAYS


def recovered(learner: Learner, order: Order | None) -> Recovery:
    """Return how the backlog goes away in an order; None shuffles."""
    memories, scheduler, due, day = grown(learner)
    rng = Random(learner.seed + 1)
    first = day
    backlog = sum(at <= day for at in due.values())
    lapses, cleared, known = 0, HORIZON, []
    for day in range(first, first + HORIZON):
        waiting = _ordered(scheduler, due, day, order, rng)
        if len(waiting) <= LIMIT and cleared == HORIZON:
            cleared = day - first
        for fact in waiting[:LIMIT]:
            right = rng.random() < memories[fact].recall(day)
            lapses += not right
            memories[fact].study(day, right=right)
            due[fact] = scheduler.after(fact, day, right=right)
        known.append(statistics.mean(one.recall(day) for one in memories.values()))
    return Recovery(backlog, cleared, lapses, 100 * statistics.mean(known), 100 * known[-1])


def _ordered(
    scheduler: Ours, due: dict[int, int], day: int, order: Order | None, rng: Random
) -> list[int]:
    waiting = [fact for fact, at in due.items() if at <= day]
    if order is None:
        rng.shuffle(waiting)
        return waiting
    facts = [
        DueFact(fact, state.stability_days, last * DAY_S, due[fact] * DAY_S)
        for fact in waiting
        for state, last in (scheduler.states[fact],)
    ]
    return [fact.fact_id for fact in in_order(facts, day * DAY_S, order)]


def print_spread(learner: Learner) -> None:
    """Print what the button makes of the backlog."""
    _, scheduler, due, day = grown(learner)
    waiting = _ordered(scheduler, due, day, Order.RETRIEVABILITY, Random(1))
    loads = {at: sum(one == at for one in due.values()) for at in range(day + 1, day + 60)}
    days = spread(waiting, {day: 0} | loads, LIMIT, (100,) * 7)
    sizes: Sequence[int] = [len(facts) for facts in days.values()]
    print(f"\nSpread: {len(waiting):,} facts over {len(sizes)} days, {max(sizes)} a day at most")


def main() -> None:
    """Print a table of orders for each kind of learner."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    for kind in ("fsrs", "half-life"):
        print(f"\nBacklog after {AWAY_DAYS} days away, {LIMIT} a day, {count} {kind} learners")
        header = ("order", "backlog", "cleared in", "lapses", "mean known", "known at end")
        print("{:16}{:>9}{:>12}{:>9}{:>12}{:>14}".format(*header))
        for order in (*Order, None):
            rows = [recovered(learner, order) for learner in learners(kind, count)]
            columns = (
                statistics.mean(row.backlog for row in rows),
                statistics.mean(row.days for row in rows),
                statistics.mean(row.lapses for row in rows),
                statistics.mean(row.knowledge for row in rows),
                statistics.mean(row.at_the_end for row in rows),
            )
            shape = "{:16}{:9.0f}{:10.0f} d{:9.0f}{:10.2f} %{:12.2f} %"
            print(shape.format(order or "shuffled", *columns), flush=True)
    print_spread(learners("fsrs", 1)[0])


if __name__ == "__main__":
    main()
