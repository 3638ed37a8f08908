"""Connections: what waitress answers by itself, and clients who ask and do not read.

Waitress takes as many requests as a client sends at once, a hundred and more, and lets the thread
that answers them wait while sixteen megabytes lie there unread: two such clients held up a worker.
"""

from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from app.web.security import UNFRAMED

UNREAD = (*UNFRAMED, ("Cache-Control", "no-store"))
"""Headers of an answer that the app never saw."""
AT_ONCE = 4
"""Requests that a client may send before it has the first one's answer; browsers send one."""


class Refusal(ErrorTask):  # type: ignore[misc]  # waitress publishes no types
    """An answer to what is no request, or too large to be read."""

    def execute(self) -> None:
        """Answer, and close the connection."""
        self.response_headers.extend(UNREAD)
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """A connection that takes few requests at once, and whose answers lie there until it reads.

    Of more than a few the first are answered and then it closes, which HTTP allows at any time;
    who reads nothing is cut off after two minutes, as waitress does with all that is idle.
    """

    error_task_class = Refusal
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


def speak_our_way(sockets: dict[int, Any]) -> None:
    """Let every server among waitress's sockets make such connections."""
    for one in sockets.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = Channel
