"""What is handed to the driver itself comes back as SQLAlchemy would bring it."""

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.models.content import FactRow
from app.models.database import writing
from app.models.driving import all_rows, first_row, written
from app.models.learning import HeldFact, ShownQuestion, StudySettings
from app.models.statements import answering, learners, showing, sitting
from app.services import study

NOW = 1_763_900_000


def test_rows_are_those_of_sqlalchemy(session: Session, deck: Deck, learner: int) -> None:
    token = study.start(session, learner, deck.key, NOW)
    shown = study.next_question(session, learner, token, NOW)
    with writing(session):
        session.add(StudySettings(user_id=learner))
    fact = session.scalars(select(ShownQuestion.fact_id)).one()
    connection = session.connection()
    for statement, which in (
        (showing.SHOWN, shown),
        (learners.LEARNER_SETTINGS, ""),
        (answering.STANDING, shown),
        (sitting.PROGRESS, token),
        (sitting.STUDY_SESSION, token),
    ):
        given = {"learner": learner, "which": which, "fact": fact, "day": 1}
        expected = connection.execute(statement, given).one()
        found = all_rows(connection, statement, given)
        assert [tuple(row) for row in found] == [tuple(expected)]
        assert found[0]._fields == expected._fields
    assert first_row(connection, showing.SHOWN, {"learner": learner, "which": "none"}) is None


def test_what_fails_is_raised_and_undone_as_by_sqlalchemy(
    session: Session, deck: Deck, learner: int
) -> None:
    fact = session.scalars(select(FactRow.id).limit(1)).one()
    row = {"user_id": learner, "fact_id": fact, "until_epoch_s": None}
    adding = insert(HeldFact).inline()

    def add_twice() -> None:
        with writing(session):
            assert written(session.connection(), adding, row) == 1
            written(session.connection(), adding, row)

    with pytest.raises(IntegrityError):
        add_twice()
    assert session.scalars(select(HeldFact)).all() == []
    assert deck.key


def test_listeners_are_told_and_lists_refused(session: Session, deck: Deck, learner: int) -> None:
    told: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: told.append(args[2]))
    all_rows(session.connection(), learners.LEARNER_SETTINGS, {"learner": learner})
    assert len(told) == 1
    with pytest.raises(AssertionError):  # each length would be another text
        all_rows(session.connection(), select(FactRow.id).where(FactRow.id.in_([1, 2])), {})
    assert deck.key
