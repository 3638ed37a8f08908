"""Names of places with what they lie in: Nashville, Tennessee · Nashville, TN · Paris, France."""

import re
from functools import lru_cache

from app.core.marking.equivalents import NATIONS, ONE_NAME
from app.core.marking.normalise import squeezed, words
from app.core.marking.vocabulary import listed

_STATES = {
    "al": "Alabama",
    "ak": "Alaska",
    "az": "Arizona",
    "ar": "Arkansas",
    "ca": "California",
    "co": "Colorado",
    "ct": "Connecticut",
    "de": "Delaware",
    "fl": "Florida",
    "ga": "Georgia",
    "hi": "Hawaii",
    "id": "Idaho",
    "il": "Illinois",
    "in": "Indiana",
    "ia": "Iowa",
    "ks": "Kansas",
    "ky": "Kentucky",
    "la": "Louisiana",
    "me": "Maine",
    "md": "Maryland",
    "ma": "Massachusetts",
    "mi": "Michigan",
    "mn": "Minnesota",
    "ms": "Mississippi",
    "mo": "Missouri",
    "mt": "Montana",
    "ne": "Nebraska",
    "nv": "Nevada",
    "nh": "New Hampshire",
    "nj": "New Jersey",
    "nm": "New Mexico",
    "ny": "New York",
    "nc": "North Carolina",
    "nd": "North Dakota",
    "oh": "Ohio",
    "ok": "Oklahoma",
    "or": "Oregon",
    "pa": "Pennsylvania",
    "ri": "Rhode Island",
    "sc": "South Carolina",
    "sd": "South Dakota",
    "tn": "Tennessee",
    "tx": "Texas",
    "ut": "Utah",
    "vt": "Vermont",
    "va": "Virginia",
    "wa": "Washington",
    "wv": "West Virginia",
    "wi": "Wisconsin",
    "wy": "Wyoming",
    "on": "Ontario",
    "qc": "Quebec",
    "bc": "British Columbia",
    "ab": "Alberta",
    "mb": "Manitoba",
    "ns": "Nova Scotia",
    "nsw": "New South Wales",
    "qld": "Queensland",
    "tas": "Tasmania",
    "act": "Australian Capital Territory",
}
_OF_STATES = {"unitedstates", "canada", "australia"}
_HOME_NATIONS = frozenset({"england", "scotland", "wales", "northernireland"})
_KINGDOM = frozenset({"unitedkingdom", "britain"})
"""London, England, is London, UK: what lies in one of the first lies in the second."""
STATES = frozenset(_STATES.values())
STATE_LETTERS = {name: (short.upper(),) for short, name in _STATES.items()}
_REGION = {squeezed(name): squeezed(name) for name in (*NATIONS, *STATES)} | {
    short: squeezed(name) for short, name in _STATES.items()
}
_STATE_BEHIND = re.compile(r"^([^\W\d]{4}.*) ([A-Z]{2})$")
"""Birmingham AL."""
_NATIONS = frozenset(squeezed(name) for name in NATIONS)
_NATION_ENDS = frozenset(
    name[at:]
    for name in (*_NATIONS, *(one for one, other in ONE_NAME.items() if other in _NATIONS))
    for at in range(len(name))
)
"""How a nation's names end, run together: most texts end with nothing of the kind."""
_NAMESAKES = listed(
    "paris athens london moscow rome berlin cairo dublin birmingham manchester cambridge oxford "
    "melbourne naples venice lima warsaw vienna geneva delhi memphis alexandria toledo troy "
    "odessa stpetersburg saintpetersburg florence madrid lisbon dresden hamburg amsterdam milan "
    "turin valencia seville zurich stockholm"
)
"""Towns whose name with an American state behind it is another town."""
NOT_WITH_CITY = frozenset(
    squeezed(name) for name in (*NATIONS, *STATES, "Quebec", "Guatemala", "Vatican", "Congo")
) - {"newyork", "singapore"}
"""Mexico is not Mexico City, and the Mississippi not Mississippi."""


@lru_cache(maxsize=20_000)
def same_place(name: str, text: str) -> bool:
    """Whether two names are one place, of which one or both say what it lies in.

    A place without a region takes its nation behind it, or an American state where no older town
    is known by the name; a region is never answer to its town.
    """
    head, regions = _parts(name)
    typed, given = _parts(text)
    if not (regions or given) or squeezed(head) != squeezed(typed) or name.casefold() in NATIONS:
        return False
    if regions and given:
        return not _apart(regions, given)
    return bool(regions) or given[0] in _NATIONS or squeezed(head) not in _NAMESAKES


def has_region(text: str) -> bool:
    """Whether a text says what a place lies in: London, England."""
    return bool(_parts(text)[1])


@lru_cache(maxsize=20_000)
def without_region(name: str) -> str:
    """Return Nashville for "Nashville, Tennessee", or "" where no known region is named."""
    if "," not in name:
        return ""
    head, regions = _parts(name)
    return head if regions else ""


def _apart(regions: tuple[str, ...], given: tuple[str, ...]) -> bool:
    """Whether two lists of regions differ where both name a state, or both a nation.

    A state lies in America or Canada: Birmingham, Alabama, is not Birmingham, England.
    """
    if {*regions} & _KINGDOM and {*given} <= _HOME_NATIONS | _KINGDOM:
        regions = given
    elif {*given} & _KINGDOM and {*regions} <= _HOME_NATIONS | _KINGDOM:
        given = regions
    for of_kind in (lambda one: one in _NATIONS, lambda one: one not in _NATIONS):
        left, right = set(filter(of_kind, regions)), set(filter(of_kind, given))
        if left and right and left != right:
            return True
    nations = {one for one in (*regions, *given) if one in _NATIONS}
    return len(nations) < len({*regions, *given}) and bool(nations - _OF_STATES)


@lru_cache(maxsize=20_000)
def _parts(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a place and the regions behind its commas: only where all of those are known."""
    if "," in text or "(" in text:
        head, *rest = (part.strip(" )") for part in text.replace("(", ",").split(","))
        regions = tuple(_REGION.get(squeezed(part) if part else "", "") for part in rest)
        return (head, regions) if head and all(regions) else (text, ())
    if text[-2:].lower() in _STATES and (found := _STATE_BEHIND.match(text)):
        return found[1], (_REGION[found[2].lower()],)
    head, nation = _nation_behind(text)
    return (head, (nation,)) if nation else (text, ())


def _nation_behind(text: str) -> tuple[str, str]:
    """Part "london england" without its comma."""
    if not _NATION_ENDS.issuperset(words(text)[-1:]):
        return text, ""
    found = text.rsplit(maxsplit=2)
    for count in (1, 2):
        nation = squeezed(" ".join(found[-count:])) if len(found) > count else ""
        if nation in _NATIONS:
            return " ".join(text.split()[:-count]), nation
    return text, ""
