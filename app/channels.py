"""What waitress itself answers where a request cannot be read: with the headers of every answer."""

from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask
from waitress.utilities import Error

from app.web.security import UNFRAMED

UNREAD = (*UNFRAMED, ("Cache-Control", "no-store"))
"""Headers of an answer that the app never saw."""


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
    """A connection whose requests are read, and refused, in our way."""

    error_task_class = Refusal
    parser_class = Reader


def refuse_our_way(sockets: dict[int, Any]) -> None:
    """Let every server among waitress's sockets read and refuse in our way."""
    for one in sockets.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = Channel
