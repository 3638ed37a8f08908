"""Passwords: what is refused, what is taken, and that the same keys typed elsewhere fit."""

import pytest

from app.services import passwords

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
