"""Growth: the database's part of the answer path at more and more rows.

`python -m benchmarks.growth [--folder FOLDER] [ROWS ...]`: so many memory and so many review rows
(`grown.py` says how they are filled in), in a database of their own for each size.

Times are of the database alone (the app's own statements, compiled, on the driver): medians and
95th percentiles over learners drawn by chance, who have next to no page in common in the 16 MB that
a connection keeps; the kernel has read the file. `with commit` waits for the disk. `cold` is after
the kernel has forgotten the file: what a first question costs where memory does not hold it.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from sqlite3 import Connection
from tempfile import TemporaryDirectory

from sqlalchemy import ClauseElement
from sqlalchemy.orm import Session

from app.models.database import writing
from app.models.learning import DailyTotal, Memory, Review
from app.models.statements.answering import (
    ADD_TO_DAY,
    ADD_TO_LEARNER,
    INSERT_REVIEW,
    LOAD,
    STANDING,
    UPDATE_MEMORY,
)
from app.models.statements.choosing import DUE
from app.services.sessions import new_token
from app.services.study import dues
from benchmarks.grown import DAY_S, FACTS, NOW, TODAY, Grown, Row, columns, memory, review

PROBES = 300
COLD_PROBES = 40
LIMIT_MS = 1.0
Given = dict[str, object]
MEMORY_STAYS = ("user_id", "fact_id", "deck_id", "first_study_day")


@dataclass
class Probe:
    """A statement as the driver takes it; `given` is the same for all learners."""

    sql: str
    names: list[str]
    given: Given

    def sent(self, driver: Connection, more: Given) -> list[Row]:
        """Return its rows, with what is given for this learner."""
        at = self.given | more
        return driver.execute(self.sql, [at[name] for name in self.names]).fetchall()


@dataclass
class Times:
    """How long something took, each time, in milliseconds."""

    taken: list[float] = field(default_factory=list)

    def add(self, started: float) -> None:
        """Note what has gone by since `perf_counter` said `started`."""
        self.taken.append((time.perf_counter() - started) * 1000)

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.taken)

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return statistics.quantiles(self.taken, n=20)[-1]


class Probing:
    """What is asked of such a database, and how long that takes."""

    def __init__(self, grown: Grown) -> None:
        self.grown, self.engine = grown, grown.engine
        self._last: dict[int, int] = {}

    def probe(self, statement: ClauseElement, given: Given, keys: list[str] | None = None) -> Probe:
        """Return a statement as the driver takes it, giving these columns where it writes."""
        made = statement.compile(self.engine, column_keys=keys)
        return Probe(str(made), list(made.positiontup or []), made.params | given)

    def read(self, probe: Probe, probes: int = PROBES) -> Times:
        """Return the times of a read, each of another learner."""
        chance, times = Random(1), Times()
        with Session(self.engine) as session:
            driver = driver_of(session)
            for _ in range(probes):
                given: Given = {"learner": chance.choice(self.grown.learners)}
                started = time.perf_counter()
                probe.sent(driver, given)
                times.add(started)
        return times

    def answers(self, probes: int = PROBES) -> tuple[Times, Times]:
        """Return the times of an answer's transaction: what it reads and writes, and with commit.

        A fact studied before is answered: its review, memory, day and learner. The shown question,
        two pages more, is no row that this measures.
        """
        chance, inside, whole = Random(2), Times(), Times()
        steps = self._answer_steps()
        with Session(self.engine) as session:
            for _ in range(probes):
                given = self._answer(chance)
                started = time.perf_counter()
                with writing(session):
                    driver = driver_of(session)
                    begun = time.perf_counter()
                    for step in steps:
                        step.sent(driver, given)
                    inside.add(begun)
                whole.add(started)
        return inside, whole

    def _answer_steps(self) -> list[Probe]:
        kept = [name for name in columns(Memory) if name not in MEMORY_STAYS]
        return [
            self.probe(STANDING, {"day": TODAY}),
            self.probe(INSERT_REVIEW, {}, columns(Review)),
            self.probe(UPDATE_MEMORY, {}, kept),
            self.probe(ADD_TO_DAY, {"day": TODAY}),
            self.probe(ADD_TO_LEARNER, {"more_score": 20}),
        ]

    def _answer(self, chance: Random) -> Given:
        learner, fact = chance.choice(self.grown.learners), chance.randrange(1, FACTS)
        self._last[learner] = self._last.get(learner) or self._newest(learner)
        self._last[learner] += 1
        logged = dict(zip(columns(Review), review(learner, FACTS, new_token()), strict=True))
        logged |= {"number": self._last[learner], "fact_id": fact, "reviewed_epoch_s": NOW}
        moved = {
            "stability_days": 20 + chance.random() * 200,
            "due_epoch_s": NOW + chance.randrange(DAY_S, 200 * DAY_S),
            "last_review_epoch_s": NOW,
        }
        stays = dict(zip(columns(Memory), memory(learner, fact), strict=True))
        more = {f"more_{name}": 1 for name in columns(DailyTotal)[2:]}
        asked = {"learner": learner, "fact": fact, "which": logged["token"]}
        return more | stays | logged | moved | asked

    def _newest(self, learner: int) -> int:
        with self.engine.connect() as connection:
            sql = "SELECT max(number) FROM review WHERE user_id = ?"
            return int(connection.exec_driver_sql(sql, (learner,)).scalar_one())


def driver_of(session: Session) -> Connection:
    """Return the driver's connection of a session."""
    found: Connection = session.connection().connection.driver_connection  # type: ignore[assignment]
    return found


READS: dict[str, tuple[ClauseElement, Given]] = {
    "next question": (DUE, {"deck": 1, "now": NOW, "most": 300, "first": 8}),
    "due counts": (dues.WHOLE, {"now": NOW, "ends": NOW + DAY_S, "most": dues.COUNTED + 1}),
    "due counts by deck": (dues.BY_DECK, {"now": NOW, "ends": NOW + DAY_S, "after": -1}),
    "forecast of 30 days": (LOAD, {"first": NOW, "end": NOW + 30 * DAY_S}),
}


def measured(grown: Grown) -> dict[str, Times]:
    """Return the times of each read and of the answer's transaction."""
    probing = Probing(grown)
    probes = {name: probing.probe(query, given) for name, (query, given) in READS.items()}
    grown.settle(is_cold=False)
    found = {name: probing.read(probe) for name, probe in probes.items()}
    found["answer"], found["answer with commit"] = probing.answers()
    grown.settle(is_cold=True)
    found["next question, cold"] = probing.read(probes["next question"], COLD_PROBES)
    grown.settle(is_cold=True)
    found["answer, cold"], _ = probing.answers(COLD_PROBES)
    return found


def told(found: dict[str, Times], first: dict[str, Times]) -> Iterator[str]:
    """Yield a line for each thing measured: its times, and how many times the smallest size's."""
    for name, times in found.items():
        ratio = times.median / first[name].median
        yield f"  {name:22} {times.median:8.3f} ms ({ratio:.2f} x)  p95 {times.p95:8.3f} ms"


def main(sizes: list[int], folder: Path) -> None:
    """Print what was measured."""
    first: dict[str, Times] = {}
    for size in sizes:
        started = time.perf_counter()
        grown = Grown(folder, size)
        load = os.getloadavg()[0]
        filled = time.perf_counter() - started
        print(
            f"{size:,} rows of each, {grown.bytes_a_pair():.0f} bytes a pair with indexes"
            f" (filled in {filled:.0f} s; load {load:.1f})"
        )
        found = measured(grown)
        first = first or found
        print(*told(found, first), sep="\n", flush=True)
    print(f"wanted: reads <= 2 x and < {LIMIT_MS} ms, the answer's transaction <= 3 x")


def asked(arguments: list[str]) -> tuple[list[int], Path | None]:
    """Return which sizes, and where their files are to stay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, help="keep the databases here, and use them again")
    found = parser.parse_args(arguments)
    return found.rows, found.folder


if __name__ == "__main__":
    ROWS, FOLDER = asked(sys.argv[1:])
    with TemporaryDirectory(prefix="factdeck-bench-") as name:
        main(ROWS, FOLDER or Path(name))
