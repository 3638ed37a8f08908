"""Where sentences end: not after "Dr.", initials, "U.S." or inside 5.58."""

import re
from collections.abc import Iterator

from app.core.proposals.proposal import Sentence
from app.core.proposals.vocabulary import words

LONGEST = 900
"""Characters; what is longer is cut at a space, so that a passage always fits its field."""
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n|\s*(?:[-*•#]|\d+[.)])\s)[^\n]+)*")
_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)\]\u00bb]*(?=\s)")
_CJK_END = re.compile(r"[\u3002\uff01\uff1f]+[\u201d\u300d]*")
_BULLET = re.compile(r"\s*(?:[-*•#]+|\d+[.)])\s+")
_NEVER_LAST = words(
    "mr mrs ms mx dr prof st sen rep gov gen lt col capt cpt sgt cmdr adm rev hon messrs vs e.g "
    "i.e cf fig figs vol pp no nos approx ca c est ed eds al mt ft ave jan feb mar apr jun jul "
    "aug sep sept oct nov dec pres supt fr sr.dr op art ch sec"
)
"""Abbreviations with more of their sentence to come."""
_SOMETIMES_LAST = words("inc ltd co corp bros plc jr sr etc a.m p.m am pm ph.d m.d b.c a.d")
_ONLY_BEFORE_FIGURES = words(
    "no nos fig figs vol pp p jan feb mar apr jun jul aug sep sept oct nov dec ch sec art op"
)
_STARTERS = words(
    "the a an it he she they we i you this that these those in on at by for from with but and "
    "or so yet as if when while after before since until although though however meanwhile "
    "there its his her their our my what who why how where which one some many most all both "
    "each no not now then today later according critics officials analysts scientists "
    "researchers nobody"
)
_ALWAYS_SHORT = words("nos fig figs vol pp jan feb apr jun jul aug sep sept oct nov")
"""Of those, what is no word of its own, so that a full stop behind it ends nothing."""
_WORD_BEFORE = re.compile(r"[^\s(\[\"'\u201c\u2018]+$")
_NEXT = re.compile(r"\s+([\"'\u201c\u2018(\[]*)([^\s,.;:!?]*)")


def split(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text in order; `text[start:end]` is each one's own text."""
    for paragraph in _PARAGRAPH.finditer(text):
        bullet = _BULLET.match(paragraph[0])
        start = paragraph.start() + (bullet.end() if bullet else 0)
        for end in _ends(text, start, paragraph.end()):
            yield from _trimmed(text, start, end)
            start = end


def _ends(text: str, start: int, stop: int) -> Iterator[int]:
    found = [*_END.finditer(text, start, stop), *_CJK_END.finditer(text, start, stop)]
    for mark in sorted(found, key=lambda one: one.end()):
        if mark[0][0] in "\u3002\uff01\uff1f" or _is_end(text, mark, stop):
            yield mark.end()
    yield stop


def _is_end(text: str, mark: re.Match[str], stop: int) -> bool:
    following = _NEXT.match(text, mark.end(), min(stop, mark.end() + 80))
    if following is None:
        return True
    quote, word = following[1], following[2]
    if word[:1].islower() and not quote:
        return False
    if not mark[0].startswith(".") or mark[0].startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, max(0, mark.start() - 24), mark.start())
    return before is None or not _is_abbreviation(before[0], word)


def _is_abbreviation(before: str, following: str) -> bool:
    """Whether the full stop after a word belongs to it, with its sentence going on."""
    word = before.casefold().lstrip("(")
    if word in _ONLY_BEFORE_FIGURES:
        return following[:1].isdigit() or word in _ALWAYS_SHORT
    if word in _NEVER_LAST:
        return True
    initials = re.fullmatch(r"(?:[^\W\d_]\.)*[^\W\d_]", before)
    if initials and (before.isupper() or "." in before):
        return before != "I" and following.casefold() not in _STARTERS
    if word in _SOMETIMES_LAST:
        return following.casefold() not in _STARTERS
    return False


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    """Yield what is left between two ends without white space, cut where it is too long."""
    whole = text[start:end]
    start += len(whole) - len(whole.lstrip())
    end = start + len(whole.strip())
    while end - start > LONGEST:
        cut = text.rfind(" ", start + 1, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield Sentence(text[start:cut], start, cut)
        start = cut + (text[cut] == " ")
    if start < end:
        yield Sentence(text[start:end], start, end)
