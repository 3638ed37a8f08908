"""Seas, islands and mountains by the rest of their name: the Adriatic, the Canaries."""

import re
from functools import lru_cache

from app.core.marking.normalise import folded, squeezed
from app.core.marking.rules import Rule
from app.core.marking.vocabulary import listed

_SEA = re.compile(r"^(?:the )?(?P<which>[^\W\d]+) sea$")
_NOT_ALONE = listed(
    "black red white yellow dead north south east west china coral inland open high deep great"
)
"""What is another thing, or nothing, without its sea."""
_GROUP = re.compile(r"^(?:the )?(?P<which>[^\W\d]+) (?:islands?|isles|mountains|archipelago)$")
_ALIKE = ("islands", "isles", "archipelago")
_NO_GROUP = listed("virgin channel great black white blue green north south sea volcanic")
SHORTEST_ALONE = 4


def sea(name: str, text: str) -> bool:
    """Take the Adriatic for "Adriatic Sea", but not the Black for the Black Sea."""
    which = _sea(name)
    return bool(which) and squeezed(text) == which


@lru_cache(maxsize=5000)
def _sea(name: str) -> str:
    found = _SEA.match(folded(name))
    if found is None or found["which"] in _NOT_ALONE or len(found["which"]) < SHORTEST_ALONE:
        return ""
    return squeezed(found["which"])


def group(name: str, text: str) -> bool:
    """Take the Canaries, the Canary Isles for "Canary Islands", the Rockies for their mountains."""
    plurals = _group(name)
    return bool(plurals) and squeezed(text) in plurals


@lru_cache(maxsize=5000)
def _group(name: str) -> frozenset[str]:
    """Return what else islands or mountains are called, run together."""
    found = _GROUP.match(folded(name))
    if found is None or found["which"] in _NO_GROUP or len(found["which"]) < SHORTEST_ALONE:
        return frozenset()
    which = found["which"]
    others = {f"{which} {one}" for one in _ALIKE if not folded(name).endswith("mountains")}
    plural = f"{which[:-1]}ies" if which[-1] == "y" else which if which[-1] == "s" else f"{which}s"
    return frozenset(map(squeezed, (plural, *others)))


SHORTER_PLACES = (Rule(sea, _sea), Rule(group, _group))
"""Rules that leave out what kind of place a name is of."""
