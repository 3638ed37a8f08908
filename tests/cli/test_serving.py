"""The server as operators start it: slow clients, a worker that dies, stopping."""

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from prometheus_client import values
from waitress.adjustments import Adjustments

from app import workers
from app.channels import AT_ONCE, UNREAD, Reader
from app.web.current import UPLOADS
from app.workers import COUNTS_SIZE, LARGEST_READ, counts_folder, keep_counts

TOKEN = "t" * 32
SLOW = 120
PATIENCE_S = 60


@dataclass(frozen=True)
class Running:
    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)

    def get(self, path: str, *headers: str) -> str:
        with self.connect() as connection:
            lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            return all_of(connection)

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


def all_of(connection: socket.socket) -> str:
    return b"".join(iter(lambda: connection.recv(65_536), b"")).decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("served")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"FACTDECK_HOME": home, "PORT": port, "FACTDECK_WORKERS": 1, "FACTDECK_LOG": "json"}
    settings["FACTDECK_METRICS_TOKEN"] = TOKEN
    environment = os.environ | {name: str(value) for name, value in settings.items()}
    environment.pop("DATABASE_URL", None)
    log = home / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"], env=environment, stdout=out, stderr=out
        )
    running = Running(process, port, log)
    wait_until_ready(running)
    yield running
    if process.poll() is None:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def wait_until_ready(running: Running) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and running.process.poll() is None:
        try:
            if running.get("/readyz").startswith("HTTP/1.1 200"):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(running.log.read_text())


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"NONSENSE\r\n\r\n", "400"),
        (b"POST /sign-in HTTP/1.1\r\nContent-Length: -5\r\n\r\n", "400"),
        (b"POST /sign-in HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "501"),
        (b"POST /sign-in HTTP/1.1\r\nContent-Length: 900000000\r\n\r\n", "413"),
    ],
)
def test_what_is_no_request_is_refused_with_the_headers_of_every_answer(
    server: Running, sent: bytes, status: str
) -> None:
    """The app never sees it; and nobody's 900 MB are put on the disk first."""
    with server.connect() as connection:
        connection.sendall(sent)
        told = connection.recv(65_536).decode()
    assert told.split(" ")[1] == status
    for name, value in UNREAD:
        assert f"\r\n{name.title()}: {value}\r\n" in told, name


class Full:
    """A temporary file on a full disk."""

    def append(self, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        pass


def test_a_request_for_which_there_is_no_room_is_read_to_its_end_and_refused() -> None:
    """Whoever sends a file hears of it, rather than of a broken connection."""
    reader = Reader(Adjustments())
    reader.received(b"POST /transfer/ HTTP/1.1\r\nContent-Length: 100\r\n\r\n")
    assert reader.received(b"x" * 40) == 40
    assert reader.body_rcv is not None
    reader.body_rcv.buf = Full()
    assert reader.received(b"y" * 40) == 40
    assert (reader.completed, reader.error) == (False, None)
    assert reader.received(b"z" * 30) == 20  # the rest is the next request's
    assert reader.completed
    assert reader.error is not None
    assert reader.error.code == 507
    reader.close()


def test_more_is_read_than_any_form_may_bring() -> None:
    """So that whoever brings somewhat too much is told in words how much there may be."""
    assert 1.5 * max(UPLOADS.values()) < LARGEST_READ


def test_files_of_counts_have_no_holes_and_are_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk filled up, writing into a hole of a mapped file killed the worker."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setattr(values, "ValueClass", values.MutexValue)
    for total in (1.0, 2.0):  # as by a worker, and by the one in its place
        keep_counts(3)
        counted = values.ValueClass("counter", "asked", "asked_total", (), (), "Asked.")
        counted.inc(1)
        assert counted.get() == total
    values.close_all_multiprocess_files()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["counter_3.db", "histogram_3.db"]
    for path in tmp_path.iterdir():
        assert path.stat().st_blocks * 512 >= path.stat().st_size == COUNTS_SIZE


def test_a_worker_without_room_for_its_counts_answers_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "missing"))
    monkeypatch.setattr(values, "ValueClass", None)
    keep_counts(0)
    assert values.ValueClass is values.MutexValue


def test_counts_of_killed_servers_are_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MEMORY", str(tmp_path))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / f"factdeck-{ended.pid}-x").mkdir()
    (tmp_path / f"factdeck-{os.getpid()}-x").mkdir()
    with counts_folder():
        names = {path.name for path in tmp_path.iterdir()}
        here = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).name
        assert names == {here, f"factdeck-{os.getpid()}-x"}
    assert [path.name for path in tmp_path.iterdir()] == [f"factdeck-{os.getpid()}-x"]


def test_slow_clients_keep_nobody_waiting(server: Running) -> None:
    slow = [server.connect() for _ in range(SLOW)]
    for at, connection in enumerate(slow):
        connection.sendall(b"POST /sign-in HTTP/1.1\r\nContent-Length: 9\r\n" + b"\r\nx" * (at % 2))
    assert server.get("/").startswith("HTTP/1.1 200")
    for connection in slow:
        connection.close()


def test_who_asks_and_does_not_read_keeps_nobody_waiting(server: Running) -> None:
    style = re.search(r'href="(/bootstrap[^"]+\.css[^"]*)"', server.get("/"))
    assert style is not None
    request = f"GET {style[1]} HTTP/1.1\r\n\r\n".encode()
    unread = [server.connect() for _ in range(6)]
    for connection in unread:
        # As many as waitress reads at once: twenty megabytes, of which nothing is taken.
        connection.sendall(request * (8_000 // len(request)))
    for _ in range(3):
        assert server.get("/").startswith("HTTP/1.1 200")
    answers = all_of(unread[0]).count("HTTP/1.1 200 OK")
    assert AT_ONCE <= answers <= 2 * AT_ONCE  # what the system hands over in two parts is taken so
    for connection in unread:
        connection.close()


def test_a_worker_that_dies_is_replaced_and_its_counts_are_kept(server: Running) -> None:
    counted = 'factdeck_requests_total{method="GET",route="home.start",status="200"}'
    bearer = f"Authorization: Bearer {TOKEN}"
    server.get("/")
    before = re.search(re.escape(counted) + r" (\d+)", server.get("/metrics", bearer))
    for worker in server.workers():
        worker.kill()
    assert server.get("/").startswith("HTTP/1.1 200")
    after = re.search(re.escape(counted) + r" (\d+)", server.get("/metrics", bearer))
    assert before is not None
    assert after is not None
    assert int(after[1]) == int(before[1]) + 1
    assert "worker died" in server.log.read_text()


def test_told_to_stop_it_finishes_what_has_begun(server: Running) -> None:
    server.get("/")  # the worker is there
    with server.connect() as connection:
        connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na")
        server.process.send_signal(signal.SIGTERM)
        connection.sendall(b"=b")
        assert all_of(connection).startswith("HTTP/1.1 400")
    assert server.process.wait(timeout=PATIENCE_S) == 0
    assert not psutil.pid_exists(server.process.pid)
