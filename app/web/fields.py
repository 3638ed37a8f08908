"""Choices for select and radio fields."""

from collections.abc import Iterable

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return (value, label) pairs as WTForms wants them; plain tuples go with WTForms 3.4."""
    return [SelectChoice(value, label) for value, label in pairs]
