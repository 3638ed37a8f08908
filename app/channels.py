"""What waitress itself answers where it cannot read a request: with the headers of every answer."""

from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from app.web.security import UNFRAMED

UNREAD = (*UNFRAMED, ("Cache-Control", "no-store"))
"""Headers of an answer that the app never saw."""


class Refusal(ErrorTask):  # type: ignore[misc]  # waitress publishes no types
    """An answer to what is no request, or too large to be read."""

    def execute(self) -> None:
        """Answer, and close the connection."""
        self.response_headers.extend(UNREAD)
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc]  # as above
    """A connection that is refused in our way."""

    error_task_class = Refusal


def refuse_our_way(sockets: dict[int, Any]) -> None:
    """Let every server among waitress's sockets refuse with our headers."""
    for one in sockets.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = Channel
