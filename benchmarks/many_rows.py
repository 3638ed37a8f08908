"""A database in which one learner has very many facts, beside nine others who have as many.

The facts lie in twenty decks, all begun; a hundredth of them is retired, a hundredth suspended,
and one in 400 falls due each day. The second learner has been away: every fact is due. A deck of
thirty facts stands beside them to be asked from, since preparing a deck of thousands is another
measurement.
"""

import os
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.core.facts import Deck, Fact
from app.core.values import TextValue
from app.models.database import make_engine, writing
from app.models.migrating import upgrade
from app.models.people import User
from app.services.decks import import_deck
from app.services.sessions import learner_of, open_session

NOW = 1_763_900_000
LEARNERS = 10
DECKS = 20
SMALL = "d"
"""The deck that is asked from."""
AWAY = 2
"""The learner to whom everything is due."""

DECK_ROWS = """INSERT INTO deck (id, key, title, description, language, revision)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :decks - 1)
SELECT 100 + i, 'many-' || i, 'Many ' || i, '', 'en', 1 FROM n"""
FACT_ROWS = """INSERT INTO fact (id, deck_id, key, position, value, stance, according_to_text,
    as_of, quote, status, ask, ask_inverse, say, note, tags, revision)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :facts)
SELECT 1000 + i, 100 + i * :decks / (:facts + 1), 'g' || i, i, fact.value, 'stated', '', '', '',
    CASE WHEN i % 100 = 7 THEN 'retired' ELSE 'published' END,
    fact.ask, '', '', '', '["t' || (i % 10) || '"]', 1 FROM n, fact WHERE fact.id = 1"""
TAG_ROWS = """INSERT INTO fact_tag (tag, fact_id)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :facts)
SELECT 't' || (i % 10), 1000 + i FROM n"""
MEMORY_ROWS = """INSERT INTO memory (user_id, fact_id, stability_days, difficulty,
    last_review_epoch_s, due_epoch_s, reviews, lapses, last_type, first_study_day, last_study_day,
    state, deck_id)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :facts)
SELECT u.id, 1000 + i, 1 + (i * 7919) % 400, 1 + (i * 31) % 9,
    :now - (i * 104729) % 400 * 86400,
    CASE WHEN u.id = :away THEN :now - (i * 7919) % 400 * 86400 - i % 86400 - 1
         ELSE :now - 86400 + (i * 7919) % 400 * 86400 + i % 86400 END,
    3, CASE WHEN i % 97 = 0 THEN 8 ELSE i % 7 END, 'cloze', 739000, 739100, i % 100 = 11,
    100 + i * :decks / (:facts + 1)
FROM n, "user" AS u"""
REVIEW_ROWS = """INSERT INTO review (user_id, number, token, session_token, moves_memory, fact_id,
    question_type, direction, response, credit, verdict, why, rating, points, reviewed_epoch_s,
    study_day, response_ms, stability_days, difficulty, due_epoch_s, predicted)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :facts)
SELECT u.id, i, 't' || i, 's', 1, 1000 + (i * 7919) % :facts + 1, 'cloze', 'forward',
    '{"typed": "x"}', i % 10 > 0, 'exact', '', 1 + 2 * (i % 10 > 0), 20,
    :now - 86400 * 1000 + (86400000 * i) / :facts, 738_500 + (1000 * i) / :facts, 8000,
    1 + (i * 7919) % 400, 5.0, :now, 0.9 FROM n, "user" AS u"""
DAY_ROWS = """INSERT INTO daily_total (user_id, study_day, reviews, correct, new_facts, points,
    response_ms, due_facts, passed, mature, mature_passed)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
SELECT u.id, :today - i, 100, 90, :facts / 1000, 1800, 800000, 90, 80, 50, 46 FROM n, "user" AS u"""


def file_of(folder: Path, facts: int, decks: int = DECKS) -> Path:
    """Return where such a database lies."""
    return folder / f"many-{facts}-in-{decks}.sqlite3"


def filled(folder: Path, facts: int, decks: int = DECKS) -> Engine:
    """Return an engine on such a database; one left there by an earlier run is used again."""
    path = file_of(folder, facts, decks)
    new = not path.exists()
    engine = make_engine(f"sqlite:///{path}", "OFF")
    if new:
        upgrade(engine)
        with Session(engine) as session:
            _fill(session, facts, decks)
    return engine


def _fill(session: Session, facts: int, decks: int) -> None:
    words = tuple(Fact(f"f{i}", TextValue(f"w{i}"), ask=f"Which word is {i}?") for i in range(30))
    import_deck(session, Deck(SMALL, "D", facts=words), NOW)
    given = {"facts": facts, "decks": decks, "now": NOW, "away": AWAY}
    with writing(session):
        for at in range(LEARNERS):
            session.add(User(id=at + 1, fs_uniquifier=str(at), created_epoch_s=NOW, reviews=facts))
        session.flush()
        today = learner_of(session, 1).day(NOW)
        for statement in (DECK_ROWS, FACT_ROWS, TAG_ROWS, MEMORY_ROWS, REVIEW_ROWS, DAY_ROWS):
            session.execute(text(statement), given | {"today": today})
        for at in range(decks):
            for learner in (1, AWAY):
                open_session(session, learner, 100 + at, "study", NOW - 86_400)
    if os.environ.get("FACTDECK_BENCH_ANALYSE"):
        session.execute(text("ANALYZE"))
        session.commit()
