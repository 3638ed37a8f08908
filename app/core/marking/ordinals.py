"""Which one of several, by its number alone: the 13th, ninth month, the second."""

import re
from functools import lru_cache

from app.core.marking.normalise import folded, words
from app.core.marking.rules import Rule

_NUMBERED = re.compile(
    r"^(?:the )?(?P<number>\d{1,3}(?:st|nd|rd|th)|[a-z]+(?:-[a-z]+)?) (?P<what>[a-z]+)"
    r"(?: (?P<rest>(?:of|to|in) .+)| (?P<more>[a-z]+))?$"
)
_OF_THE = re.compile(r" (?:of|to|in) the ")
_TYPED = re.compile(r"(?:the )?(?P<number>\d{1,3}(?:st|nd|rd|th)|[a-z]+(?:-[a-z]+)?)(?: one)?")
_ORDINAL = re.compile(
    r"\d+(?:st|nd|rd|th)|(?:[a-z]+-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|"
    r"tenth|eleventh|twelfth|[a-z]+teenth|[a-z]+tieth)"
)


def by_number(name: str, text: str) -> bool:
    """Take the 13th for "Thirteenth Amendment", ninth month for "… of the Islamic calendar".

    A bare figure does not do: 13 counts.
    """
    known = _known(name)
    typed = folded(text).strip(" .")
    if known is None:
        return False
    number, whole = known
    if whole and words(typed) == whole:
        return True
    found = _TYPED.fullmatch(typed)
    return bool(found and _ORDINAL.fullmatch(found["number"]) and words(found["number"]) == number)


def with_whole(name: str, text: str) -> bool:
    """Take the Thirteenth Amendment to the Constitution for "Thirteenth Amendment"."""
    head = _OF_THE.split(text, maxsplit=1)[0]
    return head != text and _known(name) is not None and words(head) == words(name)


@lru_cache(maxsize=5000)
def _known(name: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the number of a name and, where it says of what, the words ahead of that."""
    found = _NUMBERED.match(folded(name))
    if found is None or not _ORDINAL.fullmatch(found["number"]):
        return None
    ahead = words(f"{found['number']} {found['what']}") if found["rest"] else ()
    return words(found["number"]), ahead


NUMBERED = (Rule(by_number, _known),)
"""Rules that leave out what is counted."""
NUMBERED_WITH_MORE = (Rule(with_whole, _known),)
