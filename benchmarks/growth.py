"""Growth: the database's part of the answer path at more and more rows.

`python -m benchmarks.growth [ROWS ...]`: so many memory and so many review rows, of learners with
1,000 facts each. Times are of the database alone (the compiled statements on the driver), medians
over learners drawn by chance, so that pages of the index are as cold as they are in life.
"""

import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from sqlite3 import Connection
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import ClauseElement, Select, insert
from sqlalchemy.orm import Session

from app.models.content import DeckRow, FactRow
from app.models.database import make_engine, writing
from app.models.learning import Memory, Review
from app.models.migrating import upgrade
from app.models.statements.answering import LOAD
from app.models.statements.choosing import DUE
from app.services import accounts
from app.services.study import dues

NOW = 1_763_900_000
DAY_S = 86_400
FACTS = 1_000
"""Facts that each learner knows: the rows grow by learners."""
DUE_SHARE = 50
"""A fact in so many is due."""
PROBES = 200
LIMIT_MS = 1.0
Row = tuple[Any, ...]


def memories(learner: int) -> Iterator[Row]:
    """Yield a learner's memory rows, in the order of the table's columns."""
    for fact in range(1, FACTS + 1):
        stability = 5.0 + fact % 90
        late = fact % DUE_SHARE == 0
        due = NOW - fact if late else NOW + (1 + fact % 90) * DAY_S
        days = (739_500, 739_900)
        yield learner, fact, stability, 5.0, NOW - 30 * DAY_S, due, 3, 0, "cloze", *days, 0, 1


def reviews(learner: int) -> Iterator[Row]:
    """Yield a learner's review rows, in the order of the table's columns."""
    for number in range(1, FACTS + 1):
        at = NOW - 400 * DAY_S + number * 30_000
        yield (
            learner, number, secrets.token_urlsafe(32), f"{learner:043}", True, number, "cloze",
            "forward", '{"typed": "Liang Wenfeng"}', 1.0, "exact", "That is right.", 3, 20, at,
            739_900, 4_000, 9.5, 5.0, at + 9 * DAY_S, 0.91, None, None, None,
        )  # fmt: skip


def columns(table: type[Memory | Review]) -> list[str]:
    """Return a table's columns as the rows above have them."""
    return [column.name for column in table.__table__.columns]


class Grown:
    """A database with so many learners of 1,000 memories and 1,000 reviews."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "grown.sqlite3"
        self.engine = make_engine(f"sqlite:///{self.file}", synchronous="FULL")
        upgrade(self.engine)
        self.learners: list[int] = []
        self._last: dict[int, int] = {}
        with Session(self.engine) as session, writing(session):
            session.add(DeckRow(key="d", title="D", description="", language="en"))
            session.flush()
            rows = [
                {"deck_id": 1, "key": f"f{at}", "position": at, "value": {}, "tags": []}
                | {"status": "published"}
                for at in range(FACTS)
            ]
            session.execute(insert(FactRow), rows)

    def grow(self, rows: int) -> None:
        """Add learners until there are so many rows of each kind."""
        with Session(self.engine) as session:
            while len(self.learners) * FACTS < rows:
                made = accounts.make_guest(session, secrets.token_urlsafe(30), NOW)
                self.learners.append(made.id)
                with writing(session):
                    driver = self.driver(session)
                    for table, filled in ((Memory, memories), (Review, reviews)):
                        places = ", ".join("?" * len(columns(table)))
                        sql = f"INSERT INTO {table.__tablename__} VALUES ({places})"  # noqa: S608 names of ours
                        driver.executemany(sql, filled(made.id))
                    driver.execute("UPDATE user SET reviews = ? WHERE id = ?", (FACTS, made.id))

    @staticmethod
    def driver(session: Session) -> Connection:
        """Return the driver's connection of a session."""
        found: Connection = session.connection().connection.driver_connection  # type: ignore[assignment]
        return found

    def compiled(self, query: ClauseElement) -> tuple[str, list[str]]:
        """Return a statement as the driver takes it, with its parameters' names in order."""
        made = query.compile(self.engine)
        return str(made), list(made.positiontup or [])

    def read_ms(self, query: Select[Any], **given: object) -> float:
        """Return the median time of a read, each of another learner."""
        sql, names = self.compiled(query)
        constants = query.compile(self.engine).params
        chance, took = Random(1), []
        with Session(self.engine) as session:
            driver = self.driver(session)
            for _ in range(PROBES):
                at = constants | given | {"learner": chance.choice(self.learners)}
                values = [at[name] for name in names]
                started = time.perf_counter()
                driver.execute(sql, values).fetchall()
                took.append((time.perf_counter() - started) * 1000)
        return statistics.median(took)

    def answer_ms(self) -> float:
        """Return the median time of what an answer writes: its review, memory and counters."""
        chance, took = Random(2), []
        places = ", ".join("?" * len(columns(Review)))
        with Session(self.engine) as session:
            for _ in range(PROBES):
                learner = chance.choice(self.learners)
                self._last[learner] = self._last.get(learner, FACTS) + 1
                review = next(reviews(learner))
                with writing(session):
                    driver = self.driver(session)
                    started = time.perf_counter()
                    driver.execute(
                        f"INSERT INTO review VALUES ({places})",  # noqa: S608 question marks
                        (learner, self._last[learner], *review[2:]),
                    )
                    driver.execute(
                        "UPDATE memory SET due_epoch_s = ?, reviews = reviews + 1"
                        " WHERE user_id = ? AND fact_id = ?",
                        (NOW + 20 * DAY_S, learner, chance.randrange(1, FACTS)),
                    )
                    driver.execute("UPDATE user SET score = score + 1 WHERE id = ?", (learner,))
                    took.append((time.perf_counter() - started) * 1000)
        return statistics.median(took)

    def bytes_a_pair(self) -> float:
        """Return the bytes of a memory and a review row together, with all their indexes."""
        with self.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        return float(pages * size / (len(self.learners) * FACTS))


READS: dict[str, tuple[Select[Any], dict[str, object]]] = {
    "next question": (
        DUE,
        {"deck": 1, "now": NOW, "most": 300, "first": 8},
    ),
    "due counts": (
        dues.WHOLE,
        {"now": NOW, "ends": NOW + DAY_S, "most": dues.COUNTED + 1},
    ),
    "due counts by deck": (
        dues.BY_DECK,
        {"now": NOW, "ends": NOW + DAY_S, "after": -1},
    ),
    "forecast of 30 days": (
        LOAD,
        {"first": NOW, "end": NOW + 30 * DAY_S},
    ),
}


def measured(grown: Grown) -> dict[str, float]:
    """Return the milliseconds of each read and of the answer's writes."""
    reads: dict[str, Callable[[], float]] = {
        name: lambda query=query, given=given: grown.read_ms(query, **given)  # type: ignore[misc]
        for name, (query, given) in READS.items()
    }
    return {name: read() for name, read in reads.items()} | {"answer": grown.answer_ms()}


def main(sizes: list[int]) -> None:
    """Print what was measured."""
    first: dict[str, float] = {}
    with TemporaryDirectory(prefix="factdeck-bench-") as name:
        grown = Grown(Path(name))
        for size in sizes:
            grown.grow(size)
            found = measured(grown)
            first = first or found
            cells = "  ".join(
                f"{kind} {took:.3f} ms ({took / first[kind]:.1f} x)" for kind, took in found.items()
            )
            print(f"{size:11,} rows: {cells}", flush=True)
        print(f"wanted: reads <= 2 x and < {LIMIT_MS} ms, the answer <= 3 x")
        print(f"{grown.bytes_a_pair():.0f} bytes a memory and a review together, with indexes")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100_000, 1_000_000])
