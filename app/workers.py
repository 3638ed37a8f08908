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
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import structlog

from app import create_app
from app.config import BadSetting, Config

CONNECTIONS = 1000
"""Open connections of a worker; waitress' own limit of 100 let fifty slow ones starve others."""
BACKLOG = 1024
FINISH_S = 8.0
"""How long a worker goes on with the requests it has when it is told to stop."""
KILL_AFTER_S = 9
SETTLE_S = 0.3
"""How long a stopping worker waits for requests that are on their way."""
SHORT_LIFE_S = 1.0
STEP_S = 0.5

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

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
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


def work(config: Config, listening: socket.socket) -> None:
    """Answer requests until told to stop, or until the parent is gone."""
    from waitress import create_server  # noqa: PLC0415 the command line starts lightly

    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True
        server.pull_trigger()

    server = create_server(
        create_app(config),
        sockets=[listening],
        threads=config.threads,
        ident="factdeck",
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
    )
    signal.signal(signal.SIGTERM, stop)
    settle_garbage()
    parent = os.getppid()
    while not stopping and os.getppid() == parent:
        _step(server, STEP_S)
    _finish(server)


def settle_garbage() -> None:
    """Leave what was loaded out of garbage collection, and collect less often.

    docs/decisions.md has what this gains.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _step(server: Any, wait_s: float) -> None:  # noqa: ANN401 waitress has no types
    server.asyncore.loop(timeout=wait_s, use_poll=True, map=server._map, count=1)  # noqa: SLF001 its run() never ends


def _finish(server: Any) -> None:  # noqa: ANN401 as above
    """Take the connections that wait already, no more, and answer what they ask."""
    known = -1
    while known != len(server.active_channels):
        known = len(server.active_channels)
        server.handle_accept()
    server.del_channel()
    started = time.monotonic()
    while (waited := time.monotonic() - started) < FINISH_S:
        if waited > SETTLE_S and not any(map(_is_busy, server.active_channels.values())):
            break
        _step(server, 0.05)
    server.task_dispatcher.shutdown(timeout=0.2)


def _is_busy(channel: Any) -> bool:  # noqa: ANN401 as above
    return bool(channel.requests or channel.request or channel.total_outbufs_len)
