"""Noun phrases by their look: what a sentence is about, and what only stands beside it."""

import re
from collections.abc import Sequence

from app.core.proposals.vocabulary import words

LEAD_IN = re.compile(
    r"^(?:(?:In|On|By|At|Since|After|During|Before|From|Until|Between)\s+"
    r"(?:[^,]{2,40}?,\s+|(?:\w+\s+){0,2}[12]\d{3}\s+)|(?:But|And|Yet|Today|Later|Then),?\s+"
    r"|(?:Born|Built|Known|Made|Led|[A-Z][a-z]+ed)\s[^,]{2,60},\s+)"
)
"""What may stand before the subject: In 1928, On 3 May 2021, Today, Born in Aarhus in 1879."""
ASIDE = re.compile(
    r",\s+(?:with|including|like|unlike|along with|together with|such as|as well as)\s[^,;]{2,80},"
)
"""What stands beside a subject between commas: the link, with its tunnel, cost."""
_WHAT_IT_IS = re.compile(r"(?<=[a-z]),\s+an?\s[a-z][^,;]{2,80},(?=\s[a-z])")
"""What a name is, between commas: Norrvik, a recycling company based in Lule\u00e5, opened."""
COMMON = re.compile(r"^(?:The|This|That|Its|His|Her|Their)\s+(?:[a-z][\w-]*\s+){0,2}?([a-z][\w-]*)")
"""A subject without a name of its own: The new bridge."""
_BEGINS_COMMON = re.compile(
    r"^(?:(?:The|An?|Its|His|Her|Their|This|These|Those|Some|Many|Most|Few|Several|All|Both|"
    r"About|Around|Nearly|Almost|Over|Only|More than|Fewer than|Less than|Up to|At least|"
    r"One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|\d[\d.,]*(?:\s*%)?)\s+)+[a-z]"
)
_NO_VERBS = words(
    "in on at by for from with to of and or but as than that which who whose when where while "
    "not about over under near after before since until because between against into onto off out "
    "up down now also still never always often later only even"
)
_VERBS = words(
    "is are was were be been has have had do does did will would can could may might must should "
    "cost costs met saw made took gave went came ran held led kept found built grew rose fell won "
    "lost sold bought paid spent wrote said told became began got put set let cut hit remains "
    "remain"
)
_NO_NOUNS = _NO_VERBS | _VERBS


_SINGULAR = words(
    "series news species sports games chess physics business princess headquarters mathematics"
)
_BESIDE = re.compile(
    r"^(?:(?:The|An?|Its|His|Her|Their)|[A-Z][\w-]*(?:\s[A-Z][\w-]*)*['’]s?)\s[^,]{2,40},\s+"
    r"(?:[^,]{0,40}\b(?:named|called)\s+)?(?:the\s+)?$"
)
OBJECT = re.compile(
    r"\w\s+(?:to|by|with|for|against|between|from|into|in|at|on|near)\s+"
    r"(?:the\s+|an?\s+)?(?:[a-z-]+\s+|\w+\.?\s){0,2}$"
    r"|^(?:In|On|At|By|From|During|After|Before|Since|Until|Near|For|With)\s+(?:the\s+|an?\s+)?$"
)
"""Before a name that something is done to, by or at: it is seldom what the sentence is about."""
POINTING_BACK = words(
    "firm company team club board group party city town country state man woman study report "
    "article paper law deal work book film model system project programme program one other "
    "others first second building match game illness disease species museum organisation "
    "organization operator band ship festival university school newspaper magazine charity"
)
"""Nouns that only point back at something: the firm, the city."""
_CALLED = re.compile(r"^(?:The|An?)\s[^,;.]{2,60}\b(?:called|named|known as)\s+(?:the\s+)?$")
_POSSESSIVE = re.compile(r"['’]s?\s")


def is_beside(text: str, start: int, end: int) -> bool:
    """Whether a name says who a sentence's first noun is: Its founder, Ada Holm, sold it."""
    return text[end : end + 1] == "," and bool(_BESIDE.match(text[:start]))


def begins_unnamed(text: str) -> bool:
    """Whether a sentence begins with a noun that is no name: The project, A sunshield."""
    return bool(_BEGINS_COMMON.match(after_lead_in(text)))


def after_lead_in(text: str) -> str:
    """Return a sentence from its subject on, with a capital as if it began there."""
    begins = LEAD_IN.sub("", text)
    return begins[:1].upper() + begins[1:]


def is_called(text: str) -> bool:
    """Whether the name behind a text is that of its first noun: A vaccine called Orrinvax."""
    return bool(_CALLED.match(text))


def owns(text: str, end: int) -> bool:
    """Whether a name that ends there only owns what is spoken of: Marina's coach."""
    return bool(_POSSESSIVE.match(text, end))


def first_noun(text: str) -> str:
    """Return the noun phrase without a name that a sentence begins with, "" where there is none.

    It ends before the first verb or preposition: the largest outbreak, for The largest outbreak
    took place.
    """
    found = _FIRST_WORDS.match(after_lead_in(text))
    noun = _noun(found[2].split(), after_lead_in(text)[found.end() :]) if found else ""
    article = found[1].lower() if found and found[1] in {"The", "A", "An"} else "the"
    return f"{article} {noun}" if noun else ""


def object_noun(text: str, at: int) -> tuple[str, int]:
    """Return the noun phrase that begins at a place, and where it ends; "" for none or a name.

    Only one that is told from others: the bridge, its bridges, the Fjord range; no bridge, no
    bridges, not the Golden Gate.
    """
    found = _OBJECT_WORDS.match(text, at)
    noun: list[str] = []
    for word in found[2].split() if found else ():
        goes_on = word == "of" and noun
        if (word in _NO_NOUNS and not goes_on) or (noun and word.endswith("ed")):
            break
        noun.append(word)
    if noun[-1:] == ["of"]:
        noun.pop()
    if found is None or not noun or len(noun) > _LONGEST_NOUN or not noun[-1].islower():
        return "", at
    end = re.compile(r"\s+" + r"\s+".join(map(re.escape, noun))).match(text, found.start(2))
    return f"{found[1]} {' '.join(noun)}", end.end() if end else at


_OBJECT_WORDS = re.compile(r"\s*(the|its|his|her|their)((?:\s+[^\W\d_][\w-]*){1,8})")
_FIRST_WORDS = re.compile(r"(The|An?|This|That|Its|His|Her)((?:\s+[a-z][\w-]*){1,8})")
_LONGEST_NOUN = 5


def owned_noun(text: str, end: int) -> str:
    """Return what the name that ends there owns: coach, for Marina's coach resigned."""
    found = re.compile(r"['’]s?((?:\s+[a-z][\w-]*){1,6})").match(text, end)
    return _noun(found[1].split(), text[found.end() :]) if found else ""


def _noun(words: Sequence[str], rest: str) -> str:
    """Return the words up to a verb or preposition; of goes on: a course of treatment."""
    noun: list[str] = []
    for word, following in zip(words, [*words[1:], rest[:1]], strict=True):
        is_noun = word.endswith("s") and word not in _NO_NOUNS and _may_follow_subject(following)
        if _is_verb(word) and not is_noun and not (word == "of" and noun):
            break
        noun.append(word)
    whole = " ".join(noun).removesuffix(" of")
    return whole if len(noun) <= _LONGEST_NOUN else ""


def _may_follow_subject(word: str) -> bool:
    return word in _VERBS or word == "," or word.endswith("ed")


def is_plural(noun: str) -> bool:
    """Whether a noun phrase speaks of several things, as far as its last letter tells."""
    last = noun.partition(" of ")[0].split()[-1]
    return last.endswith("s") and not last.endswith("ss") and last not in _SINGULAR


def bare_noun(text: str) -> str:
    """Return the lone noun that a sentence is about: bridge, for The bridge carried. "" for none.

    The bridge museum is no bridge, and the bridge's owner neither.
    """
    found = _BARE.match(after_lead_in(text))
    if found is None:
        return ""
    noun, following, third = found[1], found[2] or "", found[3] or ""
    goes_on = not following or _is_verb(following) or following in _HIMSELF
    is_plural = following.endswith("s") and following not in _NO_NOUNS and third in _ARE
    return noun if goes_on and not is_plural else ""


_BARE = re.compile(
    r"(?:The|This|That)\s+([a-z][\w-]*)(?=[\s,])(?:,|\s+([a-z][\w-]*)(?:\s+([a-z][\w-]*))?|\s+(?=\W|\d))"
)
_HIMSELF = words("itself himself herself")
_ARE = words("are were have")


def only_leads_to(text: str) -> bool:
    """Whether a sentence's first words belong to the name behind them: The Danish toy maker."""
    found = [word.casefold() for word in re.findall(r"[^\W\d_]+", LEAD_IN.sub("", text))]
    inner = any(word in {"the", "a", "an"} for word in found[1:])
    return len(found) <= 6 and not inner and not any(map(_is_verb, found))  # noqa: PLR2004 a phrase


def _is_verb(word: str) -> bool:
    plural = word.endswith("s") and len(word) > 3 and word not in _SINGULAR  # noqa: PLR2004 its, as
    return word in _NO_NOUNS or word.endswith("ed") or plural


def without_asides(text: str, within: int = -1) -> str:
    """Return a sentence with what stands beside its subject blanked out, as long as it was.

    What tells what a name is stays where it is `within` that: Vela, a firm based in Oslo, grew.
    """
    blanked = ASIDE.sub(lambda found: " " * len(found[0]), text)
    return _WHAT_IT_IS.sub(
        lambda found: found[0] if found.start() < within < found.end() else " " * len(found[0]),
        blanked,
    )
