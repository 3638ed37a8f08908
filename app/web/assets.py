"""Static files: addresses that change with their content, so that browsers keep them for ever.

Each worker compresses such a file once, and well, and keeps the result: they are few and small.
"""

import hashlib
from pathlib import Path
from typing import Any

import brotli
from flask import Flask, Response

from app.web.current import asked_static

FOLDERS = frozenset({"static", "bootstrap.static"})
FOR_EVER = "public, max-age=31536000, immutable"
DIGITS = 12
COMPRESSED = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})


class Assets:
    """The static files' addresses, and their compressed contents, of one app."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._addresses: dict[tuple[str, str], str] = {}
        self._compressed: dict[tuple[str, str], bytes] = {}

    def url_for(self, endpoint: str, **values: Any) -> str:  # noqa: ANN401 Flask's own signature
        """Return an address as Flask does; that of a static file names its content.

        What does not depend on the request is made once: every page has dozens of these.
        """
        if values and endpoint not in FOLDERS:
            return self._app.url_for(endpoint, **values)
        name = endpoint, str(values.get("filename", ""))
        if name not in self._addresses:
            if values:
                values["v"] = self.version(*name)
            self._addresses[name] = self._app.url_for(endpoint, **values)
        return self._addresses[name]

    def version(self, endpoint: str, filename: str) -> str:
        """Return what stands for a file's content; "" where there is no such file."""
        path = _folder(self._app, endpoint) / filename
        return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS] if path.is_file() else ""

    def keep(self, response: Response) -> Response:
        """Let browsers keep a static file that was asked for by its content."""
        asked = asked_static()
        if asked is None or response.status_code != 200:  # noqa: PLR2004 OK
            return response
        address, name, accepted = asked
        if self._addresses.get(name) != address:
            return response
        response.headers["Cache-Control"] = FOR_EVER
        response.vary.add("Accept-Encoding")
        if "br" in accepted and response.mimetype in COMPRESSED:
            response.direct_passthrough = False
            if name not in self._compressed:
                self._compressed[name] = brotli.compress(response.get_data())
            response.close()  # the file that Flask opened
            response.set_data(self._compressed[name])
            response.headers["Content-Encoding"] = "br"
        return response


def _folder(app: Flask, endpoint: str) -> Path:
    blueprint = endpoint.partition(".")[0]
    owner = app.blueprints[blueprint] if "." in endpoint else app
    return Path(str(owner.static_folder))


def install(app: Flask) -> None:
    """Give static files addresses by content in all templates."""
    assets = Assets(app)
    app.jinja_env.globals["url_for"] = assets.url_for

    @app.after_request
    def keep(response: Response) -> Response:
        return assets.keep(response)
