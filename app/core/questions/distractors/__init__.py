"""Wrong options: near the key in kind, style and size, and never right by any published fact."""

from app.core.questions.distractors.entities import entity_distractors, subject_distractors
from app.core.questions.distractors.neighbours import size_of
from app.core.questions.distractors.rightness import (
    may_hold,
    names_of,
    right_subjects,
    right_values,
)
from app.core.questions.distractors.values import untrue_values, value_distractors

__all__ = [
    "entity_distractors",
    "may_hold",
    "names_of",
    "right_subjects",
    "right_values",
    "size_of",
    "subject_distractors",
    "untrue_values",
    "value_distractors",
]
