"""Answers and queue in the service layer, against Anki's own engine: same machine, same run.

`python -m benchmarks.anki_engine [FACTS ...]`. Anki comes with the extra `dev`; it is AGPL, a tool
to compare with and no part of the product. Ours writes with synchronous=FULL and everything that an
answer is: marking, log, memory, score, day, the next question put up.
"""

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from anki.collection import Collection
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core.questions import Question
from app.core.questions.question import Chosen, Matched, Ordered, Response, SelfRated, Typed
from app.models.content import DeckRow, FactRow
from app.models.database import make_engine, writing
from app.models.learning import ACTIVE, LearningSession, Memory
from app.models.migrating import upgrade
from app.models.people import User
from app.models.sqlite import sqlite_driver
from app.services import accounts, answering, decks, study
from app.services.sessions import learner_of
from app.services.study import asking
from app.services.study.queue import Sitting, candidates, quota_of
from app.services.study.so_far import so_far
from app.workers import settle_garbage
from benchmarks.engine import large_deck

NOW = 1_763_900_000
DAY_S = 86_400
ANSWERS = 200
SETTLED = 20
"""Answers before it counts."""
FACTS = 1000
GOOD = 3


def median_s(times: int, run: Callable[[], object]) -> float:
    """Return the median seconds of a call."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def any_response(question: Question) -> Response:
    """Return a response that the question's type takes; whether it is right does not matter."""
    match str(question.type):
        case "multiple_choice" | "true_false":
            return Chosen((question.options[0],))
        case "multiple_select":
            return Chosen(question.options[:1])
        case "ordering":
            return Ordered(question.options)
        case "matching":
            return Matched(tuple(question.options[: len(question.prompts)]))
        case "flashcard":
            return SelfRated(GOOD)
        case _:
            return Typed("perhaps")


class Ours:
    """A learner with a study session over a deck."""

    def __init__(self, folder: Path) -> None:
        engine = make_engine(f"sqlite:///{folder / 'ours.sqlite3'}")
        upgrade(engine)
        self.session = Session(engine)
        decks.import_deck(self.session, large_deck(FACTS), NOW)
        self.learner = accounts.make_guest(self.session, "g" * 40, NOW).id
        with writing(self.session):
            self.session.get_one(User, self.learner).new_per_day = 1000
        self.token = study.start(self.session, self.learner, "large", NOW)
        self.deck_id = decks.deck_id_of(self.session, "large")
        self.question = study.next_question(self.session, self.learner, self.token, NOW)

    def answer(self) -> None:
        """Answer the open question and put up the next one, as two requests do."""
        assert self.question is not None  # noqa: S101 the deck is larger than a run
        page = answering.shown(self.session, self.learner, self.question)
        given = any_response(page.question)
        answering.take(self.session, self.learner, page, given, NOW, 1000)
        self.question = study.next_question(self.session, self.learner, self.token, NOW)

    def fill(self, facts: int) -> None:
        """Give the learner a deck of so many facts, all known and due."""
        with writing(self.session) as session:
            deck = DeckRow(key=f"due{facts}", title="Due", description="", language="en")
            session.add(deck)
            session.flush()
            rows = [
                {"deck_id": deck.id, "key": f"f{at}", "position": at, "value": {}, "tags": []}
                | {"status": "published"}
                for at in range(facts)
            ]
            ids = session.scalars(insert(FactRow).returning(FactRow.id), rows).all()
            self.deck_id = deck.id
            session.execute(insert(Memory), [self._memory(at, one) for at, one in enumerate(ids)])
        self.token = self._opened(self.deck_id)

    def _memory(self, at: int, fact_id: int) -> dict[str, object]:
        return {
            "user_id": self.learner,
            "fact_id": fact_id,
            "deck_id": self.deck_id,
            "stability_days": 5.0 + at % 90,
            "difficulty": 5.0,
            "last_review_epoch_s": NOW - 100 * DAY_S,
            "due_epoch_s": NOW - at % (50 * DAY_S),
            "reviews": 3,
            "lapses": 0,
            "last_type": "flashcard",
            "first_study_day": 1,
            "last_study_day": 2,
            "state": ACTIVE,
        }

    def _opened(self, deck_id: int) -> str:
        with writing(self.session) as session:
            made = LearningSession(
                user_id=self.learner, token=f"t{deck_id}", deck_id=deck_id, kind="study",
                plan=[], seed=1, started_epoch_s=NOW, finished_epoch_s=None,
            )  # fmt: skip
            session.add(made)
        return f"t{deck_id}"

    def queue(self) -> None:
        """Find what to ask next."""
        learner = learner_of(self.session, self.learner)
        sitting = Sitting(self.learner, self.token, self.deck_id)
        quota = quota_of(self.session, learner, NOW)
        before = so_far(self.session, learner, self.token)
        found = candidates(self.session, learner, sitting, quota, NOW, before.history)
        assert next(found, None) is not None  # noqa: S101 all are due
        self.session.rollback()


class Spent:
    """The seconds of calls of some kinds, and how many they were."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)

    def timed(self, kind: str, does: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same function, its calls counted and timed."""

        @wraps(does)
        def run(*given: object, **named: object) -> Any:  # noqa: ANN401 whatever it returns
            started = time.perf_counter()
            try:
                return does(*given, **named)
            finally:
                self.seconds[kind] += time.perf_counter() - started
                self.calls[kind] += 1

        return run


def split(folder: Path, ratio: float) -> str:
    """Return what of an answer is SQLite's own time, and what that of questions and marks.

    And what the ratio to Anki would be if all else took no time at all.
    """
    spent, driver = Spent(), sqlite_driver()

    class Cursor(driver.Cursor):  # type: ignore[misc, name-defined]  # whichever driver it is
        execute = spent.timed("SQLite", driver.Cursor.execute)
        fetchall = spent.timed("rows", driver.Cursor.fetchall)

    class Timed(driver.Connection):  # type: ignore[misc, name-defined]  # as above
        commit = spent.timed("commits", driver.Connection.commit)
        rollback = spent.timed("rollbacks", driver.Connection.rollback)

        def cursor(self, *_: object) -> Any:  # noqa: ANN401 the driver's own
            return super().cursor(Cursor)

    with (
        patch.object(driver, "connect", partial(driver.connect, factory=Timed)),
        patch.object(answering, "mark", spent.timed("marks", answering.mark)),
        patch.object(asking, "question_for", spent.timed("questions", asking.question_for)),
    ):
        ours = Ours(folder)
        for _ in range(SETTLED):
            ours.answer()
        spent.seconds.clear()
        spent.calls.clear()
        started = time.perf_counter()
        for _ in range(ANSWERS):
            ours.answer()
        whole = time.perf_counter() - started
    parts = {kind: took / ANSWERS * 1000 for kind, took in spent.seconds.items()}
    parts["all else"] = whole / ANSWERS * 1000 - sum(parts.values())
    told = ", ".join(f"{kind} {took:.2f}" for kind, took in parts.items())
    sent = spent.calls["SQLite"] / ANSWERS
    bare = ratio * whole / (whole - parts["all else"] * ANSWERS / 1000)
    return (
        f"of ours, {whole / ANSWERS * 1000:.2f} ms: {told}; {sent:.0f} statements\n"
        f"without all else: {bare:.2f} x Anki"
    )


class Ankis:
    """A collection with a deck, driven through Anki's own engine."""

    def __init__(self, folder: Path, cards: int, *, due: bool) -> None:
        self.collection = Collection(str(folder / f"anki{cards}{due}.anki2"))
        self.deck = self.collection.decks.id("Default")
        self.other = self.collection.decks.id("Other")
        kind = self.collection.models.by_name("Basic")
        assert kind is not None  # noqa: S101 every collection has it
        settings = self.collection.decks.config_dict_for_deck_id(self.deck)
        settings["new"]["perDay"] = settings["rev"]["perDay"] = 9999
        self.collection.decks.update_config(settings)
        state = (2, 2, 0, 30, 2500, 3) if due else (0, 0, 1, 0, 0, 0)
        numbers = range(1, cards + 1)
        note = (kind["id"], 0, 0, "")
        notes = [(at, f"g{at}", *note, f"q{at}\x1fa", at, 0, 0, "") for at in numbers]
        rest = (0, 0, 0, *state, 0, 0, 0, 0, 0, "")
        rows = [(at, at, self.deck, *rest) for at in numbers]
        assert self.collection.db is not None  # noqa: S101 it is open
        self.collection.db.executemany(f"INSERT INTO notes VALUES ({places(11)})", notes)  # noqa: S608 question marks
        self.collection.db.executemany(f"INSERT INTO cards VALUES ({places(18)})", rows)  # noqa: S608 as above

    def answer(self) -> None:
        """Answer the card on top and fetch the next one."""
        card = self.collection.sched.getCard()
        assert card is not None  # noqa: S101 the deck is larger than a run
        card.start_timer()
        self.collection.sched.answerCard(card, GOOD)

    def queue(self) -> None:
        """Build the queue, as after any change, and fetch what is on top."""
        self.collection.decks.set_current(self.other)
        self.collection.decks.set_current(self.deck)
        assert self.collection.sched.get_queued_cards().cards  # noqa: S101 all are due


def places(count: int) -> str:
    """Return so many question marks."""
    return ", ".join("?" * count)


def main(sizes: list[int]) -> None:
    """Print what was measured."""
    with TemporaryDirectory(prefix="factdeck-bench-") as name:
        folder = Path(name)
        settle_garbage()  # as every worker does
        ours, theirs = Ours(folder), Ankis(folder, FACTS, due=False)
        mine, others = [], []
        for _ in range(ANSWERS):  # in turn, so that other work weighs on both
            mine.append(median_s(1, ours.answer))
            others.append(median_s(1, theirs.answer))
        one, two = statistics.median(mine[SETTLED:]), statistics.median(others[SETTLED:])
        print(f"answers/s:        ours {1 / one:8.0f}   Anki {1 / two:8.0f}   ", end="")
        print(f"{two / one:6.2f} x Anki (wanted >= 0.5)")
        slower = max(0.0, one - 2 * two) * 1000  # both wait for the disk once
        print(f"0.5 x where the disk takes {slower:.1f} ms longer to keep what is written")
        (folder / "split").mkdir()
        print(split(folder / "split", two / one))
        for size in sizes:
            ours.fill(size)
            due = Ankis(folder, size, due=True)
            here, there = median_s(15, ours.queue) * 1000, median_s(7, due.queue) * 1000
            print(
                f"queue of {size:9,}: ours {here:8.2f}   Anki {there:8.2f} ms {there / here:7.1f} x"
            )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
