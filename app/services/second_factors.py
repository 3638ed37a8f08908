"""The second step of signing in: codes of an authenticator app (RFC 6238), or a recovery code."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound, Refused
from app.core.sentences import say
from app.models.database import writing
from app.models.people import RecoveryCode, SecondFactor
from app.services.rate_limits import TooOften, count_one, forget

STEP_S = 30
APART = 1
"""Steps that the clock of a phone may be ahead or behind."""
CODES, CODE_LETTERS = 10, 16
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and figures that look alike."""
TRIES, TRIES_S = 5, 300
"""Codes of the app that one network address may try for an account within so many seconds."""
GUESSES, GUESSES_S = 100, 86_400
"""Codes of the app that may be tried in all until one fits, from wherever (NIST SP 800-63B)."""


class WrongCode(Refused):
    """A code that is wrong, too old, or was used before."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is told: the secret to type, and all of it for a QR code."""

    secret: str
    uri: str


def is_on(session: Session, user_id: int) -> bool:
    """Whether somebody is asked for a code when signing in."""
    row = session.get(SecondFactor, user_id)
    return row is not None and row.confirmed_epoch_s is not None


def codes_left(session: Session, user_id: int) -> int:
    """Return how many recovery codes somebody has not used yet."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id)
    return session.scalar(query) or 0


def begin(session: Session, user_id: int, key: str) -> None:
    """Make a secret for an app, asked for only once a code has shown that the app has it.

    `key` is the instance's secret key. Raises Conflict where an app is in use already.
    """
    with writing(session):
        if is_on(session, user_id):
            raise Conflict(say("An authenticator app is in use already. Turn it off first."))
        secret = _box(key).encrypt(pyotp.random_base32().encode()).decode()
        session.merge(
            SecondFactor(user_id=user_id, secret=secret, last_step=0, confirmed_epoch_s=None)
        )


def enrolment(session: Session, user_id: int, email: str, key: str) -> Enrolment:
    """Return what to tell the app, until it is in use. Raises NotFound."""
    row = session.get(SecondFactor, user_id)
    if row is None or row.confirmed_epoch_s is not None:
        raise NotFound(say("Begin to set up an authenticator app first."))
    secret = _secret(row, key)
    return Enrolment(
        secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Factdeck")
    )


def confirm(session: Session, user_id: int, code: str, key: str, now: int) -> list[str]:
    """Ask for codes from now on, since this one fits; return recovery codes to keep.

    Raises NotFound, WrongCode, TooOften.
    """
    _count(session, f"enrolling/{user_id}", (TRIES, TRIES_S), now)
    with writing(session):
        row = session.get(SecondFactor, user_id)
        if row is None or row.confirmed_epoch_s is not None:
            raise NotFound(say("Begin to set up an authenticator app first."))
        step = _step_of(row, code, key, now)
        if step is None:
            raise WrongCode(
                say("That is not the code that the app shows now. Wait for the next one.")
            )
        row.last_step, row.confirmed_epoch_s = step, now
        return _new_codes(session, user_id, key)


def check(session: Session, user_id: int, given: "Given", key: str, now: int) -> None:
    """Take a code of the app or a recovery code, each once. Raises WrongCode and TooOften.

    Codes of the app are six figures, so tries are counted: by the address that they come from, so
    that who knows a password cannot use up its owner's, and in all. Recovery codes cannot be
    guessed: they work however many codes others have tried.
    """
    typed = "".join(given.code.split()).replace("-", "").lower()
    if len(typed) == CODE_LETTERS:
        with writing(session):
            if not _take_recovery(session, user_id, typed, key):
                raise WrongCode(say("That is none of your recovery codes, or it was used before."))
        return
    _count(session, f"codes/{user_id}/{given.address}", (TRIES, TRIES_S), now)
    _count(session, f"codes/{user_id}", (GUESSES, GUESSES_S), now)
    with writing(session):
        row = session.get(SecondFactor, user_id)
        step = _step_of(row, typed, key, now) if row and row.confirmed_epoch_s else None
        if not step or not _take_step(session, user_id, step):
            raise WrongCode(
                say(
                    "That code does not fit, or was used before. Each works once, for half a "
                    "minute."
                )
            )
    forget(session, f"codes/{user_id}")


@dataclass(frozen=True, slots=True)
class Given:
    """A code, and the network address that it comes from."""

    code: str
    address: str


def remove(session: Session, user_id: int) -> None:
    """Ask for no code any more."""
    with writing(session):
        session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def renew_codes(session: Session, user_id: int, key: str) -> list[str]:
    """Return new recovery codes; the old ones are worth nothing. Raises NotFound."""
    with writing(session):
        if not is_on(session, user_id):
            raise NotFound(say("No authenticator app is in use."))
        return _new_codes(session, user_id, key)


def _new_codes(session: Session, user_id: int, key: str) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    made = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS)) for _ in range(CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hmac=_keyed(code, key)) for code in made)
    return ["-".join(code[at : at + 4] for at in range(0, CODE_LETTERS, 4)) for code in made]


def _step_of(row: SecondFactor, code: str, key: str, now: int) -> int | None:
    """Return the half minute that a code is of, or None where it fits none near now."""
    app = pyotp.TOTP(_secret(row, key))
    typed = "".join(code.split()).encode("utf-8", "replace")
    for step in range(now // STEP_S - APART, now // STEP_S + APART + 1):
        fits = hmac.compare_digest(app.at(step * STEP_S).encode(), typed)
        if fits and step > row.last_step:
            return step
    return None


def _take_step(session: Session, user_id: int, step: int) -> bool:
    """Note a half minute as used; False where another request was first."""
    done = session.execute(
        update(SecondFactor)
        .where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
        .values(last_step=step)
    )
    return isinstance(done, CursorResult) and done.rowcount == 1


def _take_recovery(session: Session, user_id: int, code: str, key: str) -> bool:
    done = session.execute(
        delete(RecoveryCode).where(
            RecoveryCode.user_id == user_id, RecoveryCode.code_hmac == _keyed(code, key)
        )
    )
    return isinstance(done, CursorResult) and done.rowcount == 1


def _count(session: Session, key: str, limit: tuple[int, int], now: int) -> None:
    """Raise TooOften after a few tries: six figures are guessed by who may try on."""
    most, seconds = limit
    if count_one(session, key, seconds, now) > most:
        told = say("Too many codes were tried. Wait a while, or use a recovery code.")
        raise TooOften(told, seconds)


def _secret(row: SecondFactor, key: str) -> str:
    """Return an app's secret. Raises Refused where the instance has another key by now."""
    try:
        return _box(key).decrypt(row.secret.encode()).decode()
    except InvalidToken:
        raise Refused(
            say(
                "The secret key of this server has changed, so codes cannot be checked. An "
                "admin can turn the second step off for you."
            )
        ) from None


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(key, b"factdeck authenticator secrets")))


def _keyed(code: str, key: str) -> str:
    derived = _derived(key, b"factdeck recovery codes")
    return hmac.new(derived, code.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _derived(key: str, purpose: bytes) -> bytes:
    """Return a key of its own for each purpose (RFC 5869)."""
    return HKDF(SHA256(), 32, None, purpose).derive(key.encode())
