"""Sign-ins: which browsers somebody is signed in with, kept here and ended from here."""

import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.sentences import say
from app.models.database import writing
from app.models.driving import Found, all_rows, connection_of
from app.models.learning import Notice
from app.models.people import Role, SignIn, User, UserRole
from app.services.accounts import Person, person_of
from app.services.secret_hashes import secret_hash

DAY_S = 86_400
TOUCH_S = 3_600
"""A use is written down at most so often: an hour more or less decides nothing."""
GUEST_IDLE_S = 400 * DAY_S
"""Without an account the browser is all that leads to what a guest has learned."""
IDLE_S, WHOLE_S = 30 * DAY_S, 180 * DAY_S
CURATOR_IDLE_S, CURATOR_WHOLE_S = 7 * DAY_S, 30 * DAY_S
"""How long a sign-in lasts unused, and in all; shorter for those who can change what others see."""
LONGEST_DEVICE = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a secret, and the sign-in that says so."""

    person: Person
    id: int
    last_used_epoch_s: int


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """A sign-in in its owner's list."""

    id: int
    device: str
    created_epoch_s: int
    last_used_epoch_s: int


def begin(
    session: Session, user_id: int, now: int, device: str = "", instead_of: str | None = None
) -> str:
    """Sign a browser in and return its secret; the one that it had is worth nothing any more."""
    secret = secrets.token_urlsafe(32)
    with writing(session):
        if instead_of:
            session.execute(delete(SignIn).where(SignIn.secret_sha256 == secret_hash(instead_of)))
        session.add(
            SignIn(
                user_id=user_id,
                secret_sha256=secret_hash(secret),
                created_epoch_s=now,
                last_used_epoch_s=now,
                device=device[:LONGEST_DEVICE],
            )
        )
    return secret


_UNSEEN = (
    select(func.count())
    .where(Notice.user_id == User.id, Notice.seen_epoch_s.is_(None))
    .scalar_subquery()
)
_FOUND = (
    select(
        User.id,
        User.fs_uniquifier,
        User.email,
        User.display_name,
        User.time_zone,
        User.on_leaderboard,
        User.active,
        User.language,
        SignIn.id.label("sign_in_id"),
        SignIn.created_epoch_s,
        SignIn.last_used_epoch_s,
        _UNSEEN.label("unseen"),
        Role.name.label("role"),
    )
    .join(SignIn, SignIn.user_id == User.id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(Role, Role.id == UserRole.role_id)
    .where(SignIn.secret_sha256 == bindparam("secret_hash"), User.active)
)
"""A row for each role, one without any. Every request asks this: built once, one statement."""


def find(session: Session, secret: str, now: int) -> SignedIn | None:
    """Return whose secret this is; None for one that is unknown, ended or too old."""
    asked = {"secret_hash": secret_hash(secret)}
    rows = all_rows(connection_of(session), _FOUND, asked)
    if not rows:
        return None
    first = rows[0]
    person = person_of(first, first.unseen, [str(row.role) for row in rows if row.role])
    if _is_over(person, first, now):
        return None
    return SignedIn(person, first.sign_in_id, first.last_used_epoch_s)


def _is_over(person: Person, sign_in: Found, now: int) -> bool:
    idle, whole = IDLE_S, WHOLE_S
    if person.is_guest:
        idle = whole = GUEST_IDLE_S
    elif person.is_curator:
        idle, whole = CURATOR_IDLE_S, CURATOR_WHOLE_S
    begun = sign_in.last_used_epoch_s if person.is_guest else sign_in.created_epoch_s
    return bool(now - sign_in.last_used_epoch_s > idle or now - begun > whole)


def touch(session: Session, signed_in: SignedIn, now: int) -> bool:
    """Note that a sign-in is used, unless that was noted lately; return whether it was due."""
    if now - signed_in.last_used_epoch_s < TOUCH_S:
        return False
    with writing(session):
        used = update(SignIn).where(SignIn.id == signed_in.id)
        session.execute(used.values(last_used_epoch_s=now))
    return True


def own(session: Session, user_id: int) -> list[OwnSignIn]:
    """Return somebody's sign-ins, the latest used first."""
    columns = (SignIn.id, SignIn.device, SignIn.created_epoch_s, SignIn.last_used_epoch_s)
    rows = session.execute(
        select(*columns)
        .where(SignIn.user_id == user_id)
        .order_by(SignIn.last_used_epoch_s.desc(), SignIn.id.desc())
    )
    return [OwnSignIn(*row) for row in rows]


def end(session: Session, secret: str) -> None:
    """End the sign-in of a secret: a copy of it is worth nothing any more."""
    with writing(session):
        session.execute(delete(SignIn).where(SignIn.secret_sha256 == secret_hash(secret)))


def end_one(session: Session, user_id: int, sign_in_id: int) -> None:
    """End one of somebody's own sign-ins. Raises NotFound."""
    with writing(session):
        ended = delete(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user_id)
        if not session.execute(ended.returning(SignIn.id)).all():
            raise NotFound(say("This sign-in has ended already."))


def end_others(session: Session, user_id: int, kept_id: int | None = None) -> None:
    """End all of somebody's sign-ins but one."""
    with writing(session):
        others = delete(SignIn).where(SignIn.user_id == user_id)
        session.execute(others if kept_id is None else others.where(SignIn.id != kept_id))


def forget_old(session: Session, now: int) -> None:
    """Drop sign-ins that are over for everybody."""
    with writing(session):
        old = SignIn.last_used_epoch_s < now - GUEST_IDLE_S
        session.execute(delete(SignIn).where(old))
