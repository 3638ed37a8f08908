"""Who does it, and to what: the architect Ada Brook designed the quay in Oslo."""

import re

from app.core.proposals.phrases import POINTING_BACK, object_noun
from app.core.proposals.relations import Match
from app.core.values import Entity

_DOES_IT = re.compile(
    r"(?:\s+(?:at|in|from|near)\s+[A-Z][\w-]+)?(?:,[^,]{2,60},)?\s+(?:(?:has|have|had|also|now|first|later|then|once|finally|soon)\s+)*"
)
"""Between who does it and the verb of what is done."""

_WHERE = re.compile(r"\w\s+(?:at|in|from|near)\s+(?:the\s+)?$")

_NOUN_ENDS = re.compile(
    r"$|[.,;:]|\s+(?:in|at|near|on|off|for|from|with|by|to|and|after|before|during|within|because)\b"
)


def points_back(noun: str) -> bool:
    """Whether a noun with its article only points back at something: the firm."""
    _, *more = noun.split()
    return len(more) == 1 and more[0] in POINTING_BACK


def told_apart(noun: str) -> Entity | None:
    """Return a noun as a thing where it does not need its article: the quay, no firm, no its."""
    return Entity(noun) if noun.startswith("the ") and not points_back(noun) else None


def done_to(text: str, match: Match) -> str:
    """Return the noun without a name that somebody does it to: designed the quay in Oslo."""
    if not match.value_first or match.start < 0 or match.first_follows:
        return ""
    noun, end = object_noun(text, match.end)
    return noun if noun and _NOUN_ENDS.match(text, end) else ""


def is_other_doer(text: str, value: tuple[int, int], match: Match) -> bool:
    """Whether a name before a verb only says where its doers are: engineers in Tartu designed."""
    before = match.value_first and 0 <= value[1] <= match.start
    return before and bool(_WHERE.search(text, 0, value[0]))


def does_it(text: str, value: tuple[int, int], match: Match) -> bool:
    """Whether a name stands right before the verb: Ada Brook, an architect, has designed."""
    return bool(_DOES_IT.fullmatch(text, value[1], match.start))
