"""HTML from other programs as the plain text that facts hold; it is never shown as HTML."""

import html
import re
from collections.abc import Iterator

import nh3

_BREAKS = re.compile(r"<(?:br|/?p|/?div|/?li|/?tr|/?h[1-6]|/?ul|/?ol)\b[^>]{0,200}>", re.IGNORECASE)
_HEARD = re.compile(r"<(audio|video|object|svg)\b([^>]{0,1000})", re.IGNORECASE)
_FILE = re.compile(r"""(?<![\w-])(?:src|data)\s*=\s*["']?([^"'\s>]{1,200})""", re.IGNORECASE)
_SOUND = re.compile(r"\[sound:([^\]]{1,200})\]|\[(anki:play:[^\]]{1,40})\]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_MARKED = re.compile(r"[<&\[\x7f\ud800-\udfff]|[^\S ]|  |[\x00-\x1f]")
"""What plain text alone has not."""
_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")


def plain_text(marked_up: str) -> str:
    """Return the text of a piece of HTML: tags, scripts and sounds away, line breaks kept."""
    if not _MARKED.search(marked_up):
        return marked_up.strip()
    text = _SOUND.sub("", marked_up)
    if "<" in text:
        text = nh3.clean(_BREAKS.sub("\n", text), tags=set(), attributes={})
    text = _CONTROL.sub("", html.unescape(text)).replace("\u00a0", " ")
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def media_in(marked_up: str) -> Iterator[str]:
    """Yield the sounds, films and drawings of a piece of HTML by their files' names, not pictures.

    One without a file is named by its tag.
    """
    if "[" in marked_up:
        yield from (found[1] or found[2] for found in _SOUND.finditer(marked_up))
    if "<" in marked_up:
        for tag in _HEARD.finditer(marked_up):
            file = _FILE.search(tag[2])
            yield html.unescape(file[1]) if file else f"<{tag[1].lower()}>"
