"""Clients who ask and do not read: no thread of the server waits for them.

Waitress takes as many requests as a client sends at once, a hundred and more, and lets the thread
that answers them wait while sixteen megabytes lie there unread: two such clients held up a worker.
"""

from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

AT_ONCE = 4
"""Requests that a client may send before it has the first one's answer; browsers send one."""


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that takes few requests at once, and whose answers lie there until it reads.

    Of more than a few the first are answered and then it closes, which HTTP allows at any time;
    who reads nothing is cut off after two minutes, as waitress does with all that is idle.
    """

    is_last = False
    """Whether the requests at hand are the last to be answered."""

    def received(self, data: bytes) -> bool:
        """Take what a client sends; return whether it is still listened to."""
        is_heard = bool(super().received(data))
        with self.requests_lock:
            for request in self.requests[AT_ONCE:]:
                request.close()
                self.is_last = True
            del self.requests[AT_ONCE:]
        return is_heard

    def service(self) -> None:
        """Answer the first request at hand."""
        super().service()
        if self.is_last and not self.requests:
            self.close_when_flushed = True
            self.server.pull_trigger()

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Do not wait: what lies there is no more than a few answers, large ones in files."""


def wait_for_no_reader(sockets: dict[int, Any]) -> None:
    """Let all that listen in waitress's map make such connections."""
    for one in sockets.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = Channel
