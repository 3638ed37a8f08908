"""Passwords: what is refused, what is taken, and that the same keys typed elsewhere fit."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.services import accounts, passwords

ADDRESS = "marie.lindqvist@example.org"


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "a" * 12,
        "a" * 200,
        "password1234",
        "abababababab",
        "qwertyuiop12",
        "iloveyou1234",
        "1q2w3e4r5t6y",
        "P@ssw0rd1234",
        "factdeckfactdeck",
        "Factdeck2025!",
        "marie.lindqvist@example.org",
        "lindqvist1985",
        "LINDQVISTLINDQVIST",
        "123456789012",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(passwords.WeakPassword):
        passwords.check(password, ADDRESS)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "vier Stühle im Regen",
        "тихая река осенью",
        "静かな川の秋の月明かりと古い橋",
        "🦉🌧️🚲📚🧂🎻🪁🐝🧭🪴🎲🧵",
        "no digits nor capitals here",
        " spaces at both ends ",
        "".join(chr(33 + at * 37 % 94) for at in range(200)),
        "lindqvist sails past nine quiet herons",
    ],
)
def test_no_kind_of_character_is_demanded_or_forbidden(password: str) -> None:
    passwords.check(password, ADDRESS)
    assert passwords.fits(passwords.hashed(password), password)


def test_what_is_typed_the_same_fits_whatever_the_keyboard_sends() -> None:
    stored = passwords.hashed("fünf Stühle im Regen")
    assert passwords.fits(stored, "fünf Stühle im Regen")
    assert not passwords.fits(stored, "funf Stuhle im Regen")


def test_without_an_account_nothing_fits() -> None:
    assert not passwords.fits(None, "correct horse battery")
    assert not passwords.fits("not a hash", "correct horse battery")


class Counting(PasswordHasher):
    """Counts how often a password is compared: each costs the same time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.compared = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 argon2's own
        self.compared += 1
        return super().verify(hash, password)


def test_signing_in_does_the_same_work_whether_there_is_an_account_or_not(
    session: Session, new_learner: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting()
    monkeypatch.setattr(passwords, "_hasher", counting)
    stored = passwords.hashed("correct horse battery")
    new_learner(email="ann@example.org", password=stored)
    new_learner(email="locked@example.org", password=stored, active=False)
    compared = {}
    for name in ("ann", "locked", "nobody"):
        before = counting.compared
        with pytest.raises(accounts.SignInRefused):
            accounts.sign_in(session, f"{name}@example.org", "wrong horse battery")
        compared[name] = counting.compared - before
    assert compared == {"ann": 1, "locked": 1, "nobody": 1}
