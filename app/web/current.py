"""What belongs to this request: its database session and its learner. The only user of flask.g."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import current_app, g, session
from flask import request as current_request  # noqa: TID251 the one module that may
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app import clock
from app.core.errors import NotAllowed
from app.instance import Instance
from app.services import accounts, curating, reports
from app.services.accounts import Person
from app.web.base import cleaned
from app.web.words import REPORT_KINDS

PERSON = "person"


class NotSignedIn(NotAllowed):
    """Nobody is signed in, not even as a guest."""


def instance() -> Instance:
    """Return the running instance."""
    found: Instance = current_app.extensions["factdeck"]
    return found


def db_session() -> Session:
    """Return this request's database session."""
    if "db_session" not in g:
        g.db_session = Session(instance().engine)
    made: Session = g.db_session
    return made


def close_session(_error: BaseException | None = None) -> None:
    """Close the database session at the end of the request."""
    made = g.pop("db_session", None)
    if made is not None:
        made.close()


def person() -> Person | None:
    """Return who is asking, guest or signed in; None for somebody new."""
    if "person" not in g:
        token = session.get(PERSON)
        g.person = accounts.person_by_token(db_session(), token) if token else None
    found: Person | None = g.person
    return found


def address_parts() -> Mapping[str, Any]:
    """Return what the request's address names: {"deck_key": "planets"}."""
    return current_request.view_args or {}


def learner_id() -> int:
    """Return the learner's id. Raises NotSignedIn."""
    found = person()
    if found is None:
        raise NotSignedIn("Start a quiz or sign in first.")
    return found.id


def ensure_learner_id() -> int:
    """Return the learner's id; somebody new becomes a guest. Only for requests that write."""
    found = person()
    if found is None:
        found = accounts.make_guest(db_session(), secrets.token_urlsafe(32), clock.now())
        remember(found)
    return found.id


def remember(who: Person) -> None:
    """Make somebody the person of this browser, in a session of their own."""
    session.clear()
    session[PERSON] = who.token
    session.permanent = True
    g.person = who


def forget() -> None:
    """Sign out of this browser."""
    session.clear()
    g.person = None


def shown_to_all() -> dict[str, Any]:
    """Return what every page shows; what only some show is a function, and costs others nothing."""
    return {"person": person(), "open_reports": open_reports, "report_kinds": REPORT_KINDS}


def open_reports() -> int:
    """Return how many reports wait: asked for in the curators' part of the layout alone.

    In a session of its own, since pages that tell of a fault show the layout too.
    """
    with Session(instance().engine) as session:
        who = person()
        return reports.open_count(session, curating.own_decks(session, who)) if who else 0


def note_route() -> None:
    """Leave the matched rule where the log finds it after the request has ended."""
    current_request.environ["factdeck.route"] = current_request.url_rule


def asked_static() -> tuple[str, tuple[str, str], str] | None:
    """Return address, endpoint and file name, and accepted encodings of a versioned file."""
    if "v" not in current_request.args:
        return None
    filename = (current_request.view_args or {}).get("filename", "")
    accepted = current_request.headers.get("Accept-Encoding", "")
    return current_request.full_path, (current_request.endpoint or "", filename), accepted


def bearer_token() -> str:
    """Return what "Authorization: Bearer …" brings, "" without it."""
    kind, _, token = current_request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def query() -> MultiDict[str, str]:
    """Return the address's own parameters, cleaned, for forms that only narrow a list."""
    pairs = current_request.args.items(multi=True)
    return MultiDict([(name, str(cleaned(text))) for name, text in pairs])
