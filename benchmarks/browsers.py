"""Many browsers in one thread: HTTP/1.1 with kept connections, cookies, forms and redirects."""

import asyncio
import html
import re
import time
from collections import defaultdict
from collections.abc import Callable
from urllib.parse import urlencode

FIELD = re.compile(r"<(input|select)\b([^>]*)>(.*?)(?=<input|<select|</form>)", re.DOTALL)
ATTRIBUTE = re.compile(r'\b(name|type|value)="([^"]*)"')
OPTION = re.compile(r'<option[^>]*value="([^"]+)"')
QUESTION = re.compile(r'action="(/questions/[^"/]+)"')
NEXT = re.compile(r'action="(/study/[^"]+/next)"')

Times = dict[str, list[float]]


class Failed(Exception):
    """The server answered something that no learner should see."""


class Browser:
    """One learner's browser; times are kept by what was asked for."""

    def __init__(self, port: int, cookie: str, times: Times) -> None:
        self.port, self.times = port, times
        name, _, value = cookie.partition("=")
        self.cookies = {name: value} if cookie else {}
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def get(self, kind: str, path: str) -> tuple[int, str, str]:
        """Return status, location and body."""
        return await self._timed(kind, "GET", path, "")

    async def post(self, kind: str, path: str, data: dict[str, str]) -> tuple[int, str, str]:
        """Return status, location and body."""
        return await self._timed(kind, "POST", path, urlencode(data))

    async def _timed(self, kind: str, method: str, path: str, body: str) -> tuple[int, str, str]:
        started = time.perf_counter()
        answer = await self._ask(method, path, body)
        self.times[kind].append(time.perf_counter() - started)
        return answer

    async def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.reader is not None  # noqa: S101 opened together
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookies}\r\n"
        if method == "POST":
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            head += f"Content-Length: {len(body)}\r\n"
        self.writer.write(f"{head}\r\n{body}".encode())
        return await self._answer(self.reader)

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, str, str]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status, location, length, closes = int(head[0].split()[1]), "", 0, False
        for line in head[1:]:
            name, _, value = line.partition(": ")
            match name.lower():
                case "set-cookie":
                    pair = value.partition(";")[0]
                    self.cookies[pair.partition("=")[0]] = pair.partition("=")[2]
                case "location":
                    location = value
                case "content-length":
                    length = int(value)
                case "connection":
                    closes = value.lower() == "close"
        body = (await reader.readexactly(length)).decode() if length else ""
        if closes and self.writer is not None:
            self.writer.close()
            self.writer = None
        return status, location, body


def answer_of(page: str) -> dict[str, str]:
    """Return an answer to the first form of a page whose address is a question's."""
    form = page[page.index("data-answer") :]
    data: dict[str, str] = {}
    for at, (tag, attributes, inside) in enumerate(
        FIELD.findall(form[: form.index("</form>")] + "</form>")
    ):
        found = dict(ATTRIBUTE.findall(attributes))
        name, value = found.get("name", ""), html.unescape(found.get("value", ""))
        if tag == "select":
            options = OPTION.findall(inside)
            place = int(name.rpartition("-")[2])
            data[name] = html.unescape(options[place % len(options)])
        elif name == "csrf_token":
            data[name] = value
        elif name == "answer":
            data.setdefault(name, value or f"perhaps {at}")
    return data


async def study(browser: Browser, until: Callable[[], bool], think_s: float = 0.0) -> int:
    """Answer questions of a study session until told to stop; return how many. Raises Failed."""
    page = _ok(await browser.get("deck", "/decks/large"))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None  # noqa: S101 every page with a form has one
    begun = await browser.post("start", "/decks/large/study", {"csrf_token": token[1]})
    following = begun[1]
    answered = 0
    while not until():
        page = _ok(await browser.get("question", following))
        asked = QUESTION.search(page)
        assert asked is not None  # noqa: S101 it is a question's page
        await asyncio.sleep(think_s)
        told = _sent(await browser.post("answer", asked[1], answer_of(page)))
        answered += 1
        page = _ok(await browser.get("feedback", told))
        further = NEXT.search(page)
        assert further is not None  # noqa: S101 a study session goes on
        await asyncio.sleep(think_s / 2)
        form = {"csrf_token": token[1]}
        following = _sent(await browser.post("next", further[1], form))
    return answered


def _ok(answer: tuple[int, str, str]) -> str:
    if answer[0] != 200:
        raise Failed(f"{answer[0]} {answer[2][:300]}")
    return answer[2]


def _sent(answer: tuple[int, str, str]) -> str:
    if answer[0] != 303:
        raise Failed(f"{answer[0]} {re.sub('<[^>]+>', '', answer[2])[-600:]}")
    return answer[1]


async def crowd(
    port: int, cookies: list[str], seconds: float, think_s: float
) -> tuple[Times, list[str], int]:
    """Let every learner study at once; return times by kind, what went wrong, and the answers."""
    times: Times = defaultdict(list)
    wrong: list[str] = []
    ends = time.perf_counter() + seconds
    answers = 0

    async def one(cookie: str) -> None:
        nonlocal answers
        try:
            browser = Browser(port, cookie, times)
            answered = await study(browser, lambda: time.perf_counter() > ends, think_s)
            answers += answered
        except (Failed, AssertionError, OSError, asyncio.IncompleteReadError) as error:
            wrong.append(repr(error)[:500])

    await asyncio.gather(*map(one, cookies))
    return times, wrong, answers
