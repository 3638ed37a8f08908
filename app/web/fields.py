"""Choices for select and radio fields."""

from collections.abc import Iterable

from wtforms import Field
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from app.core.languages import direction
from app.services.decks import DeckCard


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return (value, label) pairs as WTForms wants them; plain tuples go with WTForms 3.4."""
    return [SelectChoice(value, label) for value, label in pairs]


def deck_words(pairs: Iterable[tuple[str, str]], language: str) -> list[SelectChoice]:
    """Return choices whose labels are a deck's words; each says its language and its side."""
    spoken = {"lang": language, "dir": direction(language)}
    return [SelectChoice(value, label, spoken) for value, label in pairs]


def deck_titles(decks: Iterable[DeckCard]) -> list[SelectChoice]:
    """Return decks as choices, each title in its deck's language."""
    return [one for deck in decks for one in deck_words([(deck.key, deck.title)], deck.language)]


def page_number(field: Field) -> int:
    """Return the page that an address asks for, 1 where it says nothing that could be one."""
    typed, few_digits = str(field.data or ""), 6
    fits = typed.isascii() and typed.isdecimal() and len(typed) <= few_digits
    return int(typed) if fits else 1
