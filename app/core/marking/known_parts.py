"""Names by what they are known for: Elizabeth the First, Yale, the Commons, the Last Crusade."""

import re
from functools import lru_cache

from app.core.marking.equivalents import CANONICAL, NATIONS
from app.core.marking.name_words import RANKS
from app.core.marking.normalise import folded, squeezed, words
from app.core.marking.people import like_a_person
from app.core.marking.places import STATES
from app.core.marking.same_names import CITIES
from app.core.marking.vocabulary import listed

_PLACES = CITIES | {squeezed(one) for one in (*NATIONS, *STATES)}
_NUMBERS = {"i": "1"} | {
    word: number
    for word, number in CANONICAL.items()
    if number.isdigit() and int(number) <= 24  # noqa: PLR2004 no king has more
}
_RULER = re.compile(r"^(?P<name>[^\W\d]+(?: (?!the )[^\W\d]+)?)[ -](?:the )?(?P<number>\w+)$")
_RULES = listed("queen king pope emperor empress tsar czar kaiser sultan prince st saint")
_INSTITUTION = re.compile(
    r"^(?:the )?(?P<name>.+) (?P<kind>National Park|National Forest|National Cemetery|State Park|"
    r"University|College)$"
)
_SERIES = re.compile(r"^[A-Z][\w']+ [A-Z][\w']+ and (?P<title>(?:the|a) .+ .+|the \w{6,})$")
_FIRM = re.compile(
    r"^(?:The )?(?P<name>.+?) (?:(?:Motor|Pictures|Brewing|Oil|Steel) )?"
    r"(?:Company|Corporation|Co\.?|Inc\.?|& Sons|Brothers)$"
)
_CHAMBER = re.compile(r"^(?:the )?House of (?P<name>Commons|Lords)$", re.IGNORECASE)
_NO_HEAD = listed("republic kingdom states state city town university bank king queen")
SHORTEST_ALONE = 4


def ruler(name: str, text: str) -> bool:
    """Take Elizabeth the First, Elizabeth 1 for "Queen Elizabeth I", Ludwig II for "… of Bavaria".

    The number must be there and be the same; what was ruled may be left out, not changed.
    """
    known, typed = _ruler(name), _ruler(text)
    if known is None or typed is None:
        return False
    return known[:2] == typed[:2] and typed[2] in {"", known[2]}


@lru_cache(maxsize=5000)
def _ruler(text: str) -> tuple[str, str, str] | None:
    """Return a ruler's name, number and realm; None where there is no number."""
    plain = re.sub(r",? (?:king|queen|emperor|tsar|czar) of ", " of ", folded(text).strip(" ."))
    who, _, realm = plain.partition(" of ")
    titled = who.removeprefix("the ").split(" ", 1)
    if len(titled) > 1 and titled[0] in _RULES:
        who = titled[1]
    found = _RULER.fullmatch(who)
    number = _NUMBERS.get(found["number"], found["number"]) if found else ""
    if found is None or not number.isdigit():
        return None
    return found["name"], number, realm.removeprefix("the ")


def institution(name: str, text: str) -> bool:
    """Take Yale for "Yale University", Yellowstone, Yellowstone Park for "… National Park".

    Where the rest is a place by itself, it is another thing: Boston University is not Boston.
    """
    found = _INSTITUTION.match(name)
    if found is None:
        return False
    alone = squeezed(found["name"])
    if len(alone) < SHORTEST_ALONE or alone in _PLACES:
        return False
    last = found["kind"].split()[-1].casefold()
    return squeezed(text) in {alone, f"{alone}{last}"}


def series(name: str, text: str) -> bool:
    """Take The Last Crusade for "Indiana Jones and the Last Crusade"."""
    found = _SERIES.match(name)
    return bool(found) and squeezed(found["title"] if found else "") == squeezed(text)


def firm_of(name: str, text: str) -> bool:
    """Take Disney for "The Walt Disney Company": a firm that has a person's name."""
    found = _FIRM.match(name)
    if found is None or not like_a_person(found["name"]):
        return False
    family = words(found["name"])[-1]
    return squeezed(text) in {family, f"{family}company"} and len(family) >= SHORTEST_ALONE


def chamber(name: str, text: str) -> bool:
    """Take the Commons for "the House of Commons"."""
    found = _CHAMBER.match(name)
    return bool(found) and squeezed(found["name"] if found else "") == squeezed(text)


def of_a_nation(name: str, text: str) -> bool:
    """Take the Supreme Court for "the Supreme Court of the United States"."""
    head, of, nation = name.rpartition(" of ")
    parts = words(head)
    if not of or len(parts) < 2 or parts[-1] in _NO_HEAD | RANKS:  # noqa: PLR2004 a bare "Bank"
        return False
    return squeezed(nation) in _PLACES and squeezed(head) == squeezed(text)


KNOWN_PARTS = (institution, series, firm_of, chamber, of_a_nation)
"""Rules that leave a part of the name out: only where nothing else was said around it."""
