"""Names that go on in small letters, as an article itself gives them: diseases, species, titles."""

import re
from collections.abc import Iterable

from app.core.proposals.names import NO_NAMES
from app.core.proposals.vocabulary import words
from app.core.values import Entity

_DEFINED = re.compile(
    r"(?:^|(?<=[.!?]\s))(?:The\s+)?([A-Z][\w-]*(?:\s[a-z][\w-]+){1,2})\s(?:is|are|was|were)\s(?:an?|the|one)\s",
    re.MULTILINE,
)
"""A sentence that says what something is: Brannick fever is a disease."""
_LATIN = re.compile(
    r"\b([A-Z][a-z]{2,}\s[a-z]{2,}(?:ii|iae|ensis|oides|ella|orum|arum|ic(?:us|a|um)|in(?:us|um)|"
    r"at(?:us|um)|escens|ifer|ifera|osus|osa|osum))\b"
)
_KIND_BEFORE_LATIN = re.compile(
    r"\b(?:bacterium|fungus|mould|mold|virus|parasite|genus|worm|beetle|orchid|moss|alga)\s+"
    r"([A-Z][a-z]{2,}\s(?![a-z]*ed\b)[a-z]{4,})\b"
)
_TITLED = re.compile(
    r"(?:^|(?<=[.!?]\s))An?\s[a-z][^,.]{2,60},\s([A-Z][\w'’-]*(?:\s(?:and|of|the|in|[A-Z][\w'’-]*)){1,6}),\s"
    r"(?:is|was|has|had|tells|describes|shows)\b",
    re.MULTILINE,
)
"""A work beside what it is: A film about the match, Ninety and Thirty, was directed by."""


def defined_in(sentences: Iterable[str]) -> tuple[Entity, ...]:
    """Return the names that go on in small letters: what a sentence defines, and species."""
    found: dict[str, Entity] = {}
    for text in sentences:
        for pattern in (_DEFINED, _LATIN, _KIND_BEFORE_LATIN):
            for match in pattern.finditer(text):
                if not (NO_NAMES | _SMALL) & set(match[1].split()):
                    found[match[1]] = Entity(match[1])
        found |= {match[1]: Entity(match[1]) for match in _TITLED.finditer(text)}
    return tuple(found.values())


_SMALL = words(
    "of in on at by for from with to and or but that which who whose when where is are was were "
    "has have had than as himself herself itself they it he she this these those itself alone also"
)
