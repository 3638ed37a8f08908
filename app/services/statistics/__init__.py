"""What real answers say of questions: counted from the review log, shown to curators."""

from app.services.statistics.counting import (
    count_again,
    count_for,
    count_learners,
    count_new,
    forget_learners,
    rebuild,
    uncounted,
)
from app.services.statistics.pages import (
    FactPage,
    ItemDetail,
    ItemLine,
    ItemPage,
    Order,
    deck_items,
    fact_items,
    fact_page,
)

__all__ = [
    "FactPage",
    "ItemDetail",
    "ItemLine",
    "ItemPage",
    "Order",
    "count_again",
    "count_for",
    "count_learners",
    "count_new",
    "deck_items",
    "fact_items",
    "fact_page",
    "forget_learners",
    "rebuild",
    "uncounted",
]
