"""Signing up by a link: it shows that an address is one's own, or that an admin has invited one."""

import secrets
from email.message import EmailMessage

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.sentences import Sentence, say
from app.languages import ENGLISH, in_language
from app.models.database import writing
from app.models.people import SignUpLink, User
from app.services import passwords
from app.services.accounts import AddressTaken, Person, make_account, normal_email
from app.services.secret_hashes import secret_hash

LINK_S = 1_800
INVITATION_S = 7 * 86_400


class LinkGone(NotFound):
    """A link to a new account that is unknown, used, replaced by a newer one, or too old."""


def link_for_address(session: Session, email: str, now: int) -> str | None:
    """Return a new link's token for an address; None where it has an account already."""
    try:
        return _make(session, email, now + LINK_S)
    except AddressTaken:
        return None


def invite(session: Session, email: str, now: int) -> str:
    """Return the token of an admin's invitation, good for a week. Raises AddressTaken."""
    return _make(session, email, now + INVITATION_S)


def _make(session: Session, email: str, expires_epoch_s: int) -> str:
    address, token = normal_email(email), secrets.token_urlsafe(32)
    with writing(session):
        if session.scalar(select(User.id).where(User.email == address)):
            raise AddressTaken(say("There is an account with this address already."))
        session.merge(
            SignUpLink(
                email=address, token_sha256=secret_hash(token), expires_epoch_s=expires_epoch_s
            )
        )
    return token


def check_link(session: Session, token: str, now: int) -> str:
    """Return the address that a link makes an account for. Raises LinkGone."""
    found = session.scalar(
        select(SignUpLink.email).where(
            SignUpLink.token_sha256 == secret_hash(token), SignUpLink.expires_epoch_s >= now
        )
    )
    if found is None:
        raise LinkGone(say("This link has been used, replaced by a newer one, or is too old."))
    return found


def use_link(session: Session, token: str, guest: Person | None, password: str, now: int) -> Person:
    """Make the account of a link, once; a guest keeps everything.

    Raises LinkGone, AddressTaken and WeakPassword.
    """
    address = check_link(session, token, now)
    session.rollback()  # no transaction waits, idle, while a password is hashed
    passwords.check(password, address)
    hashed = passwords.hashed(password)
    with writing(session):
        address = check_link(session, token, now)  # of two at once, one has used it by now
        session.execute(delete(SignUpLink).where(SignUpLink.email == address))
        return make_account(session, guest, address, hashed, now)


def forget_old(session: Session, now: int) -> None:
    """Drop links that nobody used in time."""
    with writing(session):
        session.execute(delete(SignUpLink).where(SignUpLink.expires_epoch_s < now))


def message(
    to: str, sender: str, site: str, token: str | None, *, language: str = ENGLISH
) -> EmailMessage:
    """Return the mail to who wants to sign up; without a token, to who has an account already."""
    subject, text = _finish(site, token) if token else _has_one(site)
    made = EmailMessage()
    made["From"], made["To"] = sender, to
    made["Subject"] = in_language(language, subject)
    made.set_content(in_language(language, text))
    return made


def _has_one(site: str) -> tuple[Sentence, Sentence]:
    return say("Factdeck: you have an account already"), say(
        "Somebody, probably you, wanted to sign up with this address. There is an account "
        "with it already.\n\nSign in: {site}/sign-in\nForgotten your password? "
        "{site}/forgotten\n\nIf it was not you, do nothing.\n",
        site=site,
    )


def _finish(site: str, token: str) -> tuple[Sentence, Sentence]:
    return say("Factdeck: finish signing up"), say(
        "Somebody, probably you, wants to sign up with this address.\n\nChoose a password "
        "here within half an hour:\n{link}\n\nIf it was not you, do nothing: without it "
        "there will be no account.\n",
        link=f"{site}/join/{token}",
    )
