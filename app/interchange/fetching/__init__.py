"""Fetching an article from the web, from public addresses alone.

A name is looked up once for each connection, every address it has is checked, the connection is
made to the checked address, and the address at its other end is checked again before a byte is
sent: a name that changes its mind (DNS rebinding) gains nothing.
"""

import contextlib
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import DecodeError, HTTPError, SSLError

from app.core.sentences import say
from app.interchange.fetching.addresses import NotFetched, checked, is_public
from app.interchange.fetching.trip import Checked, CheckedHTTPS, Limits, Trip

__all__ = ["Fetched", "Limits", "NotFetched", "fetch", "is_public"]
MOST_REDIRECTS = 3
CHUNK = 65_536
REDIRECTS = {301, 302, 303, 307, 308}
OK = 200
READABLE = {"text/html", "application/xhtml+xml", "text/plain", "text/markdown", ""}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came: `charset` is what the server says of it, or nothing."""

    url: str
    content: bytes
    content_type: str
    charset: str


def fetch(url: str, limits: Limits | None = None) -> Fetched:
    """Fetch a page over http or https. Raises NotFetched, which says why not."""
    limits = limits or Limits()
    trip = Trip(limits, time.monotonic() + limits.seconds)
    watch = threading.Timer(limits.seconds, trip.cut)
    watch.daemon = True
    watch.start()
    try:
        return _follow(url.strip(), trip)
    finally:
        watch.cancel()
        trip.end()


def _follow(url: str, trip: Trip) -> Fetched:
    for _ in range(MOST_REDIRECTS + 1):
        parts = checked(url, trip.limits.ports)
        with _asked(parts, trip) as response:
            if response.status not in REDIRECTS:
                return _read(url, response, trip)
            url = urljoin(url, response.headers.get("Location", ""))
    raise NotFetched(
        say("The address leads on more than {most_redirects} times.", most_redirects=MOST_REDIRECTS)
    )


@contextlib.contextmanager
def _asked(parts: SplitResult, trip: Trip) -> Iterator[BaseHTTPResponse]:
    secure = parts.scheme == "https"
    host = (parts.hostname or "").strip("[]")
    pool = (HTTPSConnectionPool if secure else HTTPConnectionPool)(host, parts.port, retries=False)
    pool.ConnectionCls = type("Checked", (CheckedHTTPS if secure else Checked,), {"trip": trip})
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": "Factdeck", "Accept-Encoding": "gzip, deflate"}
    try:
        with pool:
            yield pool.urlopen(
                "GET",
                target.encode("ascii", "replace").decode(),
                headers=headers,
                redirect=False,
                retries=False,
                timeout=trip.left(),
                preload_content=False,
            )
    except SSLError as error:
        trip.left()
        raise NotFetched(say("The site could not prove who it is (its certificate).")) from error
    except DecodeError as error:
        raise NotFetched(say("The site sent something that cannot be unpacked.")) from error
    except (HTTPError, OSError, ValueError) as error:
        trip.left()
        raise NotFetched(say("The site did not answer as sites do.")) from error


def _read(url: str, response: BaseHTTPResponse, trip: Trip) -> Fetched:
    if response.status != OK:
        raise NotFetched(
            say("The site answered with status {status}, not with a page.", status=response.status)
        )
    kind, _, rest = response.headers.get("Content-Type", "").partition(";")
    kind = kind.strip().lower()
    if kind not in READABLE:
        raise NotFetched(say("The address holds {kind}, not an article.", kind=kind[:60]))
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:20]) > trip.limits.most_bytes:
        raise _too_large(trip)
    said = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", rest, re.IGNORECASE)
    return Fetched(url, _body(response, trip), kind, said[1] if said else "")


def _body(response: BaseHTTPResponse, trip: Trip) -> bytes:
    """Return what the site sends, unpacked. Raises NotFetched beyond the limits."""
    content = bytearray()
    for chunk in response.stream(CHUNK, decode_content=True):
        content += chunk
        trip.left()
        if len(content) > trip.limits.most_bytes:
            raise _too_large(trip)
    trip.left()
    return bytes(content)


def _too_large(trip: Trip) -> NotFetched:
    return NotFetched(
        say(
            "The page is larger than {most_bytes} MB.", most_bytes=trip.limits.most_bytes // 1000000
        )
    )
