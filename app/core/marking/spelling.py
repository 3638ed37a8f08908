"""Typing errors in single words, and the words that look like one but are another word."""

import re
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from app.core.marking.confusables import CONFUSED
from app.core.marking.equivalents import COUNTERPARTS, OPPOSITES
from app.core.marking.normalise import has_digit
from app.core.marking.vocabulary import listed

SHORTEST_WITH_TYPO = 5
SHORTEST_WITH_TWO = 10
SHORTEST_PLURAL = 4
SHORT = 6
"""Letters up to which one letter for another must be a likely slip: Bjorn is not Björk."""
FURTHEST = 3
"""Places that one letter may be moved by."""
_VOWELS = frozenset("aeiouy")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_DOUBLED = re.compile(r"(?=(\w{2,3})\1)")
_NEAR_KEYS = {frozenset(pair) for row in _ROWS for pair in pairwise(row)} | {
    frozenset(pair) for pair in ("qa", "ws", "ed", "rf", "tg", "yh", "uj", "ik", "ol", "az", "sx")
}
_NEAR_SOUNDS = {
    frozenset(pair) for pair in listed("ck cs sz kq dt bp mn vw vf fw gj lr iy gk jy hx cq zx")
}
_SOUNDS = (
    ("tch", "ch"),
    ("tsch", "ch"),
    ("ph", "f"),
    ("ck", "k"),
    ("qu", "kw"),
    ("kh", "h"),
    ("k", "c"),
)
_HAS_COUNTERPART = re.compile("|".join(part for pair in COUNTERPARTS for part in pair))
_CHEMICAL = ("ide", "ite", "ate", "ane", "ene", "yne", "ine", "one", "ol", "al", "yl", "ic", "ous")
_NO_PLURALS = listed(
    "frances news customs goods jeans wales physics ethics politics mechanics economics optics "
    "acoustics spectacles trousers premises"
)
"""Words in s that are another word than the one without it: Frances, physics."""
_PREFIXES = listed("un in im ir il non dis a de re mis bi tri")
_OPPOSITE_STARTS = tuple(one for pair in OPPOSITES for one in pair)


def misspelt_word(known: str, typed: str) -> int | None:
    """Return how many typos part a word from a known one, or None where it is another word.

    Words with digits and words of under five letters must be right to the letter (H800 is not
    H100); of five letters one edit, of ten or more two. The first letter must be right, as it is
    in nearly every slip: ethane is not methane.
    """
    if known == typed:
        return 0
    if len(known) < SHORTEST_PLURAL - 1 or abs(len(known) - len(typed)) > FURTHEST:
        return None
    if plural(known, typed):
        return None if {known, typed} & _NO_PLURALS else 1
    if len(known) < SHORTEST_WITH_TYPO:
        return None
    if not (known.isalpha() and typed.isalpha()) and (has_digit(known) or has_digit(typed)):
        return None
    return _typos_by_sound(known, typed)


@lru_cache(maxsize=20_000)
def _typos_by_sound(known: str, typed: str) -> int | None:
    """Return the typos between two words as they sound; kept, as names share their words."""
    heard, said = _as_it_sounds(known), _as_it_sounds(typed)
    if not _begins_alike(heard, said):
        return None
    allowed = 2 if len(heard) >= SHORTEST_WITH_TWO else 1
    edits = OSA.distance(heard, said, score_cutoff=allowed)
    if edits > 1 and _one_slip(known, typed, heard, said):
        edits = 1
    if edits > allowed or (edits > 1 and abs(len(heard) - len(said)) > 1):
        return None
    if not _likely_slip(heard, said):
        return None
    changed = (heard, said) != (known, typed)
    another = other_word(known, typed) or (changed and other_word(heard, said))
    return None if another else max(edits, 1)


def _one_slip(known: str, typed: str, heard: str, said: str) -> bool:
    """Whether more than one edit comes of one slip of the fingers."""
    moved = _letter_moved(heard, said) or _letter_moved(known, typed)
    return moved or _once_for_twice(known, typed)


def _once_for_twice(known: str, typed: str) -> bool:
    """Whether two or three letters that stand twice running were typed once, or the reverse.

    Missippi, breastroke, bananana: each is one slip.
    """
    short, long = sorted((known, typed), key=len)
    if len(short) < SHORT or not 1 < len(long) - len(short) <= FURTHEST:
        return False
    return any(
        long[: found.start()] + long[found.end(1) :] == short for found in _DOUBLED.finditer(long)
    )


def plural(one: str, other: str) -> bool:
    """Whether two words of four letters or more differ in a plural s alone; gas and gases too."""
    if one[: SHORTEST_PLURAL - 1] != other[: SHORTEST_PLURAL - 1]:
        return False
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if not short.isalpha():
        return False
    if len(short) < SHORTEST_PLURAL:
        return len(short) == SHORTEST_PLURAL - 1 and short[-1] in "sx" and long == f"{short}es"
    return long in {f"{short}s", f"{short}es"} or (short[-1] == "y" and long == f"{short[:-1]}ies")


def other_word(one: str, other: str) -> bool:
    """Whether the edit makes a negated, opposite or otherwise known word: possible, impossible."""
    if frozenset((one, other)) in CONFUSED or _counterpart(one, other):
        return True
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if long.endswith(short) and long[: len(long) - len(short)] in _PREFIXES:
        return True
    if _other_ending(one, other):
        return True
    if not (one.startswith(_OPPOSITE_STARTS) and other.startswith(_OPPOSITE_STARTS)):
        return False
    return any(
        (one.startswith(left) and other.startswith(right))
        or (one.startswith(right) and other.startswith(left))
        for left, right in OPPOSITES
    )


def _counterpart(one: str, other: str) -> bool:
    """Whether a part of one word is turned into its counterpart: grandmother, grandfather."""
    return _HAS_COUNTERPART.search(one) is not None and any(
        (left in one and one.replace(left, right) == other)
        or (right in one and one.replace(right, left) == other)
        for left, right in COUNTERPARTS
    )


def _letter_moved(known: str, typed: str) -> bool:
    """Whether one letter stands a few places away from where it belongs: Ghandi, Ghengis."""
    if len(known) != len(typed) or len(known) < SHORT or known == typed:
        return False
    apart = [at for at, pair in enumerate(zip(known, typed, strict=True)) if pair[0] != pair[1]]
    first, last = apart[0], apart[-1]
    if not 1 < last - first <= FURTHEST:
        return False
    left, right = known[first : last + 1], typed[first : last + 1]
    return left[1:] + left[0] == right or right[1:] + right[0] == left


def _other_ending(one: str, other: str) -> bool:
    """Whether two words are one stem with two endings that chemists keep apart: chloride, -ite."""
    if not (one.endswith(_CHEMICAL) and other.endswith(_CHEMICAL)):
        return False
    mine = next((end for end in _CHEMICAL if one.endswith(end)), None)
    theirs = next((end for end in _CHEMICAL if other.endswith(end)), None)
    if mine is None or theirs is None or mine == theirs:
        return False
    return one.removesuffix(mine) == other.removesuffix(theirs)


@lru_cache(maxsize=20_000)
def _as_it_sounds(word: str) -> str:
    if "k" in word or "h" in word or "q" in word:  # one of them is in all that is written otherwise
        for written, spoken in _SOUNDS:
            word = word.replace(written, spoken)
    return word


def _begins_alike(known: str, typed: str) -> bool:
    if known[0] == typed[0] or known[:2] == typed[1::-1]:
        return True
    near = frozenset((known[0], typed[0])) in _NEAR_SOUNDS and len(known) == len(typed)
    return near and len(known) > SHORT  # a pride is no bride


def _likely_slip(known: str, typed: str) -> bool:
    """Whether one letter for another in a short word is a neighbour in sound or on the keys."""
    if len(known) > SHORT or len(known) != len(typed):
        return True
    pairs = [(one, other) for one, other in zip(known, typed, strict=True) if one != other]
    return len(pairs) != 1 or _near_letters(*pairs[0])


def _near_letters(one: str, other: str) -> bool:
    pair = frozenset((one, other))
    return {one, other} <= _VOWELS or pair in _NEAR_KEYS or pair in _NEAR_SOUNDS
