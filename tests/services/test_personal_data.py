"""Everything of a person is given out, and their account is deleted, with or without answers."""

import csv
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.core.questions.question import SelfRated, Typed
from app.models.base import Base
from app.models.database import writing
from app.models.learning import Memory, Review
from app.models.people import SignIn, SignUpLink, User
from app.models.statistics import ItemStatistic
from app.services import (
    accounts,
    amendments,
    answering,
    curating,
    ledger,
    own_tables,
    personal_data,
    quiz,
    sign_ins,
    study,
)
from app.services.accounts import Person, PersonChange, SignInRefused
from app.services.statistics import count_new

NOW = 1_763_900_000
PHRASE = "correct horse battery"


@pytest.fixture
def ann(session: Session, deck: Deck) -> Person:
    """Somebody who has studied, taken a quiz and curates a deck."""
    made = accounts.sign_up(session, None, "ann@b.example", PHRASE, NOW)
    token = study.start(session, made.id, deck.key, NOW)
    for _ in range(3):
        shown = study.next_question(session, made.id, token, NOW)
        assert shown is not None
        answering.answer(session, made.id, shown, SelfRated(3), NOW, 1000)
    token = quiz.start(session, made.id, deck.key, 2, None, NOW)
    for text in ("=1+1", "Ärger"):
        shown = quiz.next_question(session, made.id, token, NOW)
        assert shown is not None
        answering.answer(session, made.id, shown, Typed(text), NOW, 1000)
    curating.give_decks(session, made.id, {deck.key})
    sign_ins.begin(session, made.id, NOW, "Firefox on Linux")
    return made


def exported(session: Session, person: Person) -> dict[str, bytes]:
    file = io.BytesIO()
    personal_data.export(session, person.id, file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_is_given_out_and_no_secret(session: Session, ann: Person) -> None:
    files = exported(session, ann)
    account = json.loads(files["account.json"])
    assert (account["email"], account["reviews"]) == ("ann@b.example", 5)
    reviews = json.loads(files["review.json"])
    assert len(reviews) == 5
    assert all(one["deck"] == "harbours" and one["fact"] for one in reviews)
    rows = list(csv.DictReader(io.StringIO(files["review.csv"].decode())))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert len(json.loads(files["memory.json"])) == 3
    assert b"Firefox on Linux" in files["sign_in.csv"]
    user = session.get_one(User, ann.id)
    secrets = [user.password, user.fs_uniquifier, *session.scalars(select(SignIn.secret_sha256))]
    whole = b"".join(files.values()).decode()
    assert all(one and one not in whole for one in secrets)


class Watching(io.BytesIO):
    """A file that is written only while nothing is read from the database."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self.writes = session, 0

    def write(self, data: object) -> int:
        assert not self._session.in_transaction()
        self.writes += 1
        return super().write(data)  # type: ignore[arg-type]


def test_a_long_export_holds_up_no_writer(
    session: Session, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = exported(session, ann)
    monkeypatch.setattr(personal_data, "PAGE", 2)
    watching = Watching(session)
    personal_data.export(session, ann.id, watching)
    assert watching.writes
    with zipfile.ZipFile(watching) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == whole


def test_a_table_is_read_in_parts_and_is_the_same(
    session: Session, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def table(what: str) -> list[dict[str, str]]:
        file = io.BytesIO()
        own_tables.write_own_table(session, ann.id, (what, "csv"), NOW + 60, file)
        return list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))

    token = session.scalar(select(Review.token).where(Review.number == 2))
    amendments.undo(session, ann.id, str(token), NOW)
    whole = {what: table(what) for what in own_tables.TABLES}
    assert {what: len(rows) for what, rows in whole.items()} == {"reviews": 4, "schedule": 2}
    assert [one["response"] for one in whole["reviews"]][-2:] == ["'=1+1", "Ärger"]
    dues = [one["due"] for one in whole["schedule"]]
    assert dues == sorted(dues)
    monkeypatch.setattr(own_tables, "_PAGE", 1)
    monkeypatch.setattr(own_tables, "_BATCH", 1)
    assert {what: table(what) for what in own_tables.TABLES} == whole


def test_every_table_of_a_learner_is_exported_or_left_out_on_purpose() -> None:
    internal = {"counted_answer", "shown_question", "pending_import", "deck_curator", "user_role"}
    edits = {name for name in Base.metadata.tables if name.endswith("_revision")}
    edits |= {"fact_correction", "dismissed_sentence", "import_record"}
    internal |= {"password_reset", "recovery_code", "passkey_challenge"}  # nothing but a way in
    # Files on their way in, which go when they are read or dropped, and after days by themselves.
    internal |= {"transfer_job", "job_part", "pending_picture"}
    of_people = {
        table.name for table in Base.metadata.tables.values() if "user_id" in table.columns
    }
    exported_tables = {str(table.__tablename__) for table in personal_data.TABLES}
    assert of_people - exported_tables - internal - edits == set()


def test_nobody_elses_rows_are_in_it(
    session: Session, ann: Person, new_learner: Callable[..., int], deck: Deck
) -> None:
    other = new_learner()
    token = study.start(session, other, deck.key, NOW)
    shown = study.next_question(session, other, token, NOW)
    assert shown is not None
    answering.answer(session, other, shown, Typed("of somebody else"), NOW, 1)
    assert b"of somebody else" not in b"".join(exported(session, ann).values())


def test_an_account_goes_with_all_its_answers(session: Session, ann: Person) -> None:
    count_new(session)
    assert session.scalar(select(func.sum(ItemStatistic.answers)))
    with pytest.raises(SignInRefused):
        personal_data.delete_account(session, ann, "wrong wrong wrong", keep_answers=False)
    personal_data.delete_account(session, ann, PHRASE, keep_answers=False)
    session.expire_all()
    assert session.get(User, ann.id) is None
    for table in Base.metadata.tables.values():
        if "user_id" in table.columns:
            theirs = select(func.count()).select_from(table).where(table.c.user_id == ann.id)
            assert session.scalar(theirs) == 0, table.name
    assert not session.scalar(select(func.sum(ItemStatistic.answers)))


def test_answers_may_stay_under_no_name(session: Session, ann: Person) -> None:
    count_new(session)
    counted = session.scalar(select(func.sum(ItemStatistic.answers)))
    personal_data.delete_account(session, ann, PHRASE, keep_answers=True)
    session.expire_all()
    user = session.get_one(User, ann.id)
    assert (user.email, user.password, user.display_name, user.active) == (None, None, "", False)
    assert session.scalar(select(func.count()).select_from(Review)) == 5
    assert session.scalar(select(func.count()).select_from(Memory)) == 3
    assert session.scalar(select(func.sum(ItemStatistic.answers))) == counted
    assert sign_ins.own(session, ann.id) == []
    assert ledger.check_learner(session, ann.id) == []
    again = accounts.sign_up(session, None, "ann@b.example", PHRASE, NOW)
    assert again.id != ann.id


@pytest.mark.parametrize("keep_answers", [True, False])
def test_no_row_names_somebody_who_is_gone(
    session: Session, ann: Person, *, keep_answers: bool
) -> None:
    """A link to sign up may have come before the account; where they live is their own matter."""
    settings = accounts.Settings(
        "Annabel Quuxington", "Asia/Kathmandu", on_leaderboard=True, language="de"
    )
    accounts.save_settings(session, ann, settings)
    with writing(session):
        link = {"token_sha256": "f" * 64, "expires_epoch_s": NOW + 900}
        session.add(SignUpLink(email="ann@b.example", **link))
    personal_data.delete_account(session, ann, PHRASE, keep_answers=keep_answers)
    session.expire_all()
    for table in Base.metadata.tables.values():
        for row in session.execute(select(table)):
            told = repr(tuple(row))
            assert not any(one in told for one in ("ann@b", "Annabel", "Kathmandu", "Firefox")), (
                table.name
            )
    if keep_answers:
        assert ledger.check_learner(session, ann.id) == []


def test_the_only_admin_stays(session: Session, ann: Person) -> None:
    change = PersonChange(is_curator=False, is_admin=True, active=True)
    accounts.change_person(session, ann.id, change)
    with pytest.raises(accounts.LastAdmin):
        personal_data.delete_account(session, ann, PHRASE, keep_answers=False)
