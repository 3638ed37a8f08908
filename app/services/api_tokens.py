"""Personal access tokens: a program acts for a person, within scopes, until it is revoked."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.sentences import say
from app.models.database import writing
from app.models.people import ApiToken, User
from app.services.accounts import Person, person_of
from app.services.secret_hashes import secret_hash

PREFIX = "factdeck_"
"""Begins every token, so that people and scanners of repositories know one when they see it."""
MOST_TOKENS = 50
NOTED_EVERY_S = 60
DAY_S = 86_400


class Scope(StrEnum):
    """What a token may be used for; none gives more than its owner has."""

    READ = "read"
    STUDY = "study"
    CURATE = "curate"
    ADMIN = "admin"


class TooManyTokens(Refused):
    """Somebody has as many tokens as one person may."""


class ScopeNotHeld(Refused):
    """A scope was asked for that its owner's role does not give."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A program, and the person for whom it acts."""

    token_id: int
    scopes: frozenset[Scope]
    person: Person


@dataclass(frozen=True, slots=True)
class OwnToken:
    """A token in its owner's list; the secret itself is nowhere."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    created_epoch_s: int
    last_used_epoch_s: int | None
    expires_epoch_s: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A token to be made; `days` is how long it lasts, None for until it is revoked."""

    name: str
    scopes: frozenset[Scope]
    days: int | None = None


def scopes_of(person: Person) -> tuple[Scope, ...]:
    """Return the scopes that a person's roles give."""
    held = [Scope.READ, Scope.STUDY]
    held += [Scope.CURATE] if person.is_curator else []
    held += [Scope.ADMIN] if person.is_admin else []
    return tuple(held)


def make(session: Session, person: Person, wanted: Wanted, now: int) -> str:
    """Make a token and return its secret, which is told this once.

    Raises TooManyTokens, and ScopeNotHeld.
    """
    if not wanted.scopes or not wanted.scopes <= set(scopes_of(person)):
        raise ScopeNotHeld(say("A token gives no more than you may do yourself."))
    secret = PREFIX + secrets.token_urlsafe(32)
    with writing(session):
        session.execute(select(User.id).where(User.id == person.id).with_for_update())
        held = select(func.count()).select_from(ApiToken).where(ApiToken.user_id == person.id)
        if (session.scalar(held) or 0) >= MOST_TOKENS:
            raise TooManyTokens(
                say(
                    "You have {most_tokens} tokens: revoke one that you do not need.",
                    most_tokens=MOST_TOKENS,
                )
            )
        session.add(
            ApiToken(
                user_id=person.id,
                secret_sha256=secret_hash(secret),
                name=wanted.name,
                scopes=" ".join(one for one in Scope if one in wanted.scopes),
                created_epoch_s=now,
                last_used_epoch_s=None,
                expires_epoch_s=None if wanted.days is None else now + wanted.days * DAY_S,
            )
        )
    return secret


def find(session: Session, secret: str, now: int) -> Caller | None:
    """Return who a secret stands for; None for one unknown, revoked, expired, or locked out."""
    row = session.execute(
        select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.secret_sha256 == secret_hash(secret), User.active)
    ).one_or_none()
    if row is None:
        return None
    token, user = row
    if token.expires_epoch_s is not None and token.expires_epoch_s <= now:
        return None
    return Caller(token.id, frozenset(map(Scope, token.scopes.split())), person_of(user))


def note_use(session: Session, token_id: int, now: int) -> None:
    """Note that a token is used, once a minute at most."""
    old = select(ApiToken.id).where(
        ApiToken.id == token_id,
        ApiToken.last_used_epoch_s.is_(None) | (ApiToken.last_used_epoch_s <= now - NOTED_EVERY_S),
    )
    if session.scalar(old) is not None:
        with writing(session):
            session.execute(
                update(ApiToken).where(ApiToken.id == token_id).values(last_used_epoch_s=now)
            )


def own(session: Session, user_id: int) -> list[OwnToken]:
    """Return somebody's tokens, newest first."""
    rows = session.scalars(
        select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())
    )
    return [
        OwnToken(
            row.id,
            row.name,
            _scopes(row.scopes.split()),
            row.created_epoch_s,
            row.last_used_epoch_s,
            row.expires_epoch_s,
        )
        for row in rows
    ]


def revoke(session: Session, user_id: int, token_id: int) -> None:
    """End one of somebody's own tokens. Raises NotFound."""
    mine = (ApiToken.id == token_id, ApiToken.user_id == user_id)
    with writing(session):
        if session.scalar(select(ApiToken.id).where(*mine)) is None:
            raise NotFound(say("There is no such token."))
        session.execute(delete(ApiToken).where(*mine))


def _scopes(names: Collection[str]) -> tuple[Scope, ...]:
    return tuple(Scope(name) for name in names)
