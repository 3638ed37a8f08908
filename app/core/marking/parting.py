"""A list as it was typed, parted at its separators but not inside a name: Trinidad and Tobago."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from app.core.values import SetValue

_SEPARATORS = re.compile(
    r"[,;/|\n&]|(?<!\+)\+(?=\s*\w)(?!\s*and\b)|"
    r"\b(?:and|as well as|plus|along with|together with)\b",
    re.IGNORECASE,
)
"""A plus between two names parts them; that of C++ or Disney+ belongs to a name."""
_LAST_WORD = re.compile(r"(?<!\w)\w+(?=\W*$)")


def split_list(value: SetValue, text: str) -> list[str]:
    """Return the parts of a list; a name of the set with a separator in it stays whole.

    Such names are looked up by the word before their separator: many cost no more than a few.
    """
    parts = _pieces(text)
    joined = _joined_names(value)
    if not joined:
        return parts
    found: list[str] = []
    left = parts[::-1]
    while left:
        part = left.pop()
        last = _LAST_WORD.search(part)
        for name, pieces in joined.get(last[0].casefold(), ()) if last else ():
            following = left[: -len(pieces) : -1]
            if _has_pieces(pieces, part, following):
                del left[len(left) - len(following) :]
                behind = following[-1][len(pieces[-1]) :]
                whole = f"{part[: len(part) - len(pieces[0])]}{name}{behind}"
                (left if behind else found).append(whole)
                break
        else:
            found.append(part)
    return found


def _has_pieces(pieces: Sequence[str], part: str, following: Sequence[str]) -> bool:
    """Whether a part ends as a name begins, and those that follow are the rest of it."""
    first, *inner, last = pieces
    if len(following) < len(pieces) - 1 or not _same(part[-len(first) :], first):
        return False
    return _same(following[-1][: len(last)], last) and all(map(_same, following, inner))


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


@lru_cache(maxsize=500)
def _joined_names(value: SetValue) -> Mapping[str, Sequence[tuple[str, Sequence[str]]]]:
    """Return the names with separators and their pieces, by the last word of the first piece."""
    found: dict[str, list[tuple[str, Sequence[str]]]] = defaultdict(list)
    for name in dict.fromkeys(name for item in value.items for name in item.names):
        pieces = _pieces(name)
        last = _LAST_WORD.search(pieces[0]) if len(pieces) > 1 else None
        if last is not None:
            found[last[0].casefold()].append((name, pieces))
    return {word: sorted(names, key=_length, reverse=True) for word, names in found.items()}


def _length(joined: tuple[str, Sequence[str]]) -> int:
    return len(joined[1])


def _pieces(text: str) -> list[str]:
    parts = map(str.strip, _SEPARATORS.split(text))
    return [part for part in parts if part]
