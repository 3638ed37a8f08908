"""What is asked: the only user of flask.request (but for `forgery`, which lies beneath forms)."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from flask import Response, g
from flask import request as current_request  # noqa: TID251 the one module that may
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.interchange.loading import MAX_DEPTH, depth
from app.services import rate_limits
from app.web.base import cleaned
from app.web.current.base import instance

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


def address_parts() -> Mapping[str, Any]:
    """Return what the request's address names: {"deck_key": "planets"}."""
    return current_request.view_args or {}


def remote_address() -> str:
    """Return the network address that asks: a proxy's own words are believed where declared.

    Limits are counted by it, so it is one for all addresses that one home has.
    """
    return rate_limits.network_of(current_request.remote_addr or "")


def site_address() -> str:
    """Return the address by which browsers know this server: as set, else as they asked."""
    return instance().config.public_url or current_request.host_url.rstrip("/")


def asked_languages() -> list[str]:
    """Return the languages that the browser asks for, the dearest first: "de" for de-AT too."""
    asked = current_request.accept_languages
    return [tag.partition("-")[0].lower() for tag, quality in asked if quality > 0]


def where_to_return() -> str:
    """Return the address of the page that is shown, to come back to; "/" for one that cannot."""
    return current_request.full_path.rstrip("?") if current_request.method == "GET" else "/"


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


def user_agent() -> str:
    """Return what a browser says of itself."""
    return current_request.user_agent.string


def is_post() -> bool:
    """Whether this request may change something."""
    return current_request.method == "POST"
