"""Articles from files and pages: what they say and who wrote it, for a curator to look over.

Nothing of a page's own markup is kept: only its text goes on, in paragraphs.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from app.core.errors import Refused
from app.core.sentences import say
from app.interchange.decoding import Decoded, decode
from app.interchange.extracting import Extracted, TooCostly, extracted, extracted_markdown
from app.interchange.fetching import Fetched

MOST_BYTES = 5_000_000
LONGEST_TEXT = 1_000_000
HEAD = 2_000
"""Characters at the beginning by which HTML is told from text."""
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|p|div|h1)\b", re.IGNORECASE)
_BEGINS_AS_MARKUP = re.compile(r"\s*<(?:[a-z!?])", re.IGNORECASE)
_MARKDOWN = (".md", ".markdown")


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


def read_file(name: str, data: bytes, encoding: str = "") -> Article:
    """Return the article in an uploaded file: text or HTML, told by what is in it, or Markdown.

    Markdown is told by the name alone: its marks are those of plain text as well. An encoding is
    one of decoding.CHOICES, or found out.
    Raises NoArticle and NotText for anything else.
    """
    if len(data) > MOST_BYTES:
        raise NoArticle(say("A file may have at most 5 MB."))
    found = decode(data, chosen=encoding)
    stem = name.rpartition(".")[0] or name
    return _read(found, stem, "", is_markdown=name.lower().endswith(_MARKDOWN))


def read_page(page: Fetched, encoding: str = "") -> Article:
    """Return the article on a fetched page. Raises NoArticle and NotText."""
    found = decode(page.content, page.charset, encoding)
    path = urlsplit(page.url).path.lower()
    is_markdown = page.content_type == "text/markdown" or path.endswith(_MARKDOWN)
    return _read(found, "", page.url, is_markdown=is_markdown)


def content_hash(text: str) -> str:
    """Return what two copies of an article share, whatever their spaces, case and quotes."""
    return hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()


def words_of(text: str) -> list[str]:
    """Return the words of a text, whatever their case and the marks between them."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def _read(found: Decoded, name: str, url: str, *, is_markdown: bool) -> Article:
    plain = found.text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        article = _article(_told(plain, name, url, is_markdown=is_markdown), found.encoding, url)
    except TooCostly as error:
        raise NoArticle(*error.args) from error
    if not article.text:
        raise NoArticle(say("No text of an article was found in it."))
    if len(article.text) > LONGEST_TEXT:
        raise NoArticle(say("The article is longer than 1,000,000 characters."))
    return article


def _told(plain: str, name: str, url: str, *, is_markdown: bool) -> Extracted:
    """Return what a text says of itself; one that has no title is called `name`."""
    if _BEGINS_AS_MARKUP.match(plain) or (not is_markdown and _HTML.search(plain[:HEAD])):
        found = extracted(plain, url)
    elif is_markdown:
        found = extracted_markdown(plain)
    else:
        heading = re.match(r"\s*#\s+(.+)", plain)
        body = plain[heading.end() :] if heading else plain
        found = Extracted(heading[1].strip() if heading else "", body)
    return replace(found, title=found.title or name)


def _article(found: Extracted, encoding: str, url: str) -> Article:
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
