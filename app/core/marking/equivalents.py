"""Words that are written in several ways: numbers, ordinals, numerals of kings, abbreviations.

Applied to both sides of a comparison, so that a choice here never makes two different texts one
unless a reader would take them for one.
"""

import re

from app.core.marking.same_names import OTHER_NAMES
from app.core.marking.templates import filled
from app.core.marking.vocabulary import listed

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

_PLURALS = """
    leaves:leaf wolves:wolf knives:knife teeth:tooth geese:goose mice:mouse calves:calf
    thieves:thief loaves:loaf shelves:shelf elves:elf hooves:hoof bacterium:bacteria
    fungi:fungus nuclei:nucleus larvae:larva cacti:cactus mitochondrion:mitochondria
    phenomena:phenomenon alumni:alumnus vertebra:vertebrae feet:foot dice:die
"""
_IRREGULAR = dict(pair.split(":") for pair in _PLURALS.split())
"""Plurals that are not made with an s, and plurals in use for both, to one of the two."""

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
    "upon": "on",
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
    "yeah": "yes",
    "yep": "yes",
    "yup": "yes",
    "nope": "no",
    "gray": "grey",
    "tire": "tyre",
    "tires": "tyres",
    "mold": "mould",
    "plow": "plough",
    "curb": "kerb",
    "ax": "axe",
    "program": "programme",
    "donut": "doughnut",
    "inc": "incorporated",
    "corp": "corporation",
    "co": "company",
    "ltd": "limited",
    "org": "organization",
    "dept": "department",
    "univ": "university",
    "uni": "university",
    "yrs": "years",
    "hrs": "hours",
    "mins": "minutes",
    "secs": "seconds",
    "govt": "government",
    "assoc": "association",
    "natl": "national",
    "intl": "international",
    "utd": "united",
    "hwy": "highway",
    "vit": "vitamin",
    "rd": "road",
    "xmas": "christmas",
    "bros": "brothers",
    "ave": "avenue",
    "blvd": "boulevard",
    "lago": "lake",
    "lac": "lake",
    "mtn": "mountain",
    "mtns": "mountains",
    "bce": "bc",
    "theater": "theatre",
    "junior": "jr",
    "senior": "sr",
    "aluminum": "aluminium",
    "sulfur": "sulphur",
    "sulfuric": "sulphuric",
    "defense": "defence",
    "offense": "offence",
    "license": "licence",
    "artifact": "artefact",
    "skeptic": "sceptic",
    "jewelry": "jewellery",
    "pajamas": "pyjamas",
    "mom": "mum",
    "airplane": "aeroplane",
    "plane": "aeroplane",
    **_IRREGULAR,
    "neg": "negative",
    "northward": "north",
    "northwards": "north",
    "southward": "south",
    "southwards": "south",
    "eastward": "east",
    "eastwards": "east",
    "westward": "west",
    "westwards": "west",
    "yoghurt": "yogurt",
    "chilli": "chili",
    "whisky": "whiskey",
    "czar": "tsar",
    "tzar": "tsar",
    "moslem": "muslim",
    "flu": "influenza",
    "bike": "bicycle",
    "bikes": "bicycles",
    "fridge": "refrigerator",
    "maths": "mathematics",
    "math": "mathematics",
    "rhino": "rhinoceros",
    "hippo": "hippopotamus",
    "chimp": "chimpanzee",
    "croc": "crocodile",
    "ads": "advertisements",
    "exam": "examination",
    "exams": "examinations",
}
"""A word to the form that all its spellings share; joined words compare when run together."""

_OUR = re.compile(
    r"^((?:dis)?(?:col|fav|hon|lab|behavi|neighb|flav|harb|hum|tum|vap|od|rum|arm|vig|sav|parl|"
    r"splend|ferv|glam|end\w*))our"
)
_RE = re.compile(r"((?:^|\w)(?:cent|met|lit|theat|fib|calib|spect|meag|lust|sab|somb))re(s?)$")
_ISE = re.compile(r"(?<=\w{3})is(e[drs]?|ers|ing|ations?)$")


def spelt_one_way(word: str) -> str:
    """Return a word as Americans spell it: colour, centre, organisation, anaemia."""
    if len(word) < _SHORTEST_VARIANT or not word.isascii():
        return word
    if "our" in word:
        word = _OUR.sub(filled(r"\1or"), word)
    if "re" in word:
        word = _RE.sub(filled(r"\1er\2"), word)
    if "is" in word:
        word = _ISE.sub(filled(r"iz\1"), word)
    if "ae" in word or "oe" in word:
        word = _DIGRAPH.sub(lambda found: found[0].replace("ae", "e").replace("oe", "e"), word)
    return word


_SHORTEST_VARIANT = 5
_DIGRAPH = re.compile(
    r"aem(?=[io])|paed|^oes|^oed|foet|gynaec|caesium|faec|rrhoea|manoeu|archae|aesth"
)
ONE_NAME = {
    "unitedkingdomofgreatbritainandnorthernireland": "unitedkingdom",
    "greatbritain": "britain",
    "unitedstatesofamerica": "unitedstates",
    "newyorkcity": "newyork",
    "america": "unitedstates",
    "worldwari": "worldwar1",
    "1worldwar": "worldwar1",
    "1ww": "worldwar1",
    "greatwar": "worldwar1",
    "2worldwar": "worldwar2",
    "2ww": "worldwar2",
    "vatican": "vaticancity",
    "vaticancitystate": "vaticancity",
    "russianfederation": "russia",
    "peoplesrepublicofchina": "china",
    "prc": "china",
    "republicofkorea": "southkorea",
    "czechrepublic": "czechia",
    "stateofisrael": "israel",
    "republicofindia": "india",
    "frenchrepublic": "france",
    "federalrepublicofgermany": "germany",
    **OTHER_NAMES,
}
"""Names run together that every reader takes for one."""
TITLES = listed("mr mrs ms miss mx madame madam dr prof professor sir")
"""Before a name they may be left out or added."""

SUFFIXES = listed("incorporated corporation company limited plc llc gmbh ag sa fc afc cf")
"""Behind a firm's name they may be left out or added."""

CLUBS = listed("fc afc cf fk")
"""Before the name of a club as well: Barcelona for FC Barcelona."""

NAME_PARTICLES = frozenset(
    (
        *("van", "von", "der", "den", "de", "da", "di", "del", "della", "du", "la", "le", "al"),
        *("el", "bin", "ibn", "ben", "ter", "zu", "dos", "das"),
    )
)
"""Small words that begin a family name: van Gogh, da Vinci."""

HEADS = frozenset({"mount", "river", "desert", "ocean", "mountains"})
"""What kind of place a name is of: people say Everest, the Thames, the Sahara, the Pacific."""

NATIONS = frozenset(
    name.strip().casefold()
    for name in """
    Afghanistan, Albania, Algeria, Angola, Argentina, Armenia, Australia, Austria, Azerbaijan,
    Bangladesh, Belarus, Belgium, Bolivia, Brazil, Britain, Bulgaria, Cambodia, Cameroon, Canada,
    Chile, China, Colombia, Croatia, Cuba, Cyprus, Czechia, Denmark, Ecuador, Egypt, England,
    Estonia, Ethiopia, Finland, France, Georgia, Germany, Ghana,
    Greece, Guatemala, Haiti, Honduras, Hungary,
    Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Jamaica, Japan, Jordan,
    Kazakhstan, Kenya, Kuwait, Laos, Latvia, Lebanon, Liberia, Libya, Lithuania, Luxembourg,
    Madagascar, Malaysia, Mali, Malta, Mexico, Moldova, Monaco, Mongolia, Montenegro, Morocco,
    Mozambique, Myanmar, Namibia, Nepal, Netherlands, New Zealand, Nicaragua, Nigeria, North Korea,
    Norway, Oman, Pakistan, Panama, Paraguay, Peru, Philippines, Poland, Portugal, Qatar, Romania,
    Russia, Rwanda, Saudi Arabia, Scotland, Senegal, Serbia, Singapore, Slovakia, Slovenia, Somalia,
    South Africa, South Korea, Spain, Sri Lanka, Sudan, Sweden, Switzerland, Syria, Taiwan,
    Tanzania, Thailand, Tunisia, Turkey, Uganda, UK, Ukraine, United Kingdom, United States,
    Uruguay, US, USA, Uzbekistan, Venezuela, Vietnam, Wales, Yemen, Zambia, Zimbabwe
    """.replace("\n", " ").split(",")
)
"""What people add behind the name of a town: Paris, France."""

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

COUNTERPARTS = (
    ("mother", "father"),
    ("sister", "brother"),
    ("daughter", "son"),
    ("woman", "man"),
    ("women", "men"),
    ("female", "male"),
    ("north", "south"),
    ("east", "west"),
    ("left", "right"),
    ("day", "night"),
    ("inner", "outer"),
    ("upper", "lower"),
)
"""Parts of words that turn them into their counterparts."""
