"""A database of learners with 1,000 memories and 1,000 reviews each, filled in as real use would.

On each of fifty days every learner, in an order of that day's chance, answers twenty questions. So
a learner's reviews lie among those of all others, and the pages of the indexes, which begin with
the learner, are split wherever somebody is.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from app.models.content import DeckRow, FactRow
from app.models.database import make_engine, writing
from app.models.learning import DailyTotal, Memory, Review
from app.models.migrating import upgrade
from app.models.people import User
from app.services.sessions import new_token

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
FILL_CACHE_KIB = 3_000_000
READ_AT_ONCE = 1 << 22
Row = tuple[Any, ...]


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
        learner, number, new_token(), sitting, True, number, "cloze", "forward",
        '{"typed": "Liang Wenfeng"}', 1.0, "exact", "That is right.", 3, 20, at,
        TODAY - (DAYS - day) * EVERY_DAYS, 4_000 + number, 9.512, 5.123, at + 9 * DAY_S, 0.91234,
        None, None, None,
    )  # fmt: skip


def columns(table: type[Memory | Review | DailyTotal]) -> list[str]:
    """Return a table's columns as the rows above have them."""
    return [column.name for column in table.__table__.columns]


def inserted(table: type[Memory | Review | DailyTotal]) -> str:
    """Return the statement that adds a row of all columns."""
    places = ", ".join("?" * len(columns(table)))
    return f"INSERT INTO {table.__tablename__} VALUES ({places})"  # noqa: S608 names of ours


class Grown:
    """A database with so many memories and reviews; one left by an earlier run is used again."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.file = folder / f"grown-{rows}.sqlite3"
        self.learners = range(1, rows // FACTS + 1)
        if not self.file.exists():
            self._make(self.file.with_suffix(".part"))
        self.engine = make_engine(f"sqlite:///{self.file}", synchronous="FULL")

    def _make(self, part: Path) -> None:
        part.unlink(missing_ok=True)
        engine = make_engine(f"sqlite:///{part}")
        upgrade(engine)
        with Session(engine) as session, writing(session):
            self._found(session)
        self._fill(engine)
        engine.dispose()
        part.rename(self.file)

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

    def _fill(self, engine: Engine) -> None:
        """Fill in day after day, in one go for the disk: nothing of it need outlive a fault."""
        with engine.connect() as connection:
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

    @staticmethod
    def _reviews(order: list[int], day: int) -> Iterator[Row]:
        for learner in order:
            sitting = new_token()
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

    def bytes_a_pair(self) -> float:
        """Return the bytes of a memory and a review row together, with all their indexes."""
        with self.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        return float(pages * size / (len(self.learners) * FACTS))
