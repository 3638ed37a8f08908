"""Choices for select and radio fields."""

from collections.abc import Iterable

from wtforms import Field
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return (value, label) pairs as WTForms wants them; plain tuples go with WTForms 3.4."""
    return [SelectChoice(value, label) for value, label in pairs]


def page_number(field: Field) -> int:
    """Return the page that an address asks for, 1 where it says nothing that could be one."""
    typed, few_digits = str(field.data or ""), 6
    fits = typed.isascii() and typed.isdecimal() and len(typed) <= few_digits
    return int(typed) if fits else 1
