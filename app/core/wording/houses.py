"""Values as decks in other languages than English write them.

A house knows the words of its language where a table here has them (German, French, Spanish); what
it lacks, and all other languages, come from the locale data of Unicode (Babel), with signs for
words.
Where even that knows a language not, values are written as ISO 8601 and ISO 80000 have them.
Decimals, groups and words such as million stand where English has them, so that two values which
are written alike in English are so in every language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

from app.core.values import (
    Bound,
    DatePart,
    DateValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
)
from app.core.wording.english import amount_text, is_currency, price_text

if TYPE_CHECKING:
    from babel import Locale

_SCALED = re.compile(r"(?P<figure>\S+)(?: (?P<scale>[mbt]r?illion))?(?P<rest>.*)")
_MARKS = re.compile("[\u200e\u200f\u061c]")
"""Pages give direction to a deck's words themselves."""
_MOST_DECIMALS = 3
_MONTHS_OF_YEAR = {DatePart.EARLY: (1, 4), DatePart.MID: (5, 8), DatePart.LATE: (9, 12)}
_DAYS_OF_MONTH = {DatePart.EARLY: (1, 10), DatePart.MID: (11, 20), DatePart.LATE: (21, 28)}
_SIGNS = {
    Bound.LESS_THAN: "< {}",
    Bound.AT_MOST: "≤ {}",
    Bound.MORE_THAN: "> {}",
    Bound.AT_LEAST: "≥ {}",
}


@dataclass(frozen=True)
class House:
    """How one language writes values. `code` is its tag for Babel, "" where Babel lacks it."""

    code: str
    bounds: Mapping[Bound, str] = field(default_factory=lambda: _SIGNS)
    parts: Mapping[DatePart, str] = field(default_factory=dict)
    span: str = "{low}–{high}"
    scales: Mapping[str, str] = field(default_factory=dict)
    currencies: Mapping[str, str] | None = None
    """Names of currencies, behind the amount; None where the locale's sign and place are taken."""
    teens: tuple[str, ...] = ()
    """Ten to nineteen in words."""

    def written(self, value: NumberValue | MoneyValue | RangeValue | DateValue | SetValue) -> str:
        """Return a value as the language writes it."""
        match value:
            case NumberValue():
                text = self._with_unit(self._amount(value.amount), value.unit)
                return self._bounded(value.bound, text)
            case MoneyValue():
                return self._bounded(value.bound, self._money(value.amount, value.currency))
            case RangeValue():
                return self._range(value)
            case DateValue():
                return self._date(value)
            case SetValue(items=items):
                return self.joined([item.name for item in items])

    def joined(self, names: list[str], *, is_choice: bool = False) -> str:
        """Return "A, B und C"; "A oder B" of what may be chosen from."""
        if self.locale is None:
            return (" / " if is_choice else ", ").join(names)
        from babel.lists import format_list  # noqa: PLC0415 English decks need no Babel

        style: Literal["or", "standard"] = "or" if is_choice else "standard"
        return str(format_list(names, style=style, locale=self.locale))

    @property
    def locale(self) -> "Locale | None":
        """The language's data in Babel."""
        return _locale(self.code) if self.code else None

    def _bounded(self, bound: Bound | None, text: str) -> str:
        return self.bounds[bound].format(text) if bound else text

    def _amount(self, amount: Decimal) -> str:
        return self._localised(amount, amount_text(amount))

    def _localised(self, amount: Decimal, english: str) -> str:
        """Return an amount's English text with this language's marks and words."""
        found = _SCALED.fullmatch(english)
        assert found is not None  # noqa: S101 every amount begins with its figures
        if not found["scale"]:
            return self._figures(found["figure"]) + found["rest"]
        if found["scale"] in self.scales:
            return f"{self._figures(found['figure'])} {self.scales[found['scale']]}"
        return self._compact(amount)

    def _figures(self, figures: str) -> str:
        group, decimal = _separators(self.code)
        return "".join({",": group, ".": decimal}.get(char, char) for char in figures)

    def _compact(self, amount: Decimal) -> str:
        """Return 5,58 millions, 558万: whatever large step the language counts in."""
        locale = self.locale
        if locale is None:
            return self._figures(f"{amount.to_integral_value():,}")
        from babel.numbers import format_compact_decimal  # noqa: PLC0415 as above

        width = "long" if "long" in locale.compact_decimal_formats else "short"
        return _plain(
            format_compact_decimal(
                amount,
                format_type=width,  # type: ignore[arg-type]  # one of its two literals
                locale=locale,
                fraction_digits=_MOST_DECIMALS,
            )
        )

    def _money(self, amount: Decimal, currency: str) -> str:
        sign = "-" if amount < 0 else ""
        text = sign + self._localised(abs(amount), price_text(abs(amount)))
        locale = self.locale
        if locale is None:
            return f"{text} {currency}"
        from babel.numbers import get_currency_name, get_currency_symbol  # noqa: PLC0415 as above

        if self.currencies is not None:
            name = self.currencies.get(currency) or get_currency_name(currency, 2, locale)
            return f"{text} {name}"
        symbol = _plain(get_currency_symbol(currency, locale))
        if not locale.currency_formats["standard"].pattern.startswith("¤"):
            return f"{text} {symbol}"
        return f"{symbol} {text}" if symbol[-1:].isalpha() else symbol + text

    def _with_unit(self, amount: str, unit: str) -> str:
        if unit == "°":
            return amount + unit
        locale = self.locale
        tight = unit == "%" and locale and locale.percent_formats[None].pattern.endswith("0%")
        return f"{amount}{unit}" if tight else f"{amount} {unit}".rstrip()

    def _range(self, value: RangeValue) -> str:
        if is_currency(value.unit):
            low, high = (self._money(end, value.unit) for end in (value.low, value.high))
            if self.currencies is not None:  # said once, behind both
                low = self._amount(value.low)
        else:
            low = self._amount(value.low)
            high = self._with_unit(self._amount(value.high), value.unit)
        return self.span.format(low=low, high=high)

    def _date(self, value: DateValue) -> str:
        if self.locale is None:
            return _iso_interval(value, value.part) if value.part else value.iso
        if value.part and not self.parts:
            return self._interval(value, value.part)
        text = self._whole_date(value, self.locale)
        return self.parts[value.part].format(text) if value.part else text

    def _whole_date(self, value: DateValue, locale: "Locale") -> str:
        from babel.dates import format_date, format_skeleton  # noqa: PLC0415 as above

        if value.month is None:
            return str(value.year)
        day = date(value.year, value.month, value.day or 1)
        if value.day is None:
            return _plain(format_skeleton("yMMMM", day, locale=locale))
        return _plain(format_date(day, "long", locale=locale))

    def _interval(self, value: DateValue, part: DatePart) -> str:
        """Return a part of a year or month by its ends, which need no words."""
        from babel.dates import format_interval  # noqa: PLC0415 as above

        if value.month is None:
            first, last = (date(value.year, month, 1) for month in _MONTHS_OF_YEAR[part])
            return _plain(format_interval(first, last, "yMMM", locale=self.locale))
        first, last = (date(value.year, value.month, day) for day in _DAYS_OF_MONTH[part])
        return _plain(format_interval(first, last, "yMMMd", locale=self.locale))


def _iso_interval(value: DateValue, part: DatePart) -> str:
    """Return a part of a year or month by its ends, as ISO 8601 has it."""
    ends = (_DAYS_OF_MONTH if value.month else _MONTHS_OF_YEAR)[part]
    return "/".join(f"{value.iso}-{end:02d}" for end in ends)


def _plain(text: str) -> str:
    """Return text without marks of direction, with plain spaces."""
    return " ".join(_MARKS.sub("", text).split())


@cache
def _locale(code: str) -> "Locale":
    from babel import Locale  # noqa: PLC0415 English decks need no Babel

    return Locale.parse(code, sep="-")


@cache
def _separators(code: str) -> tuple[str, str]:
    """Return what a language puts between thousands and before decimals."""
    if not code:
        return "\u202f", "."
    from babel.numbers import get_decimal_symbol, get_group_symbol  # noqa: PLC0415 as above

    return get_group_symbol(_locale(code)), get_decimal_symbol(_locale(code))


_GERMAN = House(
    code="de",
    bounds={
        Bound.LESS_THAN: "unter {}",
        Bound.AT_MOST: "höchstens {}",
        Bound.MORE_THAN: "mehr als {}",
        Bound.AT_LEAST: "mindestens {}",
    },
    parts={DatePart.EARLY: "Anfang {}", DatePart.MID: "Mitte {}", DatePart.LATE: "Ende {}"},
    span="{low} bis {high}",
    scales={"million": "Mio.", "billion": "Mrd.", "trillion": "Bio."},
    currencies={
        "USD": "US-Dollar",
        "EUR": "Euro",
        "GBP": "Pfund",
        "CHF": "Franken",
        "JPY": "Yen",
        "CNY": "Yuan",
        "INR": "Rupien",
    },
    teens=(
        *("zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn"),
        *("achtzehn", "neunzehn"),
    ),
)
_FRENCH = House(
    code="fr",
    bounds={
        Bound.LESS_THAN: "moins de {}",
        Bound.AT_MOST: "au plus {}",
        Bound.MORE_THAN: "plus de {}",
        Bound.AT_LEAST: "au moins {}",
    },
    parts={DatePart.EARLY: "début {}", DatePart.MID: "mi-{}", DatePart.LATE: "fin {}"},
    span="{low} à {high}",
)
_SPANISH = House(
    code="es",
    bounds={
        Bound.LESS_THAN: "menos de {}",
        Bound.AT_MOST: "como máximo {}",
        Bound.MORE_THAN: "más de {}",
        Bound.AT_LEAST: "al menos {}",
    },
    parts={
        DatePart.EARLY: "principios de {}",
        DatePart.MID: "mediados de {}",
        DatePart.LATE: "finales de {}",
    },
    span="{low} a {high}",
)
_HOUSES = {"de": _GERMAN, "fr": _FRENCH, "es": _SPANISH}
_SCRIPT_LETTERS = 4


@cache
def house_of(language: str) -> House:
    """Return how a language writes values, by its tag (BCP 47), the region aside."""
    head, *rest = language.split("-")
    if head.casefold() in _HOUSES:
        return _HOUSES[head.casefold()]
    scripts = [one for one in rest[:1] if len(one) == _SCRIPT_LETTERS and one.isalpha()]
    return House(code=_known("-".join([head, *scripts])) or _known(head))


def _known(code: str) -> str:
    """Return a tag that Babel knows, "" for any other."""
    from babel import UnknownLocaleError  # noqa: PLC0415 English decks need no Babel

    try:
        _locale(code)
    except (UnknownLocaleError, ValueError):
        return ""
    return code
