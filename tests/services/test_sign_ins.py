"""Sign-ins are kept on the server, grow old, and end; rate limits hold for every worker."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.models.people import SignIn
from app.services import accounts, rate_limits, sign_ins
from app.services.accounts import Person, PersonChange

NOW = 1_763_900_000
DAY_S = 86_400
PHRASE = "correct horse battery"


@pytest.fixture
def ann(session: Session) -> Person:
    return accounts.sign_up(session, None, "ann@b.example", PHRASE, NOW)


def test_only_a_digest_of_the_secret_is_stored(session: Session, ann: Person) -> None:
    secret = sign_ins.begin(session, ann.id, NOW, "Firefox on Linux")
    found = sign_ins.find(session, secret, NOW)
    assert found is not None
    assert found.person.email == "ann@b.example"
    assert len(secret) >= 43
    row = session.scalars(select(SignIn)).one()
    assert secret not in str(vars(row))
    assert sign_ins.find(session, row.secret_sha256, NOW) is None


def test_an_ended_sign_in_is_worth_nothing_and_the_others_stay(
    session: Session, ann: Person
) -> None:
    first, second, third = (sign_ins.begin(session, ann.id, NOW) for _ in range(3))
    sign_ins.end(session, first)
    assert sign_ins.find(session, first, NOW) is None
    kept = sign_ins.find(session, second, NOW)
    assert kept is not None
    sign_ins.end_others(session, ann.id, kept.id)
    assert sign_ins.find(session, third, NOW) is None
    assert [one.id for one in sign_ins.own(session, ann.id)] == [kept.id]


def test_a_new_sign_in_takes_the_place_of_the_browsers_own(session: Session, ann: Person) -> None:
    guest = accounts.make_guest(session, "g" * 40, NOW)
    before = sign_ins.begin(session, guest.id, NOW)
    after = sign_ins.begin(session, ann.id, NOW, instead_of=before)
    assert sign_ins.find(session, before, NOW) is None
    assert sign_ins.find(session, after, NOW) is not None


def test_nobody_ends_the_sign_in_of_another(session: Session, ann: Person) -> None:
    guest = accounts.make_guest(session, "g" * 40, NOW)
    sign_ins.begin(session, ann.id, NOW)
    (own,) = sign_ins.own(session, ann.id)
    with pytest.raises(NotFound):
        sign_ins.end_one(session, guest.id, own.id)
    sign_ins.end_one(session, ann.id, own.id)
    assert sign_ins.own(session, ann.id) == []


@pytest.mark.parametrize(
    ("role", "idle_days", "whole_days"), [("learner", 30, 180), ("curator", 7, 30)]
)
def test_a_sign_in_ends_when_it_is_not_used_and_at_last_anyway(
    session: Session, ann: Person, role: str, idle_days: int, whole_days: int
) -> None:
    change = PersonChange(is_curator=role == "curator", is_admin=False, active=True)
    accounts.change_person(session, ann.id, change)
    secret = sign_ins.begin(session, ann.id, NOW)
    assert sign_ins.find(session, secret, NOW + idle_days * DAY_S) is not None
    assert sign_ins.find(session, secret, NOW + idle_days * DAY_S + 1) is None
    for day in range(0, whole_days + 1, 5):
        found = sign_ins.find(session, secret, NOW + day * DAY_S)
        assert found is not None
        sign_ins.touch(session, found, NOW + day * DAY_S)
    assert sign_ins.find(session, secret, NOW + whole_days * DAY_S + 1) is None


def test_a_guest_is_known_as_long_as_they_come_back(session: Session) -> None:
    guest = accounts.make_guest(session, "g" * 40, NOW)
    secret = sign_ins.begin(session, guest.id, NOW)
    for day in range(0, 2000, 300):
        found = sign_ins.find(session, secret, NOW + day * DAY_S)
        assert found is not None
        sign_ins.touch(session, found, NOW + day * DAY_S)
    assert sign_ins.find(session, secret, NOW + 2300 * DAY_S) is None


def test_a_use_is_written_down_once_an_hour(session: Session, ann: Person) -> None:
    secret = sign_ins.begin(session, ann.id, NOW)
    for after, noted in ((3_599, NOW), (3_600, NOW + 3_600)):
        found = sign_ins.find(session, secret, NOW + after)
        assert found is not None
        sign_ins.touch(session, found, NOW + after)
        session.expire_all()
        assert session.scalars(select(SignIn.last_used_epoch_s)).one() == noted


def test_counts_are_shared_by_all_who_count_at_once(session: Session, engine: Engine) -> None:
    def count(_: int) -> int:
        with Session(engine) as own:
            return rate_limits.count_one(own, "sign-in/1.2.3.4", 300, NOW)

    with ThreadPoolExecutor(8) as pool:
        counts = sorted(pool.map(count, range(24)))
    assert counts == list(range(1, 25))
    assert rate_limits.counted(session, "sign-in/1.2.3.4", NOW + 299) == (24, NOW + 300)
    assert rate_limits.counted(session, "sign-in/1.2.3.4", NOW + 300) == (0, NOW + 300)
    assert rate_limits.count_one(session, "sign-in/1.2.3.4", 300, NOW + 301) == 1


def test_old_counts_and_sign_ins_are_forgotten(session: Session, ann: Person) -> None:
    sign_ins.begin(session, ann.id, NOW)
    rate_limits.count_one(session, "a", 10, NOW)
    rate_limits.count_one(session, "b", 1000, NOW)
    rate_limits.forget_old(session, NOW + 10)
    assert rate_limits.counted(session, "b", NOW + 10)[0] == 1
    sign_ins.forget_old(session, NOW + 400 * DAY_S)
    assert session.scalar(select(func.count()).select_from(SignIn)) == 1
    sign_ins.forget_old(session, NOW + 400 * DAY_S + 1)
    assert session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_an_address_makes_only_so_many_guests(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "GUESTS", 2)
    for _ in range(2):
        rate_limits.check_guests(session, "1.2.3.4", NOW)
    with pytest.raises(rate_limits.TooOften):
        rate_limits.check_guests(session, "1.2.3.4", NOW)
    rate_limits.check_guests(session, "1.2.3.5", NOW)
    rate_limits.check_guests(session, "1.2.3.4", NOW + 3_600)
