"""Names with a part left out or put before that every reader takes for the same one.

The Broncos for "Denver Broncos", Wembley for "Wembley Stadium", UC Berkeley, fbi.
"""

import re
from functools import lru_cache

from text_to_num import alpha2digit

from app.core.marking.equivalents import NATIONS
from app.core.marking.name_words import GIVEN_NAMES, NOT_FAMILY
from app.core.marking.normalise import clean, folded, squeezed, words
from app.core.marking.people import STANDS_APART, could_be_person
from app.core.marking.places import STATE_LETTERS, STATES
from app.core.marking.rules import Rule, either
from app.core.marking.same_names import CITIES, SYMBOLS
from app.core.marking.vocabulary import listed

SHORTEST_ALONE = 4
_PLACES = CITIES | {squeezed(one) for one in (*NATIONS, *STATES)}
_NO_TEAM = listed("times news games studios works nations states islands falls hills heights")
_KIND_BEHIND = re.compile(
    r" (?:Stadium|Arena|Airport|Party|Prize|Awards?|rainforest|Peninsula|Archipelago|Museum|"
    r"Palace|Cathedral|Abbey|[Dd]ynasty|Empire|Theorem|Scale|Railway|Canal|Dam|Trophy|"
    r"(?<=Thanksgiving )Day|(?<=Halloween )Day)$"
)
_BUILT_BEHIND = re.compile(r"(?<=\S) (?:Bridge|Building|Square|Tower|Fountain|Memorial)$")
"""As much, behind two words or more: Golden Gate, but not Brooklyn."""
"""What kind of thing a name is of, where the rest of the name alone is known for it."""
_BUILDINGS = listed(
    """
    stadium arena airport museum palace cathedral abbey bridge tower park hall theatre theater
    station zoo square street hotel hospital school college university library gallery gardens
    garden castle house church temple mosque centre center
    """
)
_YEAR_BESIDE = re.compile(r"^\d{4} |(?<=[^\s,(])(?:,? | ?\()\d{4}\)?$")
_NATIONAL = re.compile(
    r"^(?:the\s+)?(?:u\.?s\.?a?\.?|united states|american|british|u\.?k\.?)\s+(?=(?:congress|"
    r"senate|supreme court|house of|constitution|government|president|army|navy|air force|"
    r"marine|treasury|federal reserve|parliament|prime minister|civil war|department|"
    r"national|(?:\w+ )?party)\b)",
    re.IGNORECASE,
)
_TURNED = re.compile(r"([^()]+)\(([^()]+)\)")
_DIRECTION = re.compile(r"([NSEW])\.? (?=[A-Z])")
_SUBTITLE = re.compile(r"^[^:]{2,60}:\s+(.+)$")
_NOT_BEFORE_NAMES = listed(
    "new old north south east west northern southern eastern western great little upper lower san "
    "santa saint st fort port lake mount los las el la not no nor anti post pre ex non"
)
_FORMAL = re.compile(
    r"^(?:the\s+)?(?:(?:federal|federative|islamic|arab|socialist|federated)\s+)?"
    r"(?:republic|kingdom|commonwealth|principality|sultanate|state)\s+of\s+",
    re.IGNORECASE,
)
_TWO_OF_A_NAME = frozenset({"korea", "congo", "china", "georgia", "washington", "newyork"})
_LARGE = re.compile(r"\b(?:hundred|thousand|million)\b", re.IGNORECASE)
_A_HUNDRED = re.compile(r"\ba (?=hundred|thousand|million)")
_FIGURE = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+")
LONGEST_COUNTED = 200
MOST_BEFORE = 2
MOST_OF_PLACE = 6
"""Words of a place before its team, and one more."""
SHORTEST_ACRONYM, LONGEST_ACRONYM = 3, 6


def team(name: str, text: str) -> bool:
    """Take the Broncos for "Denver Broncos": a plural behind a place."""
    alone = _team_alone(name)
    return bool(alone) and alone == squeezed(text)


@lru_cache(maxsize=5000)
def _team_alone(name: str) -> str:
    """Return what a team's name is without its place, run together; "" for anything else."""
    parts = name.removeprefix("The ").removeprefix("the ").split()
    for cut in range(1, min(len(parts), MOST_OF_PLACE)):
        rest = parts[cut:]
        if squeezed(" ".join(parts[:cut])) in _PLACES and rest[-1][-1:] in {"s", "x"}:
            known = rest[-1].casefold() not in _NO_TEAM and all(one[0].isupper() for one in rest)
            return squeezed(" ".join(rest)) if known else ""
    return ""


_STREET = re.compile(r"^\d{1,5}[a-z]?,? (?=.+ (?:st(?:reet)?|road|rd|ave(?:nue)?|lane|drive)\b)")


def house_number(name: str, text: str) -> bool:
    """Take 221B Baker Street for "Baker Street", also with its town."""
    bare = _STREET.sub("", folded(text)).partition(",")[0]
    return not _STREET.match(folded(name)) and words(bare) == words(name)


_CHEESE = re.compile(r"^(?P<which>[^\W\d]{4,}) cheese$")
_NO_CHEESE = listed("blue cream cottage goat goats hard soft white yellow sheep grated string")


def cheese(name: str, text: str) -> bool:
    """Take feta, Greek feta for "feta cheese"."""
    found = _CHEESE.match(folded(name))
    which = found["which"] if found else ""
    return which not in _NO_CHEESE and folded(text) == which != ""


def without_kind(name: str, text: str) -> bool:
    """Wembley for "Wembley Stadium", Labour for "Labour Party", but no town's or nation's name."""
    alone = _kind_left_out(name)
    return bool(alone) and squeezed(text) in {alone, f"{alone}s"}


@lru_cache(maxsize=5000)
def _kind_left_out(name: str) -> str:
    """Return a name without its kind, run together; "" where that could be something else."""
    bare = _KIND_BEHIND.sub("", name)
    built = _BUILT_BEHIND.sub("", name)
    last = built.rsplit(" ", 1)[-1].casefold()
    if bare == name and " " in built.removeprefix("The ") and last not in NOT_FAMILY:
        bare = built
    alone = squeezed(bare)
    if bare == name or len(alone) < SHORTEST_ALONE or alone in _PLACES:
        return ""
    return alone


def in_its_town(name: str, text: str) -> bool:
    """Wembley Stadium, London: a building with its town, and what that lies in, behind commas."""
    head, comma, tail = text.partition(",")
    last = words(name)[-1:]
    if not comma or not last or last[0] not in _BUILDINGS or squeezed(head) != squeezed(name):
        return False
    return all(squeezed(part) in _PLACES for part in tail.split(",") if part.strip())


def year_beside(name: str, text: str) -> bool:
    """Take "1763 Treaty of Paris", "Treaty of Paris (1763)": a year only tells it apart."""
    bare = _YEAR_BESIDE.sub("", text)
    return bare != text and not _FIGURE.search(name) and squeezed(bare) == squeezed(name)


def national(name: str, text: str) -> bool:
    """Take the US Congress for "Congress", and the other way round."""
    bare, typed = _NATIONAL.sub("", name), _NATIONAL.sub("", text)
    return (bare != name or typed != text) and squeezed(bare) == squeezed(typed)


def subtitle(name: str, text: str) -> bool:
    """Take A New Hope for "Star Wars: A New Hope", two words or more behind a colon."""
    found = _SUBTITLE.match(name)
    return bool(found and len(words(found[1])) > 1 and squeezed(found[1]) == squeezed(text))


def initials_of_some(name: str, text: str) -> bool:
    """UC Berkeley for "University of California, Berkeley": capitals stand for the words ahead."""
    head, _, rest = clean(text).replace(".", "").partition(" ")
    if not (rest and head.isupper() and head.isalpha() and 1 < len(head) <= LONGEST_ACRONYM):
        return False
    spoken = _WORD.findall(name)
    for cut in range(len(head), len(spoken)):
        ahead = [word for word in spoken[:cut] if word[0].isupper()]
        if "".join(word[0] for word in ahead) == head:
            behind = [word for word in spoken[cut:] if word not in {"of", "the", "at"}]
            return squeezed(" ".join(behind)) == squeezed(rest)
    return False


def small_initials(name: str, text: str) -> bool:
    """Take fbi for "Federal Bureau of Investigation": initials as they are typed in haste."""
    typed = text.replace(".", "")
    if not (typed.islower() and typed.isalpha() and typed.isascii()):
        return False
    if not SHORTEST_ACRONYM <= len(typed) <= LONGEST_ACRONYM:
        return False
    ahead = [word[0] for word in _WORD.findall(name) if word[0].isupper()]
    return len(ahead) == len(typed) and "".join(ahead).casefold() == typed


def symbol(name: str, text: str) -> bool:
    """Take K for potassium: an element's symbol, its case right. Who asks for it wants no name."""
    element = SYMBOLS.get(text.strip(" ."))
    return element is not None and words(name) in {(element,), ("element", element)}


def of_state(name: str, text: str) -> bool:
    """Take FL for Florida: two capitals, as on a letter."""
    return text.strip(" .") in STATE_LETTERS.get(name, ())


def at_for_comma(name: str, text: str) -> bool:
    """Take "University of California at Berkeley" for the name with a comma, or with in."""
    if "," not in name:
        return False
    typed = tuple(word for word in words(text) if word not in {"at", "in"})
    return words(name) == typed and len(typed) > 1


def without_and(name: str, text: str) -> bool:
    """Take the French-Indian War for "the French and Indian War"; spring 1942, spring of 1942."""
    left, right = words(name), words(text)
    small = "of" if left[-1:] and left[-1].isdigit() else "and"
    if small not in left or len(left) < 3:  # noqa: PLR2004 two things joined
        return False
    return right == tuple(word for word in left if word != small)


_NO_GIVEN_NAMES = listed(
    """
    new los las san santa les la le el general united north south east west rio mount lake fort
    port hong sri costa puerto great royal national grand
    """
)
"""What names of places and things begin with: New York is nobody's."""


def more_names_before(name: str, text: str) -> bool:
    """Nelle Harper Lee for "Harper Lee", Saint Joan of Arc: a name or two before a whole one."""
    left, right = words(name), words(text)
    extra = right[: len(right) - len(left)]
    if len(left) < 2 or not 0 < len(extra) <= MOST_BEFORE or right[-len(left) :] != left:  # noqa: PLR2004
        return False
    if STANDS_APART.search(text) or left[0] in _NO_GIVEN_NAMES:
        return False
    if extra[0] in GIVEN_NAMES and extra[-1] not in GIVEN_NAMES:  # somebody else's whole name
        return False
    of_place = " of " in name and left[0] != "saint"
    if not (could_be_person(name) or of_place):
        return False
    first = extra[0]
    sainted = extra == ("saint",)
    told = text.split()[: -len(name.split())]
    named = all(one[:1].isupper() for one in told) and not (set(extra) & _NOT_BEFORE_NAMES)
    return sainted or (named and not first.isdigit() and could_be_person(name))


def turned_parenthesis(name: str, text: str) -> bool:
    """Take "atrium (left)" for "the left atrium"."""
    found = _TURNED.fullmatch(text)
    return bool(found and squeezed(f"{found[2]} {found[1]}") == squeezed(name))


def in_turn(name: str, text: str) -> bool:
    """Take the Opera House in Sydney for "Sydney Opera House"."""
    thing, small, place = text.rpartition(" in ")
    known = bool(small) and squeezed(place) in _PLACES
    return known and squeezed(f"{place} {thing}") == squeezed(name)


def formal(name: str, text: str) -> bool:
    """Take "Republic of South Africa" for South Africa, but not for one of two Koreas."""
    bare, head = _FORMAL.sub("", name), _FORMAL.sub("", text)
    both = squeezed(bare) == squeezed(head) and (bare != name) is not (head != text)
    return both and squeezed(bare) in _PLACES - _TWO_OF_A_NAME


def direction(name: str, text: str) -> bool:
    """S. Africa, N. Korea: a direction cut short."""
    found = _DIRECTION.match(text)
    if found is None:
        return False
    whole = {"N": "North", "S": "South", "E": "East", "W": "West"}[found[1]]
    return squeezed(f"{whole} {text[found.end() :]}") == squeezed(name)


def counted(name: str, text: str) -> bool:
    """100 Years of Solitude for "One Hundred Years of Solitude"."""
    if not (_LARGE.search(name) or _LARGE.search(text)) or len(name) + len(text) > LONGEST_COUNTED:
        return False
    return _in_figures(name) == _in_figures(text)


_CENTURIES = {"fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18}
_CENTURIES |= {"nineteen": 19, "twenty": 20}
_YEAR_SPOKEN = re.compile(rf"^({'|'.join(_CENTURIES)}) ([a-z]+ty(?:[- ][a-z]+)?|[a-z]+teen)$")


def year_spoken(name: str, text: str) -> bool:
    """Take 1984 for "Nineteen Eighty-Four"."""
    found = _YEAR_SPOKEN.match(folded(name))
    behind = words(found[2]) if found else ()
    year = f"{_CENTURIES[found[1]]}{behind[0]}" if found and len(behind) == 1 else ""
    return year.isdigit() and folded(text).strip(" .") == year


@lru_cache(maxsize=2000)
def _in_figures(text: str) -> str:
    plain = _A_HUNDRED.sub("one ", folded(text).replace("-", " "))
    try:
        return squeezed(str(alpha2digit(plain, "en", 0)))
    except ValueError:
        return squeezed(text)


def nation_behind(name: str, text: str) -> bool:
    """Henry the Eighth of England, the Great Wall of China: a nation that only adds."""
    head, of, nation = text.rpartition(" of ")
    named = " " in name.strip() and bool(of) and squeezed(nation) in _PLACES
    return named and squeezed(head) == squeezed(name)


_BINOMIAL = re.compile(r"^([A-Z])[a-z]+ ([a-z]{3,}(?: [a-z]{3,})?)$")
_GENUS_CUT = re.compile(r"^([a-z])(?:\.? |\.|-)([a-z ]{3,})$")


def binomial(name: str, text: str) -> bool:
    """Take H. sapiens for "Homo sapiens": a genus by its initial, the species in full."""
    whole, short = _BINOMIAL.match(name), _GENUS_CUT.match(folded(text))
    if whole is None or short is None:
        return False
    return (whole[1].casefold(), whole[2]) == (short[1], short[2])


_NUMBERED = re.compile(r"^([a-z]{1,3})[ -]?(\d{1,2})$")


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def initials_and_number(name: str, text: str) -> bool:
    """Take F1 for "Formula One", PS4 for "PlayStation 4": initials, and the number behind them."""
    short, whole = _NUMBERED.match(folded(text)), words(_CAMEL.sub(" ", name))
    if short is None or len(whole) < 2 or not whole[-1].isdigit():  # noqa: PLR2004 a word and a number
        return False
    ahead = whole[:-1]
    initials = "".join(word[0] for word in ahead)
    return all(map(str.isalpha, ahead)) and (initials, whole[-1]) == (short[1], short[2])


_DOCTRINE = re.compile(
    r"^(?:the )?(?P<which>\w+) (?:theory|law|principle|theorem) of (?:the )?(?P<of>.+)$"
)


def doctrine(name: str, text: str) -> bool:
    """Take the general theory of relativity for "general relativity", and the other way round."""
    left, right = folded(name), folded(text)
    for long, short in ((left, right), (right, left)):
        found = _DOCTRINE.match(long)
        if found and squeezed(f"{found['which']} {found['of']}") == squeezed(short):
            return True
    return False


def _capitals_ahead(text: str) -> bool:
    return clean(text)[:2].replace(".", "").isupper() and " " in text


SAYING_THE_SAME = (
    Rule(binomial, _BINOMIAL.match, lambda text: _GENUS_CUT.match(folded(text))),
    *either(doctrine, lambda text: _DOCTRINE.match(folded(text))),
    Rule(initials_and_number, of_text=lambda text: _NUMBERED.match(folded(text))),
    Rule(in_its_town, lambda name: {*words(name)[-1:]} & _BUILDINGS, lambda text: "," in text),
    Rule(year_beside, of_text=_YEAR_BESIDE.search),
    Rule(house_number, of_text=lambda text: _STREET.match(folded(text))),
    *either(national, _NATIONAL.match),
    Rule(initials_of_some, lambda name: " " in name, _capitals_ahead),
    Rule(symbol, of_text=lambda text: text.strip(" .") in SYMBOLS),
    Rule(of_state, lambda name: name in STATES, lambda text: text.isupper()),
    Rule(at_for_comma, lambda name: "," in name),
    Rule(without_and, lambda name: len(words(name)) > 2),  # noqa: PLR2004 two things and what joins them
    Rule(more_names_before, lambda name: " of " in name or could_be_person(name)),
    Rule(turned_parenthesis, of_text=lambda text: "(" in text),
    Rule(nation_behind, lambda name: " " in name, lambda text: " of " in text),
    Rule(in_turn, of_text=lambda text: " in " in text),
    *either(formal, _FORMAL.match),
    Rule(direction, of_text=_DIRECTION.match),
    *either(counted, _LARGE.search),
    Rule(year_spoken, lambda name: _YEAR_SPOKEN.match(folded(name))),
)
LEAVING_OUT = (
    Rule(team, _team_alone),
    Rule(without_kind, _kind_left_out),
    Rule(subtitle, _SUBTITLE.match),
    Rule(cheese, lambda name: name.endswith("heese")),
    Rule(small_initials, of_text=lambda text: len(text) < 2 * LONGEST_ACRONYM + 1),
)
"""Rules that leave a part of the name out: only where nothing else was said around it."""
