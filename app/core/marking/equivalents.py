"""Words that are written in several ways: numbers, ordinals, numerals of kings, abbreviations.

Applied to both sides of a comparison, so that a choice here never makes two different texts one
unless a reader would take them for one.
"""

_CARDINALS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_ROMANS = [
    "ii",
    "iii",
    "iv",
    "vi",
    "vii",
    "viii",
    "ix",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
    "xvii",
    "xviii",
    "xix",
    "xx",
]
_ROMAN_VALUES = (2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
_TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

CANONICAL: dict[str, str] = {
    **{word: str(number) for number, word in enumerate(_CARDINALS)},
    **{word: str(10 * number) for number, word in enumerate(_TENS, 3)},
    **{word: str(number) for number, word in enumerate(_ORDINALS, 1)},
    **{
        f"{number}{ending}": str(number)
        for number in range(1, 101)
        for ending in ("st", "nd", "rd", "th")
    },
    **dict(zip(_ROMANS, map(str, _ROMAN_VALUES), strict=True)),
    "mt": "mount",
    "st": "saint",
    "ft": "fort",
    "wwi": "worldwar1",
    "ww1": "worldwar1",
    "wwii": "worldwar2",
    "ww2": "worldwar2",
    "us": "unitedstates",
    "usa": "unitedstates",
    "uk": "unitedkingdom",
    "uae": "unitedarabemirates",
    "ussr": "sovietunion",
    "nyc": "newyorkcity",
    "un": "unitednations",
    "eu": "europeanunion",
    "vs": "versus",
    "inc": "incorporated",
    "corp": "corporation",
    "co": "company",
    "ltd": "limited",
}
"""A word to the form that all its spellings share; joined words compare when run together."""

TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "president",
        "premier",
        "senator",
        "governor",
        "chancellor",
        "ceo",
        "minister",
        "general",
        "colonel",
        "captain",
        "pope",
        "king",
        "queen",
        "emperor",
        "empress",
    ]
)
"""Before a name they may be left out or added."""

SUFFIXES = frozenset(
    ["incorporated", "corporation", "company", "limited", "plc", "llc", "gmbh", "ag", "sa"]
)
"""Behind a firm's name they may be left out or added."""

OPPOSITES = (
    ("hyper", "hypo"),
    ("inter", "intra"),
    ("endo", "exo"),
    ("macro", "micro"),
    ("pre", "post"),
    ("over", "under"),
    ("sub", "super"),
    ("mono", "poly"),
    ("homo", "hetero"),
    ("in", "ex"),
    ("im", "ex"),
    ("ab", "ad"),
    ("ante", "anti"),
)
"""Beginnings that make two words opposites or strangers, however few letters part them."""
