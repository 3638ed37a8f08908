"""Connections: what waitress answers by itself, and clients who ask and do not read.

A request that cannot be read is refused with the headers of every answer.
Waitress takes as many requests as a client sends at once, a hundred and more, and lets the thread
that answers them wait while sixteen megabytes lie there unread: two such clients held up a worker.
"""

from threading import RLock
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask
from waitress.utilities import Error

from app.web.security import UNFRAMED

UNREAD = (*UNFRAMED, ("Cache-Control", "no-store"))
"""Headers of an answer that the app never saw."""
AT_ONCE = 4
"""Requests that a client may send before it has the first one's answer; browsers send one."""


class NoRoom(Error):  # type: ignore[misc]  # waitress publishes no types
    """A request for which the disk has no room while it comes in."""

    code = 507
    reason = "Insufficient Storage"


class Nowhere:
    """Where the rest of a request goes that cannot be kept: who sends it reads no answer before."""

    def append(self, _data: bytes) -> None:
        """Keep nothing."""

    def close(self) -> None:
        """Have nothing to close."""

    def __len__(self) -> int:
        """Hold nothing."""
        return 0


class Reader(HTTPRequestParser):  # type: ignore[misc]  # as above
    """Reads a request; a large one to a temporary file, for which there may be no room."""

    error: Error | None
    is_lost = False

    def received(self, data: bytes) -> int:
        """Take what has come in; return how much of it was this request's."""
        try:
            taken: int = super().received(data)
        except OSError:
            if self.body_rcv is None or self.is_lost:
                raise
            self.is_lost = True
            self.body_rcv.buf.close()
            self.body_rcv.buf = Nowhere()
            taken = super().received(data)
        if self.is_lost and self.completed and self.error is None:
            self.error = NoRoom("Nothing was stored: the server has no room for it now.")
        return taken


class Refusal(ErrorTask):  # type: ignore[misc]  # as above
    """An answer to what is no request, or cannot be read."""

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
    parser_class = Reader
    is_last = False
    """Whether the requests at hand are the last to be answered."""

    def __init__(self, *told: Any, **more: Any) -> None:  # noqa: ANN401 waitress's own
        super().__init__(*told, **more)
        self.requests_lock = RLock()  # taken around what takes it

    def received(self, data: bytes) -> bool:
        """Take what a client sends; return whether it is still listened to."""
        with self.requests_lock:  # none is answered before the others are dropped
            is_heard = bool(super().received(data))
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
