"""Answers in other words that every reader takes for the same: without a small word, turned round.

Each rule works on cleaned text and says nothing about spelling; `text` tries them after the plain
comparison has failed.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from app.core.marking.abbreviations import cut_short
from app.core.marking.durations import DURATIONS
from app.core.marking.equivalents import HEADS, NATIONS, ONE_NAME
from app.core.marking.known_parts import KNOWN_PARTS, SAYING_MORE
from app.core.marking.nations import OF_NATIONS
from app.core.marking.normalise import (
    has_digit,
    phrasings,
    run_together,
    squeezed,
    without_padding,
    words,
)
from app.core.marking.ordinals import NUMBERED, NUMBERED_WITH_MORE
from app.core.marking.people import like_a_person
from app.core.marking.phrases import same_decade, same_phrase
from app.core.marking.places import has_region, same_place
from app.core.marking.rules import Rule, RuleBook, either
from app.core.marking.shorter_names import (
    LEAVING_OUT,
    LONGEST_ACRONYM,
    SAYING_THE_SAME,
    of_state,
    symbol,
)
from app.core.marking.shorter_places import SHORTER_PLACES

_LEAD = re.compile(
    r"^(?:in|on|at|by|to|of|for|with|into|onto|because of|due to|thanks to)\s+(?=\w)", re.IGNORECASE
)
"""Small words that a question makes clear; "before" and "without" mean something."""
_PREPOSITION = re.compile(
    r"^(?:in(?! order to\b)|on|at|by|to|of|for|with|into|onto|from|off|out|before|after|"
    r"underneath|under|beneath|over|above|below|"
    r"without|against|behind|during|since|until|near|despite|except)\b",
    re.IGNORECASE,
)
_ALIKE = (
    {"in", "at", "on"},
    {"in", "during"},
    {"by", "with", "through"},
    {"under", "below", "beneath", "underneath"},
)
"""Small words that say the same of a place: at, or in, a bakery."""
_PARENTHESIS = re.compile(r"\s*\([^()]*\)\s*$")
_JOINT = re.compile(r"[,/&+]|\band\b", re.IGNORECASE)
_JOINED = re.compile(rf"\s*(?:{_JOINT.pattern})\s*", re.IGNORECASE)
_EVENT = re.compile(
    r"^(?:the )?(?:battle|treaty|siege|massacre|university) of (.+)$", re.IGNORECASE
)
_CLASS = re.compile(
    r" (?:disease|virus|syndrome|(?<=Elementary )School|(?<=High )School|(?<=Primary )School|"
    r"(?<=Middle )School|(?<=Secondary )School)$"
)
_CONTEXT = re.compile(r"\s+(in|by|from|at|of|during|near|on)\s+", re.IGNORECASE)
_TURNS = re.compile(r"\b(?:not|no|never|or|and|but|without|except|either)\b|[/;]", re.IGNORECASE)
_YEARS = re.compile(r"\d+s")
_ERA = re.compile(r"^(?:ad )?(\d{1,4})(?: (?:ad|ce))?$")
_LEAD_WORD = re.compile(r"^(?:Lake|La|Le|Il)\s+(?=[A-Z])")
MOST_CONTEXT = 5
MOST_SAID_BESIDE = 60
"""Characters beside twice a name's own that a rewording of it has: its place, year or nation."""
MOST_SAID_WITHIN = 10
"""As many where a part of the name is left out: the response is shorter then."""
SHORTEST_CODE = 3
SHORTEST_ALONE = 5
"""Letters of a name that stands without its kind of place."""


def reworded(name: str, text: str, given: str) -> bool:
    """Whether a response says the same as a right answer in other words.

    `text` is what is left of the response, `given`, without the words around an answer.
    """
    if _is_one_word(name) and _is_one_word(text):
        return any(rule(name, text) for rule in _OF_ONE_WORD)
    if len(text) > MOST_SAID_BESIDE + 2 * len(name):
        return False
    if _IN_ANY_CASE.any_holds(name, text) or _without_lead(name, text, given):
        return True
    if not _other_way(name, given) and same_phrase(name, text):
        return True
    if len(text) > MOST_SAID_WITHIN + 2 * len(name):
        return False
    shorter = _may_be_part(text, name) and _SHORTER.any_holds(name, text)
    if not (shorter or _SHORTER_OTHERWISE.any_holds(name, text)):
        return False
    return squeezed(text) in map(squeezed, phrasings(given))


def _may_be_part(text: str, name: str) -> bool:
    """Whether a text may be a name with a part left out: what is left must be in the name.

    A plural s, the kind of firm or place may be kept, small initials stand for any name, and what
    is left may be a name that has several.
    """
    typed = squeezed(text)
    if len(text.replace(".", "")) <= LONGEST_ACRONYM or typed in _ONE_OF_SEVERAL:
        return True
    whole = run_together(name)
    return typed in whole or any(typed.removesuffix(kept) in whole for kept in _KEPT)


def _has_of(text: str) -> bool:
    return " of " in text


def _numbered(text: str) -> bool:
    """Whether the last word of a text is a number, in figures or in words."""
    return words(text)[-1:] != () and words(text)[-1].isdigit()


def _is_one_word(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _other_way(name: str, given: str) -> bool:
    """Whether both begin with a small word, but not the same one: from, to the left."""
    pair = {_small_word_before(name), _small_word_before(given)}
    return "" not in pair and len(pair) > 1 and not any(pair <= alike for alike in _ALIKE)


@lru_cache(maxsize=5000)
def _small_word_before(text: str) -> str:
    """Return the small word that a text begins with, in small letters, or ""."""
    found = _PREPOSITION.match(without_padding(text))
    return found[0].casefold() if found else ""


def _without_lead(name: str, text: str, given: str) -> bool:
    """Take left for "to the left", war for "because of the war", but not "from the left"."""
    bare = _without_small_word(name)
    if bare == name:
        return False
    typed = _small_word_before(given)
    if typed and (_other_way(name, given) or not _PREPOSITION.match(name)):
        return False
    return squeezed(bare) == squeezed(text)


@lru_cache(maxsize=5000)
def _without_small_word(name: str) -> str:
    return _LEAD.sub("", without_padding(name))


def _without_parenthesis(name: str, text: str) -> bool:
    bare = _PARENTHESIS.sub("", name) if "(" in name else name
    return bare != name and bool(words(bare)) and squeezed(bare) == squeezed(text)


def _in_other_order(name: str, text: str) -> bool:
    """Lungs and heart for "the heart and the lungs"."""
    left, right = _JOINED.split(name), _JOINED.split(text)
    if len(left) != len(right) or len(left) < 2:  # noqa: PLR2004 one has no order
        return False
    return sorted(map(squeezed, left)) == sorted(map(squeezed, right))


def _of_turned(name: str, text: str) -> bool:
    """Oxford University for "University of Oxford", Greenfield council for "council of …"."""
    if name.count(" of ") + text.count(" of ") != 1:
        return False
    return _of_in_front(name) == _of_in_front(text)


@lru_cache(maxsize=5000)
def _of_in_front(text: str) -> str:
    """Run together what a text is of, and then what it is: University of Oxford."""
    head, _, whole = text.partition(" of ")
    return squeezed(f"{whole} {head}" if whole else head)


def _event(name: str, text: str) -> bool:
    """Hastings for "the Battle of Hastings", Versailles for "the Treaty of Versailles"."""
    found = _EVENT.match(name)
    return bool(found) and squeezed(found[1] if found else "") == squeezed(text)


def _code_alone(name: str, text: str) -> bool:
    """747 for "Boeing 747", B12 for "vitamin B12"; a bare number needs three figures."""
    left, right = words(name), words(text)
    if len(left) != 2 or right != left[1:] or not any(map(str.isdigit, right[0])):  # noqa: PLR2004
        return False
    if _YEARS.fullmatch(right[0]):
        return False  # the 1920s are not the early 1920s
    return len(right[0]) == SHORTEST_CODE or not right[0].isdigit()


def _without_class(name: str, text: str) -> bool:
    """Ebola for "Ebola virus", Riverside Elementary for "Riverside Elementary School"."""
    bare = _CLASS.sub("", name)
    return bare != name and bare[:1].isupper() and squeezed(bare) == squeezed(text)


def _with_context(name: str, text: str) -> bool:
    """Take "Kilimanjaro in Tanzania" for Kilimanjaro; "of" only where it adds little."""
    around, inside = _contexts(text), len(_contexts(name))
    for head, small, tail in around[inside : inside + 1]:
        nation = tail.casefold() in NATIONS
        if small == "of" and not (nation or _may_be_of(name)):
            continue
        by_whom = small == "by" and " " in tail
        if len(squeezed(name)) < SHORTEST_ALONE and not by_whom:
            continue
        if len(tail.split()) > MOST_CONTEXT or _TURNS.search(tail):
            continue
        if squeezed(head) in {squeezed(name), squeezed(without_head(name)) or None}:
            return True
    return False


@lru_cache(maxsize=5000)
def _contexts(text: str) -> tuple[tuple[str, str, str], ...]:
    """Return what is before each small word of a text, the word, and what is behind it."""
    return tuple(
        (text[: found.start()], found[1].casefold(), text[found.end() :])
        for found in _CONTEXT.finditer(text)
    )


def _without_head(name: str, text: str) -> bool:
    """Everest for "Mount Everest", the Thames for "River Thames"."""
    rest = without_head(name)
    return bool(rest) and (rest,) == words(text)


@lru_cache(maxsize=5000)
def without_head(name: str) -> str:
    """Return everest for "Mount Everest", or "" where the name has no kind of place in it."""
    found = words(name)
    rest = [word for word in found if word not in HEADS]
    alone = len(rest) == 1 and len(rest) < len(found) and len(rest[0]) >= SHORTEST_ALONE
    return rest[0] if alone else ""


def _place_without_head(name: str, text: str) -> bool:
    """Take "Kilimanjaro, Tanzania" for "Mount Kilimanjaro"."""
    rest = without_head(name)
    return bool(rest) and "," in text and same_place(rest, text)


_REIGN = re.compile(
    r"^(?:h\.?m\.?\s+|h\.?r\.?h\.?\s+|(?:her|his) majesty\s+)?(?:(?:queen|king|pope|"
    r"emperor|empress|tsar|czar|kaiser|sultan|prince)\s+)(?=(?:[^\W\d]+ ){1,2}\S+$)",
    re.IGNORECASE,
)


def _reign(name: str, text: str) -> bool:
    """Elizabeth II for "Queen Elizabeth II", Louis the fourteenth for "King Louis XIV"."""
    left = words(_REIGN.sub("", name))
    if not (1 < len(left) < MOST_CONTEXT and left[-1].isdigit()):
        return False
    return left == words(_REIGN.sub("", text))


def _may_be_of(name: str) -> bool:
    """Whether "of" behind a name only adds to it: the left ventricle of the heart."""
    return (name[:1].islower() and " " in name) or name.count(" ") > 1 or like_a_person(name)


def _without_lead_word(name: str, text: str) -> bool:
    """Take Victoria for "Lake Victoria", Traviata for "La Traviata"."""
    bare = _LEAD_WORD.sub("", name)
    if bare == name or len(squeezed(bare)) < SHORTEST_ALONE:
        return False
    return squeezed(bare) == squeezed(text)


def _street(name: str, text: str) -> bool:
    """Take Main St Bridge for "Main Street Bridge"; elsewhere St is a saint."""
    left, right = words(name), words(text)
    return "street" in left and left == tuple(
        "street" if word == "saint" else word for word in right
    )


def _with_era(name: str, text: str) -> bool:
    """1066 AD for "1066"."""
    left = _ERA.match(" ".join(words(name)))
    right = _ERA.match(" ".join(words(text))) if left else None
    return bool(left and right and left[1] == right[1])


def _by_initials(name: str, text: str) -> bool:
    """J. F. Kennedy for "John F. Kennedy": two initials or more, and the whole family name."""
    left, right = words(name), words(text)
    if len(right) < 2 or right[-1] != left[-1]:  # noqa: PLR2004 an initial and a name
        return False
    given = "".join(word[0] for word in left[:-1])
    return given.isalpha() and len(given) > 1 and "".join(right[:-1]) == given


_IN_ANY_CASE = RuleBook(
    Rule(_in_other_order, _JOINT.search, _JOINT.search),
    Rule(_of_turned, _has_of, lambda text: not _has_of(text)),
    Rule(_of_turned, lambda name: not _has_of(name), _has_of),
    Rule(_street, lambda name: "street" in words(name), lambda text: "saint" in words(text)),
    Rule(_with_context, of_text=_CONTEXT.search),
    *either(same_place, has_region),
    Rule(same_decade, has_digit),
    Rule(_with_era, lambda name: _ERA.match(" ".join(words(name)))),
    Rule(_by_initials, lambda name: len(words(name)) > 2),  # noqa: PLR2004 two given names
    Rule(cut_short, of_text=lambda text: "." in text),
    Rule(_place_without_head, without_head, lambda text: "," in text),
    Rule(_reign, _numbered, _numbered),
    *SAYING_MORE,
    *SAYING_THE_SAME,
    *NUMBERED_WITH_MORE,
    *OF_NATIONS,
    *DURATIONS,
)
_OF_ONE_WORD: tuple[Callable[[str, str], bool], ...] = (_street, symbol, of_state, same_phrase)
"""Rules that can hold between two single words of letters: the others need a second word, a mark
or a figure. Most wrong responses to most names are one word, and these refuse them alone."""
_ONE_OF_SEVERAL = frozenset((*ONE_NAME, *ONE_NAME.values()))
_KEPT = ("s", "company", "park", "forest", "cemetery", "university", "college")
_SHORTER = RuleBook(
    Rule(_without_parenthesis, lambda name: "(" in name),
    Rule(_event, _EVENT.match),
    Rule(_without_lead_word, _LEAD_WORD.match),
    Rule(_code_alone, has_digit, lambda text: len(words(text)) == 1),
    Rule(_without_class, _CLASS.search),
    Rule(_without_head, without_head),
    *LEAVING_OUT,
    *KNOWN_PARTS,
)
"""Rules that leave a part of the name out: Queen Victoria is not Lake Victoria without its lake."""
_SHORTER_OTHERWISE = RuleBook(*SHORTER_PLACES, *NUMBERED)
"""As much, in a word that need not be of the name: the Canaries, the 13th."""
