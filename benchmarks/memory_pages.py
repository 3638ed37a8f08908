"""The pages of a learner with very many facts, beside many other learners: `make bench`.

FACTDECK_BENCH_FACTS (20,000) is how many facts and reviews the learner has; nine times as many
belong to others. The figures for a tenth of it come first, so that growth shows as a ratio. The
full size is 1000000.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.facts import Deck, Fact
from app.core.values import TextValue
from app.models.database import make_engine, writing
from app.models.learning import LearningSession
from app.models.migrating import upgrade
from app.models.people import User
from app.services import insights, study
from app.services.decks import import_deck
from app.services.schedule import Wanted, due_by_day, schedule_page
from app.services.sessions import learner_of, open_session

NOW = 1_763_900_000
DAY_S = 86_400
OTHERS = 9
ROUNDS = 9
LIMITS_MS = {"next question": 5, "today": 5, "schedule": 50, "month": 50, "progress": 150}

FACTS = """INSERT INTO fact (id, deck_id, key, position, value, stance, according_to_text, as_of,
    quote, status, ask, ask_inverse, say, note, tags, revision)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :facts)
SELECT 1000 + i, fact.deck_id, 'g' || i, i, fact.value, 'stated', '', '', '', 'published',
    fact.ask, '', '', '', '[]', 1 FROM n, fact WHERE fact.id = 1"""
MEMORIES = """INSERT INTO memory (user_id, fact_id, stability_days, difficulty,
    last_review_epoch_s, due_epoch_s, reviews, lapses, last_type, first_study_day, last_study_day,
    state)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :facts)
SELECT u.id, 1000 + i, 1 + (i * 7919) % 400, 1 + (i * 31) % 9,
    :now - (i * 104729) % 400 * 86400, :now - 86400 + (i * 7919) % 400 * 86400 + i % 86400,
    3, i % 9, 'cloze', 739000, 739100, 0 FROM n, "user" AS u WHERE u.id BETWEEN :first AND :last"""
REVIEWS = """INSERT INTO review (user_id, number, token, session_token, moves_memory, fact_id,
    question_type, direction, response, credit, verdict, why, rating, points, reviewed_epoch_s,
    study_day, response_ms, stability_days, difficulty, due_epoch_s, predicted)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :facts)
SELECT u.id, i, 't' || i, 's', 1, 1000 + (i * 7919) % :facts + 1, 'cloze', 'forward',
    '{"typed": "x"}', i % 10 > 0, 'exact', '', 1 + 2 * (i % 10 > 0), 20,
    :now - 86400 * 1000 + (86400000 * i) / :facts, 738_500 + (1000 * i) / :facts, 8000,
    1 + (i * 7919) % 400, 5.0, :now, 0.9 FROM n, "user" AS u WHERE u.id BETWEEN :first AND :last"""
DAYS = """INSERT INTO daily_total (user_id, study_day, reviews, correct, new_facts, points,
    response_ms, due_facts, passed, mature, mature_passed)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
SELECT u.id, :today - i, 100, 90, :facts / 1000, 1800, 800000, 90, 80, 50, 46 FROM n, "user" AS u"""


def main() -> None:
    """Print what each page takes for a learner with many facts, and how it grows."""
    facts = int(os.environ.get("FACTDECK_BENCH_FACTS", "20000"))
    small, large = (_measured(size) for size in (facts // 10, facts))
    print(f"One learner of {facts:,} facts and reviews beside {OTHERS * facts:,} of others:")
    for name, limit in LIMITS_MS.items():
        print(
            f"  {name:14} {large[name]:8.2f} ms (wanted: under {limit}), "
            f"{large[name] / small[name]:.2f} times a tenth of it"
        )


def _measured(facts: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", "OFF")
        upgrade(engine)
        with Session(engine) as session:
            _fill(session, facts)
        with Session(engine) as session:
            return _timed(session)


def _fill(session: Session, facts: int) -> None:
    words = tuple(Fact(f"f{i}", TextValue(f"w{i}"), ask=f"Which word is {i}?") for i in range(30))
    import_deck(session, Deck("d", "D", facts=words), NOW)
    with writing(session):
        for at in range(OTHERS + 1):
            session.add(User(id=at + 1, fs_uniquifier=str(at), created_epoch_s=NOW, reviews=facts))
        session.flush()
        # The learner's deck of many facts is another than the one that is asked from.
        session.execute(
            text(
                "INSERT INTO deck (id, key, title, description, language, revision) "
                "VALUES (2, 'many', 'Many', '', 'en', 1)"
            )
        )
        session.execute(text(FACTS), {"facts": facts})
        session.execute(text("UPDATE fact SET deck_id = 2 WHERE id > 1000"))
        open_session(session, 1, 2, "study", NOW)
        given = {"facts": facts, "now": NOW, "first": 1, "last": OTHERS + 1}
        session.execute(text(MEMORIES), given)
        session.execute(text(REVIEWS), given)
        session.execute(text(DAYS), {"today": learner_of(session, 1).day(NOW), "facts": facts})
    session.execute(text("ANALYZE")) if os.environ.get("FACTDECK_BENCH_ANALYSE") else None


def _timed(session: Session) -> dict[str, float]:
    token = study.start(session, 1, "d", NOW)
    learner = learner_of(session, 1)
    today = learner.day(NOW)

    def following() -> None:
        study.next_question(session, 1, token, NOW)

    pages: dict[str, Callable[[], object]] = {
        "next question": following,
        "today": lambda: study.today(session, 1, None, NOW),
        "schedule": lambda: schedule_page(session, 1, Wanted(), NOW),
        "month": lambda: due_by_day(session, learner, today, 31, NOW),
        "progress": lambda: insights.insights(session, 1, NOW),
    }
    assert session.get(LearningSession, (1, token))  # noqa: S101 the bench asks for real
    return {name: _best_ms(page) for name, page in pages.items()}


def _best_ms(page: Callable[[], object]) -> float:
    """Return the least of some rounds: what others do on the machine only ever adds."""
    page()
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        page()
        taken.append(time.perf_counter() - started)
    return 1000 * min(taken)


if __name__ == "__main__":
    main()
