"""The article in a page of HTML or Markdown: title, author, site, date and paragraphs.

trafilatura's time grows with the square of what some pages hold: five megabytes of empty paragraphs
keep it busy for many minutes. So large pages are read by a process of their own that may take so
much time and memory and no more (`python -m app.interchange.extracting`, page on standard input).
"""

import json
import re
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from types import FrameType

from app.core.errors import Refused
from app.core.sentences import say
from app.interchange.markdown import front_matter, marked_down

FEW_TAGS = 2_000
"""Tags up to which a page is read at once: whatever they are, half a second at the most."""
FEW_CHARACTERS = 20_000
"""Characters of Markdown up to which it is read at once: half a second at the most as well."""
CAREFUL_S, WHOLE_S = 2.0, 6
"""Seconds of CPU for finding the article, after which all text is taken; and for everything."""
WAITED_S = 30.0
"""Seconds that a request waits for it on a busy machine."""
MOST_MEMORY = 800_000_000
"""Bytes of address space of the process that reads a large page."""
_AT_ONCE = threading.BoundedSemaphore(2)
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"}
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")
_UNREAD = {"script", "style", "template", "noscript", "svg"}


class TooCostly(Refused):
    """A page that takes too much time or memory to read."""

    def __init__(self) -> None:
        super().__init__(say("This page takes too long to read: paste its text instead."))


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says; paragraphs of `text` are parted by blank lines."""

    title: str = ""
    text: str = ""
    author: str = ""
    site: str = ""
    published: str = ""


class _Late(Exception):
    """Finding the article has had its time."""


def extracted(page: str, url: str = "") -> Extracted:
    """Return what a page of HTML says of itself and its text. Raises TooCostly."""
    if page.count("<") <= FEW_TAGS:
        return _found(page, url)
    return _aside("html", page, url)


def extracted_markdown(text: str) -> Extracted:
    """Return what an article in Markdown says of itself and its text. Raises TooCostly."""
    return _marked_down(text) if len(text) <= FEW_CHARACTERS else _aside("markdown", text)


def _aside(kind: str, page: str, url: str = "") -> Extracted:
    """Read a page in a process of its own, within limits. Raises TooCostly."""
    if not _AT_ONCE.acquire(timeout=WAITED_S):
        raise TooCostly
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.interchange.extracting"],
            input=json.dumps([kind, page, url]).encode(),
            capture_output=True,
            check=True,
            timeout=WAITED_S,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise TooCostly from error
    finally:
        _AT_ONCE.release()
    return Extracted(**json.loads(done.stdout))


def main() -> None:
    """Read one page within limits; the parent takes any other end for too costly."""
    import trafilatura  # noqa: F401, PLC0415 what it takes to load is not the page's

    kind, page, url = json.loads(sys.stdin.buffer.read())
    used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + WHOLE_S, used + WHOLE_S))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        with _late_after(CAREFUL_S):
            found = _found(page, url) if kind == "html" else _marked_down(page)
    except (_Late, MemoryError):
        bare = _plain_text(page) if kind == "html" else page
        found = Extracted(_title(page), bare)
    sys.stdout.write(json.dumps(asdict(found)))


@contextmanager
def _late_after(seconds: float) -> Iterator[None]:
    """Interrupt what runs inside after so many seconds of CPU. For the main thread."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _Late

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _found(page: str, url: str) -> Extracted:
    from trafilatura import bare_extraction  # noqa: PLC0415 half a second, for curators alone

    found = bare_extraction(page, url=url or None, with_metadata=True, include_comments=False)
    told = {
        name: str(getattr(found, name, None) or "")
        for name in ("title", "text", "author", "sitename", "date")
    }
    lines = told["text"].split("\n")
    if lines[0].strip() == told["title"].strip():
        lines = lines[1:]
    text = "\n\n".join(line.strip() for line in lines if line.strip())
    return Extracted(
        told["title"], text or _plain_text(page), told["author"], told["sitename"], told["date"]
    )


def _marked_down(text: str) -> Extracted:
    told, body = front_matter(text)
    heading, paragraphs = marked_down(body)
    site = told.get("publisher") or told.get("site", "")
    return Extracted(
        told.get("title") or heading,
        "\n\n".join(paragraphs),
        told.get("author", ""),
        site,
        told.get("date", "") if _DATE.fullmatch(told.get("date", "")) else "",
    )


def _title(page: str) -> str:
    found = re.search(r"<title[^<>]{0,200}>([^<]{1,300})", page, re.IGNORECASE)
    return " ".join(found[1].split()) if found else ""


def _plain_text(page: str) -> str:
    """Return all text of a page in which no article was recognised."""
    reader = _TextReader()
    reader.feed(page)
    reader.close()
    return "".join(reader.parts)


class _TextReader(HTMLParser):
    """Collects text; keeps a count rather than a tree, so that depth costs nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 the parser's signature
        self.unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        self.unread = max(0, self.unread - (tag in _UNREAD))
        if tag in _BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.parts.append(re.sub(r"\s+", " ", data))


if __name__ == "__main__":
    main()
