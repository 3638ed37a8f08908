"""Item statistics with a million answers: `make bench`. Counts them, then shows the pages.

`python -m benchmarks.statistics [ANSWERS]`; the database is made in a folder that goes again.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

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
from app.services import answering, study
from app.services import statistics as items
from app.services.decks import import_deck, index_of
from app.services.statistics import Order

NOW = 1_763_900_000
FACTS, PER_SESSION, SESSIONS = 500, 20, 10
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


def fill(session: Session, answers: int) -> int:
    """Store that many answers and return how many learners gave them."""
    pool, rng = shown_questions(session), Random(1)
    learners = max(1, answers // (SESSIONS * PER_SESSION))
    for user_id in range(1, learners + 1):
        if user_id % 50 == 1:
            session.commit()
            session.connection(execution_options={"write": True})
        user = {"id": user_id, "fs_uniquifier": str(user_id), "created_epoch_s": NOW}
        session.execute(insert(User), [user | {"reviews": SESSIONS * PER_SESSION}])
        for table, rows in learner_rows(user_id, pool, rng).items():
            session.execute(insert(table), rows)
    session.commit()
    return learners


def median_ms(work: Callable[[], object], times: int = 20) -> float:
    """Return the median of so many runs, in milliseconds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def answer_ms(session: Session, times: int = 200) -> float:
    """Return the median of answering a study question, in milliseconds."""
    with writing(session):
        session.execute(update(User).where(User.id == 1).values(new_per_day=1000))
    token = study.start(session, 1, "large", NOW)
    taken = []
    for _ in range(times):
        question = study.next_question(session, 1, token, NOW)
        if question is None:
            break
        shown = answering.shown(session, 1, question).question
        response = answering_response(shown)
        started = time.perf_counter()
        answering.answer(session, 1, question, response, NOW, 5)
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
    """Print a table of what was measured."""
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", "NORMAL")
        upgrade(engine)
        with Session(engine) as session:
            import_deck(session, large_deck(), NOW)
            learners = fill(session, answers)
            print(f"answers in the log:             {answers:9,} of {learners:,} learners")
            _counting(session, answers)
            _pages(session)
            print(f"an answer, statistics waiting:  {answer_ms(session):9.2f} ms")
        engine.dispose()


def _counting(session: Session, answers: int) -> None:
    started = time.perf_counter()
    slowest = 0.0
    while True:
        begun = time.perf_counter()
        if not items.count_new(session):
            break
        slowest = max(slowest, time.perf_counter() - begun)
        session.expunge_all()
    taken = time.perf_counter() - started
    print(f"counting all of them:           {taken:9.1f} s  ({answers / taken:,.0f} a second)")
    print(f"longest transaction (100):       {slowest * 1000:9.0f} ms")
    print(f"nothing new to count:           {median_ms(lambda: items.count_new(session)):9.2f} ms")


def _pages(session: Session) -> None:
    fact_id = session.scalars(select(FactRow.id).limit(1)).one()
    fact = index_of(session, 1).deck.facts[0]
    for name, work in (
        ("page of a deck, all", lambda: items.deck_items(session, "large", None, Order.FLAGS, 1)),
        (
            "page of a deck, one flag",
            lambda: items.deck_items(session, "large", Flag.TOO_HARD, Order.TIME, 2),
        ),
        ("panel of a fact", lambda: items.fact_items(session, fact_id, fact)),
    ):
        print(f"{name + ':':32}{median_ms(work):9.2f} ms (wanted < 100 ms)")


if __name__ == "__main__":
    main()
