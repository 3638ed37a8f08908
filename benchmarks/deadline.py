"""A date to be ready by: what it brings on the day, a month later, and what it costs. `make bench`.

Sixty days of six new facts, the date on day 100. Expected recall is the true one of simulated
learners, whose memories are not the planner's.
"""

import statistics
import sys
from random import Random

from benchmarks.learners import NEW_S, RIGHT_S, WRONG_S, Learner, TrueMemory, learners
from benchmarks.schedulers import Ours

LEARNING_DAYS, NEW_PER_DAY, DATE, LATER = 60, 6, 100, 30
TOLD_LATE = DATE - 10


def prepared(learner: Learner, scheduler: Ours) -> tuple[float, float, float, int]:
    """Return percent recalled on the date and a month on, minutes, and the busiest of its days."""
    rng = Random(learner.seed)
    memories: dict[int, TrueMemory] = {}
    due: dict[int, int] = {}
    seconds, busiest = 0, 0
    for day in range(DATE):
        if scheduler.target_day is not None and day == scheduler.told_on:
            due |= scheduler.tell_date(day)
        today = [fact for fact, at in due.items() if at <= day]
        for fact in today:
            right = rng.random() < memories[fact].recall(day)
            memories[fact].study(day, right=right)
            seconds += RIGHT_S if right else WRONG_S
            due[fact] = scheduler.after(fact, day, right=right)
        busiest = max(busiest, len(today) if day > LEARNING_DAYS else 0)
        if day < LEARNING_DAYS:
            for fact in range(len(memories), len(memories) + NEW_PER_DAY):
                memories[fact] = learner.memory(fact)
                memories[fact].study(day, right=True)
                seconds += NEW_S
                due[fact] = scheduler.after(fact, day, right=True)
    on_date, later = (
        100 * statistics.mean(one.recall(at) for one in memories.values())
        for at in (DATE, DATE + LATER)
    )
    return on_date, later, seconds / 60, busiest


WAYS = (
    ("no date", {}),
    ("date known from the start", {"target_day": DATE}),
    ("date told ten days before", {"target_day": DATE, "told_on": TOLD_LATE}),
    ("no date, recall wanted 0.97", {"retention": 0.97}),
)


def main() -> None:
    """Print a table for each kind of learner; the number of learners is the first argument."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    facts = LEARNING_DAYS * NEW_PER_DAY
    for kind in ("fsrs", "half-life"):
        print(f"\n{facts} facts, a date on day {DATE}, {count} {kind} learners (means)")
        print(f"{'':30}{'on the date':>13}{'a month on':>12}{'minutes':>9}{'busiest day':>13}")
        for name, wishes in WAYS:
            rows = [
                prepared(one, Ours(fits=False, **wishes))  # type: ignore[arg-type]
                for one in learners(kind, count)
            ]
            means = [statistics.mean(column) for column in zip(*rows, strict=True)]
            on_date, later, minutes, busiest = means
            shape = f"{name:30}{on_date:11.1f} %{later:10.1f} %{minutes:9.0f}{busiest:13.0f}"
            print(shape, flush=True)


if __name__ == "__main__":
    main()
