"""A year of study by simulated learners: `make bench`. What docs/memory.md states comes from here.

Facts retained are expected ones: the sum of true recall over every fact that was introduced.
"""

import statistics
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from benchmarks.learners import NEW_S, RIGHT_S, WRONG_S, Learner, TrueMemory, learners
from benchmarks.schedulers import Cramming, Fixed, Ours, Scheduler, Sm2

DAYS = 365
LEARNING_DAYS = 330
NEW_PER_DAY = 6
LATER = 30


@dataclass
class Year:
    """What a year brought: expected facts retained at its end and a month later, and its cost."""

    retained: float = 0.0
    later: float = 0.0
    seconds: int = 0
    knowledge_days: float = 0.0
    loads: list[int] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        """Return the minutes studied."""
        return self.seconds / 60


def study_a_year(learner: Learner, scheduler: Scheduler) -> Year:
    """Return what a learner knows who studies every day what the scheduler says."""
    rng = Random(learner.seed)
    memories: dict[int, TrueMemory] = {}
    due: dict[int, list[int]] = defaultdict(list)
    year = Year()
    for day in range(DAYS):
        today = due.pop(day, [])
        for fact in today:
            right = rng.random() < memories[fact].recall(day)
            memories[fact].study(day, right=right)
            year.seconds += RIGHT_S if right else WRONG_S
            due[scheduler.after(fact, day, right=right)].append(fact)
        if day < LEARNING_DAYS:
            for fact in range(len(memories), len(memories) + NEW_PER_DAY):
                memories[fact] = learner.memory(fact)
                memories[fact].study(day, right=True)
                year.seconds += NEW_S
                due[scheduler.after(fact, day, right=True)].append(fact)
        year.loads.append(len(today))
        if day % 10 == 0:
            year.knowledge_days += 10 * sum(memory.recall(day) for memory in memories.values())
    year.retained = sum(memory.recall(DAYS) for memory in memories.values())
    year.later = sum(memory.recall(DAYS + LATER) for memory in memories.values())
    return year


WAYS: list[Callable[[], Scheduler]] = [
    lambda: Ours("Factdeck, own parameters"),
    lambda: Ours("Factdeck, default parameters", fits=False),
    lambda: Ours("Factdeck, recall wanted 0.80", retention=0.8),
    Fixed,
    Sm2,
    lambda: Cramming(DAYS),
]


def compare(kind: str, count: int) -> None:
    """Print a table of the ways to schedule for one kind of learner."""
    facts = NEW_PER_DAY * LEARNING_DAYS
    print(f"\n{count} learners of the {kind} model, {facts:,} facts, {DAYS} days (medians)")
    header = ("", "retained", "a month on", "minutes", "retained/min", "later/min", "mean known")
    print("{:32}{:>10}{:>12}{:>9}{:>14}{:>11}{:>12}".format(*header))
    for make in WAYS:
        years = [study_a_year(learner, make()) for learner in learners(kind, count)]
        columns = [
            statistics.median(year.retained for year in years),
            statistics.median(year.later for year in years),
            statistics.median(year.minutes for year in years),
            statistics.median(year.retained / year.minutes for year in years),
            statistics.median(year.later / year.minutes for year in years),
            statistics.median(year.knowledge_days / DAYS for year in years),
        ]
        shape = "{:32}{:10.0f}{:12.0f}{:9.0f}{:14.3f}{:11.3f}{:12.0f}"
        print(shape.format(make().name, *columns), flush=True)


def balance(count: int) -> None:
    """Print how even the days are, with and without balancing."""
    print("\nReviews a day from day 60 to 330, FSRS-6 learners: mean, standard deviation, most")
    for name, scheduler in (
        ("no fuzz", {"fuzzes": False}),
        ("fuzz by chance", {"balances": False}),
        ("fuzz, least loaded day", {}),
    ):
        rows = []
        for learner in learners("fsrs", count):
            loads = study_a_year(learner, Ours(fits=False, **scheduler)).loads[60:LEARNING_DAYS]
            trend = [statistics.mean(loads[max(0, at - 7) : at + 8]) for at in range(len(loads))]
            spread = [one - mean for one, mean in zip(loads, trend, strict=True)]
            rows.append((statistics.mean(loads), statistics.pstdev(spread), max(loads)))
        means = [statistics.mean(row[at] for row in rows) for at in range(3)]
        print("{:32}{:8.1f}{:8.2f}{:8.0f}".format(name, *means), flush=True)


def main() -> None:
    """Print every table; the number of learners is the first argument."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for kind in ("fsrs", "half-life"):
        compare(kind, count)
    balance(max(2, count // 3))


if __name__ == "__main__":
    main()
