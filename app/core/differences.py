"""What differs between two texts, word by word, for showing side by side."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 4000
"""Longer texts are compared line by line: comparing words takes the square of their number."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text; `changed` where the other side does not have it."""

    text: str
    changed: bool


def side_by_side(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Return both texts in runs; joined, the runs of a side are that side's text."""
    if not before or not after:
        return _whole(before), _whole(after)
    left, right = _words(before), _words(after)
    if len(left) + len(right) > MOST_WORDS:
        left, right = before.splitlines(keepends=True), after.splitlines(keepends=True)
    start, end = _common(left, right), 0
    if start < min(len(left), len(right)):
        end = _common(left[start:][::-1], right[start:][::-1])
    middles = left[start : len(left) - end], right[start : len(right) - end]
    blocks = _blocks(*middles)
    head, tail = ("equal", left[:start]), ("equal", left[len(left) - end :])
    return (
        _runs([head, *((tag, middles[0][a:b]) for tag, a, b, _, _ in blocks), tail]),
        _runs([head, *((tag, middles[1][a:b]) for tag, _, _, a, b in blocks), tail]),
    )


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many words both begin with."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(left), len(right)))


def _blocks(left: list[str], right: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(left) + len(right) > MOST_WORDS:
        return [("replace", 0, len(left), 0, len(right))]
    found = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [
        ("replace", *block[1:]) if _is_gap(left[block[1] : block[2]]) and 0 < at < last else block
        for last in [len(found) - 1]
        for at, block in enumerate(found)
    ]


def _is_gap(words: Sequence[str]) -> bool:
    """Whether only a space is left between two changes: then they read better as one."""
    return "".join(words).isspace()


def _words(text: str) -> list[str]:
    return _WORDS.findall(text)


def _whole(text: str) -> tuple[Run, ...]:
    return (Run(text, changed=True),) if text else ()


def _runs(parts: Iterable[tuple[str, list[str]]]) -> tuple[Run, ...]:
    """Return the parts as runs, neighbours of a kind joined."""
    filled = ((tag != "equal", "".join(words)) for tag, words in parts if words)
    return tuple(
        Run("".join(text for _, text in group), changed)
        for changed, group in groupby(filled, key=itemgetter(0))
    )
