"""Factdeck: facts from an article, asked until they stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Config


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile.

    Werkzeug parses Python for each of the routes. Before Python 3.11.8 that fails ("AST constructor
    recursion depth mismatch", github.com/python/cpython/issues/106905) where a collection in the
    middle of it ends in more parsing, as writing a traceback to the log does.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@uncollected()
def create_app(config: "Config") -> "Flask":
    """Wire the app: settings, database, then the web. The database must be migrated already."""
    from flask import Flask  # noqa: PLC0415 `import app` stays light for the command line
    from werkzeug.middleware.proxy_fix import ProxyFix  # noqa: PLC0415 as above

    from app.instance import Instance  # noqa: PLC0415 as above
    from app.models.database import make_engine  # noqa: PLC0415 as above
    from app.web import install_web  # noqa: PLC0415 as above
    from app.web.observing import Observed  # noqa: PLC0415 as above

    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-factdeck" if config.https else "factdeck",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.https,
        PERMANENT_SESSION_LIFETIME=60 * 60 * 24 * 400,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=5_000_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=config.https,
    )
    engine = make_engine(config.database_url, config.synchronous)
    app.extensions["factdeck"] = Instance(config, engine)
    install_web(app)
    if config.proxies:
        hops = config.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's documentation does
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    app.wsgi_app = Observed(app.wsgi_app, proxied=config.proxies > 0)  # type: ignore[method-assign]  # as above
    return app
