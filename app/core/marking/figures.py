"""Figures in answers that are texts: dates, ranges and amounts that are written in another way."""

import re
from functools import lru_cache

from app.core.marking.amount_text import says_number
from app.core.marking.amounts import ABOUT, Amount, mark_money, mark_number, read_amount
from app.core.marking.dates import mark_date, may_be_date, read_dates
from app.core.marking.normalise import words
from app.core.marking.ranges import mark_range, read_range
from app.core.marking.units import known_unit
from app.core.values import DateValue, MoneyValue, NumberValue, RangeValue

_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|"
    r"fifty|sixty|hundred|thousand|million|billion|trillion)\b"
)
_BARE = re.compile(
    r"\b(?:about|around|some|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
_SCORE = re.compile(r"(\d{1,3})[-–:](\d{1,3})")
_ROW = re.compile(r"\d(?:-\d){2,}")
"""A row of single figures, which may be typed without its marks: 4-4-2, 442."""
_BETWEEN_GOALS = re.compile(r"\s*(?:[-–:]|\bto\b)\s*")
_SAYS_UNIT = re.compile(r"[^\W\d]|[%\u00b0]")
_UNIT = re.compile(r"(?:[a-z%\u00b0]+(?: [a-z]+)?|[a-z]+ per [a-z]+(?: [a-z]+)?)?")
_NAMED = re.compile("[A-Z][a-z]")
"""A word with a capital: what has a name is no bare amount."""
_LIMIT = re.compile(r"(?i:at|more|less|no|not|up|over|under|above|below)\b")
LONGEST_FIGURE = 40


def same_figure(name: str, text: str) -> bool:
    """Whether a text answer is a date or an amount that was written in another way."""
    if not _FIGURE.search(name) or len(name) > LONGEST_FIGURE or not says_number(text):
        return False
    if _about(name, text) or _same_date(name, text) or _same_range_or_amount(name, text):
        return True
    if _ROW.fullmatch(name) and name.replace("-", "") == text:
        return True
    score = _SCORE.fullmatch(name)
    return score is not None and _score_in(text) == score.groups()


def _score_in(text: str) -> tuple[str, ...]:
    """Return the two figures of a score in any notation: three to two, 3:2; none for others."""
    found = words(_BETWEEN_GOALS.sub(" ", text.casefold()))
    return found if len(found) == 2 and all(map(str.isdigit, found)) else ()  # noqa: PLR2004 a side each


def _about(name: str, text: str) -> bool:
    """Whether a figure is the same but for "about": around 300 BC."""
    left, right = (ABOUT.sub("", one.strip().casefold()) for one in (name, text))
    changed = left != name.casefold() or right != text.casefold()
    return changed and bool(left) and words(left) == words(right)


def _same_date(name: str, text: str) -> bool:
    dates = _dates_of(name)
    if len(dates) != 1 or not dates[0].month:
        return False
    if not dates[0].year:
        return bool(dates[0].day) and read_dates(text) == dates
    return mark_date(dates[0], text).correct


@lru_cache(maxsize=5000)
def _dates_of(name: str) -> tuple[DateValue, ...]:
    """Return the readings of a name as a date, if it may be one at all."""
    return read_dates(name) if may_be_date(name) else ()


def _same_range_or_amount(name: str, text: str) -> bool:
    # The response first: it is read once for all names, and is seldom a range.
    typed = read_range(text) or read_range(text, scales=False)
    ends = read_range(name) if typed else None
    if ends is not None and ends[0].number < ends[1].number:
        low, high = ends
        span = RangeValue(low.number, high.number, high.currency or high.unit)
        return mark_range(span, text).correct
    named = _NAMED.search(name)
    amount = None if named and not _LIMIT.match(name) else read_amount(name)
    if amount is None:
        return False
    if amount.bound and not amount.unit and not amount.currency:
        return mark_number(NumberValue(amount.number, bound=amount.bound), text).correct
    return not named and bool(_UNIT.fullmatch(amount.unit)) and _same_amount(amount, name, text)


def _same_amount(amount: Amount, name: str, text: str) -> bool:
    if amount.currency:
        return mark_money(MoneyValue(amount.number, amount.currency, amount.bound), text).correct
    value = NumberValue(amount.number, amount.unit, bound=amount.bound)
    counted = amount.unit == "%" or " " in name.strip()
    if known_unit(amount.unit) and not _SAYS_UNIT.search(_BARE.sub("", text)):
        return False
    return bool(amount.unit) and counted and mark_number(value, text).correct
