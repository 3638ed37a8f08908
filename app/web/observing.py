"""What operators see of each request: its id, a line in the log, and how long it took.

Routes are told, never addresses: those may hold set-up links, tokens and what people search.
"""

import re
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import structlog
from prometheus_client import Counter, Histogram

from app import clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
BUCKETS_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5)
QUIET = frozenset({"ops.healthz", "ops.readyz", "ops.metrics", "static", "bootstrap.static"})
"""What asks by itself, again and again: counted, but not logged where it goes well."""
FAILED = 500

requests = Counter("factdeck_requests", "Requests answered.", ["route", "method", "status"])
seconds = Histogram(
    "factdeck_request_seconds", "Time from request to response.", ["route"], buckets=BUCKETS_S
)
log: structlog.typing.FilteringBoundLogger = structlog.get_logger("factdeck.access")
answers = Counter("factdeck_answers", "Answers taken, by how they were marked.", ["type", "mark"])


class Observed:
    """A WSGI app whose every request has an id, a line in the log and a place in the metrics."""

    def __init__(self, inner: "WSGIApplication", *, proxied: bool) -> None:
        self._inner = inner
        self._proxied = proxied

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""
        started = clock.monotonic_ns()
        request_id = self._request_id(environ)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = "500"

        def begin(text: str, headers: list[tuple[str, str]], failed: Any = None) -> Any:  # noqa: ANN401 WSGI's own
            nonlocal status
            status = text[:3]
            return start_response(text, [*headers, ("X-Request-ID", request_id)], failed)

        try:
            return self._inner(environ, begin)
        finally:
            _tell(environ, status, (clock.monotonic_ns() - started) / 1e9)
            structlog.contextvars.clear_contextvars()

    def _request_id(self, environ: "WSGIEnvironment") -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        if self._proxied and GIVEN_ID.fullmatch(given):
            return str(given)
        return secrets.token_hex(8)


def _tell(environ: "WSGIEnvironment", status: str, took_s: float) -> None:
    endpoint, rule = _route(environ)
    method = str(environ["REQUEST_METHOD"])
    known = method if method in {"GET", "HEAD", "POST", "OPTIONS"} else "other"
    requests.labels(endpoint, known, status).inc()
    seconds.labels(endpoint).observe(took_s)
    if endpoint not in QUIET or int(status) >= FAILED:
        log.info(
            "request", method=known, route=rule, status=int(status), ms=round(took_s * 1000, 1)
        )


def _route(environ: "WSGIEnvironment") -> tuple[str, str]:
    """Return the endpoint and its rule: "/setup/<token>", never what stood in its place."""
    rule = environ.get("factdeck.route")
    return (rule.endpoint, rule.rule) if rule else ("unknown", "unknown")
