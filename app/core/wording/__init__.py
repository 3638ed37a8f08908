"""How facts are put into words: values in the house style, stems, statements, attribution."""

from app.core.wording.english import MONTHS, amount_text, date_text
from app.core.wording.filling import article_for, fill, tidy
from app.core.wording.frames import frame_of
from app.core.wording.keeping import kept
from app.core.wording.sentences import (
    as_dated,
    asked_as,
    attributed,
    dated,
    fact_text,
    inverse_stem,
    shown_value,
    statement,
    stem,
    with_preposition,
)
from app.core.wording.values import (
    BLANK,
    ENGLISH,
    answer_texts,
    display,
    is_english,
    join_choices,
    join_names,
)

__all__ = [
    "BLANK",
    "ENGLISH",
    "MONTHS",
    "amount_text",
    "answer_texts",
    "article_for",
    "as_dated",
    "asked_as",
    "attributed",
    "date_text",
    "dated",
    "display",
    "fact_text",
    "fill",
    "frame_of",
    "inverse_stem",
    "is_english",
    "join_choices",
    "join_names",
    "kept",
    "shown_value",
    "statement",
    "stem",
    "tidy",
    "with_preposition",
]
