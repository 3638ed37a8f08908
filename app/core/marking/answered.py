"""Whole sentences that give an answer: He was born in Ulm · Jaws was directed by Steven Spielberg.

What is found here must still be the answer, the whole of it. A verb that turns the sentence round
(prevents, lost to, was beaten by) gives nothing: there the name stands for the other side.
"""

import re
from collections.abc import Iterator

_IRREGULAR = (
    "born|held|built|made|found|set|sung|won|shot|written|known|seen|drawn|led|taught|grown|sold|"
    "kept|sent|given|taken|fought|brought|caught|bought|worn|spoken|stolen|chosen|broken|frozen|"
    "begun|told|spent|laid|hung|put|cut|read|spelt|named|shown|struck"
)
_OTHER_SIDE = (
    "defeat|beat|kill|murder|succe|prece|replac|follow|lost|lose|prevent|stopp?|cure|avoid|lack|"
    "refus|reject|den[iy]|oppos|hate|fear|left|leave|forg[eo]t|exclud|bann|expell|exil|remov|"
    "reduc|escap|destroy|end(?:s|ed)\\b|miss(?:es|ed)\\b|attack|invad|conquer|captur|assassinat|"
    "execut|arrest|divorc|marri|marry|influenc|inspir|teach|taught|rais|father|mother"
)
"""Beginnings of verbs whose two sides are not to be taken for each other."""
PARTICIPLE = rf"(?!{_OTHER_SIDE})(?:[a-z]+ed|{_IRREGULAR})"
"""Born, directed: of a verb that does not turn a sentence round."""
_SMALL = "in|at|on|from|by|with|of|as|to|into|for|under"
PARTICIPLE_AND_SMALL = rf"(?:{PARTICIPLE}) (?:{_SMALL})"
"""Born in, directed by: what a sentence has before its answer."""
_BE = "is|was|are|were|has been|have been|had been"
_PASSIVE = re.compile(
    rf"^(?:(?:[^\W\d]\S*|\d+) ){{1,10}}?(?:{_BE})\s+(?:[a-z]+ly\s+)?"
    rf"{PARTICIPLE_AND_SMALL}\s+(?=\S)",
    re.IGNORECASE,
)
_CUT_SHORT = re.compile(rf"^{PARTICIPLE_AND_SMALL}\s+(?=\S)", re.IGNORECASE)
"""Born in Ulm: "he was" has gone as padding."""
_PRONOUN = re.compile(
    rf"^(?:he|she|it|they|we|you|this|that)\s+(?:[a-z]+ly\s+)?(?!{_OTHER_SIDE}|never|not|no\b)"
    rf"(?:[a-z]{{3,}}s?|is|do)(?:\s+(?:{_SMALL}))?\s+(?=\S)",
    re.IGNORECASE,
)
_DOES = (
    "wrote|writes|sang|sings|made|makes|did|does|invented|discovered|painted|composed|directed|"
    "founded|built|won|said|played|plays|created|designed|recorded|performed|starred|produced|"
    "released|published|hosted|hosts|led|leads|borders?|covers?|introduced|developed|voiced|"
    "portrayed|co-wrote|proposed|formulated|established|scored|holds|held|ruled|rules"
)
_FIRST = re.compile(rf"\s+(?:{_DOES})(?:\s+(?:\S+ ){{0,11}}\S+)?$", re.IGNORECASE)
"""Germany won the 2014 World Cup: what follows is what was made or won, no other answer."""
_DID_IT = re.compile(
    r"\s+(?!not\b|never\b)[a-z]{3,}\s+(?:it|them|this|that|her|him)$",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    r"(?<=\w)\s+(?:in|at|on|during|for|as|from|of|while|when|after|before|until|since)\s+\S.*$"
)
"""Behind the answer: when, where, what for."""


_BEING = frozenset(("is", "was", "are", "were", "been"))
_SMALL_WORDS = frozenset(_SMALL.split("|"))
_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "you", "this", "that"))
_DEEDS = frozenset(
    form
    for one in _DOES.split("|")
    for form in ((one[:-2], f"{one[:-2]}s") if "?" in one else (one,))
)
_OBJECTS = frozenset(("it", "them", "this", "that", "her", "him"))


def _that_may_fit(spoken: list[str]) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that words in small letters have something for: most have nothing."""
    if not _BEING.isdisjoint(spoken):
        yield _PASSIVE
    if _SMALL_WORDS.issuperset(spoken[1:2]):
        yield _CUT_SHORT
    if _PRONOUNS.issuperset(spoken[:1]):
        yield _PRONOUN
    if not _DEEDS.isdisjoint(spoken):
        yield _FIRST
    if _OBJECTS.issuperset(spoken[-1:]):
        yield _DID_IT


def said_in_sentence(text: str) -> tuple[str, ...]:
    """Return what a sentence may give as its answer, also without when and where behind it."""
    spoken = text.casefold().split()
    ends = [pattern.sub("", text) for pattern in _that_may_fit(spoken)]
    found = [end for end in ends if end != text]
    shorter = [_CONTEXT.sub("", end) for end in found]
    return tuple(dict.fromkeys(one for one in (*found, *shorter) if one))
