"""Growth: the database's part of the answer path at more and more rows.

`python -m benchmarks.growth [--folder FOLDER] [ROWS ...]`: so many memory and so many review rows,
of learners with 1,000 facts each, in a database of their own for each size. They are filled in as
real use would: on each of fifty days every learner, in an order of that day's chance, answers
twenty questions. So a learner's reviews lie among those of all others, and the pages of the
indexes, which begin with the learner, are split wherever somebody is.

Times are of the database alone (the app's own statements, compiled, on the driver): medians and
95th percentiles over learners drawn by chance, who have next to no page in common in the 16 MB that
a connection keeps; the kernel has read the file. `with commit` waits for the disk. `cold` is after
the kernel has forgotten the file: what a first question costs where memory does not hold it.
"""

import argparse
import os
import secrets
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from sqlite3 import Connection
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import ClauseElement, insert
from sqlalchemy.orm import Session

from app.models.content import DeckRow, FactRow
from app.models.database import make_engine, writing
from app.models.learning import DailyTotal, Memory, Review
from app.models.migrating import upgrade
from app.models.people import User
from app.models.statements.answering import (
    ADD_TO_DAY,
    ADD_TO_LEARNER,
    INSERT_REVIEW,
    LOAD,
    STANDING,
    UPDATE_MEMORY,
)
from app.models.statements.choosing import DUE
from app.services.study import dues

NOW = 1_763_900_000
TODAY = 739_950
DAY_S = 86_400
FACTS = 1_000
"""Facts that each learner knows: the rows grow by learners."""
A_DAY = 20
"""Answers of a learner on a day, in one session."""
DAYS = FACTS // A_DAY
EVERY_DAYS = 8
"""Between a learner's days."""
DUE_SHARE = 50
"""A fact in so many is due."""
PROBES = 300
COLD_PROBES = 40
LIMIT_MS = 1.0
FILL_CACHE_KIB = 3_000_000
READ_AT_ONCE = 1 << 22
Row = tuple[Any, ...]
Given = dict[str, object]


def memory(learner: int, fact: int) -> Row:
    """Return a memory row, in the order of the table's columns."""
    stability = 5.0 + fact * 7 % 90 + fact / 1009
    late = fact % DUE_SHARE == 0
    due = NOW - fact if late else NOW + (1 + fact * 7 % 90) * DAY_S + (fact * 977 + learner) % DAY_S
    days = (TODAY - 400, TODAY - 30)
    last = due - int(stability * DAY_S)
    return (learner, fact, stability, 5.123, last, due, 3, fact % 9 // 8, "cloze", *days, 0, 1)


def review(learner: int, number: int, sitting: str) -> Row:
    """Return a review row, in the order of the table's columns."""
    day = (number - 1) // A_DAY
    at = NOW - (DAYS - day) * EVERY_DAYS * DAY_S + learner % 36_000 + number % A_DAY * 15
    return (
        learner, number, token(), sitting, True, number, "cloze", "forward",
        '{"typed": "Liang Wenfeng"}', 1.0, "exact", "That is right.", 3, 20, at,
        TODAY - (DAYS - day) * EVERY_DAYS, 4_000 + number, 9.512, 5.123, at + 9 * DAY_S, 0.91234,
        None, None, None,
    )  # fmt: skip


def token() -> str:
    """Return a token as sessions and questions have them."""
    return secrets.token_urlsafe(32)


def columns(table: type[Memory | Review | DailyTotal]) -> list[str]:
    """Return a table's columns as the rows above have them."""
    return [column.name for column in table.__table__.columns]


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


class Grown:
    """A database with so many learners of 1,000 memories and 1,000 reviews."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.file = folder / f"grown-{rows}.sqlite3"
        self.learners = range(1, rows // FACTS + 1)
        self._last: dict[int, int] = {}
        is_new = not self.file.exists()
        self.engine = make_engine(f"sqlite:///{self.file}", synchronous="FULL")
        if is_new:
            upgrade(self.engine)
            with Session(self.engine) as session, writing(session):
                self._found(session)
            self._fill()

    def _found(self, session: Session) -> None:
        session.add(DeckRow(key="d", title="D", description="", language="en"))
        session.flush()
        facts = [
            {"deck_id": 1, "key": f"f{at}", "position": at, "value": {}, "tags": []}
            | {"status": "published"}
            for at in range(FACTS)
        ]
        session.execute(insert(FactRow), facts)
        people = [
            {"id": at, "fs_uniquifier": f"{at}", "created_epoch_s": NOW, "reviews": FACTS}
            for at in self.learners
        ]
        session.execute(insert(User), people)

    def _fill(self) -> None:
        """Fill in day after day, in one go for the disk: nothing of it need outlive a fault."""
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            connection.rollback()
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF"):
                driver.execute(f"PRAGMA {pragma}")
            driver.execute(f"PRAGMA cache_size=-{FILL_CACHE_KIB}")
            chance = Random(3)
            for day in range(DAYS):
                order = chance.sample(self.learners, len(self.learners))
                driver.execute("BEGIN")
                driver.executemany(inserted(Review), self._reviews(order, day))
                driver.executemany(inserted(Memory), self._memories(order, day))
                driver.executemany(inserted(DailyTotal), self._days(order, day))
                driver.execute("COMMIT")
            driver.execute("PRAGMA journal_mode=WAL")
            connection.invalidate()
        self.engine.dispose()

    @staticmethod
    def _reviews(order: list[int], day: int) -> Iterator[Row]:
        for learner in order:
            sitting = token()
            for number in range(day * A_DAY + 1, (day + 1) * A_DAY + 1):
                yield review(learner, number, sitting)

    @staticmethod
    def _memories(order: list[int], day: int) -> Iterator[Row]:
        for learner in order:
            for fact in range(day * A_DAY + 1, (day + 1) * A_DAY + 1):
                yield memory(learner, fact)

    @staticmethod
    def _days(order: list[int], day: int) -> Iterator[Row]:
        at = TODAY - (DAYS - 1 - day) * EVERY_DAYS  # the last is today
        for learner in order:
            yield (learner, at, A_DAY, A_DAY, A_DAY, 20 * A_DAY, 80_000, 0, 0, 0, 0)

    def probe(self, statement: ClauseElement, given: Given, keys: list[str] | None = None) -> Probe:
        """Return a statement as the driver takes it, giving these columns where it writes."""
        made = statement.compile(self.engine, column_keys=keys)
        return Probe(str(made), list(made.positiontup or []), made.params | given)

    def settle(self, *, is_cold: bool) -> None:
        """Let the kernel know all of the file, or nothing, and the disk have nothing left to write.

        No connection is open then: a file of SQLite's is read by others at no other time.
        """
        self.engine.dispose()
        with self.file.open("rb", buffering=0) as file:
            os.fsync(file.fileno())
            if is_cold:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            else:
                while file.read(READ_AT_ONCE):
                    pass

    def read(self, probe: Probe, probes: int = PROBES) -> Times:
        """Return the times of a read, each of another learner."""
        chance, times = Random(1), Times()
        with Session(self.engine) as session:
            driver = driver_of(session)
            for _ in range(probes):
                given: Given = {"learner": chance.choice(self.learners)}
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
            self.probe(ADD_TO_DAY, {"day": TODAY, "more_reviews": 1}),
            self.probe(ADD_TO_LEARNER, {"more_score": 20}),
        ]

    def _answer(self, chance: Random) -> Given:
        learner, fact = chance.choice(self.learners), chance.randrange(1, FACTS)
        self._last[learner] = self._last.get(learner) or self._newest(learner)
        self._last[learner] += 1
        logged = dict(zip(columns(Review), review(learner, FACTS, token()), strict=True))
        logged |= {"number": self._last[learner], "fact_id": fact, "reviewed_epoch_s": NOW}
        moved = {
            "stability_days": 20 + chance.random() * 200,
            "due_epoch_s": NOW + chance.randrange(DAY_S, 200 * DAY_S),
            "last_review_epoch_s": NOW,
        }
        stays = dict(zip(columns(Memory), memory(learner, fact), strict=True))
        more = {f"more_{name}": 0 for name in columns(DailyTotal)[2:]}
        asked = {"learner": learner, "fact": fact, "which": logged["token"]}
        return more | stays | logged | moved | asked

    def _newest(self, learner: int) -> int:
        with self.engine.connect() as connection:
            sql = "SELECT max(number) FROM review WHERE user_id = ?"
            return int(connection.exec_driver_sql(sql, (learner,)).scalar_one())

    def bytes_a_pair(self) -> float:
        """Return the bytes of a memory and a review row together, with all their indexes."""
        with self.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        return float(pages * size / (len(self.learners) * FACTS))


MEMORY_STAYS = ("user_id", "fact_id", "deck_id", "first_study_day")


def inserted(table: type[Memory | Review | DailyTotal]) -> str:
    """Return the statement that adds a row of all columns."""
    places = ", ".join("?" * len(columns(table)))
    return f"INSERT INTO {table.__tablename__} VALUES ({places})"  # noqa: S608 names of ours


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
    probes = {name: grown.probe(query, given) for name, (query, given) in READS.items()}
    grown.settle(is_cold=False)
    found = {name: grown.read(probe) for name, probe in probes.items()}
    found["answer"], found["answer with commit"] = grown.answers()
    grown.settle(is_cold=True)
    found["next question, cold"] = grown.read(probes["next question"], COLD_PROBES)
    grown.settle(is_cold=True)
    found["answer, cold"], _ = grown.answers(COLD_PROBES)
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
