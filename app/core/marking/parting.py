"""A list as it was typed, parted at its separators but not inside a name: Trinidad and Tobago."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.core.marking.normalise import squeezed
from app.core.values import SetValue

_MARKS = re.compile(r"[,;/|\n&]")
_SEPARATORS = re.compile(
    rf"{_MARKS.pattern}|(?<!\+)\+(?=\s*\w)(?!\s*and\b)|"
    r"\b(?:and|as well as|plus|along with|together with)\b",
    re.IGNORECASE,
)
"""A plus between two names parts them; that of C++ or Disney+ belongs to a name."""
_WORD_START = re.compile(r"\b\w")


_Names = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class _Joined:
    """Names with separators in them and their pieces."""

    by_start: Mapping[str, _Names]
    """By the first piece, from its first word."""
    last_words: frozenset[str]
    """How those first pieces end: most parts of a list end with none of them."""
    longest: int
    """Letters of the longest of them: no more of a part's end is looked at."""


def split_list(value: SetValue, text: str) -> list[str]:
    """Return the parts of a list; a name of the set with a separator in it stays whole.

    Such names are looked up by what they have before a separator: many cost no more than a few.
    """
    parts = _pieces(text)
    joined = _joined_names(value)
    if not joined.by_start:
        return parts
    found: list[str] = []
    left = parts[::-1]
    while left:
        part = left.pop()
        for name, pieces in _beginning_in(part, joined):
            following = left[: -len(pieces) : -1]
            if _has_pieces(pieces, part, following):
                del left[len(left) - len(following) :]
                behind = following[-1][len(pieces[-1]) :]
                ahead = part[: len(part) - len(pieces[0])] if _ends(part, pieces[0]) else ""
                whole = f"{ahead}{name}{behind}"
                (left if behind else found).append(whole)
                break
        else:
            found.append(part)
    return found


def _beginning_in(part: str, joined: _Joined) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the names with whose first piece a part may end, longest pieces first."""
    last = part.rsplit(maxsplit=1)[-1].casefold()
    tails = (last, *(last[start.start() :] for start in _WORD_START.finditer(last)))
    if any(tail in joined.last_words for tail in tails):
        for start in _WORD_START.finditer(part, max(0, len(part) - joined.longest)):
            yield from joined.by_start.get(part[start.start() :].casefold(), ())
    yield from joined.by_start.get(squeezed(part), ())


def _has_pieces(pieces: Sequence[str], part: str, following: Sequence[str]) -> bool:
    """Whether a part ends as a name begins, and those that follow are the rest of it."""
    first, *inner, last = pieces
    if len(following) < len(pieces) - 1:
        return False
    begins = _ends(part, first) or squeezed(part) == squeezed(first)
    return begins and _same(following[-1][: len(last)], last) and all(map(_same, following, inner))


def _ends(part: str, piece: str) -> bool:
    return _same(part[-len(piece) :], piece)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


@lru_cache(maxsize=500)
def _joined_names(value: SetValue) -> _Joined:
    """Return the names with separators; the same for each response to a set."""
    found: dict[str, list[tuple[str, Sequence[str]]]] = defaultdict(list)
    for name in dict.fromkeys(name for item in value.items for name in item.names):
        if not _may_part(name):
            continue
        pieces = _pieces(name)
        start = _WORD_START.search(pieces[0]) if len(pieces) > 1 else None
        if start is not None:
            for key in {pieces[0][start.start() :].casefold(), squeezed(pieces[0])}:
                found[key].append((name, pieces))
    by_start = {key: sorted(names, key=_length, reverse=True) for key, names in found.items()}
    last_words = frozenset(end for key in by_start for end in key.split()[-1:])
    return _Joined(by_start, last_words, max(map(len, by_start), default=0))


def _may_part(name: str) -> bool:
    """Whether there may be a separator in a name: most have none, and need no pattern."""
    return "+" in name or _has_words_between(name) or bool(_MARKS.search(name))


def _has_words_between(text: str) -> bool:
    """Whether words that part a list may be in a text: most lists have marks alone."""
    plain = text.lower()
    return "and" in plain or "as well" in plain or "plus" in plain or "with" in plain


def _length(joined: tuple[str, Sequence[str]]) -> int:
    return len(joined[1])


def _pieces(text: str) -> list[str]:
    apart = _SEPARATORS if "+" in text or _has_words_between(text) else _MARKS
    return [part for part in map(str.strip, apart.split(text)) if part]
