"""Values in the house style of English decks."""

import re
from decimal import Decimal

from app.core.grammar import singular
from app.core.values import (
    Bound,
    DateValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    write_decimal,
)

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SYMBOLS = {"USD": "US$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹"}
_BOUND_WORDS = {
    Bound.LESS_THAN: "under",
    Bound.AT_MOST: "at most",
    Bound.MORE_THAN: "more than",
    Bound.AT_LEAST: "at least",
}
_TENTHS = re.compile(r"^[\d,]+\.\d$")
SHORT_DIGITS = 4
"""Digits that read well without groups, and before "million"."""
LEAST_PLAIN, LEAST_HUGE = Decimal("0.00001"), Decimal(10) ** 15
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_CURRENCY = re.compile(r"[A-Z]{3}")
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


def written(value: NumberValue | MoneyValue | RangeValue | DateValue | SetValue) -> str:
    """Return US$5.58 million, 20 January 2025, 50,000 chips."""
    match value:
        case NumberValue():
            return _bounded(value.bound, with_unit(amount_text(value.amount), value.unit))
        case MoneyValue():
            return _bounded(value.bound, money_text(value.amount, value.currency))
        case RangeValue():
            return _range_text(value)
        case DateValue():
            return date_text(value)
        case SetValue(items=items):
            return join_names([item.name for item in items])


def amount_text(amount: Decimal) -> str:
    """Return 50,000 or 5.58 million: digits in groups, large round amounts in words.

    What no reader could count the noughts of is a power of ten: 6.022 × 10²³.
    """
    if amount and not LEAST_PLAIN <= abs(amount) < LEAST_HUGE:
        return _power_text(amount)
    for scale, word in _SCALES:
        scaled = amount / scale
        if (
            abs(scaled) >= 1
            and len(write_decimal(scaled).replace(".", "").lstrip("-")) <= SHORT_DIGITS
        ):
            return f"{write_decimal(scaled)} {word}"
    whole, _, decimals = write_decimal(amount).partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.lstrip("-")
    grouped = f"{int(digits):,}" if len(digits) > SHORT_DIGITS else digits
    return sign + grouped + (f".{decimals}" if decimals else "")


def _power_text(amount: Decimal) -> str:
    power = amount.adjusted()
    return f"{write_decimal(amount.scaleb(-power))} × 10{str(power).translate(_RAISED)}"


def money_text(amount: Decimal, currency: str) -> str:
    """Return US$5.58 million, €14.50; a currency without a symbol is named by its code."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{price_text(abs(amount))}"


def price_text(amount: Decimal) -> str:
    """Return the amount of a price: ten cents are written 0.10."""
    text = amount_text(amount)
    return f"{text}0" if _TENTHS.search(text) else text


def with_unit(amount: str, unit: str) -> str:
    """Join an amount and its unit: 50,000 chips, 20%, 9.81 m/s²."""
    if unit in {"%", "°"}:
        return amount + unit
    if amount in {"1", "-1"}:
        unit = singular(unit)
    return f"{amount} {unit}" if unit else amount


def date_text(value: DateValue) -> str:
    """Return 20 January 2025, March 2023, 1969 or late 2022."""
    text = str(value.year)
    if value.month is not None:
        text = f"{MONTHS[value.month - 1]} {text}"
    if value.day is not None:
        text = f"{value.day} {text}"
    return f"{value.part} {text}" if value.part else text


def join_names(names: list[str], word: str = "and") -> str:
    """Return "A", "A and B" or "A, B and C"; "A or B" with that word."""
    if len(names) < 2:  # noqa: PLR2004 one name joins with nothing
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def _bounded(bound: Bound | None, text: str) -> str:
    return f"{_BOUND_WORDS[bound]} {text}" if bound else text


def is_currency(unit: str) -> bool:
    """Whether a range's unit is the code of a currency."""
    return bool(_CURRENCY.fullmatch(unit))


def _range_text(value: RangeValue) -> str:
    if is_currency(value.unit):
        low, high = (money_text(end, value.unit) for end in (value.low, value.high))
        return f"{low} to {high}"
    low = amount_text(value.low)
    return f"{low} to {with_unit(amount_text(value.high), value.unit)}"
