"""Fetching an article from the web, from public addresses alone.

A name is looked up once for each connection, every address it has is checked, the connection is
made to the checked address, and the address at its other end is checked again before a byte is
sent: a name that changes its mind (DNS rebinding) gains nothing.
"""

import contextlib
import ipaddress
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, SSLError

from app.core.errors import Refused
from app.core.sentences import say

MOST_REDIRECTS = 3
MOST_SECONDS = 10.0
MOST_BYTES = 10_000_000
LONGEST_ADDRESS = 2_000
CHUNK = 65_536
REDIRECTS = {301, 302, 303, 307, 308}
OK = 200
READABLE = {"text/html", "application/xhtml+xml", "text/plain", "text/markdown", ""}
LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "lan", "onion")
# What `is_global` lets through although it leads, or can lead, to somebody's own network:
# 6to4 relays, protocol assignments, and the metadata address of a large cloud.
DENIED_V4 = tuple(
    map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
)
# Only 2000::/3 is given out; of that, Teredo and its like and 6to4 carry other addresses inside.
GIVEN_OUT_V6 = ipaddress.IPv6Network("2000::/3")
DENIED_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16")))


class NotFetched(Refused):
    """An article that was not fetched; the message says why."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came: `charset` is what the server says of it, or nothing."""

    url: str
    content: bytes
    content_type: str
    charset: str


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet, and carries no other inside it."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in DENIED_V4)
    return address in GIVEN_OUT_V6 and not any(address in network for network in DENIED_V6)


def look_up(name: str, port: int) -> list[str]:
    """Return the addresses of a name. Raises OSError."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a fetch may go and how much it may take; tests bring their own."""

    resolve: Callable[[str, int], list[str]] = look_up
    may_visit: Callable[[str], bool] = is_public
    connect: Callable[..., socket.socket] = socket.create_connection
    ports: frozenset[int] = frozenset({80, 443})
    seconds: float = MOST_SECONDS
    most_bytes: int = MOST_BYTES


@dataclass(slots=True)
class Trip:
    """One fetch under way: its limits, its end, and the socket to cut when time is up."""

    limits: Limits
    ends: float
    handle: socket.socket | None = None
    """A second handle on the open connection: wrapping it in TLS empties the first."""
    late: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def left(self) -> float:
        """Return the seconds that remain. Raises NotFetched when there are none."""
        seconds = self.ends - time.monotonic()
        if seconds <= 0 or self.late:
            raise NotFetched(
                say("The site took longer than {seconds:g} seconds.", seconds=self.limits.seconds)
            )
        return seconds

    def cut(self) -> None:
        """Stop the connection, however slowly it drips."""
        with self.lock:
            self.late = True
            if self.handle is not None:
                _shut(self.handle)

    def hold(self, connection: socket.socket) -> None:
        """Remember a new connection, to be cut when time is up; at once where it is up already."""
        with self.lock:
            self._drop()
            self.handle = connection.dup()
            if self.late:
                _shut(self.handle)

    def end(self) -> None:
        """Let go of the last connection."""
        with self.lock:
            self._drop()

    def _drop(self) -> None:
        if self.handle is not None:
            self.handle.close()
            self.handle = None


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


def checked(url: str, ports: frozenset[int]) -> SplitResult:
    """Return an address in its parts, the host in its plain form. Raises NotFetched."""
    if len(url) > LONGEST_ADDRESS or re.search(r"[\s\\\x00-\x20\x7f]", url):
        raise NotFetched(say("The address is too long, or has spaces or backslashes in it."))
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise NotFetched(say("This is not an address of a page.")) from error
    if parts.scheme not in {"http", "https"}:
        raise NotFetched(say("An address begins with http:// or https://."))
    if "@" in parts.netloc:
        raise NotFetched(say("An address with a name or password in it is not fetched."))
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    if port not in ports:
        raise NotFetched(say("Port {port} is not one that articles are on.", port=port))
    plain = _plain_host(host)
    shown = f"[{plain}]" if ":" in plain else plain
    return parts._replace(netloc=f"{shown}:{port}", fragment="")


def _plain_host(host: str) -> str:
    """Return a host name in ASCII. Raises NotFetched for local names and odd forms of numbers."""
    if ":" in host:
        return host
    try:
        plain = host.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError as error:
        raise NotFetched(say("The address names no site.")) from error
    last = plain.rpartition(".")[2]
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last):
        try:
            return str(ipaddress.IPv4Address(plain))
        except ValueError as error:
            raise NotFetched(say("The number in the address is written in an odd form.")) from error
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", plain) or last in LOCAL_NAMES:
        raise NotFetched(say("The address is not one of a public site."))
    return plain


@contextlib.contextmanager
def _asked(parts: SplitResult, trip: Trip) -> Iterator[BaseHTTPResponse]:
    secure = parts.scheme == "https"
    host = (parts.hostname or "").strip("[]")
    pool = (HTTPSConnectionPool if secure else HTTPConnectionPool)(host, parts.port, retries=False)
    pool.ConnectionCls = type("Checked", (_CheckedHTTPS if secure else _Checked,), {"trip": trip})
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


def _open(host: str, port: int, trip: Trip) -> socket.socket:
    """Connect to a checked address of a host, and check where the connection has led."""
    addresses = _addresses(host, port, trip)
    if not addresses:
        raise NotFetched(say("There is no site by that name."))
    if not all(map(trip.limits.may_visit, addresses)):
        raise NotFetched(
            say("The address leads into a private network, which is not fetched from.")
        )
    try:
        made = trip.limits.connect((addresses[0], port), trip.left())
    except OSError as error:
        trip.left()
        raise NotFetched(say("The site cannot be reached.")) from error
    if not trip.limits.may_visit(str(made.getpeername()[0])):
        made.close()
        raise NotFetched(
            say("The address leads into a private network, which is not fetched from.")
        )
    trip.hold(made)
    return made


def _addresses(host: str, port: int, trip: Trip) -> list[str]:
    """Return the addresses of a host, waiting no longer for its name than there is time."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    looking = ThreadPoolExecutor(1)
    try:
        return looking.submit(trip.limits.resolve, host, port).result(trip.left())
    except TimeoutError as error:
        raise NotFetched(say("Nobody answered in time for the site's name.")) from error
    except (OSError, UnicodeError) as error:
        raise NotFetched(say("There is no site by that name.")) from error
    finally:
        looking.shutdown(wait=False)


def _shut(connection: socket.socket) -> None:
    """End a connection from another thread; it may have ended by itself."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Checked(HTTPConnection):
    """A connection to a checked address."""

    trip: Trip

    def _new_conn(self) -> socket.socket:
        return _open(self.host, self.port or 80, self.trip)


class _CheckedHTTPS(HTTPSConnection):
    """The same with TLS: the certificate is that of the name."""

    trip: Trip

    def _new_conn(self) -> socket.socket:
        return _open(self.host, self.port or 443, self.trip)
