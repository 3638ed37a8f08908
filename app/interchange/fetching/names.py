"""Names of sites looked up, no longer than there is time, and never too many at once.

The system's look-up cannot be stopped: one that hangs keeps its thread until it ends by itself. So
only a few run at a time; while all of them hang, more are refused at once.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from app.core.sentences import say
from app.interchange.fetching.addresses import NotFetched

MOST_AT_ONCE = 8
"""Look-ups under way in a process, those included that nobody waits for any more."""
_under_way = threading.BoundedSemaphore(MOST_AT_ONCE)
Resolve = Callable[[str, int], list[str]]
"""Returns the addresses of a name. Raises OSError."""


def look_up(name: str, port: int) -> list[str]:
    """Return the addresses of a name. Raises OSError."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def addresses_of(host: str, port: int, resolve: Resolve, seconds: float) -> list[str]:
    """Return the addresses of a host, waiting that long for its name. Raises NotFetched."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    if not _under_way.acquire(blocking=False):
        raise NotFetched(say("Too many names are being looked up. Try again in a minute."))
    answers: SimpleQueue[list[str] | None] = SimpleQueue()

    def look() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError):
            answers.put(None)
        finally:
            _under_way.release()

    # A daemon: a server that stops does not wait for a name.
    threading.Thread(target=look, name="look-up", daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except Empty:
        raise NotFetched(say("Nobody answered in time for the site's name.")) from None
    if not found:
        raise NotFetched(say("There is no site by that name."))
    return found
