"""Responses and passages of decks in other languages, read as if they were written in English.

The rules of marking know one language. A tongue puts a response and the value into it at the door,
and the learner's sentence back: "5,58 Mio. US-Dollar" is read as 5.58 million dollars, "Ende 2022"
as late 2022, "1.500" as fifteen hundred. Names of months, currencies and signs come from the locale
data of Unicode (Babel), all other words from tables, where there is one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from text_to_num import alpha2digit

from app.core.marking.currencies import CURRENCIES
from app.core.marking.normalise import clean, folded
from app.core.marking.templates import filled
from app.core.marking.tongue_words import (
    AMOUNTS,
    ARTICLES,
    BEFORE,
    DATES,
    ENDINGS,
    JOINING,
    NEGATIONS,
    SHARES,
    SPOKEN,
    Pairs,
)
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.core.wording import MONTHS, is_english
from app.core.wording.houses import house_of

if TYPE_CHECKING:
    from babel import Locale
    from babel.localedata import LocaleDataDict

_FIGURE = re.compile(r"\d")
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})\b")
_SCALE_WORDS = {3: "thousand", 6: "million", 9: "billion", 12: "trillion"}
_ZEROS = re.compile("0+")
_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+$")
SHORTEST_NOUN = 4
_ONE_SIZE = {
    "de": re.compile(r"\beine? (?=(?:million|milliarde|billion|tausend|hundert))", re.IGNORECASE),
    "fr": re.compile(r"\bun (?=(?:million|milliard|billion))", re.IGNORECASE),
    "es": re.compile(r"\bun (?=(?:millón|billón))", re.IGNORECASE),
}


class Lexicon:
    """Words and what stands for them in English, replaced in one pass: none is replaced twice."""

    def __init__(self, pairs: Pairs) -> None:
        self._english = tuple(english for _, english in pairs)
        words = "|".join(f"({pattern})" for pattern, _ in pairs)
        self._pattern = re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE)

    def english(self, text: str) -> str:
        """Return a text with its words in English and single spaces."""
        if not self._english:
            return text
        return " ".join(self._pattern.sub(self._word, text).split())

    def _word(self, found: re.Match[str]) -> str:
        assert found.lastindex is not None  # noqa: S101 one of the words was found
        return f" {self._english[found.lastindex - 1]} "


@dataclass(frozen=True)
class Tongue:
    """How one language is read; `code` is its tag without a region."""

    code: str
    locale: "Locale"

    def amounts(self, text: str) -> str:
        """Return a text with its amounts in English words and marks."""
        text = self._share_words.english(text)
        if self.code in SPOKEN and not _FIGURE.search(text):
            text = self._in_figures(text)
        return self._amount_words.english(self._separated(text))

    def dates(self, text: str) -> str:
        """Return a text with its dates in English words, day and month apart."""
        if self.code in SPOKEN:
            text = self._in_figures(text)
        if self._day_first:
            text = _NUMERIC_DATE.sub(filled(r"\1.\2.\3"), text)
        return self._date_words.english(text)

    def passage(self, text: str) -> str:
        """Return a passage with its amounts in figures, as English has them."""
        if self.code in SPOKEN:
            text = self._in_figures(text)
        return self._separated(text)

    def option(self, text: str) -> str:
        """Return an amount or a date as it stands in an option, in English."""
        return self._amount_words.english(self._separated(self._date_words.english(text)))

    def response(self, value: Value, response: str) -> str:
        """Return a response as it would be written in English, for a value of this kind."""
        text = clean(response)
        if self._before is not None:
            text = self._before.sub("", text)
        match value:
            case NumberValue(unit=unit) | RangeValue(unit=unit):
                return self._with_unit(self.amounts(text), self._unit(unit))
            case MoneyValue():
                return self.amounts(text)
            case DateValue():
                return self.dates(text)
            case SetValue():
                return self._joined(text)
            case _:
                return self._without_article(text)

    def denies(self, value: Value, response: str) -> bool:
        """Whether a response to be marked by names says no where none of the names does."""
        names = _names_in(value)
        if self._negation is None or not names or not self._negation.search(response):
            return False
        return not any(map(self._negation.search, names))

    def value(self, value: Value) -> Value:
        """Return a value with its unit or its names as `response` gives them."""
        match value:
            case NumberValue(unit=unit) | RangeValue(unit=unit):
                return replace(value, unit=self._unit(unit))
            case SetValue(items=items):
                return SetValue(tuple(self._entity(item, self._joined) for item in items))
            case EntityValue(entity):
                return EntityValue(self._entity(entity, self._without_article))
            case TextValue(text=text, accept=accept):
                more = dict.fromkeys(map(self._without_article, (text, *accept)))
                return replace(value, accept=(*accept, *more))
            case _:
                return value

    @staticmethod
    def _entity(entity: Entity, changed: Callable[[str], str]) -> Entity:
        """Return an entity that goes by its names as they are changed, too."""
        more = dict.fromkeys(map(changed, entity.names))
        return replace(entity, aliases=(*entity.aliases, *more))

    def _unit(self, unit: str) -> str:
        """Return a unit in English words; million people stays in words, as an English one is."""
        return self._amount_words.english(unit)

    def _in_figures(self, text: str) -> str:
        single = _ONE_SIZE.get(self.code)
        try:
            return str(alpha2digit(single.sub("", text) if single else text, self.code, 0))
        except ValueError:
            return text

    def _separated(self, text: str) -> str:
        """Return a text with dots before decimals and nothing between thousands."""
        return self._number.sub(lambda found: self._plain_number(found[0]), text)

    def _plain_number(self, figures: str) -> str:
        return figures.replace(self._group, "").replace(self._decimal, ".")

    def _joined(self, text: str) -> str:
        return self._joining.english(text)

    def _without_article(self, text: str) -> str:
        return self._article.sub("", text) if self._article is not None else text

    def _with_unit(self, text: str, unit: str) -> str:
        """Return an amount with the very unit where it has that noun's singular or plural."""
        found, wanted = _LAST_WORD.search(text), _LAST_WORD.search(unit)
        if found is None or wanted is None or found[0] == wanted[0]:
            return text
        same = self._stem(found[0]) == self._stem(wanted[0])
        return text[: found.start()] + wanted[0] if same else text

    def _stem(self, noun: str) -> str:
        plain = folded(noun)
        if len(plain) < SHORTEST_NOUN or self._ending is None:
            return plain
        return self._ending.sub("", plain)

    @cached_property
    def _group(self) -> str:
        from babel.numbers import get_group_symbol  # noqa: PLC0415 English decks need no Babel

        return clean(get_group_symbol(self.locale)) or " "

    @cached_property
    def _decimal(self) -> str:
        from babel.numbers import get_decimal_symbol  # noqa: PLC0415 as above

        return get_decimal_symbol(self.locale)

    @cached_property
    def _number(self) -> re.Pattern[str]:
        group, decimal = re.escape(self._group), re.escape(self._decimal)
        return re.compile(
            rf"(?<![\d.,])(?:\d{{1,3}}(?:{group}\d{{3}})+(?:{decimal}\d+)?|\d+{decimal}\d+)(?![\d]|[.,]\d)"
        )

    @cached_property
    def _day_first(self) -> bool:
        return str(self.locale.date_formats["short"].pattern).startswith("d")

    @cached_property
    def _before(self) -> re.Pattern[str] | None:
        words = BEFORE.get(self.code)
        return re.compile(rf"^(?:{words}\b[,\s]*)+", re.IGNORECASE) if words else None

    @cached_property
    def _article(self) -> re.Pattern[str] | None:
        words = ARTICLES.get(self.code)
        return re.compile(rf"^{words}(?:(?<=')|\s+)(?=\w)", re.IGNORECASE) if words else None

    @cached_property
    def _negation(self) -> re.Pattern[str] | None:
        words = NEGATIONS.get(self.code)
        return re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if words else None

    @cached_property
    def _ending(self) -> re.Pattern[str] | None:
        words = ENDINGS.get(self.code)
        return re.compile(rf"{words}$") if words else None

    @cached_property
    def _joining(self) -> Lexicon:
        return Lexicon(JOINING.get(self.code, ()))

    @cached_property
    def _share_words(self) -> Lexicon:
        return Lexicon(SHARES.get(self.code, ()))

    @cached_property
    def _amount_words(self) -> Lexicon:
        names = {**self._currencies(), **self._scales()}
        return Lexicon((*AMOUNTS.get(self.code, ()), *_escaped(names)))

    @cached_property
    def _date_words(self) -> Lexicon:
        names = {clean(name).rstrip("."): "" for name in self._names(self.locale.days)}
        for name, at in self._names(self.locale.months).items():
            names[clean(name).rstrip(".")] = MONTHS[at - 1]
        spelt = {name: word for name, word in names.items() if not _FIGURE.search(name)}
        return Lexicon((*DATES.get(self.code, ()), *_escaped(spelt, end=r"\.?,?")))

    @staticmethod
    def _names(data: "LocaleDataDict") -> dict[str, int]:
        """Return the names of months or days with their numbers, long and short."""
        return {
            name: at
            for context in ("format", "stand-alone")
            for width in ("wide", "abbreviated")
            for at, name in data[context][width].items()
        }

    def _currencies(self) -> dict[str, str]:
        """Return the names and signs of the currencies that marking knows, by their codes."""
        from babel.numbers import get_currency_name, get_currency_symbol  # noqa: PLC0415 as above

        names: dict[str, str] = {}
        for code in sorted(set(CURRENCIES.values())):
            if code.casefold() not in CURRENCIES:
                continue
            for count in (1, 2, 5):
                names[clean(get_currency_name(code, count, self.locale))] = code.casefold()
            symbol = clean(get_currency_symbol(code, self.locale))
            if symbol.casefold() not in CURRENCIES:
                names[symbol] = code.casefold()
        return names

    def _scales(self) -> dict[str, str]:
        """Return the words of large steps that have an English one: miljoner, млрд."""
        found: dict[str, str] = {}
        for patterns in self.locale.compact_decimal_formats.values():
            for by_size in patterns.values():
                for size, made in by_size.items():
                    zeros = _ZEROS.search(made.pattern)
                    word = clean(_ZEROS.sub("", made.pattern).replace("'", ""))
                    step = len(size) - len(zeros[0]) if zeros else 0
                    if len(word) > 1 and step in _SCALE_WORDS:  # a bare m may be metres
                        found[word] = _SCALE_WORDS[step]
        return found


def _names_in(value: Value) -> tuple[str, ...]:
    """Return the names that a response is compared with, none for amounts and dates."""
    match value:
        case EntityValue(entity):
            return entity.names
        case TextValue(text=text, accept=accept):
            return (text, *accept)
        case SetValue(items=items):
            return tuple(name for item in items for name in item.names)
        case _:
            return ()


def _escaped(names: Mapping[str, str], end: str = "") -> Pairs:
    """Return names as patterns, longer ones first: US-Dollar before Dollar."""
    ranked = sorted(names, key=len, reverse=True)
    return tuple((re.escape(name) + end, names[name]) for name in ranked)


@lru_cache(maxsize=100)
def tongue_of(language: str) -> Tongue | None:
    """Return how a language is read, None for English and for what Babel does not know."""
    if is_english(language):
        return None
    locale = house_of(language).locale
    return Tongue(locale.language, locale) if locale is not None else None
