"""Answers of one learner at once, transactions that collide, connections that break.

Mutants that must fail: `writing` without BEGIN IMMEDIATE; `lock_learner` without FOR UPDATE;
`answer` without `retried`.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.core.questions import Direction, Question, QuestionType, ask
from app.models.database import writing
from app.models.failures import Busy
from app.models.learning import Review
from app.models.people import User
from app.services import answering, ledger, sessions
from app.services.decks import deck_id_of, index_of
from tests.services.conftest import NOW
from tests.services.test_answering import right

SENDERS = 8
COLLISION = "DO $$ BEGIN RAISE EXCEPTION 'collided' USING ERRCODE = '{}'; END $$"
BREAK = "SELECT pg_terminate_backend(pg_backend_pid())"


def put_up(session: Session, learner: int, deck: Deck) -> list[tuple[str, Question]]:
    """Open questions of two types on every fact; return their tokens."""
    deck_id = deck_id_of(session, deck.key)
    index = index_of(session, deck_id)
    refs = sessions.published_facts(session, deck_id)
    asked = [
        (refs[fact.key], made)
        for kind in (QuestionType.SHORT_ANSWER, QuestionType.CLOZE)
        for fact in index.facts
        if (made := ask(index, fact, kind, Direction.FORWARD, 1)) is not None
    ]
    with writing(session):
        owner = sessions.open_session(session, learner, deck_id, "study", NOW)
        tokens = sessions.put_up(session, owner, asked, 1, NOW)
    return list(zip(tokens, [question for _, question in asked], strict=True))


def test_different_answers_of_one_learner_at_once_are_all_counted(
    engine: Engine, session: Session, deck: Deck, learner: int
) -> None:
    questions = put_up(session, learner, deck)
    session.rollback()
    assert len(questions) > 40

    def send(given: tuple[str, Question]) -> None:
        with Session(engine) as own:
            answering.answer(own, learner, given[0], right(given[1]), NOW, 500)

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(send, questions))
    assert session.scalar(select(func.count()).select_from(Review)) == len(questions)
    score = session.scalar(select(func.sum(Review.points)))
    assert session.get_one(User, learner).score == score
    assert ledger.check_learner(session, learner) == []


@contextmanager
def struck(engine: Engine, statement: str, strikes: Callable[[int], bool]) -> Iterator[None]:
    """Before the n-th statement run another, where `strikes(n)` says so."""
    seen = 0

    def strike(*args: object) -> None:
        nonlocal seen
        cursor, given = args[1], args[2]
        if given == statement:
            return
        seen += 1
        if strikes(seen):
            cursor.execute(statement)  # type: ignore[attr-defined]

    event.listen(engine, "before_cursor_execute", strike)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", strike)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_answer_survives_a_connection_cut_at_any_statement(
    engine: Engine, session: Session, deck: Deck, learner: int
) -> None:
    questions = put_up(session, learner, deck)[:24]
    session.rollback()
    for at, (token, question) in enumerate(questions):
        with Session(engine) as own, struck(engine, BREAK, lambda n, at=at: n == at % 12 + 1):
            told = answering.answer(own, learner, token, right(question), NOW + at, 500)
        assert told.mark.correct
    assert session.scalar(select(func.count()).select_from(Review)) == len(questions)
    assert ledger.check_learner(session, learner) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_a_collision_is_tried_again_five_times_and_then_told(
    engine: Engine, session: Session, deck: Deck, learner: int, code: str
) -> None:
    (token, question), (other, _), *_ = put_up(session, learner, deck)
    session.rollback()
    collision = COLLISION.format(code)
    with Session(engine) as own, struck(engine, collision, lambda n: n % 4 == 0 and n <= 16):
        answering.answer(own, learner, token, right(question), NOW, 500)
    tries: list[int] = []

    def always(n: int) -> bool:
        tries.append(n)
        return n % 4 == 0

    with Session(engine) as own, struck(engine, collision, always), pytest.raises(Busy):
        answering.answer(own, learner, other, right(question), NOW, 500)
    assert len(tries) == 5 * 4
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert ledger.check_learner(session, learner) == []
