"""Units of amounts: their spellings, conversion within a dimension, rates and temperatures."""

import re
from decimal import Decimal

_LENGTHS = {
    "1000": "km kilometre kilometres kilometer kilometers",
    "1": "m metre metres meter meters mtr mtrs",
    "0.01": "cm centimetre centimetres centimeter centimeters",
    "0.001": "mm millimetre millimetres millimeter millimeters",
    "0.000001": "µm μm micron microns micrometre micrometres micrometer micrometers",
    "0.000000001": "nm nanometre nanometres nanometer nanometers",
    "0.9144": "yd yard yards",
    "0.0254": "inch inches",
    "1609.344": "mi mile miles",
    "0.3048": "ft foot feet",
    "149597870700": "au",
}
_UNITS: dict[str, tuple[str, Decimal]] = {}
for _dimension, _table in {
    "length": _LENGTHS,
    "mass": {
        "1000": "t tonne tonnes metric-ton metric-tons",
        "1": "kg kilogram kilograms kilogramme kilogrammes kilo kilos",
        "0.001": "g gr gm gram grams gramme grammes gramm",
        "0.000001": "mg milligram milligrams",
        "0.45359237": "lb lbs",
    },
    "time": {
        "0.000000001": "ns nanosecond nanoseconds",
        "0.000001": "µs μs us microsecond microseconds",
        "0.001": "ms msec millisecond milliseconds",
        "86400": "d day days",
        "3600": "h hr hrs hour hours",
        "60": "min mins minute minutes",
        "1": "s sec secs second seconds",
        "604800": "week weeks wk wks",
    },
    "years": {"12": "year years yr yrs", "1": "month months"},
    "area": {
        "1000000": "km2",
        "1": "m2",
        "0.0001": "cm2",
        "0.000001": "mm2",
        "10000": "ha hectare hectares",
        "4046.8564224": "acre acres",
        "2589988.110336": "mi2",
        "0.09290304": "ft2",
    },
    "volume": {
        "1000000000000": "km3",
        "1000": "m3",
        "1": "l litre litres liter liters dm3",
        "0.1": "dl decilitre decilitres deciliter deciliters",
        "0.01": "cl centilitre centilitres centiliter centiliters",
        "0.001": "ml millilitre millilitres milliliter milliliters cc cm3 ccm",
    },
    "energy": {
        "1": "j joule joules",
        "1000": "kj kilojoule kilojoules",
        "4.184": "cal calorie calories",
        "4184": "kcal kilocalorie kilocalories",
    },
    "power": {
        "1": "w watt watts",
        "1000": "kw kilowatt kilowatts",
        "1000000": "mw megawatt megawatts",
        "1000000000": "gw gigawatt gigawatts",
    },
    "data": {
        "1": "byte bytes",
        "1000": "kb kilobyte kilobytes",
        "1000000": "mb megabyte megabytes",
        "1000000000": "gb gigabyte gigabytes",
        "1000000000000": "tb terabyte terabytes",
        "1024": "kib kibibyte kibibytes",
        "1048576": "mib mebibyte mebibytes",
        "1073741824": "gib gibibyte gibibytes",
    },
    "frequency": {
        "1": "hz hertz",
        "1000": "khz kilohertz",
        "1000000": "mhz megahertz",
        "1000000000": "ghz gigahertz",
    },
    "substance": {"1": "mol mole moles", "0.001": "mmol millimole millimoles"},
    "factor": {"1": "x times fold ×"},
    "percent": {"1": "% percent pct pc per-cent"},
}.items():
    for _size, _names in _table.items():
        for _name in _names.split():
            _UNITS[_name] = (_dimension, Decimal(_size))
UNIT_WORDS = frozenset(_UNITS)
"""Units that are known by name or sign, in lower case."""
_DEGREES = {
    word: sign
    for sign, words in {
        "°c": "c celsius centigrade",
        "°f": "f fahrenheit",
    }.items()
    for name in words.split()
    for word in (name, f"degrees {name}", f"degree {name}", f"deg {name}", f"° {name}")
} | {"degrees": "°", "degree": "°", "deg": "°"}
_SHORT_RATES = {
    "bpm": "beats per minute",
    "mph": "miles per hour",
    "kph": "km per hour",
    "rpm": "revolutions per minute",
    "fps": "feet per second",
    "pts": "points",
    "pt": "point",
    "pct": "percent",
    "mps": "m per s",
    "ppl": "people",
    "person": "people",
    "persons": "people",
    "inhabitants": "people",
    "residents": "people",
    "humans": "people",
    "metric ton": "metric-ton",
    "metric tons": "metric-tons",
}
_SHORT = {
    name: names.split()[0] for names in _LENGTHS.values() for name in names.split()
} | dict.fromkeys(("second", "seconds", "sec"), "s")
"""Units that are squared or cubed, by their names."""
_SIGNS_OF_POWER = str.maketrans({"²": "2", "³": "3", "^": ""})
_POWERED = re.compile(
    r"\b(?P<before>square |cubic |sq\.? ?|cu\.? ?)(?P<of>km|[cm]?m|[a-zµ]{2,})\b"
    r"|\b(?P<base>[a-zµ]+) (?P<behind>squared|cubed)\b"
)
_TWICE = re.compile(r"\bper (\w+) per \1\b")
"""Metres per second per second."""
_NEGATIVE_POWER = re.compile(r"^([a-zµ]+?\d?)[ ·.*]?([a-zµ]{1,3}?) ?-([123])$")
"""m s-1, ms-2, kg m-3: how textbooks write what goes per second."""
_RATE = re.compile(r"\s*/\s*|\s+(?:per|an?|each|every)\s+")
LONGEST_UNIT = 60
_KELVIN = frozenset({"k", "kelvin", "kelvins"})
_ZERO_CELSIUS = Decimal("273.15")


def known_unit(unit: str) -> bool:
    """Whether a word is a unit that means something definite: kilometres, but not elements."""
    plain = _unit_word(unit)
    return plain in _UNITS or plain in _KELVIN or plain.startswith("\u00b0") or "per" in plain


def in_unit(number: Decimal, given: str, wanted: str) -> Decimal | None:
    """Return an amount in the wanted unit, or None where the units do not fit."""
    if (degrees := _temperature(number, given, wanted)) is not None:
        return degrees
    factor = unit_factor(given, wanted)
    return None if factor is None else number * factor


def unit_factor(given: str, wanted: str) -> Decimal | None:
    """Return what turns the given unit into the wanted one, or None where it is another thing."""
    given, wanted = _unit_word(given), _unit_word(wanted)
    if not given or _one_unit(given, wanted) or (given == "°" and wanted in {"°c", "°f"}):
        return Decimal(1)
    mine, theirs = _UNITS.get(given), _UNITS.get(wanted)
    if mine and theirs and mine[0] == theirs[0]:
        return mine[1] / theirs[1]
    return _rate_factor(given, wanted)


def _rate_factor(given: str, wanted: str) -> Decimal | None:
    """Return what turns km/s into metres per second: each part converts on its own."""
    left, right = given.split(" per "), wanted.split(" per ")
    if len(left) != 2 or len(right) != 2:  # noqa: PLR2004 something per something
        return None
    above, below = (unit_factor(one, other) for one, other in zip(left, right, strict=True))
    return above / below if above and below else None


def _temperature(number: Decimal, given: str, wanted: str) -> Decimal | None:
    """Return degrees of one scale in another; None where both are not temperatures."""
    scales = [_scale(unit) for unit in (given, wanted)]
    if "" in scales or scales[0] == scales[1]:
        return None
    celsius = {
        "c": lambda: number,
        "f": lambda: (number - 32) * 5 / 9,
        "k": lambda: number - _ZERO_CELSIUS,
    }[scales[0]]()
    return {
        "c": lambda: celsius,
        "f": lambda: celsius * 9 / 5 + 32,
        "k": lambda: celsius + _ZERO_CELSIUS,
    }[scales[1]]()


def _scale(unit: str) -> str:
    plain = _unit_word(unit)
    return "k" if plain in _KELVIN else plain[1:] if plain in {"\u00b0c", "\u00b0f"} else ""


def _unit_word(unit: str) -> str:
    plain = unit.casefold().strip(". ")
    plain = _SHORT_RATES.get(plain, plain)
    if plain in _DEGREES:
        return _DEGREES[plain]
    if len(plain) > LONGEST_UNIT:
        return plain
    plain = _POWERED.sub(_powered, plain.translate(_SIGNS_OF_POWER))
    plain = _NEGATIVE_POWER.sub(_per_power, plain)
    return _TWICE.sub(
        lambda found: f"per {_SHORT.get(found[1], found[1])}2", _RATE.sub(" per ", plain)
    )


def _per_power(found: re.Match[str]) -> str:
    """Return m per s2 for m s-2, as it is where one of the two is no unit."""
    above, below, power = found.groups()
    if above not in _UNITS or below not in _UNITS:
        return found[0]
    return f"{above} per {below}{'' if power == '1' else power}"


def _powered(found: re.Match[str]) -> str:
    """Return km2 for square kilometres, s2 for seconds squared."""
    power = 2 if (found["before"] or found["behind"]).startswith("sq") else 3
    unit = found["of"] or found["base"]
    return f"{_SHORT.get(unit, unit)}{power}"


def _one_unit(given: str, wanted: str) -> bool:
    """Whether two units are one but for plural and the words before the last."""
    if given.rstrip("s") == wanted.rstrip("s"):
        return True
    if given.replace(" ", "") == wanted.replace(" ", ""):
        return True
    left, right = given.split(), wanted.split()
    fewer, more = sorted((left, right), key=len)
    inside = bool(fewer) and [word.rstrip("s") for word in more[-len(fewer) :]] == [
        word.rstrip("s") for word in fewer
    ]
    return inside and not any(char.isdigit() for char in "".join(more))
