"""Texts of values: how long, and of which characters."""

import re

from app.core.sentences import say
from app.core.values.kinds import ValueProblem

MAX_TEXT = 1000
"""Characters in a name, alias or text value."""
_UNPRINTABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")


def slug(text: str) -> str:
    """Return a key made of a name."""
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-")[:80] or "entity"


def has_control_characters(text: str) -> bool:
    """Whether a text has control characters or lone surrogates, which no file can carry."""
    return bool(_UNPRINTABLE.search(text))


def clean_text(text: str, field: str) -> str:
    """Strip the ends; refuse control characters, lone surrogates and over-long text."""
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise ValueProblem(
            field,
            say("{field} is longer than {max_text} characters.", field=field, max_text=MAX_TEXT),
        )
    if has_control_characters(text):
        raise ValueProblem(field, say("{field} contains a control character.", field=field))
    return text
