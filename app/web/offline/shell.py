"""What makes Factdeck an app: files that it needs without a network, its worker, its manifest."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

UrlFor = Callable[..., str]
PAPER, ACCENT = "#fbf7ef", "#1f5f5b"
"""The colours of paper and accent by day, as in factdeck.css."""
STYLES = ("css/factdeck.css", "css/offline.css")
IMPORTED = ("js/offline/store.js", "js/offline/sync.js")
"""What the worker and the pages share."""
SCRIPTS = (
    "js/theme.js",
    "js/factdeck.js",
    *IMPORTED,
    "js/offline/here.js",
    "js/offline/page.js",
)
ICONS = ("icon.svg", "icons/192.png")
_WORKER = Path(__file__).parents[2] / "static" / "js" / "offline" / "worker.js"


def worker(url_for: UrlFor, page: str, language: str) -> str:
    """Return the service worker's text: addresses by content before our own script.

    `page` is the page that is shown without a network, in the learner's language. Whenever it or
    a file of the shell changes, so does the text, and browsers fetch the shell anew.
    """
    files = [url_for("static", filename=name) for name in (*STYLES, *SCRIPTS, *ICONS)]
    files.append(url_for("bootstrap.static", filename="css/bootstrap.min.css"))
    script = _WORKER.read_text(encoding="utf-8")
    whole = "\n".join((*files, page, script))
    told = {
        "version": hashlib.sha256(whole.encode()).hexdigest()[:16],
        "page": url_for("offline.page"),
        "language": language,
        "files": files,
        "imported": [url_for("static", filename=name) for name in IMPORTED],
    }
    return f"const SHELL = {json.dumps(told)};\n{script}"


def manifest(url_for: UrlFor) -> dict[str, Any]:
    """Return the web app manifest (W3C)."""
    return {
        "id": "/",
        "name": "Factdeck",
        "short_name": "Factdeck",
        "description": "Facts, each with the passage that proves it, asked until they stay.",
        "lang": "en",
        "dir": "ltr",
        "start_url": url_for("study.today"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": ACCENT,
        "icons": [
            _icon(url_for, "icon.svg", "any", "image/svg+xml"),
            _icon(url_for, "icons/192.png", "192x192"),
            _icon(url_for, "icons/512.png", "512x512"),
            _icon(url_for, "icons/maskable.png", "512x512") | {"purpose": "maskable"},
        ],
        "shortcuts": [
            {"name": "Study offline", "url": url_for("offline.page")},
        ],
    }


def _icon(url_for: UrlFor, name: str, sizes: str, kind: str = "image/png") -> dict[str, str]:
    return {"src": url_for("static", filename=name), "sizes": sizes, "type": kind}
