"""Accounts: guests, signing up and in, roles, and the link that makes the first admin."""

import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.sentences import say
from app.models.database import writing
from app.models.driving import Found
from app.models.people import InstanceState, Role, SetupLink, SignIn, User, UserRole
from app.services import ledger, new_passwords, passwords
from app.services.secret_hashes import secret_hash
from app.services.statistics import forget_learners

MOST_PEOPLE = 500
SETUP_LINK_S = 3600
ADMIN, CURATOR = "admin", "curator"
TAKEN = say("There is an account with this address already. Sign in instead.")
INVISIBLE = {"Cc", "Cf"}
"""Unicode's kinds of characters that nobody sees: controls, and marks of format."""


class SignInRefused(Refused):
    """Address and password do not fit; which of them is not said."""


class AddressTaken(Refused):
    """Somebody has an account with that address."""


class LastAdmin(Refused):
    """The only admin left cannot be locked out or made less."""


class LinkUsed(NotFound):
    """A set-up link that is unknown, used, expired, or no longer needed."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is using a browser: a guest, or somebody signed in."""

    id: int
    token: str
    email: str | None
    display_name: str
    roles: frozenset[str]
    time_zone: str
    on_leaderboard: bool
    active: bool
    unseen: int = 0
    """How many notices they have not read yet."""
    language: str = ""
    """The code of the language they chose; "" for what their browser asks for."""

    @property
    def is_guest(self) -> bool:
        """Whether they have no account yet."""
        return self.email is None

    @property
    def is_admin(self) -> bool:
        """Whether they may decide about people."""
        return ADMIN in self.roles

    @property
    def is_curator(self) -> bool:
        """Whether they may edit facts."""
        return bool(self.roles & {ADMIN, CURATOR})


def person_of(user: User | Found, unseen: int = 0, roles: Collection[str] | None = None) -> Person:
    """Return a user's row, or its columns with their roles, as a person."""
    return Person(
        user.id,
        user.fs_uniquifier,
        user.email,
        user.display_name,
        frozenset(str(role.name) for role in user.roles) if roles is None else frozenset(roles),
        user.time_zone,
        user.on_leaderboard,
        user.active,
        unseen,
        user.language,
    )


def person_by_id(session: Session, user_id: int) -> Person:
    """Return somebody with an account, active or not. Raises NotFound."""
    user = session.get(User, user_id)
    if user is None or user.email is None:
        raise NotFound(say("There is no such person."))
    return person_of(user)


def active_person(session: Session, user_id: int) -> Person | None:
    """Return somebody with an account who may sign in."""
    user = session.scalar(
        select(User).where(User.id == user_id, User.active, User.email.is_not(None))
    )
    return person_of(user) if user else None


def stored_password(session: Session, user_id: int) -> str:
    """Return what is stored of somebody's password: it changes whenever they choose another."""
    return session.scalar(select(User.password).where(User.id == user_id)) or ""


def make_guest(session: Session, token: str, now: int) -> Person:
    """Make a guest: a user without an address."""
    with writing(session):
        user = User(fs_uniquifier=token, created_epoch_s=now)
        session.add(user)
        session.flush()
        return person_of(user)


def normal_email(email: str) -> str:
    """Return an address as it is stored and compared: what looks the same is the same.

    Compatibility forms, case, spaces and marks without width make no other address.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email).casefold())
    return "".join(
        one for one in folded if not one.isspace() and unicodedata.category(one) not in INVISIBLE
    )


def sign_up(session: Session, guest: Person | None, email: str, password: str, now: int) -> Person:
    """Make an account; a guest keeps everything, since it is the same row, but is signed out.

    Raises AddressTaken and WeakPassword.
    """
    address = normal_email(email)
    passwords.check(password, address)
    hashed = passwords.hashed(password)
    with writing(session):
        return make_account(session, guest, address, hashed, now)


def make_account(
    session: Session, guest: Person | None, address: str, hashed: str, now: int
) -> Person:
    """Make an account of a normal address. Inside a writing transaction. Raises AddressTaken."""
    if session.scalar(select(User.id).where(User.email == address)):
        raise AddressTaken(TAKEN)
    user = session.get(User, guest.id) if guest and guest.is_guest else None
    if user is None:
        user = User(created_epoch_s=now)
        session.add(user)
    user.email, user.password = address, hashed
    user.display_name = user.display_name or address.split("@", maxsplit=1)[0][:40]
    user.fs_uniquifier = secrets.token_urlsafe(32)
    try:
        session.flush()
    except IntegrityError as error:  # of two at once on PostgreSQL, the other has it by now
        raise AddressTaken(TAKEN) from error
    _end_sign_ins(session, user.id)
    return person_of(user)


def sign_in(session: Session, email: str, password: str) -> Person:
    """Return who signs in. Raises SignInRefused, the same for every reason."""
    user = session.scalar(select(User).where(User.email == normal_email(email), User.active))
    if not passwords.fits(user.password if user else None, password) or user is None:
        raise SignInRefused(say("Address and password do not fit together."))
    return person_of(user)


def id_by_email(session: Session, email: str) -> int:
    """Return the id of the account with an address. Raises NotFound."""
    found = session.scalar(select(User.id).where(User.email == normal_email(email)))
    if found is None:
        raise NotFound(say("There is no account with that address."))
    return found


def merge_guest(session: Session, guest: Person, person: Person) -> None:
    """Give what a guest did to the account they sign in to; the guest's row goes.

    Both logs become one, in the order of the reviews; memory, totals and score follow from it.
    """
    if not guest.is_guest or guest.id == person.id:
        return
    with writing(session):
        for one in sorted((guest.id, person.id)):
            session.execute(select(User.id).where(User.id == one).with_for_update())
        forget_learners(session, (guest.id, person.id))
        ledger.move_log(session, guest.id, person.id)
        ledger.rebuild(session, person.id)
        session.execute(delete(User).where(User.id == guest.id))


def people(session: Session, query: str = "") -> list[Person]:
    """Return everybody with an account whose address or name contains `query`, by address."""
    users = select(User).where(User.email.is_not(None)).order_by(User.email)
    if query:
        needle = f"%{query.casefold()}%"
        users = users.where(User.email.like(needle) | func.lower(User.display_name).like(needle))
    return [person_of(user) for user in session.scalars(users.limit(MOST_PEOPLE))]


def change_person(session: Session, user_id: int, change: "PersonChange") -> None:
    """Give or take roles, lock or unlock an account. Raises NotFound and LastAdmin."""
    with writing(session):
        user = session.get(User, user_id)
        if user is None or user.email is None:
            raise NotFound(say("There is no such person."))
        wanted = {name for name in (ADMIN, CURATOR) if getattr(change, f"is_{name}")}
        stays = ADMIN in wanted and change.active
        if not stays and admins(session) == [user.id]:
            raise LastAdmin(say("This is the only admin: make another one first."))
        user.roles = [_role(session, name) for name in sorted(wanted)]
        user.active = change.active
        if not change.active:
            _end_sign_ins(session, user_id)


def admins(session: Session) -> list[int]:
    """Return the ids of the admins who may sign in."""
    return list(
        session.scalars(
            select(User.id)
            .join(UserRole, UserRole.user_id == User.id)
            .join(Role, Role.id == UserRole.role_id)
            .where(Role.name == ADMIN, User.active)
        )
    )


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What an admin decides about a person."""

    is_curator: bool
    is_admin: bool
    active: bool


def change_password(session: Session, person: Person, old: str, new: str) -> Person:
    """Change one's own password; what the old one had opened ends.

    Raises SignInRefused and WeakPassword.
    """
    sign_in(session, person.email or "", old)
    passwords.check(new, person.email or "", person.display_name)
    hashed = passwords.hashed(new)
    with writing(session):
        user = session.get_one(User, person.id)
        new_passwords.put(session, user, hashed)
        session.flush()
        return person_of(user)


def _end_sign_ins(session: Session, user_id: int) -> None:
    """End every sign-in of somebody, this browser's too."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id))


def save_settings(session: Session, person: Person, settings: "Settings") -> None:
    """Store a learner's own settings."""
    with writing(session):
        user = session.get_one(User, person.id)
        user.display_name = settings.display_name
        user.time_zone = settings.time_zone
        user.on_leaderboard = settings.on_leaderboard
        user.language = settings.language


def save_language(session: Session, user_id: int, language: str) -> None:
    """Store the language that somebody chose; "" for what their browser asks for."""
    with writing(session):
        session.execute(update(User).where(User.id == user_id).values(language=language))


@dataclass(frozen=True, slots=True)
class Settings:
    """What learners choose for themselves."""

    display_name: str
    time_zone: str
    on_leaderboard: bool
    language: str = ""
    """"" for what the browser asks for."""

    def __post_init__(self) -> None:
        """Refuse a time zone that is not one."""
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            raise Refused(
                say("{time_zone} is not a time zone.", time_zone=repr(self.time_zone))
            ) from None


def has_had_admin(session: Session) -> bool:
    """Whether an admin has ever existed here: then no link makes one any more."""
    return session.get(InstanceState, "has_had_admin") is not None


def make_setup_link(session: Session, now: int, *, recovery: bool = False) -> str | None:
    """Return a new one-time token that makes an admin; None once there has been one.

    Only its SHA-256 is stored; it is good for an hour.
    """
    if has_had_admin(session) and not recovery:
        return None
    token = secrets.token_urlsafe(32)
    with writing(session):
        session.add(
            SetupLink(
                token_sha256=secret_hash(token),
                expires_epoch_s=now + SETUP_LINK_S,
                used_epoch_s=None,
                recovery=recovery,
            )
        )
    return token


def check_setup_link(session: Session, token: str, now: int) -> None:
    """Raise LinkUsed unless the link would work now."""
    link = session.scalar(select(SetupLink).where(SetupLink.token_sha256 == secret_hash(token)))
    gone = link is None or link.used_epoch_s is not None or link.expires_epoch_s < now
    if gone or (link and not link.recovery and has_had_admin(session)):
        raise LinkUsed(
            say("This link has been used or is too old. `factdeck admin-link` makes another.")
        )


def use_setup_link(session: Session, token: str, email: str, password: str, now: int) -> Person:
    """Make the first admin, once. Raises LinkUsed, AddressTaken, WeakPassword."""
    check_setup_link(session, token, now)
    session.rollback()  # no transaction waits, idle, while a password is hashed
    passwords.check(password, normal_email(email))
    hashed = passwords.hashed(password)
    with writing(session):
        # Several starts make several links: of two that are used at once, one makes an admin.
        session.execute(select(SetupLink.id).order_by(SetupLink.id).with_for_update())
        check_setup_link(session, token, now)
        session.execute(
            update(SetupLink)
            .where(SetupLink.token_sha256 == secret_hash(token))
            .values(used_epoch_s=now)
        )
        return _make_admin(session, email, hashed, now)


def first_admin(session: Session, email: str, password: str, now: int) -> Person | None:
    """Make the first admin of an instance that nobody looks at; None once there has been one.

    Raises AddressTaken and WeakPassword.
    """
    if has_had_admin(session):
        return None
    passwords.check(password, normal_email(email))
    hashed = passwords.hashed(password)
    with writing(session):
        session.execute(select(SetupLink.id).order_by(SetupLink.id).with_for_update())
        return None if has_had_admin(session) else _make_admin(session, email, hashed, now)


def _make_admin(session: Session, email: str, hashed: str, now: int) -> Person:
    made = make_account(session, None, normal_email(email), hashed, now)
    user = session.get_one(User, made.id)
    user.roles = [_role(session, ADMIN)]
    session.merge(InstanceState(name="has_had_admin", value="1"))
    session.flush()
    return person_of(user)


def _role(session: Session, name: str) -> Role:
    role = session.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(name=name)
        session.add(role)
    return role
