"""HTML from other programs as the plain text that facts hold; it is never shown as HTML."""

import html
import re

import nh3

_BREAKS = re.compile(r"<(?:br|/?p|/?div|/?li|/?tr|/?h[1-6]|/?ul|/?ol)\b[^>]{0,200}>", re.IGNORECASE)
_HEARD = re.compile(r"<(?:audio|video|object|svg)\b", re.IGNORECASE)
_SOUND = re.compile(r"\[sound:[^\]]{1,200}\]|\[anki:play:[^\]]{1,40}\]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")


def plain_text(marked_up: str) -> str:
    """Return the text of a piece of HTML: tags, scripts and sounds away, line breaks kept."""
    text = _SOUND.sub("", marked_up)
    if "<" in text:
        text = nh3.clean(_BREAKS.sub("\n", text), tags=set(), attributes={})
    text = _CONTROL.sub("", html.unescape(text)).replace("\u00a0", " ")
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def media_in(marked_up: str) -> int:
    """Return how many sounds, films and drawings a piece of HTML has, pictures not counted."""
    return len(_HEARD.findall(marked_up)) + len(_SOUND.findall(marked_up))
