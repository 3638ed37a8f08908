"""The turn to write to SQLite: a fair queue (`flock`), not SQLite's polling.

Whoever holds the turn may tell others how far it is: `told_aside`.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from app.core.sentences import say
from app.models.failures import Busy, NotStored

WRITE_WAIT_S = 5.0
LONGEST_TOLD = 100
_turn = threading.local()


@contextmanager
def writer_queue(engine: Engine) -> Iterator[None]:
    """Wait for this thread's turn to write to SQLite; the kernel frees it after a crash."""
    database = engine.url.database if engine.dialect.name == "sqlite" else None
    if database is None or database == ":memory:":
        yield
        return
    try:
        descriptor = os.open(f"{database}.writer", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NotStored(
            say("Beside the database nothing can be written: {strerror}.", strerror=error.strerror)
        ) from error
    try:
        _take_turn(descriptor)
        _turn.descriptor = descriptor
        yield
    finally:
        _turn.descriptor = None
        os.close(descriptor)


def told_aside(text: str) -> bool:
    """Write what this thread has to tell while it holds the turn; False where it holds none.

    It stands in the queue's own file, for `heard_aside`: in the database nobody sees a word of a
    transaction before its end, and on SQLite nobody else may write meanwhile.
    """
    descriptor = getattr(_turn, "descriptor", None)
    if descriptor is None:
        return False
    os.pwrite(descriptor, text.encode()[:LONGEST_TOLD].ljust(LONGEST_TOLD), 0)
    return True


def heard_aside(engine: Engine) -> str:
    """Return what the last writer to SQLite that had anything to tell has told."""
    database = engine.url.database if engine.dialect.name == "sqlite" else None
    if database is None or database == ":memory:":
        return ""
    try:
        told = Path(f"{database}.writer").read_bytes()[:LONGEST_TOLD]
    except OSError:
        return ""
    return told.decode(errors="replace").strip()


def _take_turn(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _wait_for_turn(descriptor)


def _wait_for_turn(descriptor: int) -> None:
    """Block in a helper thread, so that the kernel's fair queue is used and waiting ends."""
    own = os.dup(descriptor)
    taken, given_up = threading.Event(), threading.Event()

    def wait() -> None:
        fcntl.flock(own, fcntl.LOCK_EX)
        if given_up.is_set():
            fcntl.flock(own, fcntl.LOCK_UN)
        taken.set()
        os.close(own)

    started = time.monotonic()
    threading.Thread(target=wait, daemon=True).start()
    if not taken.wait(WRITE_WAIT_S):
        given_up.set()
        waited = time.monotonic() - started
        raise Busy(
            say(
                "The database was busy for {waited:.0f} seconds. Please send it again.",
                waited=waited,
            )
        )
