"""Processes that serve one socket: few threads each, started again when they die.

Waitress reads a request whole before a thread has it, so slow clients keep nobody waiting.
A worker that is told to stop takes no new connections and finishes the requests it has.
"""

import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import NoReturn

import structlog

from app import create_app
from app.config import BadSetting, Config

CONNECTIONS = 1000
"""Open connections of a worker; waitress' own limit of 100 let fifty slow ones starve others."""
BACKLOG = 1024
LARGEST_READ = 200_000_000
"""Bytes of a request that are read, to a file, before the app says in words that it is too large;
what says that it has more is refused unread. waitress' own limit is a gigabyte for each."""
MEMORY = "/dev/shm"  # noqa: S108 the files have a folder of their own in it, mode 0700
COUNTS = "factdeck"
COUNTS_SIZE = 1 << 20
"""Bytes of a file of counts; all routes with every status there is fill two thirds of them."""
KILL_AFTER_S = 9
SHORT_LIFE_S = 1.0

Job = Callable[[], None]


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises BadSetting where the address cannot be had."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(BACKLOG)
    except OSError as error:
        reason = error.strerror or error
        raise BadSetting(
            f"{host}:{port} cannot be listened on ({reason}): choose others with HOST and PORT."
        ) from error
    made.setblocking(False)  # noqa: FBT003 the socket's own signature
    return made


class Crew:
    """Processes, each with a job, started again when they die until all are told to stop."""

    def __init__(self, jobs: Sequence[Job], when_told: Callable[[], None]) -> None:
        self._jobs = jobs
        self._when_told = when_told
        self._at_work: dict[int, tuple[Job, float]] = {}
        self._stopping = False

    def run(self) -> None:
        """Start everyone and wait until all have stopped; SIGTERM and SIGINT stop them."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGALRM, self._kill)
        for job in self._jobs:
            self._start(job)
        while self._at_work:
            self._replace(*os.wait())

    def _replace(self, pid: int, status: int) -> None:
        job, started = self._at_work.pop(pid, (None, 0.0))
        if self._stopping or job is None:
            return
        code = os.waitstatus_to_exitcode(status)
        structlog.get_logger(__name__).error("worker died", pid=pid, code=code)
        if time.monotonic() - started < SHORT_LIFE_S:
            time.sleep(SHORT_LIFE_S)
        self._start(job)

    def _start(self, job: Job) -> None:
        """Fork; a signal in between waits until the new process is known."""
        numbers = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        try:
            if self._stopping:
                return
            pid = os.fork()
            if pid == 0:
                _do(job, numbers)
            self._at_work[pid] = (job, time.monotonic())
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = True
        self._when_told()
        signal.alarm(KILL_AFTER_S)
        self._tell(signal.SIGTERM)

    def _kill(self, _number: int, _frame: object) -> None:
        self._tell(signal.SIGKILL)

    def _tell(self, number: int) -> None:
        for pid in list(self._at_work):
            os.kill(pid, number)


def _do(job: Job, blocked: set[signal.Signals]) -> NoReturn:
    """Do a job in a new process and end the process, whatever happens."""
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, who tells us
        signal.pthread_sigmask(signal.SIG_UNBLOCK, blocked)
        job()
        code = 0
    except Exception:  # noqa: BLE001 logged whole; the parent starts another
        structlog.get_logger(__name__).exception("worker failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def work(config: Config, listening: socket.socket, place: int) -> None:
    """Answer requests until told to stop, or until the parent is gone.

    `place` is this worker's among its fellows.
    """
    # The command line starts lightly.
    from waitress import create_server  # noqa: PLC0415

    from app.channels import speak_our_way  # noqa: PLC0415
    from app.stopping import Sockets, serve_until_told  # noqa: PLC0415
    from app.web.accounts.mailing import finish  # noqa: PLC0415

    keep_counts(place)
    sockets: Sockets = {}
    create_server(
        create_app(config),
        map=sockets,
        sockets=[listening],
        threads=config.threads,
        ident="factdeck",
        connection_limit=CONNECTIONS,
        max_request_body_size=LARGEST_READ,
        asyncore_use_poll=True,
    )
    speak_our_way(sockets)
    settle_garbage()
    parent = os.getppid()
    serve_until_told(sockets, lambda: os.getppid() != parent)
    finish()


@contextmanager
def counts_folder() -> Iterator[None]:
    """Have a folder for the processes' counts: in memory, since a full disk must not matter.

    prometheus_client reads where it is when it is imported.
    """
    place = Path(MEMORY if os.access(MEMORY, os.W_OK | os.X_OK) else gettempdir())
    for left in place.glob(f"{COUNTS}-*-*"):  # by a server that was killed
        if not _runs(left.name.split("-")[1]):
            rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=f"{COUNTS}-{os.getpid()}-", dir=place) as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def keep_counts(place: int) -> None:
    """Take room for a worker's counts at once; without room it counts for itself.

    `place` is the worker's among its fellows: whoever takes the place of one that has died goes on
    with its counts. prometheus_client maps files with holes in them: where the disk fills up later,
    the kernel kills whoever writes into a hole (SIGBUS), in the middle of an answer.
    """
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return
    from prometheus_client import values  # noqa: PLC0415 the command line starts lightly

    try:
        for kind in ("counter", "histogram"):
            file = Path(folder, f"{kind}_{place}.db")
            if not file.exists():
                fresh = file.with_suffix(".new")
                fresh.write_bytes(bytes(COUNTS_SIZE))
                fresh.replace(file)
        in_file = values.MultiProcessValue(lambda: place)  # type: ignore[no-untyped-call]  # theirs
        values.ValueClass = in_file
    except OSError as error:
        structlog.get_logger(__name__).warning("metrics lack this process", why=error.strerror)
        values.ValueClass = values.MutexValue


def settle_garbage() -> None:
    """Leave what was loaded out of garbage collection, and collect less often.

    docs/decisions.md has what this gains.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
