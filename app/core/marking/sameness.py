"""Whether two texts are one name: case, accents, spacing, word order, titles and initials aside."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.core.marking.equivalents import CLUBS, SUFFIXES, TITLES
from app.core.marking.namesakes import is_namesake
from app.core.marking.normalise import has_digit, squeezed, words

_LETTERS = re.compile(r"[^\W\d_]+")
_ARTICLE = re.compile(r"^(?:the|The)\s+")


def same(name: str, text: str, *, spelt_out: bool = False) -> bool:
    """Whether two texts are one name: case, accents, spacing, word order aside.

    `spelt_out` says that what the name is short for is known: no other words will do.
    """
    return any_same((name,), text, spelt_out=spelt_out)


def any_same(names: Iterable[str], text: str, *, spelt_out: bool = False) -> bool:
    """Whether one of some names is the same as a text, which is read once for all of them."""
    key, right = squeezed(text), plain_words(text)
    turned = (_turned(text) if "," in text else "") or key
    short = bool(_capitals(text))
    for name in names:
        mine, left = squeezed(name), plain_words(name)
        if left == right or mine in (key, turned):
            return True
        if short and is_acronym(text, name):
            return True
        if not spelt_out and not name[-2:-1].islower() and is_acronym(name, text):
            return True
        if len(left) > 1 < len(right) and left[0] in right and _as_a_person(name, left, right):
            return True
    return False


def _as_a_person(name: str, left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two names of several words are one turned round, or with initials for the middle."""
    few = len(left) == len(right) <= 6  # noqa: PLR2004 names, not sentences
    if few and sorted(left) == sorted(right) and (name_like(name) or _numbered(left)):
        return _may_reorder(left, right)
    return _initials_fit(left, right)


@lru_cache(maxsize=20_000)
def plain_words(text: str) -> tuple[str, ...]:
    """Return the words without a title before and a firm's suffix behind, where any are left."""
    found = words(text)
    while len(found) > 1 and (found[0] in TITLES or found[0] in CLUBS):
        found = found[1:]
    while len(found) > 1 and found[-1] in SUFFIXES:
        found = found[:-1]
    if len(found) > 2 and "for" in found:  # noqa: PLR2004 the Court for, or of, Human Rights
        found = tuple("of" if word == "for" else word for word in found)
    return found


def name_like(name: str) -> bool:
    """Whether every word of a name begins with a capital and none has figures."""
    return all(word[0].isupper() and not has_digit(word) for word in name.split())


@lru_cache(maxsize=2000)
def _turned(text: str) -> str:
    """Run together what has its head in front: "ventricle, left"."""
    head, comma, rest = text.partition(",")
    return squeezed(f"{rest} {head}") if comma and "," not in rest else ""


def _numbered(name: Sequence[str]) -> bool:
    """Whether a name is a few words and a number: season 2, type 2 diabetes."""
    return 1 < len(name) <= 4 and sum(word.isdigit() for word in name) == 1  # noqa: PLR2004 a short name


def is_acronym(short: str, long: str) -> bool:
    """Whether one text is the initials of the other: AGI, artificial general intelligence."""
    letters = _capitals(short)
    if letters.endswith("s"):
        letters = letters[:-1] if long.rstrip(" .").endswith("s") else ""
    if len(letters) <= 1:
        return False
    spoken = _LETTERS.findall(long)
    if not spoken or any(len(word) > 1 and word.isupper() for word in spoken):
        return False
    initials = [word[0] for word in spoken]
    capitals = [letter for letter in initials if letter.isupper()]
    found = "".join(initials).upper(), "".join(capitals)
    led = spoken[0] in {"The", "the"} and len(initials) > 2  # noqa: PLR2004 LOTR
    return len(initials) > 1 and (letters in found or (led and letters == found[0][1:]))


@lru_cache(maxsize=20_000)
def _capitals(short: str) -> str:
    """Return a text that is nothing but capitals and perhaps an s for many; "" for any other."""
    letters = _ARTICLE.sub("", short.replace(".", "").strip())
    capitals = letters.removesuffix("s")
    return letters if letters.isalpha() and capitals.isupper() else ""


def _may_reorder(left: Sequence[str], right: Sequence[str]) -> bool:
    """Names may be turned round as a whole (Wenfeng Liang), not have any two words swapped."""
    turns = {tuple(left[at:]) + tuple(left[:at]) for at in range(len(left))}
    return tuple(right) in turns


def _initials_fit(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether a middle initial stands for the middle name, or is left out: John F. Kennedy.

    Both have two words or more.
    """
    if left[-1] != right[-1] or left[0] != right[0]:
        return False
    if is_namesake(left, right):
        return False
    short, long = sorted((left[1:-1], right[1:-1]), key=len)
    if len(short) == len(long):
        return all(
            one == other
            or (min(len(one), len(other)) == 1 and one[0] == other[0] and one[0].isalpha())
            for one, other in zip(short, long, strict=True)
        )
    return not short and all(len(one) == 1 and one.isalpha() for one in long)
