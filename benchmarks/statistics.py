"""Item statistics with a million answers: counted, then shown as a curator's browser asks for them.

`python -m benchmarks.statistics [ANSWERS]`, a million by default (`make bench` takes 50,000). The
same database is measured with a tenth of the answers first, so that growth shows as a ratio. Pages
are whole: sign-in, queries, template. CPU time is what to compare on a busy machine.
"""

import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any

import structlog
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app import clock, create_app
from app.config import Config
from app.core.facts import Deck, Fact, Relation
from app.core.questions import QuestionType, questions_of
from app.core.questions.codec import dump_question
from app.core.statistics import Flag
from app.core.values import Entity, EntityValue
from app.models.content import FactRow
from app.models.database import make_engine, writing
from app.models.learning import LearningSession, Review, ShownQuestion
from app.models.migrating import upgrade
from app.models.people import User
from app.models.statistics import CountedAnswer
from app.services import accounts, answering, sign_ins, study
from app.services import statistics as items
from app.services.decks import import_deck, index_of
from app.web.current import SIGN_IN

NOW = 1_763_900_000
FACTS, PER_SESSION, SESSIONS = 500, 20, 10
IN_BULK = 10_000
"""Answers counted at a time where nobody waits: an item is written once for many of them."""
WRONG = ("no idea", "the sea", "nothing", "perhaps")
TYPES = (QuestionType.MULTIPLE_CHOICE, QuestionType.SHORT_ANSWER, QuestionType.CLOZE)


def large_deck() -> Deck:
    """Return a deck of things with kin, each asked in several ways."""
    rng = Random(5)
    syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "pal", "dor", "mir"]
    names = sorted({"".join(rng.choices(syllables, k=4)).capitalize() for _ in range(2 * FACTS)})
    entities = [Entity(name, name.lower(), "thing") for name in names]
    kin = Relation("kin", "Which is the kin of {subject}?", "", "The kin of {subject} is {value}.")
    facts = [
        Fact(f"f{at}", EntityValue(entities[(at * 31 + 7) % len(entities)]), entities[at], kin)
        for at in range(FACTS)
    ]
    return Deck("large", "Large", entities=tuple(entities), relations=(kin,), facts=tuple(facts))


def shown_questions(session: Session) -> list[tuple[int, QuestionType, dict[str, Any]]]:
    """Return (fact id, type, body) of every forward question that is asked here."""
    ids = dict(map(tuple, session.execute(select(FactRow.key, FactRow.id)).all()))
    index = index_of(session, 1)
    return [
        (ids[fact.key], question.type, dump_question(question))
        for fact in index.facts
        for question in questions_of(index, fact, 1)
        if question.type in TYPES and question.direction == "forward"
    ]


def learner_rows(user_id: int, pool: list[Any], rng: Random) -> dict[Any, list[dict[str, Any]]]:
    """Return what one learner's sessions leave in the log."""
    able = rng.random()
    rows: dict[Any, list[dict[str, Any]]] = {LearningSession: [], ShownQuestion: [], Review: []}
    number = 0
    for at in range(SESSIONS):
        token = f"s{user_id}-{at}"
        rows[LearningSession].append(
            {
                "user_id": user_id,
                "token": token,
                "deck_id": 1,
                "kind": "quiz",
                "plan": [],
                "seed": 1,
                "started_epoch_s": NOW,
                "finished_epoch_s": NOW,
            }
        )
        for position, (fact_id, kind, body) in enumerate(rng.sample(pool, PER_SESSION)):
            number += 1
            right = rng.random() < able
            asked = {"user_id": user_id, "token": f"q{user_id}-{number}", "session_token": token}
            rows[ShownQuestion].append(
                asked
                | {
                    "position": position,
                    "fact_id": fact_id,
                    "fact_revision": 1,
                    "body": body,
                    "shown_epoch_s": NOW,
                    "answered_epoch_s": NOW,
                }
            )
            rows[Review].append(
                asked
                | {
                    "number": number,
                    "moves_memory": False,
                    "fact_id": fact_id,
                    "question_type": str(kind),
                    "direction": "forward",
                    "response": _response(kind, body, rng, right=right),
                    "credit": float(right),
                    "verdict": "exact" if right else "wrong",
                    "why": "",
                    "rating": 3 if right else 1,
                    "points": 0,
                    "reviewed_epoch_s": NOW,
                    "study_day": 1,
                    "response_ms": int(rng.lognormvariate(8.4, 0.6)),
                }
            )
    return rows


def _response(kind: QuestionType, body: dict[str, Any], rng: Random, *, right: bool) -> Any:  # noqa: ANN401 JSON
    if kind is QuestionType.MULTIPLE_CHOICE:
        wrong = [one for one in body["options"] if one not in body["keys"]]
        return {"chosen": [body["keys"][0] if right else rng.choice(wrong)]}
    return {"typed": body["keys"][0] if right else rng.choice(WRONG)}


def fill(session: Session, answers: int, first: int) -> int:
    """Store that many answers of learners from `first` on; return how many they are."""
    pool, rng = shown_questions(session), Random(first)
    learners = max(1, answers // (SESSIONS * PER_SESSION))
    for begin in range(first, first + learners, 50):
        with writing(session):
            for user_id in range(begin, min(begin + 50, first + learners)):
                user = {"id": user_id, "fs_uniquifier": str(user_id), "created_epoch_s": NOW}
                session.execute(insert(User), [user | {"reviews": SESSIONS * PER_SESSION}])
                for table, rows in learner_rows(user_id, pool, rng).items():
                    session.execute(insert(table), rows)
    return learners


@dataclass(frozen=True, slots=True)
class Taken:
    """Medians of some runs of the same work, and the longest; milliseconds."""

    cpu_ms: float
    wall_ms: float
    longest_ms: float


def taken_by(work: Callable[[], object], times: int = 20) -> Taken:
    """Run some work so many times, once more beforehand."""
    work()
    cpu, wall = [], []
    for _ in range(times):
        started, worked = time.perf_counter(), time.process_time()
        work()
        cpu.append((time.process_time() - worked) * 1000)
        wall.append((time.perf_counter() - started) * 1000)
    return Taken(statistics.median(cpu), statistics.median(wall), max(wall))


def answer_ms(session: Session, times: int = 200) -> float:
    """Return the median of answering a study question, in milliseconds."""
    with writing(session):
        session.execute(update(User).where(User.id == 2).values(new_per_day=1000))
    token = study.start(session, 2, "large", NOW)
    taken = []
    for _ in range(times):
        question = study.next_question(session, 2, token, NOW)
        if question is None:
            break
        shown = answering.shown(session, 2, question).question
        response = answering_response(shown)
        started = time.perf_counter()
        answering.answer(session, 2, question, response, NOW, 5)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def answering_response(question: Any) -> Any:  # noqa: ANN401 whatever the type takes
    """Return some response that fits a question."""
    from app.core.questions.question import Chosen, Matched, Ordered, SelfRated, Typed  # noqa: PLC0415

    if question.answers:
        return Typed(question.keys[0])
    kinds: dict[QuestionType, Any] = {
        QuestionType.ORDERING: Ordered,
        QuestionType.MATCHING: Matched,
        QuestionType.FLASHCARD: lambda _: SelfRated(3),
    }
    return kinds.get(question.type, Chosen)(question.keys)


def main() -> None:
    """Print what the pages take with a tenth of the answers, then with all of them."""
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        config = Config(Path(folder), f"sqlite:///{Path(folder) / 'bench.sqlite3'}", "k" * 40)
        engine = make_engine(config.database_url, "NORMAL")
        upgrade(engine)
        with Session(engine) as session:
            import_deck(session, large_deck(), NOW)
            browser = signed_in(config, session)
            structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
            small = _measured(session, browser, answers // 10)
            _measured(session, browser, answers - answers // 10, small)
            print(f"an answer, statistics waiting:  {answer_ms(session):9.2f} ms")
        browser.application.extensions["factdeck"].engine.dispose()
        engine.dispose()


def signed_in(config: Config, session: Session) -> FlaskClient:
    """Return the browser of an admin."""
    link = accounts.make_setup_link(session, NOW) or ""
    admin = accounts.use_setup_link(session, link, "b@example.org", "umbrella gravel tuesday", NOW)
    browser = create_app(config).test_client()
    with browser.session_transaction() as cookie:
        cookie[SIGN_IN] = sign_ins.begin(session, admin.id, clock.now())
    return browser


def _measured(
    session: Session, browser: FlaskClient, answers: int, before: dict[str, Taken] | None = None
) -> dict[str, Taken]:
    """Add answers, count them, and print what pages take then, beside what they took before."""
    first = (session.scalar(select(func.max(User.id))) or 0) + 1
    fill(session, answers, first)
    while items.count_new(session, IN_BULK):
        session.expunge_all()
    total = session.scalar(select(func.sum(User.reviews_counted)))
    kept = session.scalar(select(func.count()).select_from(CountedAnswer))
    print(f"with {total:,} answers counted, {kept:,} of them first ones:")
    found = {name: taken_by(lambda url=url: _asked(browser, url)) for name, url in PAGES.items()}  # type: ignore[misc]
    fill(session, 5_000, first + 1_000_000)
    waiting = "a deck, 5,000 answers waiting"
    found[waiting] = taken_by(lambda: _asked(browser, PAGES["a deck, all"]))
    for name, one in found.items():
        grown = f", {one.cpu_ms / before[name].cpu_ms:.2f} times a tenth" if before else ""
        print(
            f"  page of {name + ':':34}{one.cpu_ms:6.1f} ms of CPU{grown}; "
            f"{one.wall_ms:.1f} ms, at most {one.longest_ms:.1f} (wanted: under 100)"
        )
    _counting(session, 5_000)
    return found


PAGES = {
    "a deck, all": "/statistics/large",
    "a deck, one flag, slowest first": f"/statistics/large?flag={int(Flag.TOO_HARD)}&order=time",
    "a deck, page 20, as in the deck": "/statistics/large?order=fact&page=20",
    "a fact": "/statistics/fact/1",
}


def _asked(browser: FlaskClient, url: str) -> None:
    response = browser.get(url)
    if response.status_code != HTTPStatus.OK:
        raise SystemExit(f"{url}: {response.status}")


def _counting(session: Session, answers: int) -> None:
    started, worked, slowest = time.perf_counter(), time.process_time(), 0.0
    while True:
        begun = time.process_time()
        if not items.count_new(session):
            break
        slowest = max(slowest, time.process_time() - begun)
        session.expunge_all()
    took, cpu = time.perf_counter() - started, time.process_time() - worked
    print(f"counting {answers:,}: {took:.0f} s, {answers / cpu:,.0f} in a second of CPU; "
          f"longest transaction (100): {slowest * 1000:.0f} ms of CPU")  # fmt: skip


if __name__ == "__main__":
    main()
