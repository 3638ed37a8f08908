"""Articles from files and pages: what they say and who wrote it, for a curator to look over.

Nothing of a page's own markup is kept: only its text goes on, in paragraphs.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from app.core.errors import Refused
from app.core.sentences import say
from app.interchange.decoding import Decoded, decode
from app.interchange.extracting import TooCostly, extracted
from app.interchange.fetching import Fetched

MOST_BYTES = 5_000_000
LONGEST_TEXT = 1_000_000
HEAD = 2_000
"""Characters at the beginning by which HTML is told from text."""
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|p|div|h1)\b", re.IGNORECASE)


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
    return _read(decode(page.content, page.charset), "", page.url)


def content_hash(text: str) -> str:
    """Return what two copies of an article share, whatever their spaces, case and quotes."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _read(found: Decoded, name: str, url: str) -> Article:
    plain = found.text.replace("\r\n", "\n").replace("\r", "\n")
    if _HTML.search(plain[:HEAD]):
        try:
            article = _from_html(plain, found.encoding, url)
        except TooCostly as error:
            raise NoArticle(*error.args) from error
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
    found = extracted(page, url)
    return Article(
        title=found.title[:300],
        text=_paragraphs(found.text),
        encoding=encoding,
        author=found.author[:300],
        site=found.site[:300],
        url=url,
        published=found.published,
    )


def _paragraphs(text: str) -> str:
    """Return a text whose paragraphs are parted by one blank line."""
    parts = re.split(r"\n[ \t]*\n\s*", text.strip())
    return "\n\n".join(part.strip() for part in parts if part.strip())
