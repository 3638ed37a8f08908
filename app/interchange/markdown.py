"""Markdown as the plain text that facts quote: its marks away, its paragraphs kept."""

import re
from typing import TYPE_CHECKING

from app.interchange.htmltext import plain_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT = re.compile(r"\s*---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_LINE = re.compile(r"(\w[\w-]*)[ \t]*:[ \t]*(.*)")
_NOTE = re.compile(r"^\[\^[^\]\s]{1,40}\]:[ \t]*|\[\^[^\]\s]{1,40}\]", re.MULTILINE)
"""The mark of a footnote: it would stand in the middle of a sentence."""
_BETWEEN = {"softbreak": "\n", "hardbreak": "\n"}


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return what stands before the text between lines of dashes, by its name, and the text.

    Only plain `name: value` lines are read: whatever else YAML may hold is no head of an article.
    """
    found = _FRONT.match(text)
    if not found:
        return {}, text
    lines = (_LINE.fullmatch(line.strip()) for line in found[1].split("\n"))
    told = {line[1].lower(): line[2].strip().strip("\"'") for line in lines if line}
    return told, text[found.end() :]


def marked_down(text: str) -> tuple[str, list[str]]:
    """Return the heading that a text begins with, or nothing, and the paragraphs after it."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 slow to load, and seldom needed

    tokens = MarkdownIt("commonmark").enable("table").parse(_NOTE.sub("", text))
    heading = ""
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        heading = " ".join(_line(tokens[1]).split())
        tokens = tokens[3:]
    return heading, [part for part in _paragraphs(tokens) if part]


def _paragraphs(tokens: "list[Token]") -> list[str]:
    parts: list[str] = []
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            parts.append(" | ".join(row))
            row = None
        elif token.type == "inline":
            (parts if row is None else row).append(_line(token).strip())
        elif token.type in {"fence", "code_block"}:
            parts.append(token.content.strip())
        elif token.type == "html_block":
            parts.append(plain_text(token.content))
    return parts


def _line(inline: "Token") -> str:
    """Return the words of a paragraph or heading; a link is its words, a picture nothing."""
    return "".join(
        _BETWEEN.get(token.type, token.content)
        for token in inline.children or ()
        if token.type not in {"image", "html_inline"}
    )
