"""Headers on every response, CSRF on every form, rate limits."""

from flask import Flask, Response, session
from flask_limiter import Limiter
from limits import parse

from app import clock
from app.core.errors import NotAllowed
from app.core.sentences import say
from app.instance import Instance
from app.services.rate_limits import TooOften
from app.web.cookies import KnownCookies
from app.web.current import framing, is_from_elsewhere, remote_address, room_for_uploads
from app.web.forgery import Protection, form_token
from app.web.rate_storage import DatabaseStorage

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)
"""Followed by who may show the page in a frame."""
NOBODY = "'none'"
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
UNFRAMED = (("Content-Security-Policy", CSP + NOBODY), *ALWAYS)
csrf = Protection()


class RouteLimiter(Limiter):
    """A limiter whose limits all stand at their routes, which check them: others cost nothing."""

    def _check_request_limit(
        self,
        callable_name: str | None = None,
        in_middleware: bool = True,  # noqa: FBT001, FBT002 Flask-Limiter's own
    ) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = RouteLimiter(remote_address, strategy="fixed-window")
TRIES = parse("10 per 5 minutes")
"""Wrong passwords of one network address. Right ones are not counted: a class has one address."""


def check_tries() -> None:
    """Raise TooOften where too many wrong passwords have come from this address.

    The view's own limit has been checked before, which finds out whether the storage can be had.
    """
    place = remote_address(), "tries"
    if limiter.enabled and not limiter.limiter.test(TRIES, *place):
        ends = int(limiter.limiter.get_window_stats(TRIES, *place).reset_time)
        raise TooOften(
            say("Too many wrong passwords came from your address."), max(1, ends - clock.now())
        )


def count_try() -> None:
    """Count one more wrong password from this address, where limits are kept at all."""
    if limiter.enabled:
        limiter.limiter.hit(TRIES, remote_address(), "tries")


def install(app: Flask) -> None:
    """Protect forms and add the headers."""
    app.before_request(room_for_uploads)
    app.before_request(refuse_other_sites)
    csrf.init_app(app)
    app.context_processor(lambda: {"csrf_token": form_token})
    app.jinja_env.globals["csrf_token"] = form_token  # what macros see
    instance: Instance = app.extensions["factdeck"]
    shared = instance.config.rate_limit_url
    app.config["RATELIMIT_STORAGE_URI"] = shared or f"{DatabaseStorage.STORAGE_SCHEME[0]}://"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {} if shared else {"engine": instance.engine}
    # Where Redis cannot be reached each process counts for itself, and nobody meets a fault.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(shared)
    limiter.init_app(app)
    app.after_request(add_headers)
    app.session_interface = KnownCookies()


def refuse_other_sites() -> None:
    """Refuse what a browser sends from a page of another site, whatever token it carries.

    Every browser since 2023 says so (Fetch Metadata, W3C); programs that say nothing are let in.
    Raises NotAllowed.
    """
    if is_from_elsewhere():
        raise NotAllowed(
            "This was sent from a page of another site. Open Factdeck and do it there."
        )


def add_headers(response: Response) -> Response:
    """Add the security headers; pages of a person are nobody else's to keep."""
    sites = framing()
    response.headers.extend(
        [("Content-Security-Policy", CSP + " ".join(sites)), *ALWAYS] if sites else UNFRAMED
    )
    if session and response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
        if "Cookie" not in response.headers.get("Vary", ""):
            response.vary.add("Cookie")
    return response
