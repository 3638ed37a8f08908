"""Headers on every response, CSRF on every form, rate limits."""

from flask import Flask, Response, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

from app.web.current import room_for_uploads

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://")


def install(app: Flask) -> None:
    """Protect forms and add the headers."""
    app.before_request(room_for_uploads)
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Add the security headers; pages of a person are nobody else's to keep."""
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if session and response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response
