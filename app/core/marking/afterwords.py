"""What people add behind an answer to explain it: Paris, the capital of France · Hastings, 1066."""

import re

from app.core.marking.answered import PARTICIPLE_AND_SMALL

_TURNS = re.compile(
    r"\b(?:not|no|never|or|and|but|without|except|either|maybe)\b|[/;?|,]|n't\b", re.IGNORECASE
)
_PART = re.compile(r"^(?P<head>[^,;:()]{2,80}?)\s*(?:[,:]| - |\()\s*(?P<tail>[^()]{3,80})\)?$")
_EXPLAINS = re.compile(
    r"(?:(?:who|which|that|because|since|where|when|born|made|making|meaning|invented|written|"
    r"discovered|founded|built)\s+\S.*"
    r"|an?\s+\S+(?:\s+\S.*)?"
    r"|(?:the\s+)?(?:[a-z]+\s+)?(?:capital|author|composer|founder|inventor|discoverer|king|queen|"
    r"president|city|country|river|company|band|novel|book|film|planet|element|process|unit|"
    r"prince|princess|duke|duchess|emperor|empress|wife|husband|son|daughter|father|mother|brother|sister)(?:\s+(?:of|from|in|on|by|that|"
    r"which|who)\s+\S.*)?"
    r"|the\s+(?:[\w-]+\s+){1,2}(?:scientist|physicist|chemist|composer|singer|writer|author|poet|"
    r"painter|artist|inventor|explorer|philosopher|actor|actress|politician|engineer|player|"
    r"mathematician|astronomer|king|queen|emperor|president)"
    rf"|{PARTICIPLE_AND_SMALL}\s+\S.*"
    r"|(?:located|situated|based|living|near|off)\s+\S.*"
    r"|in\s+(?:the\s+)?[A-Z]\S*(?:\s+\S+)*"
    r"|(?:in\s+)?\d{4})",
    re.IGNORECASE,
)
"""A relative clause, "a …", a role with what it is of, signed in …, in Paris, or a year: none of
them another answer."""


_ROLE = re.compile(r"(?:the |an? )?(?:[A-Z][a-z]+ )?(?:[a-z-]+ ){0,3}[a-z-]{3,}")
"""Behind a name: Emmeline Pankhurst, the suffragette."""


def without_afterword(text: str) -> str:
    """Return an answer without the explanation behind its comma, or "" where there is none.

    What follows must explain and not name: "Paris, the capital of France", but not
    "Paris, London" nor "Paris, or the capital of Spain".
    """
    if not any(mark in text for mark in ",:-("):
        return ""
    found = _PART.match(text)
    if found is None or _TURNS.search(found["tail"]):
        return ""
    if found["tail"].isdigit() and any(char.isdigit() for char in found["head"]):
        return ""  # July 20, 1969 is not July 20
    tail = found["tail"].strip(" .!")
    explains = _EXPLAINS.fullmatch(tail) or (found["head"][0].isupper() and _ROLE.fullmatch(tail))
    return found["head"] if explains else ""
