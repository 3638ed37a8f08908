"""What belongs to this request: its database session and its learner. The only user of flask.g.

(But for `forgery`, which lies beneath all forms.)
"""

import hmac
import json
import secrets
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, g, has_request_context, session
from flask import request as current_request  # noqa: TID251 the one module that may
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app import clock
from app.core.errors import NotAllowed, Refused
from app.core.sentences import say
from app.instance import Instance
from app.interchange.loading import MAX_DEPTH, depth
from app.services import accounts, api_tokens, curating, rate_limits, reports, sign_ins
from app.services.accounts import Person
from app.services.api_tokens import Caller
from app.services.sign_ins import SignedIn
from app.web.base import cleaned
from app.web.words import REPORT_KINDS

SIGN_IN = "sign_in"
"""The session cookie's key for the secret of this browser's sign-in."""
LANGUAGE = "language"
"""Its key for the language that was chosen in this browser; it outlasts signing in and out."""
SEAT = "factdeck_seat"
"""The cookie that a frame in another site's page finds its seat by."""
LARGEST_UPLOAD = 32_000_000
LARGEST_PICTURED = 15_000_000
"""Bytes of a fact in JSON with a new picture of 10 MB."""
UPLOADS = {
    "transfer.start": 100_000_000,
    "transfer.page": 100_000_000,
    "api.begin_import": LARGEST_UPLOAD,
    "facts.new": 100_000_000,
    "facts.edit": 100_000_000,
    "api.create_fact": LARGEST_PICTURED,
    "api.revise_fact": LARGEST_PICTURED,
}
"""Bytes of a request that brings files; others may have 5 MB. JSON is read whole."""


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


def start_afresh() -> None:
    """End the transaction of this request: after an error nothing more can be read in it."""
    try:
        db_session().rollback()
    except SQLAlchemyError:
        close_session()


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


def address_parts() -> Mapping[str, Any]:
    """Return what the request's address names: {"deck_key": "planets"}."""
    return current_request.view_args or {}


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


def remote_address() -> str:
    """Return the network address that asks: a proxy's own words are believed where declared.

    Limits are counted by it, so it is one for all addresses that one home has.
    """
    return rate_limits.network_of(current_request.remote_addr or "")


def site_address() -> str:
    """Return the address by which browsers know this server: as set, else as they asked."""
    return instance().config.public_url or current_request.host_url.rstrip("/")


def remember(who: Person) -> None:
    """Make somebody the person of this browser, by a sign-in of its own; the one before ends."""
    before = session.get(SIGN_IN)
    device = device_of(current_request.user_agent.string)
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


def asked_languages() -> list[str]:
    """Return the languages that the browser asks for, the dearest first: "de" for de-AT too."""
    asked = current_request.accept_languages
    return [tag.partition("-")[0].lower() for tag, quality in asked if quality > 0]


def once_a_request(name: str, make: Callable[[], str], otherwise: str) -> str:
    """Return what is made once in a request and kept; something else outside of requests."""
    if not has_request_context():
        return otherwise
    # Of the proxy each attribute costs 2 µs, and a page of figures asks thousands of times.
    kept = g._get_current_object()  # noqa: SLF001 public by werkzeug's documentation
    made: str | None = kept.get(name)
    if made is None:
        made = make()
        setattr(kept, name, made)
    return made


def where_to_return() -> str:
    """Return the address of the page that is shown, to come back to; "/" for one that cannot."""
    return current_request.full_path.rstrip("?") if current_request.method == "GET" else "/"


def keep_alive(response: Response) -> Response:
    """Note now and then that this browser's sign-in is used; looking alone writes nothing.

    Its cookie is sent anew then, so that it lasts as long: not with every page, since it would
    have to be signed each time.
    """
    found = g.get("signed_in")
    if found and current_request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST:
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


API = "/api/"


def asks_api() -> bool:
    """Whether a program asks, which is told of errors as problem details."""
    return current_request.path.startswith(API)


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


def body_problem() -> tuple[int, str] | None:
    """Return status and sentence for a request body that is not JSON; None for one that is."""
    if current_request.method not in {"POST", "PUT", "PATCH"}:
        return None
    raw = current_request.get_data()
    if raw and current_request.mimetype != "application/json":
        return 415, "Send JSON, with Content-Type: application/json."
    try:
        read = json.loads(raw, object_pairs_hook=_once) if raw else {}
    except _Twice as twice:
        return 400, f"The body names the field {str(twice)[:80]!r} twice."
    except (ValueError, RecursionError):
        return 400, "The body is not JSON."
    if depth(read) > MAX_DEPTH:
        return 400, "The body is nested too deeply."
    return None if isinstance(read, dict) else (400, "The body has to be a JSON object.")


class _Twice(ValueError):
    """A field that stands twice: which of them counts, programs do not agree on."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise _Twice(name)
        made[name] = value
    return made


def if_match() -> str | None:
    """Return the tag that the thing to be changed must still have; None where none is sent."""
    return current_request.headers.get("If-Match")


def tagged(response: Response) -> Response:
    """Give what was read a tag, that of its content where it has none; 304 where it is known.

    Only what is asked for with GET, by RFC 9110.
    """
    if current_request.method == "GET":
        response.add_etag()
        response.make_conditional(current_request)
    return response


def room_for_uploads() -> None:
    """Let a request bring a larger file where files are imported; before its form is read."""
    largest = UPLOADS.get(current_request.endpoint or "")
    if largest is not None:
        current_request.max_content_length = largest


def room() -> int:
    """Return how many bytes this request may have."""
    return current_request.max_content_length or 0


def query() -> MultiDict[str, str]:
    """Return the address's own parameters, cleaned, for forms that only narrow a list."""
    pairs = current_request.args.items(multi=True)
    return MultiDict([(name, str(cleaned(text))) for name, text in pairs])


def let_frame(origins: Collection[str]) -> None:
    """Let pages of these sites show this one in a frame; unsaid, none may."""
    g.framing = tuple(origins)


def framing() -> tuple[str, ...]:
    """Return the sites that may show this page in a frame."""
    found: tuple[str, ...] = g.get("framing", ())
    return found


def seat_before() -> str:
    """Return the seat in a shared quiz that this frame took before, "" for none."""
    return current_request.cookies.get(SEAT, "")


def is_from_elsewhere() -> bool:
    """Whether a browser says that a page of another site sends this, to change something."""
    told = current_request.headers.get("Sec-Fetch-Site", "same-origin")
    changes = current_request.method not in {"GET", "HEAD", "OPTIONS"}
    return changes and told not in {"same-origin", "none"}


def posted() -> tuple[str, list[tuple[str, str]]] | None:
    """Return where a form was sent and what stood in it, so that it can be sent again.

    None for a request without a form, for one with a password or a file, which are not put into
    pages, and for one that there was no room to read.
    """
    try:
        fields = list(current_request.form.items(multi=True))
        files = list(current_request.files.values())
    except (OSError, HTTPException):
        return None
    has_file = any(one.filename for one in files)  # unused fields come, too
    if not fields or has_file or any("password" in name for name, _ in fields):
        return None
    kept = [(str(cleaned(name)), str(cleaned(text))) for name, text in fields]
    return current_request.full_path, kept


def asked_endpoint() -> str:
    """Return the name of the view that is asked for, "" for none."""
    return current_request.endpoint or ""
