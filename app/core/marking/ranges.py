"""Marking of ranges: 20-50x, between 20 and 50 times, 1914-18, 28 to 42 days for 4 to 6 weeks."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from app.core.marking.amount_text import says_number
from app.core.marking.amounts import (
    ABOUT,
    COMPARED,
    MAX_LENGTH,
    Amount,
    read_amount,
    wrong_amount,
)
from app.core.marking.currencies import CURRENCIES, SCALE_WORDS, SCALES
from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import clean, without_padding
from app.core.marking.templates import filled
from app.core.marking.units import unit_factor
from app.core.sentences import say
from app.core.values import RangeValue
from app.core.wording import display

_PER = re.compile(r"(?<=[a-z]) an? (?=(?:second|minute|hour|day|week|month|year)$)")
_LASTS = re.compile(r"^(?:it |they )?(?:lasts?|lasted|ran|took|takes?) (?=from|between|\d)")
_BETWEEN = re.compile(r"^(?:(?:anywhere|somewhere)\s+)?(?:between|from)\s+")
_SLASHED = re.compile(r"^(\d{4})\s*/\s*(\d{2}|\d{4})$")
_TILDE = re.compile(r"(?<=\w)\s*~\s*(?=\d)")
_DASH = re.compile(r"(?<=[^\s–-])\s*(?:[-–]|\.\.+)\s*|\s*\b(?:to|and|until|till|through)\b\s*")
"""What stands between two ends; a dash at the start of one is its sign."""


def mark_range(value: RangeValue, response: str) -> Mark:
    """Mark a range in any notation; one end alone is part of the answer."""
    readings = [read_range(response, scales=scales) for scales in (True, False)]
    if not any(readings):
        return _one_end(value, response)
    whole = _without_scale(value)
    if any(_is_range(whole, ends) for ends in readings if ends):
        verdict = Verdict.EXACT if clean(response) == display(value) else Verdict.EQUIVALENT
        return Mark(1.0, verdict, say("That is right: {value}.", value=display(value)))
    return wrong_amount(value)


def _without_scale(value: RangeValue) -> RangeValue:
    """Return a range whose unit begins with its scale in full: 5 to 10 million people."""
    scale, _, unit = value.unit.partition(" ")
    if scale not in SCALE_WORDS:
        return value
    size = SCALES[scale]
    return RangeValue(value.low.scaleb(size), value.high.scaleb(size), unit)


def _is_range(value: RangeValue, ends: tuple[Amount, Amount]) -> bool:
    low, high = ends
    unit = high.unit or low.unit
    currency = high.currency or low.currency
    if not currency and low.unit in {"", high.unit}:
        low, high = (_converted(end, unit, value.unit) for end in (low, high))
        unit = high.unit
    unit_fits = unit_factor(unit, value.unit) == 1
    if currency:
        unit_fits = currency in {value.unit, CURRENCIES.get(value.unit.casefold())}
    number = low.number
    if (cut := _abbreviated(low.number, high.number)) is not None:
        high = replace(high, number=cut)
    if unit_fits and high.scaled and not low.scaled and number * 1000 <= high.number:
        for scale in (3, 6, 9, 12):
            if number.scaleb(scale) == value.low:
                number = value.low
    return unit_fits and (number, high.number) == (value.low, value.high)


def _converted(end: Amount, given: str, wanted: str) -> Amount:
    """Return an end of a range in the wanted unit, as it is where the units do not fit."""
    factor = unit_factor(given, wanted)
    if factor is None or factor == 1:
        return end
    return replace(end, number=round(end.number * factor, 6), unit=wanted)


def _abbreviated(low: Decimal, high: Decimal) -> Decimal | None:
    """Return the second year of 1914-18 in full, None where the end is not cut short."""
    if not (1000 <= low <= 2999 and 0 < high < 100 and low % 1 == 0):  # noqa: PLR2004 years
        return None
    full = low - low % 100 + high
    return full if full > low else None


def read_range(response: str, *, scales: bool = True) -> tuple[Amount, Amount] | None:
    """Read two ends: 20-50x · between 20 and 50 times · from 20 to 50 · 20x–50x.

    Without `scales` an m behind a number is metres, not millions.
    """
    text = clean(response).casefold()
    return _range_in(text, scales=scales) if len(text) <= MAX_LENGTH else None


@lru_cache(maxsize=5000)
def _range_in(text: str, *, scales: bool) -> tuple[Amount, Amount] | None:
    """Read two ends in lower case; kept, since lint looks for them in every option."""
    text = COMPARED.sub(filled(r"\1"), ABOUT.sub("", without_padding(text)))
    text = _LASTS.sub("", _PER.sub(" per ", text))
    text = _SLASHED.sub(filled(r"\1-\2"), _BETWEEN.sub("", text))
    text = _TILDE.sub("-", text).replace("up to", "to")
    parts = [part for part in _DASH.split(text) if part]
    if len(parts) != 2:  # noqa: PLR2004 a range has two ends
        return None
    if not all(map(says_number, parts)):
        return None
    low, high = (read_amount(part, scales=scales) for part in parts)
    if low is None or high is None or low.bound or high.bound:
        return None
    return low, high


def _one_end(value: RangeValue, response: str) -> Mark:
    amount = read_amount(response)
    fits = amount is not None and amount.number in {value.low, value.high}
    if fits:
        return Mark(
            0.5, Verdict.PARTIAL, say("One end of the range: it is {value}.", value=display(value))
        )
    return wrong_amount(value)
