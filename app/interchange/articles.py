"""Articles from files and pages: what they say and who wrote it, for a curator to look over.

Nothing of a page's own markup is kept: only its text goes on, in paragraphs.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser

from app.core.errors import Refused
from app.core.sentences import say
from app.interchange.decoding import Decoded, decode
from app.interchange.fetching import Fetched

MOST_BYTES = 5_000_000
LONGEST_TEXT = 1_000_000
HEAD = 2_000
"""Characters at the beginning by which HTML is told from text."""
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|p|div|h1)\b", re.IGNORECASE)
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"}
_UNREAD = {"script", "style", "template", "noscript", "svg"}


class NoArticle(Refused):
    """A file or page that no article can be read from; the message says why."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it was understood; `encoding` is how its bytes were read."""

    title: str
    text: str
    encoding: str
    author: str = ""
    site: str = ""
    url: str = ""
    published: str = ""


def read_file(name: str, data: bytes) -> Article:
    """Return the article in an uploaded file: text, Markdown or HTML, told by what is in it.

    Raises NoArticle and NotText for anything else.
    """
    if len(data) > MOST_BYTES:
        raise NoArticle(say("A file may have at most 5 MB."))
    return _read(decode(data), name.rpartition(".")[0] or name, "")


def read_page(page: Fetched) -> Article:
    """Return the article on a fetched page. Raises NoArticle and NotText."""
    return _read(_declared(page) or decode(page.content), "", page.url)


def content_hash(text: str) -> str:
    """Return what two copies of an article share, whatever their spaces, case and quotes."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _declared(page: Fetched) -> Decoded | None:
    """Return a page in the encoding that its server names, where that holds."""
    try:
        return Decoded(page.content.decode(page.charset), page.charset) if page.charset else None
    except (LookupError, UnicodeDecodeError):
        return None


def _read(found: Decoded, name: str, url: str) -> Article:
    plain = found.text.replace("\r\n", "\n").replace("\r", "\n")
    if _HTML.search(plain[:HEAD]):
        article = _from_html(plain, found.encoding, url)
    else:
        heading = re.match(r"\s*#\s+(.+)", plain)
        title = heading[1].strip() if heading else name
        body = plain[heading.end() :] if heading else plain
        article = Article(title[:300], _paragraphs(body), found.encoding, url=url)
    if not article.text:
        raise NoArticle(say("No text of an article was found in it."))
    if len(article.text) > LONGEST_TEXT:
        raise NoArticle(say("The article is longer than 1,000,000 characters."))
    return article


def _from_html(page: str, encoding: str, url: str) -> Article:
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
    return Article(
        title=told["title"][:300],
        text=text or _plain_text(page),
        encoding=encoding,
        author=told["author"][:300],
        site=told["sitename"][:300],
        url=url,
        published=told["date"],
    )


def _plain_text(page: str) -> str:
    """Return all text of a page in which no article was recognised."""
    reader = _TextReader()
    reader.feed(page)
    reader.close()
    return _paragraphs("".join(reader.parts))


def _paragraphs(text: str) -> str:
    """Return a text whose paragraphs are parted by one blank line."""
    parts = re.split(r"\n[ \t]*\n\s*", text.strip())
    return "\n\n".join(part.strip() for part in parts if part.strip())


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
