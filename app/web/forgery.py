"""Tokens against forged requests: Flask-WTF's, each signed and verified once by a process.

They name the session's own secret and have no end of their own, so one that was found good stays
good for as long as the session has that secret. Whatever is not known goes Flask-WTF's way.
"""

import hmac
from collections import OrderedDict
from threading import Lock

from flask import (
    Flask,
    current_app,
    g,
    has_request_context,
    request,  # noqa: TID251 beneath the forms: Flask-WTF reads it too
    session,
)
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf, same_origin

MOST_KNOWN = 4_000
"""So many tokens are remembered, of so many sessions: 200 bytes each."""
SECRET = "csrf_token"  # noqa: S105 the name under which Flask-WTF keeps it
TOKENS = "form_tokens"
"""Where an app keeps the tokens that it knows."""


class KnownTokens:
    """Which token says which session's secret: those made here, and those found good."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, str] = OrderedDict()
        self._secrets: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def made_for(self, secret: str) -> str | None:
        """Return the token that was made for a secret, if it is known."""
        return self._made.get(secret)

    def says(self, token: str, secret: str) -> bool:
        """Whether a token is known to say this secret."""
        said = self._secrets.get(token)
        return said is not None and hmac.compare_digest(said, secret)

    def keep(self, token: str, secret: str, *, is_made: bool = False) -> None:
        """Remember a good token; one that was made is the token of its session from now on."""
        with self._lock:
            self._secrets[token] = secret
            if is_made:
                self._made[secret] = token
            for kept in (self._secrets, self._made):
                while len(kept) > MOST_KNOWN:
                    kept.popitem(last=False)


class Protection(CSRFProtect):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Flask-WTF's protection of every form, which knows a token again."""

    def init_app(self, app: Flask) -> None:
        """Protect an app's forms."""
        super().init_app(app)
        app.extensions[TOKENS] = KnownTokens()

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 Flask-WTF's own
        """Refuse a request that changes something without a token of this session."""
        if request.method != "POST" or (apply_exemptions and self._is_exempt()):
            super().protect(apply_exemptions)
            return
        token, secret, known = self._get_csrf_token() or "", session.get(SECRET, ""), _known()
        if known.says(token, secret) and _is_of_this_site():
            g.csrf_valid = True  # what Flask-WTF's forms ask for
            return
        super().protect(apply_exemptions)
        if g.get("csrf_valid"):
            known.keep(token, secret)


def form_token() -> str:
    """Return the token of this session's forms; "" outside of requests."""
    if not has_request_context():
        return ""
    secret = session.get(SECRET)
    known = _known()
    made = known.made_for(secret) if secret else None
    if made is None:
        made = str(generate_csrf())
        known.keep(made, session[SECRET], is_made=True)
    return made


def _known() -> KnownTokens:
    found: KnownTokens = current_app.extensions[TOKENS]
    return found


def _is_of_this_site() -> bool:
    """Whether nothing but the token has to be looked at: under HTTPS the referrer is, too."""
    if not (request.is_secure and current_app.config["WTF_CSRF_SSL_STRICT"]):
        return True
    return bool(request.referrer) and same_origin(request.referrer, f"https://{request.host}/")
