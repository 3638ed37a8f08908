"""Amounts, money and ranges found inside a sentence, read by the grammar that marks responses."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from app.core.marking.amounts import Amount, read_amount
from app.core.proposals.proposal import Span, SpanKind
from app.core.proposals.units import find_unit, is_distance_in_time
from app.core.values import Bound, MoneyValue, NumberValue, RangeValue, Value

MOST = 12
"""Amounts looked at in one sentence: a table's row is not a sentence."""
_DIGITS = r"[-\u2212]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_SMALL = (
    "two|three|four|five|sixteen|seventeen|eighteen|nineteen|sixty|seventy|eighty|ninety|six|seven|"
    "eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty|forty|fifty"
)
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_SCALE = "hundred|thousand|million|billion|trillion|mn|bn"
_WORDS = (
    rf"(?:{_SMALL})(?:[- ](?:{_ONES}))?(?:\s+(?:hundred|thousand)(?:\s+(?:and\s+)?(?:{_SMALL})"
    rf"(?:[- ](?:{_ONES}))?)?)?|(?:an?|one)\s+(?:{_SCALE})|(?:an?\s+|two\s+)?dozen|half an?"
)
_BEFORE = r"(?:US|A|C|HK|CN)?[$€£¥₹₩]|(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|AUD|CAD|KRW)\b"
_AFTER = (
    r"(?:US |U\.S\. |American |Canadian |Australian |Hong Kong )?dollars?\b|"
    r"(?:Danish |Norwegian )krone[r]?\b|Swedish kron(?:or|a|er)\b|zlotys?\b|reais\b|rand\b|"
    r"Turkish lira\b|euros?\b|pounds sterling\b|pounds?\b|yen\b|yuan\b|"
    r"renminbi\b|rupees\b|(?:Swiss )?francs\b|won\b(?=[.,;)]|$)|"
    r"(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|AUD|CAD|KRW)\b"
)
_ABOUT = (
    "about|around|approximately|roughly|some|nearly|almost|an estimated|an average of|a total of|"
    "just|as (?:many|much) as"
)
_LIMIT = (
    "no more than|not more than|no less than|not less than|at most|at least|up to|less than|"
    "fewer than|lower than|more than|greater than|exceeding|under|below|over|above"
)
_ONE = re.compile(
    rf"(?<![\w.,$€£¥₹/#])(?<!\w[-–])(?P<lead>(?:\b(?:{_LIMIT}|{_ABOUT})\s+)*)"
    rf"(?P<amount>(?P<sign>{_BEFORE})?\s?(?P<number>{_DIGITS}|\b(?:{_WORDS})\b)"
    rf"(?:\s+(?P<scale>{_SCALE})\b|(?P<short>[kKmMbB]|bn|mn)(?![\w-]))?)",
    re.IGNORECASE,
)
_SECOND = re.compile(
    rf"(?P<amount>(?P<sign>{_BEFORE})?\s?(?P<number>{_DIGITS}|\b(?:{_WORDS})\b)"
    rf"(?:\s+(?P<scale>{_SCALE})\b|(?P<short>[kKmMbB]|bn|mn)(?![\w-]))?)",
    re.IGNORECASE,
)
_DASH = re.compile(
    r"(?:\s?(?:%|[a-z°²³/]{1,12}))??(?P<dash>(?<=[\w%°²³])\s?[-–—]\s?(?=[\d$€£¥₹])|"
    r"\s+(?:to|and)\s+)"
)
_CURRENCY = re.compile(rf"\s+(?:{_AFTER})", re.IGNORECASE)
_MINUS = re.compile(r"\bminus\s+$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:rose|risen|rises?|fell|fallen|falls?|grew|grown?|dropped|drop|declined?|increased?|"
    r"decreased?|cut|jumped|climbed|went|slipped|soared|plunged|shrank|reduced|raised|lowered|"
    r"changed|up|down)\b[^.;]{0,60}\bfrom\s*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\s+(?:\w+\s+)?$", re.IGNORECASE)
_OPENER = re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE)
_OR_MORE = re.compile(r"\s+or (?P<side>more|above|less|fewer|below)\b")
_HEAVY = re.compile(r"\bweigh|\bheav|\bmass\b|\blbs?\b|\bload", re.IGNORECASE)
_PART_OF_WORD = re.compile(r"(?:st|nd|rd|th|s)\b|['’]s|:\d|/\d|[A-Za-z]|[-–]\d")
_SHARE = re.compile(r"(?:\s+out of|\s+in (?:every )?)\s*(?:\d|ten\b|five\b|four\b|three\b|two\b)")
_OF_SHARE = re.compile(
    r"\b(?:one|two|three|four|\d+)\s+(?:in|out of)(?:\s+every)?\s+$", re.IGNORECASE
)
_LABEL = re.compile(
    r"\b(?:chapter|page|article|section|figure|table|version|number|no\.|room|route|highway|flight|"
    r"channel|apollo|covid|psalm|act|scene|grade|level|stage|phase|type|formula|windows|boeing|"
    r"airbus|area)\s*$",
    re.IGNORECASE,
)
_POINTED_AT = re.compile(
    r"\b(?:the|these|those|both|its|his|her|their|other|first|last|next)\s+$", re.IGNORECASE
)
"""Before a number in words: "the two firms" are known already, they are not counted."""
_YEARS = range(1000, 2100)
_BACK = 90
"""Characters before a number that are looked at."""


def find_amounts(sentence: str, taken: list[tuple[int, int]]) -> list[Span]:
    """Return the amounts, sums of money and ranges of a sentence.

    Figures that are taken belong to a name; a name may stand in a unit: 50,000 Nvidia chips.
    """
    free = (
        span
        for span, start, end in _scan(sentence)
        if not any(low < end and start < high for low, high in taken)
    )
    return list(islice(free, MOST))


def _scan(sentence: str) -> Iterator[tuple[Span, int, int]]:
    """Yield each amount with where its figures begin and end."""
    at = 0
    while first := _ONE.search(sentence, at):
        at = first.end()
        dash = _DASH.match(sentence, first.end())
        second = _SECOND.match(sentence, dash.end()) if dash else None
        if dash and second:
            span = _range(sentence, first, dash, second)
            if span:
                yield span, first.start("amount"), second.end()
            if span or dash["dash"].strip() not in {"to", "and"}:
                at = second.end()
                continue
            if _CHANGE.search(sentence, max(0, first.start() - _BACK), first.start()):
                at = dash.end()
                continue
        if span := _single(sentence, first):
            yield span, first.start("amount"), first.end()


def _single(sentence: str, match: re.Match[str]) -> Span | None:
    start, end = match.start("amount"), match.end("amount")
    if _is_no_amount(sentence, match):
        return None
    currency = None if match["sign"] else _currency_behind(sentence, end)
    end = currency.end() if currency else end
    minus = "-" if _MINUS.search(sentence, max(0, start - _BACK), start) else ""
    amount = read_amount(f"{_limit(match['lead'])} {minus}{sentence[start:end].strip()}".strip())
    if amount is None or amount.unit:
        return None
    bound, end = _bound_behind(sentence, end, amount.bound)
    value: Value = MoneyValue(amount.number, amount.currency, bound)
    if not amount.currency:
        unit, end = find_unit(sentence, end)
        if is_distance_in_time(sentence, unit, end) or not _counts(match, unit):
            return None
        value = NumberValue(amount.number, unit, Decimal(0), bound)
    return Span(match.start(), end, SpanKind.AMOUNT, value)


def _limit(lead: str) -> str:
    """Return the last limit of the words before an amount: about and nearly are none."""
    found = re.findall(_LIMIT, lead, re.IGNORECASE)
    return str(found[-1]) if found else ""


def _currency_behind(sentence: str, end: int) -> re.Match[str] | None:
    found = _CURRENCY.match(sentence, end)
    weighs = found and found[0].strip() in {"pound", "pounds"} and _HEAVY.search(sentence)
    return None if weighs else found


def _bound_behind(sentence: str, end: int, bound: Bound | None) -> tuple[Bound | None, int]:
    found = _OR_MORE.match(sentence, end)
    if not found:
        return bound, end
    return (Bound.AT_LEAST if found["side"] in {"more", "above"} else Bound.AT_MOST), found.end()


def _is_no_amount(sentence: str, match: re.Match[str]) -> bool:
    """Whether a number is part of a word or a label, or a share of others: one in five."""
    start, end = match.start("amount"), match.end("amount")
    if _PART_OF_WORD.match(sentence, end):
        return True
    if match["sign"] or match["scale"]:
        return False
    back = max(0, start - 20)
    in_words = match["number"][0].isalpha()
    return bool(
        _LABEL.search(sentence, back, start)
        or _SHARE.match(sentence, end)
        or _OF_SHARE.search(sentence, back, start)
        or (in_words and _POINTED_AT.search(sentence, back, start))
    )


def _counts(match: re.Match[str], unit: str) -> bool:
    """Whether a number without a currency says something: with a unit, or as large figures."""
    if unit or match["scale"] or match["short"]:
        return True
    number = match["number"]
    return len(number) > 1 and not number.isalpha() and not _is_year(number)


def _is_year(number: str) -> bool:
    return number.isdecimal() and int(number) in _YEARS


def _range(
    sentence: str, first: re.Match[str], dash: re.Match[str], second: re.Match[str]
) -> Span | None:
    """Return the range that two numbers are the ends of, if they are."""
    lead = sentence[max(0, first.start() - _BACK) : first.start()]
    word = dash["dash"].strip()
    if (word == "and" and not _BETWEEN.search(lead)) or (word == "to" and _CHANGE.search(lead)):
        return None
    currency = None if second["sign"] else _currency_behind(sentence, second.end())
    low, high = _ends_of(first, second)
    if low is None or high is None or low.number >= high.number:
        return None
    if currency:
        unit, end = read_currency(currency[0]), currency.end()
    else:
        unit, end = high.currency or low.currency, second.end()
    if not unit:
        unit, end = find_unit(sentence, end)
    is_score = word not in {"to", "and"} and not unit and high.number < _YEARS.start
    if is_score or _PART_OF_WORD.match(sentence, second.end()):
        return None
    opener = _OPENER.search(lead)
    begin = first.start() - len(opener[0]) if opener else first.start()
    return Span(begin, end, SpanKind.AMOUNT, RangeValue(low.number, high.number, unit))


def read_currency(text: str) -> str:
    """Return the code of a currency's name."""
    amount = read_amount(f"1 {text.strip()}")
    return amount.currency if amount else ""


def _ends_of(first: re.Match[str], second: re.Match[str]) -> tuple[Amount | None, Amount | None]:
    """Return both ends; the first takes the scale of the second where it has none: 5-6 million."""
    low, high = read_amount(first["amount"]), read_amount(second["amount"])
    scale = f" {second['scale']}" if second["scale"] else second["short"]
    if scale and not first["scale"] and not first["short"]:
        scaled = read_amount(first["amount"] + scale)
        if scaled and high and scaled.number < high.number:
            low = scaled
    return low, high
