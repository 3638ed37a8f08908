"""CPU time of a request in this process: `python -m benchmarks.request_cpu [CYCLES]`.

What `benchmarks.serving` measures over HTTP, without a server: WSGI calls by hand to our app and to
the floor, in turn, by `time.process_time`. Other work on the machine hardly shows in it, and the
waiting for the disk does not at all; so these are the figures to work by, and those of `serving`
the ones that are promised.
"""

import io
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from app import create_app, logs
from app.workers import settle_garbage
from benchmarks.browsers import NEXT, QUESTION, answer_of
from benchmarks.floor import make
from benchmarks.instances import prepared

CYCLES = 300
SETTLED = 30
"""Cycles before it counts: templates are compiled and statements prepared."""
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Caller:
    """A browser without a network: its cookies, and the CPU seconds of what it asked for."""

    def __init__(self, app: Wsgi, cookie: str) -> None:
        self._app, self._cookie = app, cookie
        self.took: dict[str, list[float]] = defaultdict(list)

    def ask(self, kind: str, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Return where a request leads to and its body. A form is posted."""
        body = urlencode(form).encode() if form is not None else b""
        asked = {
            "REQUEST_METHOD": "GET" if form is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_COOKIE": self._cookie,
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if form is not None else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.version": (1, 0),
        }
        headers: dict[str, str] = {}

        def begin(status: str, pairs: list[tuple[str, str]], _failed: object = None) -> None:
            headers.update((name.lower(), value) for name, value in pairs)
            assert status[0] in "23", status  # noqa: S101 nothing is refused

        started = time.process_time()
        answered = self._app(asked, begin)
        text = b"".join(answered)
        if hasattr(answered, "close"):
            answered.close()
        self.took[kind].append(time.process_time() - started)
        if "set-cookie" in headers:
            self._cookie = headers["set-cookie"].partition(";")[0]
        return headers.get("location", ""), text.decode()

    def middle_ms(self, kind: str) -> float:
        """Return the median of a kind of request."""
        return statistics.median(self.took[kind][SETTLED:]) * 1000


def found(pattern: re.Pattern[str] | str, page: str) -> str:
    """Return what a page has in a place."""
    match = re.search(pattern, page)
    assert match is not None  # noqa: S101 these pages have it
    return match[1]


def cycles(ours: Caller, floor: Caller, count: int) -> None:
    """Ask both in turn: a question, its answer, the feedback and the next, so many times."""
    page = ours.ask("deck", "/decks/large")[1]
    secret = {"csrf_token": found(r'name="csrf_token"[^>]*value="([^"]+)"', page)}
    following = ours.ask("start", "/decks/large/study", secret)[0]
    floor.ask("start", "/start")
    bare = {"csrf": "c" * 43}
    for at in range(count):
        page = ours.ask("question", following)[1]
        told = ours.ask("answer", found(QUESTION, page), answer_of(page))[0]
        page = ours.ask("feedback", told)[1]
        following = ours.ask("next", found(NEXT, page), secret)[0]
        shown = floor.ask("next", "/next", bare)[0].rpartition("/")[2]
        given = bare | {"answer": "this" if at % 2 else "that"}
        floor.ask("answer", f"/answer/{shown}", given)
        floor.ask("hello", "/hello")


@contextmanager
def _logged_away(folder: str) -> Iterator[None]:
    """Log into a file, as a server does whose operator keeps its log."""
    with (Path(folder) / "log").open("w") as log, redirect_stderr(log):
        logs.set_up("text")
        yield


def main(count: int) -> None:
    """Print what was measured."""
    with prepared(1) as instance, TemporaryDirectory() as folder, _logged_away(folder):
        ours = Caller(create_app(instance.config).wsgi_app, instance.cookies[0])
        floor = Caller(make(str(Path(folder) / "floor")).wsgi_app, "")
        settle_garbage()
        cycles(ours, floor, count)
    low = {kind: floor.middle_ms(kind) for kind in ("answer", "next", "hello")}
    print("CPU ms of a request, and as a multiple of the floor:")
    for kind, bare in (
        ("question", "hello"),
        ("answer", "answer"),
        ("feedback", "hello"),
        ("next", "next"),
    ):
        took = ours.middle_ms(kind)
        print(f"  {kind:10}{took:7.2f}   {bare:8}{low[bare]:7.2f}   {took / low[bare]:6.2f} x")
    both = ours.middle_ms("answer") + ours.middle_ms("next")
    print(f"  answer and next question {both / (low['answer'] + low['next']):6.2f} x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else CYCLES)
