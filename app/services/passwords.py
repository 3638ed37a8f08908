"""Passwords: hashed with argon2id, and refused where they are the first that people try.

Rules of NIST SP 800-63B-4, 3.1.1.2: a minimal length, every character allowed, none demanded, no
expiry, and a comparison with common and breached passwords and with words of the account.
"""

import secrets
import unicodedata
from contextlib import suppress
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.core.errors import Refused
from app.core.sentences import say

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
FEWEST_GUESSES = 10**8
"""What an attacker with a stolen table needs at least; zxcvbn counts (Wheeler, USENIX 2016)."""
LOOKED_AT = 40
"""Characters that are looked at: more take long, and are no weaker."""
_hasher = PasswordHasher()


class WeakPassword(Refused):
    """A password that is too short or easily guessed."""


def check(password: str, *known: str) -> None:
    """Raise WeakPassword for one that is short or that guessing soon finds.

    `known` are words of the account, such as its address: they are guessed first.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(
            say(
                "A password needs at least {shortest_password} characters.",
                shortest_password=SHORTEST_PASSWORD,
            )
        )
    from zxcvbn import zxcvbn  # noqa: PLC0415 its lists of words are read when first needed

    parts = [part for one in known for part in (one, *one.replace("@", ".").split(".")) if part]
    found = zxcvbn(password[:LOOKED_AT], user_inputs=["factdeck", *parts])
    if found["guesses"] < FEWEST_GUESSES:
        raise WeakPassword(
            say(
                "That password is one of the first that are tried: it is common, repeats "
                "itself, or follows from your address. A few words that have nothing to do "
                "with each other make a good one."
            )
        )


def hashed(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(_normal(password))


def fits(stored: str | None, password: str) -> bool:
    """Whether a password is the one stored; as slow where none is stored."""
    nobodys = _nobodys()  # in either case, for the first time takes longer
    for text in dict.fromkeys((_normal(password), password)):
        with suppress(VerifyMismatchError, InvalidHashError):
            _hasher.verify(stored or nobodys, text)
            return stored is not None
    return False


def _normal(password: str) -> str:
    """One form for what looks the same, whatever keyboard it is typed on."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    """Return what is verified when there is no account, so that both cases take the same time."""
    return _hasher.hash(secrets.token_urlsafe(16))
