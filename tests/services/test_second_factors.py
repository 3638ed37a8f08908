"""The second step: each code once, a few tries, recovery codes, secrets that a copy cannot read.

Mutants that must fail: no last step; a secret stored in the clear; a code of any half minute.
"""

from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound, Refused
from app.models.people import RecoveryCode, SecondFactor
from app.services import accounts, rate_limits, second_factors
from app.services.second_factors import STEP_S, Given, WrongCode

NOW = 1_763_900_010
KEY = "k" * 40


@pytest.fixture
def ann(session: Session) -> int:
    return accounts.sign_up(session, None, "ann@example.org", "correct horse battery", NOW).id


def given(code: str, address: str = "203.0.113.1") -> Given:
    return Given(code, address)


def set_up(session: Session, user_id: int) -> tuple[pyotp.TOTP, list[str]]:
    second_factors.begin(session, user_id, KEY)
    app = pyotp.TOTP(second_factors.enrolment(session, user_id, "ann@example.org", KEY).secret)
    codes = second_factors.confirm(session, user_id, app.at(NOW), KEY, NOW)
    rate_limits.forget(session)
    return app, codes


def test_codes_are_asked_for_once_the_app_has_shown_one(session: Session, ann: int) -> None:
    assert not second_factors.is_on(session, ann)
    second_factors.begin(session, ann, KEY)
    told = second_factors.enrolment(session, ann, "ann@example.org", KEY)
    assert told.uri.startswith("otpauth://totp/Factdeck:ann%40example.org?")
    assert told.secret in told.uri
    assert not second_factors.is_on(session, ann)
    with pytest.raises(WrongCode):
        second_factors.confirm(session, ann, "000000", KEY, NOW)
    app = pyotp.TOTP(told.secret)
    codes = second_factors.confirm(session, ann, f" {app.at(NOW)} ", KEY, NOW)
    assert second_factors.is_on(session, ann)
    assert len(set(codes)) == second_factors.codes_left(session, ann) == 10
    with pytest.raises(NotFound):
        second_factors.enrolment(session, ann, "ann@example.org", KEY)
    with pytest.raises(Conflict):
        second_factors.begin(session, ann, KEY)


@pytest.mark.parametrize("apart", [-1, 0, 1])
def test_a_code_near_now_is_taken_once(session: Session, ann: int, apart: int) -> None:
    app, _ = set_up(session, ann)
    later = NOW + 10 * STEP_S
    code = app.at(later + apart * STEP_S)
    second_factors.check(session, ann, given(code), KEY, later)
    with pytest.raises(WrongCode):
        second_factors.check(session, ann, given(code), KEY, later + 1)


def test_of_six_who_send_one_code_at_once_one_is_let_in(
    engine: Engine, session: Session, ann: int
) -> None:
    app, _ = set_up(session, ann)
    session.rollback()
    later = NOW + 10 * STEP_S

    def send(at: int) -> bool:
        with Session(engine) as own:
            try:
                code = given(app.at(later), f"203.0.113.{at}")
                second_factors.check(own, ann, code, KEY, later)
            except WrongCode:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(send, range(6))) == 1


@pytest.mark.parametrize("apart", [-20, -2, 2, 20])
def test_a_code_of_another_time_is_refused(session: Session, ann: int, apart: int) -> None:
    app, _ = set_up(session, ann)
    later = NOW + 100 * STEP_S
    with pytest.raises(WrongCode):
        second_factors.check(session, ann, given(app.at(later + apart * STEP_S)), KEY, later)


def test_the_code_that_set_it_up_signs_nobody_in(session: Session, ann: int) -> None:
    app, _ = set_up(session, ann)
    with pytest.raises(WrongCode):
        second_factors.check(session, ann, given(app.at(NOW)), KEY, NOW)


@pytest.mark.parametrize(
    "code", ["", "12345", "\uff11\uff12\uff13\uff14\uff15\uff16", "\ud800", "x" * 60, "000000"]
)
def test_nonsense_is_no_code(session: Session, ann: int, code: str) -> None:
    set_up(session, ann)
    with pytest.raises(WrongCode):
        second_factors.check(session, ann, given(code), KEY, NOW + 999)


def test_a_recovery_code_works_once_however_it_is_typed(session: Session, ann: int) -> None:
    _, codes = set_up(session, ann)
    typed = codes[3].upper().replace("-", " ")
    second_factors.check(session, ann, given(typed), KEY, NOW)
    assert second_factors.codes_left(session, ann) == 9
    with pytest.raises(WrongCode):
        second_factors.check(session, ann, given(codes[3]), KEY, NOW)
    fresh = second_factors.renew_codes(session, ann, KEY)
    with pytest.raises(WrongCode):
        second_factors.check(session, ann, given(codes[4]), KEY, NOW)
    second_factors.check(session, ann, given(fresh[0]), KEY, NOW)


def test_guessing_ends_after_five_tries(session: Session, ann: int) -> None:
    app, _ = set_up(session, ann)
    later = NOW + 10 * STEP_S
    for guess in range(5):
        with pytest.raises(WrongCode):
            second_factors.check(session, ann, given(f"{guess:06}"), KEY, later)
    with pytest.raises(rate_limits.TooOften):
        second_factors.check(session, ann, given(app.at(later)), KEY, later)


def test_who_knows_the_password_cannot_use_up_its_owners_tries(session: Session, ann: int) -> None:
    app, codes = set_up(session, ann)
    later = NOW + 10 * STEP_S
    for at in range(6):
        with pytest.raises((WrongCode, rate_limits.TooOften)):
            second_factors.check(session, ann, given("000000", "198.51.100.9"), KEY, later)
        assert at < 5 or rate_limits.counted(session, f"codes/{ann}", later)[0] == 5
    second_factors.check(session, ann, given(codes[0], "198.51.100.9"), KEY, later)
    second_factors.check(session, ann, given(app.at(later)), KEY, later)


def test_from_many_addresses_a_hundred_codes_may_be_tried_in_all(
    session: Session, ann: int
) -> None:
    app, codes = set_up(session, ann)
    later = NOW + 10 * STEP_S
    for at in range(100):
        with pytest.raises(WrongCode):
            second_factors.check(session, ann, given("000000", f"address {at}"), KEY, later)
    with pytest.raises(rate_limits.TooOften, match="recovery code"):
        second_factors.check(session, ann, given(app.at(later)), KEY, later)
    second_factors.check(session, ann, given(codes[0]), KEY, later)
    tomorrow = later + 86_400
    second_factors.check(session, ann, given(app.at(tomorrow)), KEY, tomorrow)
    assert rate_limits.counted(session, f"codes/{ann}", tomorrow)[0] == 0


def test_a_copy_of_the_database_tells_no_code(session: Session, ann: int) -> None:
    second_factors.begin(session, ann, KEY)
    secret = second_factors.enrolment(session, ann, "ann@example.org", KEY).secret
    stored = session.scalar(select(SecondFactor.secret))
    assert stored is not None
    assert secret not in stored
    code = pyotp.TOTP(secret).at(NOW)
    codes = second_factors.confirm(session, ann, code, KEY, NOW)
    kept = session.scalars(select(RecoveryCode.code_hmac)).all()
    assert not set(kept) & {one.replace("-", "") for one in codes}
    with pytest.raises(Refused, match="secret key of this server"):
        second_factors.check(session, ann, given("123456"), "another" * 8, NOW)


def test_turned_off_nothing_is_asked_or_kept(session: Session, ann: int) -> None:
    set_up(session, ann)
    second_factors.remove(session, ann)
    assert not second_factors.is_on(session, ann)
    assert second_factors.codes_left(session, ann) == 0
