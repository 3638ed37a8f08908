"""Dates found inside a sentence, read by the grammar that marks responses."""

import re

from app.core.marking.dates import read_dates
from app.core.proposals.proposal import Span, SpanKind
from app.core.values import DateValue, TextValue
from app.core.wording import MONTHS

_MONTH = "|".join([*MONTHS, *(f"{name[:3]}\\.?" for name in MONTHS if name != "May"), "Sept\\.?"])
_PART = (
    r"(?:early|mid|late)(?:[- ](?:in\s+)?)|(?:the\s+)?(?:beginning|start|middle|end)\s+of\s+|"
    r"(?:the\s+)?(?:early|late|latter)\s+part\s+of\s+"
)
_DATE = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b"
    rf"|\b(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})(?:,?\s+\d{{4}})?\b"
    rf"|\b(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s+\d{{4}})?\b"
    rf"|(?:\b(?:{_PART}))?\b(?:{_MONTH}),?\s+(?:of\s+)?\d{{4}}\b"
    rf"|\bQ[1-4]\s+\d{{4}}\b"
    rf"|\b(?:{_PART})(?:[12]\d{{3}})\b(?!s)",
)
_YEAR = re.compile(
    r"(?<![\w.,$€£¥#-])[12]\d{3}(?![\w%]|[.,]\d|\s?[-–]\s?\d|\s+(?:million|billion))"
)
_SPAN_OF_YEARS = re.compile(r"(?<![\w.,-])([12]\d{3})\s?[–-]\s?([12]\d{3})(?!\w)")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|by|from|until|till|of|before|after|during|year|around|about|"
    r"circa|c\.|ca\.|to|"
    r"and|for|early|late|mid|the|spring|summer|autumn|fall|winter)\s+|[(,]\s*|^)$",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\b(?:in|since|by|until|till|before|after|during|year|of)\s+$", re.IGNORECASE)
_MONTH_ALONE = re.compile(
    rf"\b(?:in|since|until|by|last|this|early|late|on)\s+({'|'.join(MONTHS)})\b(?!\s+\d)"
)
_AGE = re.compile(
    r"\b(?:the\s+)?(?:(?:early|mid|late)[- ])?(?:[12]\d{2}0s|(?:\d{1,2}(?:st|nd|rd|th)|first|"
    r"second|third|fourth|fifth|[a-z]+teenth|twentieth|twenty-first)\s+century(?:\s+BCE?)?)"
    r"|\b\d{1,4}\s+BCE?\b"
)
_PLURAL = re.compile(r"\s+(?:[a-z]+\s+)?[a-z]{3,}s\b")
_CURRENCY = re.compile(r"\s+(?:dollars|euros|pounds|yen|yuan)\b")
_FUTURE = re.compile(r"\b(?:will|plans?|expects?|next|scheduled|due)\b", re.IGNORECASE)


def find_dates(
    sentence: str, published: DateValue | None, told: DateValue | None = None
) -> list[Span]:
    """Return the dates of a sentence.

    One without a year takes it from the date `told` of just before it, else the source's own.
    """
    found: list[Span] = []
    for pattern, group in ((_DATE, 0), (_AGE, 0), (_YEAR, 0), (_MONTH_ALONE, 1)):
        for match in pattern.finditer(sentence):
            start, end = match.span(group)
            if any(start < one.end and one.start < end for one in found):
                continue
            if pattern is _YEAR and not _is_year(sentence, match):
                continue
            text = match[group]
            value = TextValue(text) if pattern is _AGE else _read(text, sentence, (told, published))
            if value is not None:
                found.append(Span(start, end, SpanKind.DATE, value))
    return sorted(found, key=lambda span: span.start)


Anchors = tuple[DateValue | None, DateValue | None]
"""The date told just before, and that of the source."""


def _read(text: str, sentence: str, anchors: Anchors) -> DateValue | None:
    readings = read_dates(re.sub(r"^the\s+(?=\d)", "", text))
    if len(readings) != 1:
        return None
    date = readings[0]
    if date.year:
        return date
    told, published = anchors
    following = _following(date, told) if told and date.month else None
    if following and (published is None or following.iso <= published.iso):
        return following
    return _with_year(date, sentence, published)


def _following(date: DateValue, told: DateValue) -> DateValue | None:
    """Return the first such day after one that has just been told of."""
    before = (date.month or 0, date.day or 0) < (told.month or 0, told.day or 0)
    return _in_year(date, (told.year or 0) + before)


def _in_year(date: DateValue, year: int) -> DateValue | None:
    iso = f"{year:04d}-{date.month:02d}" + (f"-{date.day:02d}" if date.day else "")
    readings = read_dates(iso)
    return readings[0] if readings else None


def _with_year(date: DateValue, sentence: str, published: DateValue | None) -> DateValue | None:
    """Give a date the year of its article: the last such day before it, or the next one."""
    if published is None or date.month is None:
        return None
    later = (date.month, date.day or 0) > (published.month or 12, published.day or 31)
    year = published.year
    if later and published.month and not _FUTURE.search(sentence):
        year -= 1
    return _in_year(date, year)


def _is_year(sentence: str, match: re.Match[str]) -> bool:
    """Whether four figures are a year: after "in" or a comma, and not so many of something."""
    lead = sentence[max(0, match.start() - 12) : match.start()]
    if not _BEFORE_YEAR.search(lead) or _CURRENCY.match(sentence, match.end()):
        return False
    return bool(_STRONG.search(lead)) or not _PLURAL.match(sentence, match.end())
