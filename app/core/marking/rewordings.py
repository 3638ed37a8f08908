"""Answers in other words that every reader takes for the same: without a small word, turned round.

Each rule works on cleaned text and says nothing about spelling; `text` tries them after the plain
comparison has failed.
"""

import re
from collections.abc import Callable

from app.core.marking.equivalents import HEADS, NAME_PARTICLES, NATIONS
from app.core.marking.normalise import squeezed, without_padding, words

_LEAD = re.compile(
    r"^(?:in|on|at|by|to|of|for|with|into|onto|because of|due to|thanks to)\s+(?=\w)", re.IGNORECASE
)
"""Small words that a question makes clear; "before" and "without" mean something."""
_PREPOSITION = re.compile(
    r"^(?:in|on|at|by|to|of|for|with|into|onto|from|off|out|before|after|under|over|above|below|"
    r"without|against|behind|during|since|until|near|despite|except)\b",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"\s*\([^()]*\)\s*$")
_JOINED = re.compile(r"\s*(?:,|\band\b|&)\s*", re.IGNORECASE)
_UNIVERSITY = re.compile(r"^(?:the )?university of (\w[\w .'-]*)$|^(\w[\w .'-]*) university$")
_ERA = re.compile(r"^(?:ad )?(\d{1,4})(?: (?:ad|ce))?$")
SHORTEST_ALONE = 5
"""Letters of a name that stands without its kind of place."""


def reworded(name: str, text: str, given: str) -> bool:
    """Whether a response says the same as a right answer in other words.

    `text` is what is left of the response, `given`, without the words around an answer.
    """
    return any(rule(name, text) for rule in _RULES) or _without_lead(name, text, given)


def _without_lead(name: str, text: str, given: str) -> bool:
    """Take left for "to the left", war for "because of the war", but not "from the left"."""
    bare = _LEAD.sub("", without_padding(name))
    if bare == name or _PREPOSITION.match(without_padding(given)):
        return False
    return squeezed(bare) == squeezed(text)


def _without_parenthesis(name: str, text: str) -> bool:
    bare = _PARENTHESIS.sub("", name)
    return bool(words(bare)) and bare != name and squeezed(bare) == squeezed(text)


def _in_other_order(name: str, text: str) -> bool:
    """Lungs and heart for "the heart and the lungs"."""
    left, right = (sorted(map(squeezed, _JOINED.split(one))) for one in (name, text))
    return len(left) > 1 and left == right


def _university(name: str, text: str) -> bool:
    """Oxford University for "University of Oxford"."""
    found = [_UNIVERSITY.match(one.casefold()) for one in (name, text)]
    if found[0] is None or found[1] is None:
        return False
    one, other = ((match[1] or match[2]) for match in found if match)
    return squeezed(one) == squeezed(other)


def _without_head(name: str, text: str) -> bool:
    """Everest for "Mount Everest", the Thames for "River Thames"."""
    left, right = words(name), words(text)
    rest = tuple(word for word in left if word not in HEADS)
    return rest != left and len(rest) == 1 and len(rest[0]) >= SHORTEST_ALONE and rest == right


def _with_nation(name: str, text: str) -> bool:
    """Paris, France for "Paris"; not for a country, where it would be a second answer."""
    if name.casefold() in NATIONS or squeezed(text) == squeezed(name):
        return False
    for nation in NATIONS:
        if text.casefold().endswith(nation):
            before = text[: -len(nation)].rstrip(", (")
            if before != text[: -len(nation)] and squeezed(before) == squeezed(name):
                return True
    return False


def _with_era(name: str, text: str) -> bool:
    """1066 AD for "1066"."""
    left, right = (_ERA.match(" ".join(words(one))) for one in (name, text))
    return bool(left and right and left[1] == right[1])


def _by_initials(name: str, text: str) -> bool:
    """J. F. Kennedy for "John F. Kennedy": two initials or more, and the whole family name."""
    left, right = words(name), words(text)
    given = "".join(word[0] for word in left[:-1])
    full = len(given) > 1 and len(right) > 1 and right[-1] == left[-1]
    return full and "".join(right[:-1]) == given


_RULES: tuple[Callable[[str, str], bool], ...] = (
    _without_parenthesis,
    _in_other_order,
    _university,
    _without_head,
    _with_nation,
    _with_era,
    _by_initials,
)


def family_name(name: str) -> tuple[str, ...]:
    """Return the words of a person's family name, its particle included: van Gogh."""
    found = words(name)
    for at in range(1, len(found) - 1):
        if found[at] in NAME_PARTICLES:
            return found[at:]
    return found[-1:]
