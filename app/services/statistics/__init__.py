"""What real answers say of questions: counted from the review log, shown to curators."""

from app.services.statistics.counting import (
    count_again,
    count_learners,
    count_new,
    forget_learners,
    rebuild,
    uncounted,
)

__all__ = [
    "count_again",
    "count_learners",
    "count_new",
    "forget_learners",
    "rebuild",
    "uncounted",
]
