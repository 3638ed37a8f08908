"""Names of people: the family name alone, initials, titles, middle names and short forms.

The family name must be there; what else is typed must fit. Sandra O'Connor is not Flannery
O'Connor, and V. Williams is not Serena Williams.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from app.core.marking.equivalents import NAME_PARTICLES
from app.core.marking.name_words import (
    FAMILY_FIRST,
    GENERATIONS,
    GIVEN_NAMES,
    NICKNAMES,
    NOT_FAMILY,
    RANKS,
    TELLING_TITLES,
)
from app.core.marking.namesakes import is_namesake
from app.core.marking.normalise import folded
from app.core.marking.spelling import misspelt_word
from app.core.marking.vocabulary import listed

PERSON_KINDS = listed(
    """
    person people human man woman artist astronaut astronomer athlete author actor actress architect
    biologist boxer chemist coach composer conductor cricketer dancer director discoverer doctor
    economist emperor engineer explorer footballer founder general inventor judge king lawyer
    mathematician mayor minister musician novelist painter philosopher photographer physician
    physicist pianist player playwright poet politician pope president queen sculptor scientist
    senator singer songwriter surgeon swimmer violinist writer ceo
    """
)
"""Kinds of entity whose family name alone is an answer."""
STANDS_APART = re.compile(r"[,;/|?=+(\n]|\s[-–]\s|\.{3}|(?<=[a-z]{4})\. (?=\w)")
"""What stands between two names rather than in one."""


def is_person_kind(kind: str) -> bool:
    """Whether a kind is of people, by its last word: a lead actor, a head coach."""
    return bool(PERSON_KINDS & {*kind.casefold().split()[-1:]})


_RULING = listed("king queen prince princess pope emperor empress saint st lord lady father mother")
_NUMERAL = re.compile(r"[ivx]+")
_ROMAN = re.compile(r"[ivx]{2,}")
SHORTEST_FAMILY_NAME = 3
LONG_FAMILY_NAME = 7
MOST_WORDS = 6
_OF_PEOPLE = listed("van von der da di")
_SMALL = NAME_PARTICLES | {"y", "e", "of"}
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_DOUBLE_NAME = re.compile(r"(?<= )[A-Z]\w{2,}(?:-[A-Z]\w{2,})+$")
_LETTERS = re.compile(r"[^\W\d_]+")
_NOT_OF_PEOPLE = frozenset(",;:/&()?!")
_BEFORE_NAMES = RANKS | {"the"}
_NICKNAMES: dict[str, set[str]] = {}
for _group in NICKNAMES:
    for _name in _group:
        _NICKNAMES.setdefault(_name, set()).update(_group)


@lru_cache(maxsize=20_000)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a person's name, initials apart, without hyphens and apostrophes."""
    plain = folded(name)
    if "'" in plain:
        plain = _APOSTROPHE.sub("", plain)
    return tuple(_LETTERS.findall(plain))


@lru_cache(maxsize=20_000)
def like_a_person(name: str) -> bool:
    """Whether a name of unknown kind is a person's by its looks: a given name, title, initials."""
    found = _core(name)[0]
    if not found:
        return False
    titled = name_words(name)[0] in TELLING_TITLES
    # F. Scott, J. K.: an initial in front.
    within = any(word in GIVEN_NAMES or word in _OF_PEOPLE for word in found[1:-1])
    first = found[0] in GIVEN_NAMES or len(found[0]) == 1 or found[0] in FAMILY_FIRST
    looks = (titled or first or within) and not name.startswith(("A ", "I "))
    return looks and could_be_person(name)


@lru_cache(maxsize=20_000)
def could_be_person(name: str) -> bool:
    """Whether a name is two to six capitalised words without figures that end like no place."""
    plain = name.replace(", Jr", " Jr")
    parts = name.split()
    if not _NOT_OF_PEOPLE.isdisjoint(plain) or any(map(str.isdigit, plain)):
        return False
    if not all(part[0].isupper() or folded(part) in _SMALL for part in parts):
        return False
    if "of" in name.casefold() and any(  # The Diary of Anne Frank
        folded(one) == "of" and folded(two) in GIVEN_NAMES for one, two in pairwise(parts)
    ):
        return False
    found = _core(name)[0]
    if len(found) == 1 and len(name_words(name)) == 2:  # noqa: PLR2004 Pope Francis
        return found[0] in GIVEN_NAMES
    return (
        1 < len(found) <= MOST_WORDS
        and not _NUMERAL.fullmatch(found[-1])
        and found[-1] not in NOT_FAMILY
        and found[0] not in NOT_FAMILY
    )


def has_rank(text: str) -> bool:
    """Whether a response says itself that it names a person: Justice Marshall."""
    found = name_words(text)
    return len(found) > 1 and found[0] in RANKS


def fits_person(name: str, text: str) -> int | None:
    """Return the typos of a response that names this person well enough, or None.

    It must have the family name, and every other word of it must fit. Somebody else who is known
    by a further name alone is not meant: John Quincy Adams is not John Adams.
    """
    known, generation = _core(name)
    typed, other = _core(text)
    if is_namesake(known, typed):
        return None
    if (
        not known
        or not typed
        or len(typed) > MOST_WORDS
        or (generation and other and generation != other)
    ):
        return None
    if other and not generation:
        return None
    if len(known) == 1 < len(typed) and _same_rank(name, text) and typed[-1:] == known:
        return 0  # Admiral Horatio Nelson for Admiral Nelson
    for family, given in _families(name):
        # The longest end first: García Márquez before Márquez.
        for length in range(1, min(len(typed), 3) + 1):
            # A family name alone that is also misspelt must be long: Austin is not Austen.
            enough = len(typed) > length or len("".join(family)) >= LONG_FAMILY_NAME
            whole = enough and length in {1, len(family)}
            edits = _family_fits(family, "".join(typed[-length:]), whole=whole)
            if edits is not None and _given_fit(given, typed[:-length]):
                return edits
    return None


def _same_rank(name: str, text: str) -> bool:
    """Whether two names have one rank in front, which is no ruler's: Captain Cook."""
    mine, theirs = name_words(name)[0], name_words(text)[0]
    return mine == theirs and mine in RANKS - _RULING


@lru_cache(maxsize=20_000)
def _core(name: str) -> tuple[tuple[str, ...], str]:
    """Return a name's words without titles, and its generation: junior, the second."""
    found = name_words(name)
    generation = ""
    while len(found) > 1 and found[-1] in GENERATIONS:
        generation, found = GENERATIONS[found[-1]], found[:-1]
    while len(found) > 1 and found[0] in _BEFORE_NAMES:
        found = found[1:]
    return found, generation


def _hyphened(name: str) -> int:
    """Return how many words a double family name has that stands at the end: Berners-Lee."""
    found = _DOUBLE_NAME.search(name)
    return len(name_words(found[0])) if found else 1


@lru_cache(maxsize=20_000)
def _families(name: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return every end of a name that may be the family name, with what stands before it.

    Of a double one both words count: of Berners-Lee, Lee is no name.
    """
    known, fewest = _core(name)[0], _hyphened(name)
    if len(known) == 1:
        return [(tuple(known), ())]
    if known[0] in FAMILY_FIRST:
        return [(tuple(known[:1]), tuple(known[1:]))]
    starts = range(1, max(2, len(known) - fewest + 1))
    return [
        (tuple(known[at:]), tuple(known[:at]))
        for at in starts
        if len(known[at]) > 1 and known[at] != "of" and not _ROMAN.fullmatch(known[at])
    ]


def _family_fits(family: Sequence[str], typed: str, *, whole: bool) -> int | None:
    joined = "".join(family)
    if len(joined) < SHORTEST_FAMILY_NAME and joined not in FAMILY_FIRST:
        return None
    if joined == typed:
        return 0
    return misspelt_word(joined, typed) if whole else None


def _given_fit(known: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether the given names typed fit: the first must, middle ones in order where known."""
    if not typed:
        return True
    if not known:
        return False
    if len(typed) == 1 and len(typed[0]) <= len(known) and typed[0] == _initials(known):
        return True
    if not _one_given_fits(known[0], typed[0]):
        return False
    middle, added = list(known[1:]), list(typed[1:])
    if not middle:
        return True
    for name in added:
        at = next((at for at, one in enumerate(middle) if _one_given_fits(one, name)), None)
        if at is None:
            return False
        middle = middle[at + 1 :]
    return True


def _one_given_fits(known: str, typed: str) -> bool:
    if known == typed or typed in _NICKNAMES.get(known, ()):
        return True
    if _ROMAN.fullmatch(known) or _ROMAN.fullmatch(typed):
        return False  # the initial I is not the number II
    if min(len(known), len(typed)) == 1:
        return known[0] == typed[0]
    return misspelt_word(known, typed) is not None and typed not in GIVEN_NAMES


def _initials(known: Sequence[str]) -> str:
    return "".join(name[0] for name in known)
