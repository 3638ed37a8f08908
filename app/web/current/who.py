"""Who asks: a guest, somebody signed in, a program; and the cookie that says so."""

import hmac
import secrets
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Response, g, session
from sqlalchemy.orm import Session

from app import clock
from app.core.errors import NotAllowed, Refused
from app.core.sentences import say
from app.services import accounts, api_tokens, curating, rate_limits, reports, sign_ins
from app.services.accounts import Person
from app.services.api_tokens import Caller
from app.services.sign_ins import SignedIn
from app.web.current.asked import bearer_token, is_post, remote_address, user_agent
from app.web.current.base import db_session, instance
from app.web.words import REPORT_KINDS

SIGN_IN = "sign_in"
"""The session cookie's key for the secret of this browser's sign-in."""
LANGUAGE = "language"
"""Its key for the language that was chosen in this browser; it outlasts signing in and out."""


class NotSignedIn(NotAllowed):
    """Nobody is signed in, not even as a guest."""


def forget_person() -> None:
    """Go on with this request as for somebody unknown: who it is cannot, or must not, be read."""
    g.signed_in = None


def person() -> Person | None:
    """Return who is asking, guest or signed in; None for somebody new."""
    found = signed_in()
    return found.person if found else None


def signed_in() -> SignedIn | None:
    """Return this browser's sign-in; None for somebody new, or one that has ended."""
    if "signed_in" not in g:
        secret = session.get(SIGN_IN)
        g.signed_in = sign_ins.find(db_session(), secret, clock.now()) if secret else None
    found: SignedIn | None = g.signed_in
    return found


def learner_id() -> int:
    """Return the learner's id. Raises NotSignedIn."""
    found = person()
    if found is None:
        raise NotSignedIn(say("Start a quiz or sign in first."))
    return found.id


def learner_mark() -> str:
    """Return what tells this learner's things on a device from another's; "" for nobody.

    It says nothing to anybody else: neither name nor number can be read out of it.
    """
    who = person()
    key = instance().config.secret_key.encode()
    return hmac.digest(key, f"device:{who.id}".encode(), "sha256").hex()[:24] if who else ""


def ensure_learner_id() -> int:
    """Return the learner's id; somebody new becomes a guest. Only for requests that write."""
    found = person()
    if found is None:
        count_guest()
        found = accounts.make_guest(db_session(), secrets.token_urlsafe(32), clock.now())
        remember(found)
    return found.id


def count_guest() -> None:
    """Count one more guest from this address. Raises TooOften."""
    rate_limits.check_guests(db_session(), remote_address(), clock.now())


def remember(who: Person) -> None:
    """Make somebody the person of this browser, by a sign-in of its own; the one before ends."""
    before = session.get(SIGN_IN)
    device = device_of(user_agent())
    secret = sign_ins.begin(db_session(), who.id, clock.now(), device, before)
    _clear_session()
    session[SIGN_IN] = secret
    session.permanent = True
    g.signed_in = sign_ins.find(db_session(), secret, clock.now())


def forget() -> None:
    """Sign out of this browser: a copy of its cookie is worth nothing any more."""
    secret = session.get(SIGN_IN)
    if secret:
        sign_ins.end(db_session(), secret)
    _clear_session()
    g.signed_in = None


def _clear_session() -> None:
    """Empty this browser's cookie but for its language."""
    language = chosen_language()
    session.clear()
    if language:
        session[LANGUAGE] = language


def chosen_language() -> str:
    """Return the code of the language that was chosen in this browser, "" for none."""
    return str(session.get(LANGUAGE, ""))


def choose_language(code: str) -> None:
    """Remember in this browser which language was chosen, for this request too."""
    session[LANGUAGE] = code
    session.permanent = True
    g.pop("language", None)


def keep_alive(response: Response) -> Response:
    """Note now and then that this browser's sign-in is used; looking alone writes nothing.

    Its cookie is sent anew then, so that it lasts as long: not with every page, since it would
    have to be signed each time.
    """
    found = g.get("signed_in")
    if found and is_post() and response.status_code < HTTPStatus.BAD_REQUEST:
        with suppress(Refused):  # what was asked for is done; that it was used is noted later
            if sign_ins.touch(db_session(), found, clock.now()):
                session.modified = True
    return response


def device_of(user_agent: str) -> str:
    """Return a browser in words that its owner knows it by: Firefox on Linux."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
"""Marks in order: many browsers name others beside themselves."""


def shown_to_all() -> dict[str, Any]:
    """Return what every page shows; what only some show is a function, and costs others nothing."""
    return {
        "person": person(),
        "learner_mark": learner_mark,
        "open_reports": open_reports,
        "report_kinds": REPORT_KINDS,
    }


def open_reports() -> int:
    """Return how many reports wait: asked for in the curators' part of the layout alone.

    In a session of its own, since pages that tell of a fault show the layout too.
    """
    with Session(instance().engine) as session:
        who = person()
        return reports.open_count(session, curating.own_decks(session, who)) if who else 0


def caller() -> Caller:
    """Return the program that asks, by its bearer token; cookies say nothing. Raises NotSignedIn.

    Only for the API.
    """
    if "caller" not in g:
        g.caller = api_tokens.find(db_session(), bearer_token(), clock.now())
    found: Caller | None = g.caller
    if found is None:
        raise NotSignedIn("Send a token: Authorization: Bearer factdeck_…")
    return found


def known_caller() -> Caller | None:
    """Return the program that has been let in by this request, if any."""
    found: Caller | None = g.get("caller")
    return found
