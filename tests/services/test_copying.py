"""An instance moves from SQLite to PostgreSQL, row by row, however often it is interrupted."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.models.base import Base
from app.models.content import FactRow
from app.models.database import make_engine, writing
from app.models.learning import Review
from app.services import answering, checking, copying, study
from app.services.copying import CannotCopy, copy_to, rows_in
from tests.conftest import _administer, _named
from tests.services.conftest import NOW
from tests.services.test_answering import right

pytestmark = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    pytest.mark.writes_rows,
]


@pytest.fixture
def empty(postgresql_server: str) -> Iterator[Engine]:
    """An engine on a PostgreSQL database with nothing in it."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    _administer(postgresql_server, f'CREATE DATABASE "{name}"')
    made = make_engine(_named(postgresql_server, name))
    yield made
    made.dispose()


@pytest.fixture
def studied(session: Session, deck: Deck, learner: int) -> int:
    token = study.start(session, learner, deck.key, NOW)
    for at in range(4):
        question = study.next_question(session, learner, token, NOW + at)
        assert question is not None
        shown = answering.shown(session, learner, question).question
        answering.answer(session, learner, question, right(shown), NOW + at, 900)
    with writing(session):
        first, second = session.scalars(select(FactRow).order_by(FactRow.id).limit(2))
        first.superseded_by_id = second.id
    return learner


class Interrupted(Exception):
    """As if the process had been killed here."""


def test_every_row_comes_over_and_the_copy_is_a_whole_instance(
    studied: int, engine: Engine, empty: Engine, tmp_path: Path, deck: Deck
) -> None:
    told: list[int] = []
    copied = copy_to(engine, empty, tmp_path, told.append)
    assert copied == rows_in(engine) == rows_in(empty) > 100
    assert sum(told) == 2 * copied
    assert list(tmp_path.glob("copy-to*")) == []
    with engine.connect() as here, empty.connect() as there:
        for table in Base.metadata.sorted_tables:
            ours, theirs = (
                sorted(map(repr, one.execute(select(table)).all())) for one in (here, there)
            )
            assert ours == theirs, table.name
    with Session(empty) as own:
        assert checking.check(own) == []
        token = study.start(own, studied, deck.key, NOW)
        question = study.next_question(own, studied, token, NOW + 9)
        assert question is not None
        shown = answering.shown(own, studied, question).question
        answering.answer(own, studied, question, right(shown), NOW + 9, 900)
        assert len(own.scalars(select(Review)).all()) == 5
        with writing(own):
            last = own.scalars(select(FactRow).order_by(FactRow.id.desc()).limit(1)).one()
            fresh = FactRow(deck_id=last.deck_id, key="next", value=last.value)
            own.add(fresh)
            own.flush()
            assert fresh.id == last.id + 1


def test_a_copy_that_was_cut_goes_on_and_a_foreign_database_is_left_alone(
    studied: int,
    engine: Engine,
    empty: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(copying, "PAGE", 7)
    cut_at = 1
    cuts = 0
    while True:
        steps = 0

        def cut(_count: int, at: int = cut_at) -> None:
            nonlocal steps
            steps += 1
            if steps == at:
                raise Interrupted

        try:
            copied = copy_to(engine, empty, tmp_path, cut)
        except Interrupted:
            cuts += 1
            cut_at += 5
        else:
            break
    assert cuts > 3
    assert copied == rows_in(engine) == rows_in(empty)
    with pytest.raises(CannotCopy, match="already"):
        copy_to(engine, empty, tmp_path, cut)
    assert studied


def test_a_copy_that_differs_is_refused(
    studied: int, engine: Engine, empty: Engine, tmp_path: Path
) -> None:
    def spoil(_count: int) -> None:
        with empty.connect() as connection, connection.begin():
            connection.execute(text('UPDATE "user" SET score = score + 1'))

    with pytest.raises(CannotCopy, match="user differs"):
        copy_to(engine, empty, tmp_path, spoil)
    assert studied
