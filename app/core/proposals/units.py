"""The unit behind a number: a sign, a unit known by name, or the plural noun that is counted."""

import re

from app.core.marking.units import UNIT_WORDS
from app.core.proposals.vocabulary import words

_SIGN = re.compile(
    r"\s?(%|percent\b|per cent\b|°\s?[CF]\b|°|[kcm]?m[²³](?!\w)"
    r"|[kMGTP]?(?:Wh|W|Hz|B|bit/s|V|A|J|Pa)\b|[kcm]?m/s\b|km/h\b|mph\b)"
)
_PERCENT = {"percent": "%", "per cent": "%"}
_LONG = re.compile(
    r"[ -]((?:square|cubic|nautical|light)[ -]?(?:kilo|centi)?"
    r"(?:met(?:re|er)s?|feet|foot|miles?|inch(?:es)?|years?)"
    r"|degrees (?:Celsius|Fahrenheit|centigrade)|percentage points?"
    r"|(?:kilo|mega|giga|tera|milli|micro|nano)"
    r"(?:watt[ -]hours?|watts?|bytes?|bits?|hertz|met(?:re|er)s?|grams?|litres?|liters?|seconds?)"
    r"|(?:kilometres|kilometers|metres|meters|miles) (?:per|an?) (?:hour|second)"
    r"|barrels(?: (?:per|a) day)?"
    r"|(?:hectare|acre|litre|liter|gallon|yard|ounce|pound|watt|volt)s?|inch(?:es)?)\b"
)
_PER = re.compile(
    r"[ -]((?:(?:kilo|centi)?(?:met(?:re|er)s?|grams?)|miles?|feet|tonnes?|litres?|liters?|"
    r"km|m|kg|g|knots?)\s?(?:per|/)\s?(?:hour|second|minute|day|year|h|s|"
    r"square (?:kilo)?met(?:re|er)|cubic (?:centi)?met(?:re|er)|litre|liter|hectare))\b"
)
"""Speeds, densities and rates: 165 kilometres per hour."""
_NAMED = re.compile(r"[ -]?([A-Za-z×]+)(?![\w'’])(?:-old)?")
_LETTER_UNITS = "mgtsx"
_FOLLOWING = re.compile(r"(?:[ -]+[^\W_][\w'’/-]*){1,4}")
_WORD = re.compile(r"[^\W_][\w'’/-]*")
_IRREGULAR = words(
    "people men women children feet teeth mice geese species sheep fish aircraft cattle staff "
    "kroner kronor data series times percent police deer bacteria media criteria phenomena "
    "nuclei fold"
)
_NOT_UNITS = words(
    "is was has does this its his as us always perhaps across towards besides sometimes yes "
    "less unless whereas thus says others minus plus versus hers ours yours theirs"
)
_STOPS = words(
    "of in on at by for from with to and or but that which who as is are was were be have has "
    "had than per a an the during after before into over under out against between while when "
    "where will would can could may might not more less only also then so since until because "
    "if"
)
_LEADING = words("graphics sports news arms sales electronics communications")
"""Plurals that mostly stand before another noun: 24,000 graphics chips."""
_SHORTEST_PLURAL = 4
_TIME = words("year years month months week weeks day days hour hours minute minutes")
_APART = re.compile(r"\s+(?:later|earlier|ago|apart|afterwards|beforehand)\b")


def find_unit(sentence: str, end: int) -> tuple[str, int]:
    """Return the unit behind a number that ends there, and its own end; "" where none is seen."""
    for pattern in (_SIGN, _PER, _LONG):
        if found := pattern.match(sentence, end):
            return _PERCENT.get(found[1], found[1]), found.end()
    if found := _NAMED.match(sentence, end):
        word = found[1]
        if word.casefold() in UNIT_WORDS and (len(word) > 1 or word in _LETTER_UNITS):
            return word, found.end()
    return _counted(sentence, end)


def is_measure(unit: str) -> bool:
    """Whether a unit measures something that stays as it is: km, years, degrees."""
    known = any(pattern.fullmatch(f" {unit}") for pattern in (_SIGN, _LONG))
    return unit.casefold() in UNIT_WORDS or known


def is_distance_in_time(sentence: str, unit: str, end: int) -> bool:
    """Whether an amount only says how much later something was: two years later."""
    return unit in _TIME and bool(_APART.match(sentence, end))


def _counted(sentence: str, end: int) -> tuple[str, int]:
    """Return the first plural noun within four words, with the plain words before it."""
    found = _FOLLOWING.match(sentence, end)
    if not found:
        return "", end
    kept: list[str] = []
    for word in _WORD.finditer(found[0]):
        kept.append(word[0])
        if word[0].casefold() in _STOPS or word[0].endswith(("'s", "’s", "'", "’")):
            break
        if _is_plural(word[0]) and word[0].casefold() not in _LEADING:
            named = any(one[0].isupper() or any(map(str.isdigit, one)) for one in kept)
            return (word[0] if named else " ".join(kept)), end + word.end()
    return "", end


def _is_plural(word: str) -> bool:
    lowered = word.casefold()
    if lowered in _IRREGULAR:
        return True
    ends = lowered.endswith("s") and not lowered.endswith(("ss", "us", "is", "ous"))
    return ends and len(lowered) >= _SHORTEST_PLURAL and lowered not in _NOT_UNITS
