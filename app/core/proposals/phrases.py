"""Noun phrases by their look: what a sentence is about, and what only stands beside it."""

import re

from app.core.proposals.vocabulary import words

LEAD_IN = re.compile(
    r"^(?:(?:In|On|By|At|Since|After|During|Before|From|Until|Between)\s+"
    r"(?:[^,]{2,40}?,\s+|(?:\w+\s+){0,2}[12]\d{3}\s+)|(?:But|And|Yet|Today|Later|Then),?\s+)"
)
"""What may stand before the subject: In 1928, On 3 May 2021, Today."""
ASIDE = re.compile(
    r",\s+(?:with|including|like|unlike|along with|together with|such as|as well as)\s[^,;]{2,80},"
)
"""What stands beside a subject between commas: the link, with its tunnel, cost."""
COMMON = re.compile(r"^(?:The|This|That|Its|His|Her|Their)\s+(?:[a-z][\w-]*\s+){0,2}?([a-z][\w-]*)")
"""A subject without a name of its own: The new bridge."""
_BEGINS_COMMON = re.compile(
    r"^(?:(?:The|An?|Its|His|Her|Their|This|These|Those|Some|Many|Most|Few|Several|All|Both|"
    r"About|Around|Nearly|Almost|Over|Only|More than|Fewer than|Less than|Up to|At least|"
    r"One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|\d[\d.,]*(?:\s*%)?)\s+)+[a-z]"
)
_NO_NOUNS = words(
    "in on at by for from with to of and or but as than that which who whose when where while "
    "is are was were be been has have had do does did will would can could may might must should "
    "cost costs met saw made took gave went came ran held led kept found built grew rose fell won "
    "lost sold bought paid spent wrote said told became began got put set let cut hit not about "
    "over under near after before since until because between against into onto off out up down"
)


_SINGULAR = words("series news species sports games chess physics business princess")
_BESIDE = re.compile(
    r"^(?:The|An?|Its|His|Her|Their)\s[^,]{2,40},\s+(?:[^,]{0,40}\b(?:named|called)\s+)?(?:the\s+)?$"
)


def is_beside(text: str, start: int, end: int) -> bool:
    """Whether a name says who a sentence's first noun is: Its founder, Ada Holm, sold it."""
    return text[end : end + 1] == "," and bool(_BESIDE.match(text[:start]))


def begins_unnamed(text: str) -> bool:
    """Whether a sentence begins with a noun that is no name: The project, A sunshield."""
    return bool(_BEGINS_COMMON.match(LEAD_IN.sub("", text)))


def only_leads_to(text: str) -> bool:
    """Whether a sentence's first words belong to the name behind them: The Danish toy maker."""
    found = [word.casefold() for word in re.findall(r"[^\W\d_]+", LEAD_IN.sub("", text))]
    inner = any(word in {"the", "a", "an"} for word in found[1:])
    return len(found) <= 6 and not inner and not any(map(_is_verb, found))  # noqa: PLR2004 a phrase


def _is_verb(word: str) -> bool:
    plural = word.endswith("s") and len(word) > 3 and word not in _SINGULAR  # noqa: PLR2004 its, as
    return word in _NO_NOUNS or word.endswith("ed") or plural


def without_asides(text: str) -> str:
    """Return a sentence with what stands beside its subject blanked out, as long as it was."""
    return ASIDE.sub(lambda found: " " * len(found[0]), text)
