"""The API's door: tokens, scopes, rate limits, tags of revisions, pages of lists."""

import base64
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, jsonify, make_response
from pydantic import BaseModel
from spectree import Response as Shapes
from spectree import SpecTree
from werkzeug.exceptions import (
    HTTPException,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    default_exceptions,
)

from app import clock
from app.core.errors import NotAllowed
from app.services import api_tokens, curating, rate_limits
from app.services.api_tokens import Scope
from app.services.curating import Thing
from app.web.api.shapes.base import PageQuery, Problem
from app.web.current import (
    address_parts,
    asked_endpoint,
    body_problem,
    caller,
    db_session,
    if_match,
    known_caller,
    tagged,
)

bp = Blueprint("api", __name__, url_prefix="/api/v1")
REQUESTS, WITHIN_S = 600, 60
"""Requests that one token may send within so many seconds."""
SCOPES: dict[str, Scope] = {}
"""The scope of each endpoint."""
LARGEST_NUMBER = 2**63
"""Of a row: what databases can compare with."""
View = TypeVar("View", bound=Callable[..., Any])
Item = TypeVar("Item")


class FieldErrors(HTTPException):
    """What was sent does not fit its shape; `errors` are (field, message)."""

    code = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__(self.description or "Some of what you sent does not fit.")
        self.errors = tuple(errors)


class AtStake(FieldErrors):
    """A change that needs decisions first; `errors` name what about."""

    code = HTTPStatus.CONFLICT
    description = "Passages of facts have changed in the new text. Decide about each."


def _refuse_shape(
    _request: object,
    _response: object,
    error: Any,  # noqa: ANN401 pydantic's, or none
    *_rest: object,
) -> None:
    if error is not None:
        raise FieldErrors(
            [(".".join(map(str, one["loc"])), str(one["msg"])) for one in error.errors()]
        )


spec = SpecTree(
    "flask",
    title="Factdeck",
    version="1",
    annotations=True,
    mode="strict",
    before=_refuse_shape,
    validation_error_model=Problem,
    nested_naming_strategy=lambda _parent, child: child,
    naming_strategy=lambda model: model.__name__,
)


def operation(
    method: str,
    rule: str,
    scope: Scope,
    shape: type[BaseModel] | None,
    status: int = HTTPStatus.OK,
    aside: type[BaseModel] | None = None,
) -> Callable[[View], View]:
    """Register a view under its scope; its shapes make the OpenAPI text and are checked.

    `aside` is the shape of a job that does it, answered as 202 where it takes long.
    """

    def register(view: View) -> View:
        name = f"HTTP_{int(status)}"
        later = {"HTTP_202": aside} if aside else {}
        shapes = Shapes(**{name: shape}, **later) if shape else Shapes(name)
        checked = spec.validate(resp=shapes, tags=(str(scope),), operation_id=view.__name__)(view)
        bp.add_url_rule(rule, view.__name__, checked, methods=[method])
        SCOPES[f"api.{view.__name__}"] = scope
        return view

    return register


@bp.before_request
def let_in() -> None:
    """Let a token in that has the scope, whose owner has the role and curates the deck meant."""
    scope = SCOPES.get(asked_endpoint())
    if scope is None:
        return
    who = caller()
    now = clock.now()
    count = rate_limits.count_one(db_session(), _rate_key(who.token_id), WITHIN_S, now)
    if count > REQUESTS:
        raise rate_limits.TooOften("Wait until the window that RateLimit names is over.")
    api_tokens.note_use(db_session(), who.token_id, now)
    if scope not in who.scopes:
        raise NotAllowed(f"This token does not have the scope “{scope}”.")
    if scope not in api_tokens.scopes_of(who.person):
        raise NotAllowed("Your account may not do this any more.")
    if scope is Scope.CURATE:
        parts = address_parts()
        names = {"deck_key", "fact_id", "entity_id", "relation_id"} & set(parts)
        curating.check(db_session(), who.person, Thing(**{one: parts[one] for one in names}))
    problem = body_problem()
    if problem is not None:
        raise default_exceptions[problem[0]](problem[1])


@bp.after_request
def tell_limits(response: Response) -> Response:
    """Tell how many requests are left, as the RateLimit header fields do."""
    response.headers["Cache-Control"] = "no-store"
    if response.status_code == HTTPStatus.OK:
        tagged(response)
    who = known_caller()
    if who is not None and SCOPES.get(asked_endpoint()):
        now = clock.now()
        count, until = rate_limits.counted(db_session(), _rate_key(who.token_id), now)
        left = max(0, REQUESTS - count)
        response.headers["RateLimit-Policy"] = f'"token";q={REQUESTS};w={WITHIN_S}'
        response.headers["RateLimit"] = f'"token";r={left};t={max(0, until - now)}'
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers["Retry-After"] = str(max(1, until - now))
    return response


def _rate_key(token_id: int) -> str:
    return f"api/{token_id}"


def told(shape: BaseModel, status: int = HTTPStatus.OK, revision: int | None = None) -> Response:
    """Return a response of a shape; a thing with a revision has it as its tag."""
    answer = make_response(jsonify(shape.model_dump(mode="json")), status)
    if revision is not None:
        answer.headers["ETag"] = tag(revision)
    return answer


def tag(revision: int) -> str:
    """Return a revision as an entity tag."""
    return f'"{revision}"'


def matched_revision(current: int) -> int:
    """Return the revision that a change is meant for. Raises 428 without If-Match, 412 if older."""
    given = if_match()
    if given is None:
        raise PreconditionRequired("Send If-Match with the ETag of what you have read.")
    if given.strip() != "*" and tag(current) not in {one.strip() for one in given.split(",")}:
        raise PreconditionFailed(f"It has changed since: its ETag is {tag(current)} now.")
    return current


def part_of(
    items: Sequence[Item], query: PageQuery, place: Callable[[Item], str]
) -> tuple[Sequence[Item], str | None]:
    """Return the part of a list behind a cursor, and the cursor of the next; by `place`.

    A cursor names the last item told, so that nothing is skipped when others come or go.
    """
    ordered = sorted(items, key=place)
    if query.cursor:
        after = read_cursor(query.cursor)
        ordered = [one for one in ordered if place(one) > after]
    part = ordered[: query.limit]
    more = len(ordered) > len(part)
    return part, write_cursor(place(part[-1])) if more else None


def behind(query: PageQuery) -> int:
    """Return the number that a part begins behind, by its cursor. Raises FieldErrors."""
    place = read_cursor(query.cursor) if query.cursor else "0"
    if not (place.isascii() and place.isdecimal() and int(place) < LARGEST_NUMBER):
        raise FieldErrors([("cursor", "Send what a page before told as `next`.")])
    return int(place)


def numbered(number: int) -> str:
    """Return a row's number as a place in a list, so that texts sort as numbers do."""
    return f"{number:020d}"


def write_cursor(place: str) -> str:
    """Return a place in a list as an opaque cursor."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """Return the place that a cursor stands for. Raises FieldErrors."""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        raise FieldErrors([("cursor", "Send what a page before told as `next`.")]) from None


def from_base64(content: str) -> bytes:
    """Return the file that stands in a field. Raises ValueError, in a sentence."""
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        raise ValueError("Send the file in base64.") from None


def missing(sentence: str) -> NotFound:
    """Return the error for something that is not there."""
    return NotFound(sentence)


def document() -> dict[str, Any]:
    """Return the OpenAPI text, with the token, its scopes and the problems of each operation."""
    spec.app = current_app
    whole: dict[str, Any] = spec.spec
    if "securitySchemes" in whole["components"]:
        return whole
    whole["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    whole["components"]["schemas"].setdefault("Problem", Problem.model_json_schema())
    problem = {
        "description": "A problem (RFC 9457)",
        "content": {"application/problem+json": {"schema": {"$ref": _PROBLEM}}},
    }
    for operations in whole["paths"].values():
        for method, one in operations.items():
            one["security"] = [{"token": one["tags"]}]
            kept = {code: body for code, body in one["responses"].items() if code < "400"}
            one["responses"] = {**kept, "422": problem, "default": problem}
            if method in {"delete", "put"}:
                one["parameters"].append(_IF_MATCH)
            if method == "get":
                one["parameters"].append(_IF_NONE_MATCH)
                one["responses"]["304"] = {"description": "It is as it was read before"}
            for parameter in one["parameters"]:
                if parameter["in"] == "path" and parameter["name"].endswith("_id"):
                    parameter["schema"] = {"type": "integer", "minimum": 1}
    return whole


_PROBLEM = "#/components/schemas/Problem"
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what was read before",
    "schema": {"type": "string"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of what was read",
    "schema": {"type": "string"},
}
