"""The answer as it is shown is right, whatever its unit: nobody is refused what the page says."""

from decimal import Decimal
from itertools import product

import pytest

from app.core.marking import mark_value
from app.core.marking.currencies import CURRENCIES
from app.core.marking.units import UNIT_WORDS
from app.core.values import (
    Bound,
    DatePart,
    DateValue,
    Entity,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.core.wording import display

AMOUNTS = ("1", "1234.5", "0.05", "-40", "1500000", "300000000")
ENDS = (("5", "10"), ("0.5", "1.5"), ("1000000", "5000000"), ("200", "500000"), ("-10", "5"))
OTHER_UNITS = ("", "°C", "K", "m/s", "m/s²", "km/h", "kg/m³", "people", "chips", "light years")
OTHER_UNITS += ("barrels per day", "mol/L", "kWh", "V", "A", "N", "Pa", "km²", "ppm", "MeV")
UNITS = [*sorted(UNIT_WORDS - {"metric-ton", "metric-tons", "per-cent"}), *OTHER_UNITS]
"""All that are known but three spellings that nothing shows, and some that are not."""


def values() -> list[Value]:
    """Return amounts of every size in every unit, ranges and money in every currency."""
    numbers = [
        NumberValue(Decimal(amount), unit, bound=bound)
        for amount, unit, bound in product(AMOUNTS, UNITS, (None, Bound.AT_LEAST))
    ]
    ranges = [
        RangeValue(Decimal(low), Decimal(high), unit)
        for (low, high), unit in product(ENDS, [*UNITS, "USD", "EUR"])
    ]
    money = [
        MoneyValue(Decimal(amount), currency)
        for amount, currency in product(AMOUNTS, sorted(set(CURRENCIES.values())))
    ]
    scaled = [
        NumberValue(Decimal("1.4"), "billion people"),
        RangeValue(Decimal(5), Decimal(10), "million people"),
    ]
    return [*numbers, *ranges, *money, *scaled]


@pytest.mark.parametrize("said", ["{}", "it is {}", "{}."])
def test_the_answer_as_it_is_shown_is_right(said: str) -> None:
    refused = [
        said.format(display(value))
        for value in values()
        if not mark_value(value, said.format(display(value))).correct
    ]
    assert not refused


@pytest.mark.parametrize("said", ["{}", "in {}", "it was in {}", "{}.", "{} AD"])
def test_the_date_as_it_is_shown_is_right_in_any_century(said: str) -> None:
    dates = [
        date
        for year in (5, 44, 476, 987, 1066, 1776, 1899, 1999, 2000, 2025)
        for date in (
            DateValue(year),
            *(DateValue(year, part=part) for part in DatePart),
            *(DateValue(year, month) for month in (1, 5, 9, 12)),
            *(DateValue(year, month, day) for month in (2, 5) for day in (1, 12, 13, 28)),
        )
    ]
    refused = [
        said.format(display(date))
        for date in dates
        if not mark_value(date, said.format(display(date))).correct
    ]
    assert not refused


@pytest.mark.parametrize(
    ("value", "response", "credit"),
    [
        (DateValue(476), "AD 476", 1),
        (DateValue(476), "476 BC", 0),
        (DateValue(79, 8, 24), "August 24, AD 79", 1),
        (DateValue(79, 8, 24), "24 August 1979", 0),
        (DateValue(1944, 3, 15), "15 March 44", 1),
        (DateValue(1944, 3, 15), "15 March 44 AD", 0),
        (DateValue(1989, 11), "Nov 89", 1),
        (DateValue(1989, 11), "Nov 98", 0),
        (SetValue((Entity("Truth or Dare"), Entity("Tag"))), "tag, truth or dare", 1),
        (SetValue((Entity("Truth or Dare"), Entity("Tag"))), "tag or truth or dare", 0),
    ],
)
def test_years_and_lists_in_other_notations(value: Value, response: str, credit: float) -> None:
    assert mark_value(value, response).credit == credit


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_it_is_in_other_languages(language: str) -> None:
    refused = [
        display(value, language)
        for value in values()[::7]
        if not mark_value(value, display(value, language), language=language).correct
    ]
    assert not refused


@pytest.mark.parametrize(
    ("value", "response", "credit"),
    [
        (NumberValue(Decimal(20), "%"), "one in five", 1),
        (NumberValue(Decimal(20), "%"), "2 out of every 10", 1),
        (NumberValue(Decimal("0.05"), "%"), "1/2000", 1),
        (NumberValue(Decimal(20), "%"), "1 in 50", 0),
        (NumberValue(Decimal(20), "%"), "five in one", 0),
        (MoneyValue(Decimal(5_580_000), "USD"), "$5.6 million", 0.5),
        (MoneyValue(Decimal(5_580_000), "USD"), "about $5,600,000", 0.5),
        (MoneyValue(Decimal(5_580_000), "USD"), "$5,600,000", 0),
        (MoneyValue(Decimal(5_580_000), "USD"), "$5.5 million", 0),
        (NumberValue(Decimal(384_400), "km"), "384,000 km", 0.5),
        (NumberValue(Decimal(384_400), "km"), "400,000 km", 0),
        (NumberValue(Decimal(1001), "nights"), "1,000 nights", 0),
        (NumberValue(Decimal(206), "bones"), "about 210 bones", 0),
        (NumberValue(Decimal("9.81"), "m/s²"), "9.81 ms-2", 1),
        (NumberValue(Decimal("9.81"), "m/s²"), "9.81 ms-1", 0),
        (NumberValue(Decimal(1024), "bytes"), "1 KiB", 1),
        (NumberValue(Decimal(1024), "bytes"), "2^10 bytes", 1),
        (NumberValue(Decimal(1024), "bytes"), "2^11 bytes", 0),
        (NumberValue(Decimal(7), bound=Bound.AT_LEAST), "no fewer than seven", 1),
        (MoneyValue(Decimal(750_000), "EUR"), "three quarters of a million euros", 1),
        (MoneyValue(Decimal(3_400_000_000), "GBP"), "£3.4 billion sterling", 1),
        (MoneyValue(Decimal(100), "JPY"), "100円", 1),
        (RangeValue(Decimal(5), Decimal(10), "m"), "5–10 m", 1),
        (RangeValue(Decimal(5), Decimal(10), "m"), "5-10 million", 0),
        (RangeValue(Decimal(-20), Decimal(-5), "°C"), "from -20 to -5 °C", 1),
        (RangeValue(Decimal(-20), Decimal(-5), "°C"), "-20--5", 1),
        (RangeValue(Decimal(-20), Decimal(5), "°C"), "20 to 5 °C", 0),
    ],
)
def test_amounts_in_other_notations(value: Value, response: str, credit: float) -> None:
    assert mark_value(value, response).credit == credit


@pytest.mark.parametrize(
    ("name", "response", "credit"),
    [
        ("because it lacks chlorophyll", "because it has no chlorophyll", 1),
        ("because it lacks chlorophyll", "it doesn't have any chlorophyll", 1),
        ("it lacks water", "it has water", 0),
        ("Vice President", "President", 0),
        ("lack of iron", "iron", 0),
        ("to the left", "leftwards", 1),
        ("the pituitary gland", "gland", 0.5),
    ],
)
def test_what_turns_a_meaning_round_is_no_small_word(
    name: str, response: str, credit: float
) -> None:
    assert mark_value(TextValue(name), response).credit == credit
