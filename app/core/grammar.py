"""Grammar of names and units: one string and two strings, the lungs are, the liver is."""

import re
from collections.abc import Callable
from functools import lru_cache

_IRREGULAR = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "teeth": "tooth",
    "feet": "foot",
    "geese": "goose",
    "mice": "mouse",
    "lives": "life",
    "wives": "wife",
    "knives": "knife",
    "leaves": "leaf",
    "wolves": "wolf",
    "halves": "half",
    "indices": "index",
    "vertices": "vertex",
    "nuclei": "nucleus",
    "bacteria": "bacterium",
    "criteria": "criterion",
    "phenomena": "phenomenon",
    "oxen": "ox",
    "dice": "die",
    "lice": "louse",
    "cacti": "cactus",
    "fungi": "fungus",
    "stimuli": "stimulus",
    "alumni": "alumnus",
    "larvae": "larva",
    "vertebrae": "vertebra",
    "antennae": "antenna",
    "matrices": "matrix",
    "appendices": "appendix",
    "analyses": "analysis",
    "crises": "crisis",
    "theses": "thesis",
    "hypotheses": "hypothesis",
    "diagnoses": "diagnosis",
    "oases": "oasis",
    **{f"{word}ies": f"{word}ie" for word in ("calor", "kilocalor", "mov", "cook", "zomb", "rook")},
    **{f"{word}ves": f"{word}f" for word in ("el", "shel", "thie", "loa", "cal", "scar", "hoo")},
}
_REGULAR = {singular: plural for plural, singular in _IRREGULAR.items()}
_SAME = frozenset(
    [
        *("series", "species", "means", "news", "hertz", "percent", "aircraft", "sheep", "fish"),
        *("degrees", "physics", "mathematics", "athletics", "kudos", "lens", "gas", "bus"),
    ]
)
_HEAD = re.compile(r"^(.*?)(\s+(?:per|of|a|an|each|in|on|for|with|at)\s.*|/.*)?$")
_OES = frozenset(
    [
        *("hero", "potato", "tomato", "echo", "volcano", "torpedo", "mosquito", "domino"),
        *("veto", "cargo", "buffalo"),
    ]
)
_ES_AFTER_O = re.compile(r"(?<!^sh)(?<!^t)(?<!^f)(?<!can)(?<!^ob)oes$")
"""Heroes and volcanoes lose two letters; shoes, toes and canoes one."""
_ES_AFTER_US = re.compile(r"(?<![ao])(?<!^)(?<!^[fmr])(?<!exc)(?<!^ab)uses$")
"""Viruses and campuses lose two letters; houses, causes and excuses one."""
_SHORTEST = 4
"""Letters of a unit that is a word: km and mol are the same for one and for many."""
_PLURAL_NAME = re.compile(
    r"^the .*\b(?:islands|alps|andes|himalayas|pyrenees|rockies|hebrides|carpathians|mountains|"
    r"brothers|sisters|twins|olympics|games|wars|falls|lakes)$",
    re.IGNORECASE,
)
_AGREES = {"is": "are", "was": "were", "has": "have", "does": "do", "isn't": "aren't"}
_BEHIND = re.compile(r"^((?:[Tt]he )?\{subject\}) (is|was|has|does)\b")
"""At the start alone: "the highest peak of the Alps" stays one peak."""
_BEFORE = re.compile(r"\b([Ii]s|[Ww]as|[Hh]as|[Dd]oes) (?=(?:the )?\{subject\})")


@lru_cache(maxsize=5000)
def singular(phrase: str) -> str:
    """Return a unit or kind for one of it: string, beat per minute, person."""
    return _changed(phrase, _one)


@lru_cache(maxsize=5000)
def plural(phrase: str) -> str:
    """Return a unit or kind for several of it; abbreviations stay as they are."""
    return _changed(phrase, _many)


@lru_cache(maxsize=20_000)
def is_plural_name(name: str) -> bool:
    """Whether a name takes a plural verb: the lungs, red blood cells, the Andes."""
    if _PLURAL_NAME.match(name):
        return True
    bare = name.removeprefix("the ")
    head = re.split(r" (?:of|in|on|for|with|from|by|to|that|which) ", bare, maxsplit=1)[0]
    last = head.rsplit(" ", 1)[-1]
    if not last.isalpha() or bare != bare.casefold():
        return False
    return last in _IRREGULAR or _one(last) != last


def agreeing(template: str, subject: str) -> str:
    """Make is, was, has and does beside {subject} fit a plural name: where are the lungs."""
    if not is_plural_name(subject):
        return template
    template = _BEHIND.sub(lambda found: f"{found[1]} {_AGREES[found[2]]}", template)
    return _BEFORE.sub(_asked_of_several, template)


def _asked_of_several(found: re.Match[str]) -> str:
    verb = _AGREES[found[1].casefold()]
    return f"{verb.capitalize() if found[1][0].isupper() else verb} "


def _changed(phrase: str, change: Callable[[str], str]) -> str:
    found = _HEAD.match(phrase)
    if not found:
        return phrase
    before, _, last = found[1].rpartition(" ")
    if not last.isascii() or not last.isalpha() or not last.islower():
        return phrase
    return f"{before} {change(last)}".strip() + (found[2] or "")


def _one(word: str) -> str:
    if word in _SAME or len(word) < _SHORTEST or word.endswith(("ss", "us", "is")):
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > _SHORTEST:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    if _ES_AFTER_O.search(word) or _ES_AFTER_US.search(word):
        return word[:-2]
    return word.removesuffix("s")


def _many(word: str) -> str:
    if word in _REGULAR:
        return _REGULAR[word]
    if word in _SAME or len(word) < _SHORTEST or _one(word) != word or word in _IRREGULAR:
        return word
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "ch", "sh", "z")) or word in _OES:
        return word + "es"
    return word + "s"
