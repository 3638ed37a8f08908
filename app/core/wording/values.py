"""Values as they are shown: in the house style of their deck's language."""

from functools import lru_cache

from app.core.values import (
    DateValue,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.core.wording import english
from app.core.wording.houses import house_of

ENGLISH = "en"
BLANK = "_____"
"""A cloze's gap: always this long, so that its length tells nothing."""
LEAST_TELLING = 10
"""Smaller numbers stand in stems for other reasons, too: one of, the two."""
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)


def is_english(language: str) -> bool:
    """Whether a language, by its tag (BCP 47), is English of any region."""
    return language == ENGLISH or language.casefold().split("-")[0] == ENGLISH


def display(value: Value, language: str = ENGLISH) -> str:
    """Return a value as a deck's language writes it; the one place where values are written.

    US$5.58 million, 20 January 2025, 50,000 chips; in German 5,58 Mio. US-Dollar, 20. Januar 2025,
    50.000 chips. Without a language it is the form in which values are compared and go into files.
    """
    if isinstance(value, EntityValue):
        return value.entity.name
    return value.text if isinstance(value, TextValue) else _written(value, language)


@lru_cache(maxsize=20_000)
def _written(
    value: NumberValue | MoneyValue | RangeValue | DateValue | SetValue, language: str
) -> str:
    """Write what takes some reckoning to write; kept, since one value is shown many times."""
    return english.written(value) if is_english(language) else house_of(language).written(value)


def join_names(names: list[str], language: str = ENGLISH) -> str:
    """Return "A", "A and B" or "A, B and C", as the language joins them."""
    return english.join_names(names) if is_english(language) else house_of(language).joined(names)


def join_choices(names: list[str], language: str = ENGLISH) -> str:
    """Return "A", "A or B" or "A, B or C", as the language joins what may be chosen from."""
    if is_english(language):
        return english.join_names(names, "or")
    return house_of(language).joined(names, is_choice=True)


def answer_texts(value: Value, language: str = ENGLISH) -> tuple[str, ...]:
    """Return every text that would give a value away when it stands in a stem."""
    match value:
        case EntityValue(entity):
            return entity.names
        case TextValue():
            return (value.text, *value.accept)
        case SetValue(items=items):
            return tuple(name for item in items for name in item.names)
        case NumberValue(amount=amount) if amount >= LEAST_TELLING:
            bare = display(NumberValue(amount), language)
            teens = _TEENS if is_english(language) else house_of(language).teens
            at = int(amount) - LEAST_TELLING
            return (display(value, language), bare, *teens[at : at + 1])
        case _:
            return (display(value, language),)
