"""Accounts: guests keep what they did, links work once, the last admin stays."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.facts import Deck
from app.core.questions.question import Typed
from app.models.database import writing
from app.models.learning import DailyTotal, Memory, Review
from app.models.people import SetupLink, User
from app.services import accounts, answering, ledger, sign_ins, study
from app.services.accounts import PersonChange, Settings

NOW = 1_763_900_000
PHRASE = "correct horse battery"


def study_some(session: Session, learner: int, deck: Deck, count: int, at: int) -> None:
    token = study.start(session, learner, deck.key, at)
    for step in range(count):
        shown = study.next_question(session, learner, token, at)
        assert shown is not None
        answering.answer(session, learner, shown, Typed("?"), at + step, 100)


def test_a_guest_who_signs_up_is_the_same_row(session: Session, deck: Deck) -> None:
    guest = accounts.make_guest(session, "t" * 40, NOW)
    study_some(session, guest.id, deck, 2, NOW)
    secret = sign_ins.begin(session, guest.id, NOW)
    person = accounts.sign_up(session, guest, "A@Example.org ", PHRASE, NOW)
    assert person.id == guest.id
    assert person.email == "a@example.org"
    assert person.token != guest.token
    assert sign_ins.find(session, secret, NOW) is None


def test_a_guest_who_signs_in_brings_what_they_did(session: Session, deck: Deck) -> None:
    person = accounts.sign_up(session, None, "a@example.org", PHRASE, NOW)
    study_some(session, person.id, deck, 3, NOW)
    guest = accounts.make_guest(session, "t" * 40, NOW)
    study_some(session, guest.id, deck, 4, NOW + 90_000)
    accounts.merge_guest(session, guest, person)
    assert session.scalar(select(func.count()).select_from(Review)) == 7
    numbers = session.scalars(select(Review.number).order_by(Review.number)).all()
    assert list(numbers) == list(range(1, 8))
    assert session.scalar(select(func.sum(DailyTotal.reviews))) == 7
    assert ledger.check_learner(session, person.id) == []
    assert session.get(User, guest.id) is None
    assert accounts.sign_in(session, "a@example.org", PHRASE).id == person.id


def test_what_differs_from_the_log_is_found_and_mended(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner()
    study_some(session, learner, deck, 4, NOW)
    with writing(session):
        session.execute(update(Memory).values(stability_days=99))
        session.execute(update(DailyTotal).values(points=12345))
        session.execute(update(User).where(User.id == learner).values(score=7))
    found = ledger.check_learner(session, learner)
    stored = session.scalar(select(func.count()).select_from(Memory))
    assert stored is not None
    assert len(found) == stored + 2
    with writing(session):
        ledger.rebuild(session, learner)
    assert ledger.check_learner(session, learner) == []
    assert session.scalar(select(func.count()).select_from(Review)) == 4


@pytest.mark.parametrize("email", ["a@example.org", " A@EXAMPLE.org"])
def test_an_address_has_one_account(session: Session, email: str) -> None:
    accounts.sign_up(session, None, "a@example.org", PHRASE, NOW)
    with pytest.raises(accounts.AddressTaken):
        accounts.sign_up(session, None, email, PHRASE, NOW)


def test_a_setup_link_works_once_and_never_after_an_admin(session: Session) -> None:
    token = accounts.make_setup_link(session, NOW)
    spare = accounts.make_setup_link(session, NOW)
    assert token is not None
    assert spare is not None
    assert session.scalar(select(SetupLink.token_sha256)) != token
    admin = accounts.use_setup_link(session, token, "a@example.org", PHRASE, NOW)
    assert admin.is_admin
    for dead in (token, spare, "nonsense"):
        with pytest.raises(accounts.LinkUsed):
            accounts.use_setup_link(session, dead, "b@example.org", PHRASE, NOW)
    assert accounts.make_setup_link(session, NOW) is None
    rescue = accounts.make_setup_link(session, NOW, recovery=True)
    assert rescue is not None
    assert accounts.use_setup_link(session, rescue, "c@example.org", PHRASE, NOW).is_admin
    with pytest.raises(accounts.LinkUsed):  # one that may make a further admin works once as well
        accounts.use_setup_link(session, rescue, "d@example.org", PHRASE, NOW)


def test_a_setup_link_ends_after_an_hour(session: Session) -> None:
    token = accounts.make_setup_link(session, NOW)
    assert token is not None
    accounts.check_setup_link(session, token, NOW + 3600)
    with pytest.raises(accounts.LinkUsed):
        accounts.check_setup_link(session, token, NOW + 3601)


def test_the_last_admin_cannot_be_locked_out(session: Session) -> None:
    token = accounts.make_setup_link(session, NOW)
    assert token is not None
    admin = accounts.use_setup_link(session, token, "a@example.org", PHRASE, NOW)
    for change in (
        PersonChange(is_curator=True, is_admin=False, active=True),
        PersonChange(is_curator=True, is_admin=True, active=False),
    ):
        with pytest.raises(accounts.LastAdmin):
            accounts.change_person(session, admin.id, change)
    other = accounts.sign_up(session, None, "b@example.org", PHRASE, NOW)
    accounts.change_person(
        session, other.id, PersonChange(is_curator=False, is_admin=True, active=True)
    )
    accounts.change_person(
        session, admin.id, PersonChange(is_curator=True, is_admin=False, active=True)
    )
    changed = accounts.person_by_id(session, admin.id)
    assert changed.roles == {"curator"}


def test_a_locked_account_is_signed_out_at_once(session: Session) -> None:
    person = accounts.sign_up(session, None, "a@example.org", PHRASE, NOW)
    secret = sign_ins.begin(session, person.id, NOW)
    accounts.change_person(
        session, person.id, PersonChange(is_curator=False, is_admin=False, active=False)
    )
    assert sign_ins.find(session, secret, NOW) is None
    accounts.change_person(
        session, person.id, PersonChange(is_curator=False, is_admin=False, active=True)
    )
    assert sign_ins.find(session, secret, NOW) is None
    accounts.change_person(
        session, person.id, PersonChange(is_curator=False, is_admin=False, active=False)
    )
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(session, "a@example.org", PHRASE)
    late = sign_ins.begin(session, person.id, NOW)  # its password fitted just before the lock
    assert sign_ins.find(session, late, NOW) is None


def test_a_new_password_ends_other_sessions(session: Session) -> None:
    person = accounts.sign_up(session, None, "a@example.org", PHRASE, NOW)
    with pytest.raises(accounts.SignInRefused):
        accounts.change_password(session, person, "wrong wrong wrong", "another long phrase")
    secrets = [sign_ins.begin(session, person.id, NOW) for _ in range(3)]
    accounts.change_password(session, person, PHRASE, "another long phrase")
    assert [sign_ins.find(session, secret, NOW) for secret in secrets] == [None] * 3
    assert accounts.sign_in(session, "a@example.org", "another long phrase").id == person.id


def test_settings_are_kept_and_an_unknown_zone_is_refused(session: Session) -> None:
    person = accounts.sign_up(session, None, "a@example.org", PHRASE, NOW)
    accounts.save_settings(session, person, Settings("Ann", "Asia/Tokyo", on_leaderboard=True))
    kept = accounts.person_by_id(session, person.id)
    assert (kept.display_name, kept.time_zone) == ("Ann", "Asia/Tokyo")
    for zone in ("Mars/Olympus", "../etc/passwd", ""):
        with pytest.raises(Refused):
            Settings("Ann", zone, on_leaderboard=True)


def test_people_are_found_by_address_and_name(session: Session) -> None:
    for name in ("ann", "bob"):
        accounts.sign_up(session, None, f"{name}@example.org", PHRASE, NOW)
    accounts.make_guest(session, "t" * 40, NOW)
    assert [one.email for one in accounts.people(session)] == ["ann@example.org", "bob@example.org"]
    assert len(accounts.people(session, "BOB")) == 1
    with pytest.raises(NotFound):
        accounts.person_by_id(session, 10**9)
