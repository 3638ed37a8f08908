"""Static files: addresses that change with their content, so that browsers keep them for ever.

Each worker compresses such a file once, and well, and keeps the result: they are few and small.
"""

import hashlib
import re
from pathlib import Path
from posixpath import normpath
from typing import Any

import brotli
from flask import Flask, Response
from werkzeug.routing import BuildError

from app.web.current import asked_static

FOLDERS = frozenset({"static", "bootstrap.static"})
FOR_EVER = "public, max-age=31536000, immutable"
DIGITS = 12
MARK = "735194862"
"""Digits that no route has: where a value stands in an address."""
AS_IT_IS = re.compile(r"[A-Za-z0-9_-]+").fullmatch
"""Whether a value stands in addresses as it is."""
COMPRESSED = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})


class Assets:
    """The static files' addresses, and their compressed contents, of one app."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._addresses: dict[tuple[str, str], str] = {}
        self._patterns: dict[tuple[str, tuple[tuple[str, type], ...]], tuple[str | int, ...]] = {}
        self._compressed: dict[tuple[str, str], bytes] = {}

    def url_for(self, endpoint: str, **values: Any) -> str:  # noqa: ANN401 Flask's own signature
        """Return an address as Flask does; that of a static file names its content.

        What does not depend on the request is made once: every page has dozens of these.
        """
        if endpoint.startswith("."):
            return self._app.url_for(endpoint, **values)
        if values and endpoint not in FOLDERS:
            return self._with_values(endpoint, values)
        name = endpoint, str(values.get("filename", ""))
        if name not in self._addresses:
            if values:
                values["v"] = self.version(*name)
            self._addresses[name] = self._app.url_for(endpoint, **values)
        return self._addresses[name]

    def _with_values(self, endpoint: str, values: dict[str, Any]) -> str:
        """Return an address with values in it: by its pattern, where all of them stand as they are.

        Werkzeug builds it in some 30 µs, and a page has a dozen of them.
        """
        kinds = tuple((name, type(value)) for name, value in values.items())
        texts = [str(value) for value in values.values()]
        if not all(map(AS_IT_IS, texts)):
            return self._app.url_for(endpoint, **values)
        pattern = self._patterns.get((endpoint, kinds))
        if pattern is None:
            pattern = self._patterns[endpoint, kinds] = self._pattern(endpoint, values)
        if not pattern:
            return self._app.url_for(endpoint, **values)
        return "".join(one if isinstance(one, str) else texts[one] for one in pattern)

    def _pattern(self, endpoint: str, values: dict[str, Any]) -> tuple[str | int, ...]:
        """Return an address in parts, a number for a value; () where that cannot be told.

        Text and whole numbers alone are told: each is built in with one that stands nowhere else.
        """
        if not all(type(value) in (int, str) for value in values.values()):
            return ()
        marks = [f"{MARK}{at:03}" for at in range(len(values))]
        marked: dict[str, Any] = {
            name: int(mark) if type(value) is int else mark
            for (name, value), mark in zip(values.items(), marks, strict=True)
        }
        try:
            built = self._app.url_for(endpoint, **marked)
        except BuildError:  # a route that takes certain values only
            return ()
        parts = re.split(f"({MARK}[0-9]{{3}})", built)
        is_each_once = sorted(parts[1::2]) == marks
        told = (int(one[len(MARK) :]) if one.startswith(MARK) else one for one in parts)
        return tuple(told) if is_each_once else ()

    def version(self, endpoint: str, filename: str) -> str:
        """Return what stands for a file's content; "" where there is no such file."""
        path = _folder(self._app, endpoint) / filename
        return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS] if path.is_file() else ""

    def keep(self, response: Response) -> Response:
        """Let browsers keep a static file that was asked for by its content.

        Pages name it without asking here: addresses are written into compiled templates, maybe by
        another app of this process. One that is called in a roundabout way is not kept.
        """
        asked = asked_static()
        if asked is None or response.status_code != 200:  # noqa: PLR2004 OK
            return response
        address, name, accepted = asked
        if normpath(name[1]) != name[1] or self.url_for(name[0], filename=name[1]) != address:
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
