"""Links to a new password: once, half an hour, the newest alone, and for accounts that may sign in.

Mutants that must fail: a token stored as it is; a link kept after a change of password.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models.people import PasswordReset
from app.services import accounts, api_tokens, passwords, resetting, sign_ins
from app.services.accounts import Person, PersonChange
from app.services.api_tokens import Scope, Wanted

NOW = 1_763_900_000
PHRASE, OTHER = "correct horse battery", "nine quiet herons sail"


@pytest.fixture
def ann(session: Session) -> Person:
    return accounts.sign_up(session, None, "ann@example.org", PHRASE, NOW)


def link(session: Session) -> str:
    token = resetting.link_for_address(session, " Ann@Example.org", NOW)
    assert token is not None
    return token


def test_a_link_sets_a_password_once_and_ends_every_sign_in(session: Session, ann: Person) -> None:
    secret = sign_ins.begin(session, ann.id, NOW)
    token = link(session)
    assert token not in session.scalars(select(PasswordReset.token_sha256)).all()
    assert resetting.check_link(session, token, NOW + 1_800) == "ann@example.org"
    resetting.use_link(session, token, OTHER, NOW + 1_800)
    assert accounts.sign_in(session, "ann@example.org", OTHER).id == ann.id
    assert sign_ins.find(session, secret, NOW) is None
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(session, "ann@example.org", PHRASE)
    with pytest.raises(resetting.LinkGone):
        resetting.use_link(session, token, PHRASE, NOW)


def test_of_six_who_use_a_link_at_once_one_sets_the_password(
    engine: Engine, session: Session, ann: Person
) -> None:
    token = link(session)
    session.rollback()

    def use(at: int) -> str | None:
        with Session(engine) as own:
            try:
                resetting.use_link(own, token, f"{OTHER} {at}", NOW)
            except resetting.LinkGone:
                return None
            return f"{OTHER} {at}"

    with ThreadPoolExecutor(6) as pool:
        chosen = [one for one in pool.map(use, range(6)) if one]
    assert len(chosen) == 1
    assert accounts.sign_in(session, "ann@example.org", chosen[0]).id == ann.id


def test_a_new_password_ends_the_tokens_of_programs(session: Session, ann: Person) -> None:
    """The mutant that must fail: tokens that go on after a reset."""
    wanted = Wanted("script", frozenset({Scope.READ}))
    first = api_tokens.make(session, ann, wanted, NOW)
    assert api_tokens.find(session, first, NOW) is not None
    resetting.use_link(session, link(session), OTHER, NOW)
    assert api_tokens.find(session, first, NOW) is None
    second = api_tokens.make(session, ann, wanted, NOW)
    accounts.change_password(session, ann, OTHER, PHRASE)
    assert api_tokens.find(session, second, NOW) is None
    assert api_tokens.own(session, ann.id) == []


def test_a_link_dies_of_age_of_a_newer_one_and_of_a_new_password(
    session: Session, ann: Person
) -> None:
    token = link(session)
    with pytest.raises(resetting.LinkGone):
        resetting.check_link(session, token, NOW + 1_801)
    newer = link(session)
    for gone in (token, "nonsense", "", "\ud800"):
        with pytest.raises(resetting.LinkGone):
            resetting.use_link(session, gone, OTHER, NOW)
    accounts.change_password(session, ann, PHRASE, OTHER)
    with pytest.raises(resetting.LinkGone):
        resetting.check_link(session, newer, NOW)


def test_nobody_else_gets_a_link(session: Session, ann: Person) -> None:
    guest = accounts.make_guest(session, "g" * 40, NOW)
    assert resetting.link_for_address(session, "nobody@example.org", NOW) is None
    with pytest.raises(accounts.NotFound):
        resetting.make_link(session, guest.id, NOW)
    token = link(session)
    locked = PersonChange(is_curator=False, is_admin=False, active=False)
    accounts.change_person(session, ann.id, locked)
    assert resetting.link_for_address(session, "ann@example.org", NOW) is None
    with pytest.raises(resetting.LinkGone):
        resetting.use_link(session, token, OTHER, NOW)


def test_a_weak_password_leaves_the_link_as_it_was(session: Session, ann: Person) -> None:
    token = link(session)
    with pytest.raises(passwords.WeakPassword):
        resetting.use_link(session, token, "ann@example.org", NOW)
    assert resetting.check_link(session, token, NOW) == ann.email
