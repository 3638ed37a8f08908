"""A new password for who forgot theirs: a link that works once, for half an hour."""

import secrets
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.sentences import say
from app.languages import ENGLISH, in_language
from app.models.database import writing
from app.models.people import PasswordReset, User
from app.services import new_passwords, passwords
from app.services.accounts import normal_email
from app.services.secret_hashes import secret_hash

LINK_S = 1_800


class LinkGone(NotFound):
    """A link to a new password that is unknown, used, replaced by a newer one, or too old."""


def link_for_address(session: Session, email: str, now: int) -> str | None:
    """Return a new link's token for the account with an address; None where there is none."""
    query = select(User.id).where(User.email == normal_email(email), User.active)
    user_id = session.scalar(query)
    return None if user_id is None else make_link(session, user_id, now)


def make_link(session: Session, user_id: int, now: int) -> str:
    """Return a new link's token; the one that the person had before is worth nothing any more."""
    token = secrets.token_urlsafe(32)
    with writing(session):
        user = session.get(User, user_id)
        if user is None or user.email is None:
            raise NotFound(say("There is no such person."))
        session.merge(
            PasswordReset(
                user_id=user_id, token_sha256=secret_hash(token), expires_epoch_s=now + LINK_S
            )
        )
    return token


def check_link(session: Session, token: str, now: int) -> str:
    """Return the address of whose password a link changes. Raises LinkGone."""
    return str(_owner(session, token, now).email)


def use_link(session: Session, token: str, password: str, now: int) -> None:
    """Set a new password, once; what the old one opened ends. Raises LinkGone, WeakPassword."""
    user = _owner(session, token, now)
    known = (user.email or "", user.display_name)
    session.rollback()  # no transaction waits, idle, while a password is hashed
    passwords.check(password, *known)
    hashed = passwords.hashed(password)
    with writing(session):
        same = PasswordReset.token_sha256 == secret_hash(token)
        session.execute(select(PasswordReset.user_id).where(same).with_for_update())
        user = _owner(session, token, now)  # of two at once, one has used it by now
        new_passwords.put(session, user, hashed)


def _owner(session: Session, token: str, now: int) -> User:
    found = session.scalar(
        select(User)
        .join(PasswordReset, PasswordReset.user_id == User.id)
        .where(
            PasswordReset.token_sha256 == secret_hash(token),
            PasswordReset.expires_epoch_s >= now,
            User.active,
        )
    )
    if found is None:
        raise LinkGone(say("This link has been used, replaced by a newer one, or is too old."))
    return found


def message(to: str, sender: str, link: str, language: str = ENGLISH) -> EmailMessage:
    """Return the mail with a link. It names nothing else, since anybody may ask for it."""
    made = EmailMessage()
    made["Subject"] = in_language(language, say("Factdeck: choose a new password"))
    made["From"], made["To"] = sender, to
    text = say(
        "Somebody, probably you, asked for a new password for this address.\n\nChoose "
        "it here within half an hour:\n{link}\n\nIf it was not you, do nothing: your "
        "password stays as it is.\n",
        link=link,
    )
    made.set_content(in_language(language, text))
    return made
