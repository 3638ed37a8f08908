"""Reviews as they count: each with its latest amendment, without those that were undone.

For a query over the log: `effective(select(RATING, ...).where(Review.user_id == ...))`.
"""

from typing import TypeVar

from sqlalchemy import Select, case, exists, func
from sqlalchemy.orm import aliased

from app.models.learning import Review, ReviewAmendment

Amended = aliased(ReviewAmendment, name="amended")
"""The latest amendment of a review, if any."""
_Later = aliased(ReviewAmendment, name="later")

RATING = func.coalesce(Amended.rating, Review.rating)
CREDIT = func.coalesce(Amended.credit, Review.credit)
POINTS = func.coalesce(Amended.points, Review.points)
KIND = func.coalesce(Amended.kind, "")
STORY_ORDER = (
    func.coalesce(Review.behind_review, Review.number),
    func.coalesce(Review.behind_change, 0),
    case((Review.behind_review.is_(None), 0), else_=Review.reviewed_epoch_s),
    Review.number,
)
"""Reviews of a fact as they were given, late ones in their place: `core.replaying.place_of`."""
IN_FORCE = KIND != "undone"

SelectT = TypeVar("SelectT", bound="Select[*tuple[object, ...]]")


def amended(query: SelectT) -> SelectT:
    """Join each review of a query with its latest amendment; undone reviews stay in."""
    later = exists().where(
        _Later.user_id == Amended.user_id,
        _Later.number == Amended.number,
        _Later.change > Amended.change,
    )
    latest = (Amended.user_id == Review.user_id) & (Amended.number == Review.number) & ~later
    return query.outerjoin(Amended, latest)


def effective(query: SelectT) -> SelectT:
    """Join each review of a query with its latest amendment, and leave undone ones out."""
    return amended(query).where(IN_FORCE)
