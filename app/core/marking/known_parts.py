"""Names by what they are known for: Elizabeth the First, Yale, the Commons, the Last Crusade."""

import re
from functools import lru_cache

from app.core.marking.equivalents import CANONICAL, NATIONS
from app.core.marking.name_words import RANKS
from app.core.marking.normalise import folded, squeezed, words
from app.core.marking.people import PERSON_KINDS, fits_person, like_a_person
from app.core.marking.places import STATES
from app.core.marking.rules import Rule
from app.core.marking.same_names import CITIES
from app.core.marking.templates import filled
from app.core.marking.vocabulary import listed

_PLACES = CITIES | {squeezed(one) for one in (*NATIONS, *STATES)}
_NUMBERS = {"i": "1"} | {
    word: number
    for word, number in CANONICAL.items()
    if number.isdigit() and int(number) <= 24  # noqa: PLR2004 no king has more
}
_RULER = re.compile(r"^(?P<name>[^\W\d]+(?: (?!the )[^\W\d]+)?)[ -](?:the )?(?P<number>\w+)$")
_RULES_OF = re.compile(r",? (?:king|queen|emperor|tsar|czar) of ")
_PRIZE_FOR = re.compile(r"\bprize (?:for|in) (?:the )?(\w+)$", re.IGNORECASE)
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
_TRADE = re.compile(
    r"^(?:the |The )?(?P<name>(?!General|Standard|American|United|National)[A-Z]\w+) "
    r"(?:Motor|Brewing|Oil|Tobacco|Mining) (?:Company|Co\.?|Corporation)$"
)
_CHAMBER = re.compile(r"^(?:the )?House of (?P<name>Commons|Lords)$", re.IGNORECASE)
_NO_HEAD = RANKS | listed("republic kingdom states state city town university bank king queen")
SHORTEST_ALONE = 4


def ruler(name: str, text: str) -> bool:
    """Take Elizabeth the First, Elizabeth 1 for "Queen Elizabeth I", Ludwig II for "… of Bavaria".

    The number must be there and be the same; what was ruled may be left out, not changed.
    """
    known, typed = _ruler(name), _ruler(text)
    if known is None or typed is None:
        return False
    added = not known[2] and squeezed(typed[2]) in _PLACES
    return known[:2] == typed[:2] and (typed[2] in {"", known[2]} or added)


@lru_cache(maxsize=5000)
def _ruler(text: str) -> tuple[str, str, str] | None:
    """Return a ruler's name, number and realm; None where there is no number."""
    if all(word.isalpha() and word != "i" for word in words(text)):
        return None
    plain = _RULES_OF.sub(" of ", folded(text).strip(" ."))
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


def trade_firm(name: str, text: str) -> bool:
    """Take Ford for "Ford Motor Company", but not General for any of them."""
    found = _TRADE.match(name)
    alone = squeezed(found["name"]) if found else ""
    return len(alone) >= SHORTEST_ALONE and alone not in _PLACES and squeezed(text) == alone


def prize(name: str, text: str) -> bool:
    """Take the Nobel Prize for Peace for "the Nobel Peace Prize"."""
    return name != text and "rize" in name and squeezed(_prize(name)) == squeezed(_prize(text))


def _prize(text: str) -> str:
    return _PRIZE_FOR.sub(filled(r"\1 Prize"), text.strip(" ."))


def pair(name: str, text: str) -> bool:
    """Take Paul Simon and Art Garfunkel for "Simon and Garfunkel", Wilbur and Orville Wright."""
    left, right = (one.split(" and ") for one in (folded(name), folded(text).replace("&", "and")))
    if len(left) != 2 or len(right) != 2 or not name[:1].isupper():  # noqa: PLR2004 two people
        return False
    if all(" " not in one for one in left):
        return [one.split()[-1] for one in right] == left and all(" " in one for one in right)
    return _turned(*left) == " and ".join(right)


def _turned(first: str, second: str) -> str:
    """Return Wilbur and Orville Wright for Orville and Wilbur Wright."""
    given, _, family = second.rpartition(" ")
    return f"{given} and {first} {family}"


_BETWEEN_TWO = re.compile(r"\s*(?:,|&|\band\b)\s*")


def families(name: str, text: str) -> bool:
    """Take Gates and Allen for "Bill Gates and Paul Allen": two people by their family names."""
    known, typed = _two(name), _two(text)
    if known[1:] and squeezed(text) in _of_one_family(known):
        return True
    if len(known) != 2 or len(typed) != 2 or not all(map(like_a_person, known)):  # noqa: PLR2004
        return False
    return any(
        all(fits_person(one, other) == 0 for one, other in zip(known, turned, strict=True))
        for turned in (typed, typed[::-1])
    )


def _two(text: str) -> list[str]:
    """Part a text at its "and"; Marie and Pierre Curie are two of one family."""
    parts = _BETWEEN_TWO.split(text)
    if len(parts) == 2 and " " not in parts[0] and " " in parts[1]:  # noqa: PLR2004 two people
        parts[0] = f"{parts[0]} {parts[1].rsplit(maxsplit=1)[-1]}"
    return parts


def _of_one_family(known: list[str]) -> frozenset[str]:
    """Return what two of one family are called together: the Curies, the Wright brothers."""
    families = {one.rsplit(maxsplit=1)[-1] for one in known if like_a_person(one)}
    if len(families) != 1 or len(known) != 2:  # noqa: PLR2004 two people
        return frozenset()
    family = families.pop()
    return frozenset(
        squeezed(f"{family}{behind}") for behind in ("s", " brothers", " sisters", " siblings")
    )


_ROLES = ("er", "or", "ist", "ian", "naut", "ess", "man", "woman")
"""How words end that say what somebody is."""
_SMALL_WORD = re.compile(r"[a-z][a-z-]+")
_ANY_WORD = re.compile(r"[A-Za-z][A-Za-z.-]+")
_NOT_DESCRIBING = listed(
    "not no nor or and but of by from near before after without than except like unlike versus to "
    "for with against wife husband son daughter brother sister mother father former future fake "
    "young old son's anti ex non mount lake river port fort new north south east west"
)


def described(name: str, text: str) -> bool:
    """Take "tennis player Serena Williams", "Facebook founder Mark Zuckerberg" before whole names.

    Up to three words, small ones unless the last of them says what somebody is.
    """
    at = text.find(name)
    before = text[:at].split() if at > 0 else []
    if " " not in name or not name[0].isupper() or not 0 < len(before) <= 3:  # noqa: PLR2004
        return False
    role = before[-1] in PERSON_KINDS or before[-1].endswith(_ROLES)
    pattern = _ANY_WORD if role and like_a_person(name) else _SMALL_WORD
    plain = all(map(pattern.fullmatch, before))
    return text[at:] == name and plain and not {one.casefold() for one in before} & _NOT_DESCRIBING


def chamber(name: str, text: str) -> bool:
    """Take the Commons for "the House of Commons"."""
    found = _CHAMBER.match(name)
    return bool(found) and squeezed(found["name"] if found else "") == squeezed(text)


def of_a_nation(name: str, text: str) -> bool:
    """Take the Supreme Court for "the Supreme Court of the United States"."""
    head, of, nation = name.rpartition(" of ")
    parts = words(head)
    if not of or len(parts) < 2 or parts[-1] in _NO_HEAD:  # noqa: PLR2004 a bare "Bank"
        return False
    return squeezed(nation) in _PLACES and squeezed(head) == squeezed(text)


SAYING_MORE = (
    Rule(ruler, _ruler, _ruler),
    Rule(prize, lambda name: "rize" in name),
    Rule(pair, lambda name: " and " in folded(name)),
    Rule(families, lambda name: len(_two(name)) == 2),  # noqa: PLR2004 two people
    Rule(described, lambda name: " " in name, lambda text: " " in text),
)
KNOWN_PARTS = (
    Rule(institution, _INSTITUTION.match),
    Rule(series, _SERIES.match),
    Rule(firm_of, _FIRM.match),
    Rule(trade_firm, _TRADE.match),
    Rule(chamber, _CHAMBER.match),
    Rule(of_a_nation, lambda name: " of " in name),
)
"""Rules that leave a part of the name out: only where nothing else was said around it."""
