"""Amounts in two units or in words of counting: 1 hour 30 minutes, 5 ft 11, 6'2", thrice.

`in_one_unit` writes them as one amount in one unit, which the grammar in `amounts` reads.
"""

import re
from decimal import Decimal

from text_to_num import alpha2digit

from app.core.marking.templates import filled
from app.core.marking.units import known_unit, unit_factor
from app.core.values import write_decimal

MOST_PARTS = 4
_PART = r"(\d+(?:\.\d+)?)\s*([a-zµ'\"]+)"
_COMPOUND = re.compile(rf"{_PART}(?:[\s,]*(?:and\s+)?{_PART}){{1,{MOST_PARTS - 1}}}")
_COUNT_AND = re.compile(r"\d+ [a-z]+ and [a-z]+(?:[ -][a-z]+)? [a-z]+$")
_EACH_PART = re.compile(_PART)
_OPEN_END = re.compile(r"(\d+)\s*(h|hr|hrs|hours?|ft|foot|feet|')\s*(\d{1,2})")
"""1h30, 5 ft 11: the last unit is the next smaller one."""
_NEXT_SMALLER = {"h": "minutes", "f": "inches", "'": "inches"}
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?P<hours> ?(?:h|hrs?|hours?))?")
_OCCASIONS = re.compile(r"^on (\d+) occasions$")
_QUOTED = re.compile(r"(\d+(?:\.\d+)?)\s*('{1,2}|\")")
_MARKS = {"'": "feet", '"': "inches", "''": "inches", "m": "m"}
_TIMES = {
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "double": 2,
    "twofold": 2,
    "triple": 3,
    "treble": 3,
    "threefold": 3,
    "quadruple": 4,
    "fourfold": 4,
    "fivefold": 5,
    "sixfold": 6,
    "tenfold": 10,
    "hundredfold": 100,
}
_NOTHING = frozenset({"none", "nil", "nothing", "nought", "naught", "no", "not any", "not one"})


def in_one_unit(text: str, wanted: str) -> str:
    """Return a plain amount's text with its parts added up, as it is where it has but one.

    Parts must be of one dimension with the wanted unit, each smaller than the one before.
    """
    if wanted.rsplit(" ", maxsplit=1)[-1] in {"times", "fold", "x", "occasions"} or not wanted:
        text = _OCCASIONS.sub(filled(r"\1 times"), text)
        if text in _TIMES and wanted:
            return f"{_TIMES[text]} times"
    if (clock := _CLOCK.fullmatch(text)) is not None:
        return _on_the_clock(clock, wanted)
    if (quoted := _QUOTED.fullmatch(text)) is not None:
        return f"{quoted[1]} {_MARKS[quoted[2]]}"
    if (open_end := _OPEN_END.fullmatch(text)) is not None:
        text = f"{text} {_NEXT_SMALLER[open_end[2][0]]}"
    if " and " in text and _COUNT_AND.match(text):
        text = alpha2digit(text, "en", 0)
    if not _COMPOUND.fullmatch(text):
        return text
    return (
        _added_up([(Decimal(one), _unit(unit)) for one, unit in _EACH_PART.findall(text)]) or text
    )


def says_none(text: str) -> bool:
    """Whether a response says nought in words: none, nil, nothing."""
    return text.strip(" .!").casefold() in _NOTHING


def _unit(word: str) -> str:
    return _MARKS.get(word, word)


def _added_up(parts: list[tuple[Decimal, str]]) -> str:
    first = parts[0][1]
    total, last = Decimal(0), None
    for number, given in parts:
        # After hours an m is a minute.
        unit = "min" if given == "m" and unit_factor(first, "s") else given
        factor = unit_factor(unit, first) if known_unit(unit) and known_unit(first) else None
        if factor is None or (last is not None and (factor >= last or number * factor >= last)):
            return ""
        total, last = total + number * factor, factor
    smallest = "min" if parts[-1][1] == "m" and unit_factor(first, "s") else parts[-1][1]
    factor = unit_factor(first, smallest)
    return f"{write_decimal(round(total * factor, 6))} {smallest}" if factor else ""


def _on_the_clock(found: re.Match[str], wanted: str) -> str:
    """Read 1:30 as hours and minutes, but as minutes and seconds where seconds are wanted."""
    first, second, third = (int(group or 0) for group in found.group(1, 2, 3))
    if found[3]:
        return f"{3600 * first + 60 * second + third} seconds"
    if unit_factor(wanted, "s") is None or not wanted:
        return found[0]
    if wanted.startswith("s") and not found["hours"]:
        return f"{60 * first + second} seconds"
    return f"{60 * first + second} minutes"
