"""A server that stops well: told to (SIGTERM, Ctrl-C) it takes no more, and finishes what it has.

Waitress alone gives up at once, and whoever waits for an answer then meets a broken connection.
"""

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.wasyncore import loop

FINISHES_WITHIN_S = 8.0
LOOKS_EVERY_S = 0.5
Sockets = dict[int, Any]
"""Waitress's own map from descriptors to what listens, wakes and speaks on them."""


def serve_until_told(sockets: Sockets, alone: Callable[[], bool]) -> None:
    """Answer requests until this process is told to stop; then finish those that have begun.

    `sockets` is the map that was given to waitress; being `alone`, without whoever would tell it,
    counts as told. Only in the main thread.
    """
    told = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not told.is_set() and not alone():
        loop(timeout=LOOKS_EVERY_S, use_poll=True, map=sockets, count=1)
    _finish(sockets)


def _finish(sockets: Sockets) -> None:
    # Who knocked before it was told to stop is let in first.
    loop(timeout=0, use_poll=True, map=sockets, count=2)
    listening = [one for one in sockets.values() if isinstance(one, BaseWSGIServer)]
    for server in listening:
        server.del_channel(sockets)
        server.socket.close()
    ends = time.monotonic() + FINISHES_WITHIN_S
    while time.monotonic() < ends and any(_is_busy(one) for one in list(sockets.values())):
        loop(timeout=0.05, use_poll=True, map=sockets, count=1)
    for server in listening:
        server.task_dispatcher.shutdown(timeout=1)


def _is_busy(one: object) -> bool:
    """Whether somebody still waits for an answer, or for the rest of one."""
    return isinstance(one, HTTPChannel) and bool(
        one.requests or one.request or one.total_outbufs_len
    )
