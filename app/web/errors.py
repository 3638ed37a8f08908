"""Refusals and faults as pages: one place maps kinds to status codes."""

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from math import ceil

from flask import Flask, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_limiter.errors import RateLimitExceeded
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.http import HTTP_STATUS_CODES

from app import clock
from app.core.errors import Conflict, NotAllowed, NotFound, Refused
from app.core.values import ValueProblem
from app.models.failures import FULL_DISK, NO_ROOM, Busy, NotStored, Unusable, told
from app.services.rate_limits import TooOften
from app.services.revisions import StaleRevision
from app.services.study import Paused
from app.web.current import NotSignedIn, asks_api, forget_person, posted, room, start_afresh
from app.web.security import limiter

log = logging.getLogger("factdeck")

KINDS: dict[type[Refused], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Busy: 503,
    Unusable: 503,
    NotStored: 507,
    TooOften: 429,
    Refused: 422,
}
HEADINGS = {
    400: _("That could not be read"),
    403: _("That is not yours to do"),
    404: _("There is nothing here"),
    405: _("That does not work this way"),
    409: _("It has changed in the meantime"),
    413: _("That is too large"),
    422: _("That did not work"),
    429: _("That was too often"),
    500: _("Something broke on our side"),
    503: _("Too busy just now"),
    507: _("There is no room to save this"),
}
ADVICE = {
    400: _("The page may have been open for long. Go back, reload it and send it once more."),
    403: _("Sign in with an account that may do this, or go to the start page."),
    404: _("The address may be old or mistyped, or it belongs to somebody else."),
    405: _("Go back and use the button on the page."),
    409: _("Open it again to see the newest version."),
    422: _("Go back and try it another way."),
    500: _("It has been logged. Nothing of what you did before is lost. Try again in a moment."),
    503: _("Nothing was stored. Wait a few seconds and send it again."),
    507: _(
        "Nothing was stored, and nothing that was there before is lost. Whoever "
        "looks after this site has to make room; then send it again."
    ),
}
RETRY_AFTER_S = 5
MINUTE_S, HOUR_S = 60, 3_600
FEW_S = 5
"""Seconds that make no further minute in words."""
NOT_NOW = {503, 507}
"""What was sent is kept in the page, to be sent again."""


def install(app: Flask) -> None:
    """Answer every refusal, HTTP error and fault with a page in the site's layout."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(SQLAlchemyError, database_error)
    app.register_error_handler(OSError, system_error)
    app.register_error_handler(Exception, fault)


def refused(error: Refused) -> ResponseReturnValue:
    """Answer a refusal with its own sentence."""
    if asks_api():
        return _refused_program(error)
    if isinstance(error, NotSignedIn):
        return redirect(url_for("accounts.sign_in"), 303)
    if isinstance(error, Paused):
        return redirect(url_for("planner.settings"), 303)  # says so, and has the way back
    after_s = error.after_s if isinstance(error, TooOften) else RETRY_AFTER_S
    return page(status_of(error), str(error), after_s)


def status_of(error: Refused) -> int:
    """Return the status code of a refusal: that of its nearest kind."""
    return next(
        code for kind in type(error).__mro__ for known, code in KINDS.items() if kind is known
    )


def database_error(error: SQLAlchemyError) -> ResponseReturnValue:
    """Answer trouble with the database by what it means to people, or as a fault."""
    refusal = told(error)
    return fault(error) if refusal is None else refused(refusal)


def system_error(error: OSError) -> ResponseReturnValue:
    """Answer a full disk, such as that of temporary files, as such; all else as a fault."""
    return refused(NotStored(FULL_DISK)) if error.errno in NO_ROOM else fault(error)


def not_now(body: str, error: Refused) -> ResponseReturnValue:
    """Answer with a page that keeps what was typed, since it could not be stored now."""
    status = status_of(error)
    return body, status, {"Retry-After": str(RETRY_AFTER_S)}


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Werkzeug refuses."""
    if error.response is not None:
        return error.response
    if asks_api():
        errors = getattr(error, "errors", ())
        answer = problem(error.code or 500, error.description or "", errors)
        answer.headers.extend(
            (name, text) for name, text in error.get_headers() if name != "Content-Type"
        )
        return answer
    limit = limiter.current_limit if isinstance(error, RateLimitExceeded) else None
    after_s = max(1, limit.reset_at - clock.now()) if limit else RETRY_AFTER_S
    return page(error.code or 500, "", after_s)


def _refused_program(error: Refused) -> Response:
    """Answer a refusal to a program: 401 without a token, 412 for a revision that has passed."""
    if isinstance(error, NotSignedIn):
        answer = problem(401, str(error))
        answer.headers["WWW-Authenticate"] = 'Bearer realm="factdeck"'
        return answer
    errors: list[tuple[str, str]] = []
    if isinstance(error, ValueProblem):
        errors = [(error.field, str(error))]
    errors += [(one.rule, one.message) for one in getattr(error, "findings", ())]
    errors += [("file", str(one)) for one in getattr(error, "problems", ())]
    return problem(
        412 if isinstance(error, StaleRevision) else status_of(error), str(error), errors
    )


def problem(status: int, detail: str, errors: Sequence[tuple[str, str]] = ()) -> Response:
    """Return problem details (RFC 9457); `errors` are (field, message)."""
    start_afresh()
    body = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "errors": [{"field": field, "message": message} for field, message in errors],
    }
    answer = make_response(json.dumps(body), status)
    answer.mimetype = "application/problem+json"
    if status in {429, *NOT_NOW}:
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def fault(error: Exception) -> ResponseReturnValue:
    """Log a fault and answer it without details."""
    log.error("fault", exc_info=error)
    if asks_api():
        return problem(InternalServerError.code, "It has been logged.")
    return page(InternalServerError.code, "")


def page(status: int, message: str, after_s: int = RETRY_AFTER_S) -> ResponseReturnValue:
    """Return the error page of a status code; `after_s` is in how many seconds to try again."""
    heading = HEADINGS.get(status, "That did not work")
    advice = ADVICE.get(status, "Go to the start page and try from there.")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        advice = _("Send at most %(most)s MB.", most=room() // 1_000_000)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        advice = _wait(after_s)
    start_afresh()
    body = _rendered(
        heading=heading,
        message=message,
        advice=advice,
        status=status,
        again=posted() if status in NOT_NOW else None,
    )
    answer = make_response(body, status)
    if status in {429, *NOT_NOW}:
        answer.headers["Retry-After"] = str(after_s)
    return answer


def _wait(seconds: int) -> str:
    """Return for how long to wait, in words."""
    minutes = max(1, ceil((seconds - FEW_S) / MINUTE_S))
    if minutes < HOUR_S // MINUTE_S:
        told = ngettext(
            "Wait a minute, then try again.", "Wait %(num)s minutes, then try again.", minutes
        )
    else:
        told = ngettext(
            "Wait an hour, then try again.",
            "Wait %(num)s hours, then try again.",
            max(1, ceil((seconds - FEW_S) / HOUR_S)),
        )
    return str(told)


def _rendered(**shown: object) -> str:
    """Render the error page; where the database cannot be read, as for somebody unknown."""
    try:
        return render_template("error.html", **shown)
    except SQLAlchemyError:
        start_afresh()
        forget_person()
        return render_template("error.html", **shown)
