"""One fetch under way: where it may go, how long it may take, and its connection."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from urllib3.connection import HTTPConnection, HTTPSConnection

from app.core.sentences import say
from app.interchange.fetching.addresses import NotFetched, is_public
from app.interchange.fetching.names import Resolve, addresses_of, look_up

MOST_SECONDS = 10.0
MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a fetch may go and how much it may take; tests bring their own."""

    resolve: Resolve = look_up
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


def _open(host: str, port: int, trip: Trip) -> socket.socket:
    """Connect to a checked address of a host, and check where the connection has led."""
    addresses = addresses_of(host, port, trip.limits.resolve, trip.left())
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


def _shut(connection: socket.socket) -> None:
    """End a connection from another thread; it may have ended by itself."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class Checked(HTTPConnection):
    """A connection to a checked address."""

    trip: Trip

    def _new_conn(self) -> socket.socket:
        return _open(self.host, self.port or 80, self.trip)


class CheckedHTTPS(HTTPSConnection):
    """The same with TLS: the certificate is that of the name."""

    trip: Trip

    def _new_conn(self) -> socket.socket:
        return _open(self.host, self.port or 443, self.trip)
