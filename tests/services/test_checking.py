"""`factdeck check` finds what does not hold, `--repair` mends it, and no review is lost."""

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.models.content import DeckRow
from app.models.learning import MemoryEvent, Review
from app.models.mapping import load_deck
from app.services import answering, checking, memory_events, statistics, study
from tests.services.conftest import NOW
from tests.services.test_answering import right, wrong

pytestmark = pytest.mark.writes_rows

USER = 'UPDATE "user" SET {} WHERE id = {{learner}}'
ON_SQLITE = "sqlite"
DAMAGE = {
    "score": USER.format("score = score + 7"),
    "reviews": USER.format("reviews = reviews + 1"),
    "changes": USER.format("changes = changes + 3"),
    "counted": USER.format("reviews_counted = reviews + 5"),
    "memory": "UPDATE memory SET stability_days = stability_days * 2 WHERE fact_id = {fact}",
    "due": "UPDATE memory SET due_epoch_s = due_epoch_s + 1 WHERE fact_id = {fact}",
    "memory lost": "DELETE FROM memory WHERE fact_id = {fact}",
    "memory invented": "UPDATE memory SET fact_id = {unasked} WHERE fact_id = {fact}",
    "held invented": "INSERT INTO held_fact VALUES ({learner}, {unasked}, NULL)",
    "held lost": "DELETE FROM held_fact",
    "day": "UPDATE daily_total SET correct = correct + 1",
    "day lost": "DELETE FROM daily_total",
    "open": "UPDATE shown_question SET answered_epoch_s = NULL",
    "answered": "UPDATE shown_question SET answered_epoch_s = 5 WHERE answered_epoch_s IS NULL",
    "items": "UPDATE item_statistic SET answers = answers + 1",
    "items lost": "DELETE FROM item_statistic",
    "revision": "UPDATE fact SET revision = 9 WHERE id = {fact}",
    "value": "UPDATE fact SET value = '{{}}' WHERE id = {fact}",
}
SPOILT = {
    "no json": "UPDATE fact SET value = 'garbage' WHERE id = {fact}",
    "no number": "UPDATE memory SET stability_days = 'abc' WHERE fact_id = {fact}",
    "deck": "DELETE FROM deck",
}
"""What PostgreSQL does not let happen."""
NO_RESPONSE = "UPDATE review SET response = 'zz' WHERE user_id = {learner}"
ORPHANS = {
    "question": "UPDATE shown_question SET fact_id = 9999 WHERE fact_id = {fact}",
    "deck settings": "INSERT INTO deck_settings VALUES ({learner}, 999, 0.8, NULL)",
    "session": "UPDATE learning_session SET deck_id = 999",
    "fact": "DELETE FROM fact WHERE id = {fact}",
    "learner": 'DELETE FROM "user" WHERE id = {learner}',
    "source": "UPDATE fact SET source_id = 999 WHERE id = {unasked}",
}


@pytest.fixture
def studied(session: Session, deck: Deck, learner: int) -> dict[str, int]:
    """A learner with answers, right and wrong, one open question, and a fact held back."""
    token = study.start(session, learner, deck.key, NOW)
    for at in range(6):
        question = study.next_question(session, learner, token, NOW + at)
        assert question is not None
        shown = answering.shown(session, learner, question).question
        answering.answer(
            session, learner, question, wrong(shown) if at % 3 else right(shown), NOW + at, 900
        )
    assert study.next_question(session, learner, token, NOW + 9) is not None
    asked = select(Review.fact_id).distinct()
    fact = session.scalar(select(func.min(Review.fact_id)))
    free = session.scalars(
        text("SELECT id FROM fact WHERE status = 'published' ORDER BY id DESC")  # type: ignore[call-overload]
    ).all()
    unasked = [one for one in free if one not in session.scalars(asked).all()]
    memory_events.suspend(session, learner, unasked[0], NOW + 20)
    statistics.count_for(session, 60)
    assert checking.check(session) == []
    return {"learner": learner, "fact": fact or 0, "unasked": unasked[-1]}


def spoil(engine: Engine, statement: str) -> None:
    """Change rows behind the back of everything that guards them."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if engine.dialect.name == ON_SQLITE:
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA query_only=0")
        cursor.execute(statement)
        connection.commit()
        if engine.dialect.name == ON_SQLITE:
            cursor.execute("PRAGMA foreign_keys=ON")
    finally:
        connection.close()


def log_of(session: Session) -> list[int]:
    return [
        session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Review, MemoryEvent)
    ]


def mended(session: Session, engine: Engine, statements: list[str]) -> int:
    """Spoil, look, repair, look again; return how many problems were found."""
    session.rollback()
    before = log_of(session)
    session.rollback()
    for statement in statements:
        spoil(engine, statement)
    session.expire_all()
    found = checking.check(session)
    assert checking.repair(session), statements
    assert checking.check(session) == []
    assert checking.repair(session) == []
    assert log_of(session) == before
    return len(found)


@pytest.mark.parametrize("database", [ON_SQLITE], indirect=True)
@pytest.mark.parametrize("kind", [*DAMAGE, *ORPHANS])
def test_damage_is_found_and_mended_and_no_log_is_cut(
    session: Session, engine: Engine, studied: dict[str, int], kind: str
) -> None:
    statement = (DAMAGE | ORPHANS)[kind].format(**studied)
    assert mended(session, engine, [statement]) > 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", list(SPOILT))
def test_what_sqlite_keeps_of_a_spoilt_row_is_found_and_mended(
    session: Session, engine: Engine, studied: dict[str, int], kind: str
) -> None:
    before = load_deck(session, session.scalars(select(DeckRow.id)).one())
    assert mended(session, engine, [SPOILT[kind].format(**studied)]) > 0
    after = load_deck(session, session.scalars(select(DeckRow.id)).one())
    assert after.facts == before.facts


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_answer_that_cannot_be_read_is_told_and_left(
    session: Session, engine: Engine, studied: dict[str, int]
) -> None:
    session.rollback()
    spoil(engine, NO_RESPONSE.format(**studied))
    told = ["review: 6 rows have a response that cannot be read."]
    assert checking.check(session) == told
    assert checking.repair(session) == []
    assert checking.check(session) == told


def test_all_damage_at_once_is_counted_and_mended(
    session: Session, engine: Engine, studied: dict[str, int]
) -> None:
    apart = (
        "memory",
        "due",
        "items",
        "day",
        "held invented",
        "score",
        "counted",
        "open",
        "revision",
    )
    statements = [DAMAGE[kind].format(**studied) for kind in apart]
    # Memory and due date of one fact are one problem.
    assert mended(session, engine, statements) >= len(apart) - 1


def test_a_passage_that_stands_in_no_source_is_found_and_left_to_curators(
    session: Session, engine: Engine, deck: Deck
) -> None:
    session.rollback()
    spoil(engine, "UPDATE source SET text = 'Another text.'")
    found = checking.check(session)
    assert len(found) == len([fact for fact in deck.facts if fact.evidence])
    assert "does not stand in its source" in found[0]
    assert checking.repair(session) == []
    assert checking.check(session) == found
