"""Signed session cookies, each verified once by a process."""

from collections import OrderedDict
from threading import Lock
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app import clock

MOST_KNOWN = 4_000
"""Cookies of so many browsers are remembered, half a kilobyte each."""
PLAIN = (str, int, bool, type(None))


class KnownCookies(SecureCookieSessionInterface):
    """Flask's signed cookies; a text whose signature was found good need not be verified again.

    Only the very same text is known, and only as long as it is not too old. Whether its sign-in has
    ended is not asked here: the database says so, at each request.
    """

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None
        self._known: OrderedDict[str, tuple[dict[str, Any], float]] = OrderedDict()
        self._lock = Lock()

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs, made once: an app keeps its keys."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session that a request's cookie brings; an empty one without a good one."""
        text = request.cookies.get(self.get_cookie_name(app))
        signer = self.get_signing_serializer(app)
        if not text or signer is None:
            return self.session_class() if signer else None
        lasts_s = app.permanent_session_lifetime.total_seconds()
        content, signed_epoch_s = self._known.get(text, (None, 0.0))
        if content is None or not 0 <= clock.now() - signed_epoch_s <= lasts_s:
            try:
                content, signed = signer.loads(text, max_age=int(lasts_s), return_timestamp=True)
            except BadSignature:
                return self.session_class()
            self._keep(text, content, signed.timestamp())
        return self.session_class(content)

    def _keep(self, text: str, content: dict[str, Any], signed_epoch_s: float) -> None:
        """Remember what a cookie says, unless a request could change it for the next one."""
        if not all(isinstance(one, PLAIN) for one in content.values()):
            return
        with self._lock:
            self._known[text] = (content, signed_epoch_s)
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
