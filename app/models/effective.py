"""Reviews as they count: each with its latest amendment, without those that were undone.

For a query over the log: `effective(select(RATING, ...).where(Review.user_id == ...))`.
"""

from typing import TypeVar

from sqlalchemy import BindParameter, Select, exists, func
from sqlalchemy.orm import aliased

from app.models.learning import Review, ReviewAmendment, ShownQuestion

Amended = aliased(ReviewAmendment, name="amended")
"""The latest amendment of a review, if any."""
_Later = aliased(ReviewAmendment, name="later")

RATING = func.coalesce(Amended.rating, Review.rating)
CREDIT = func.coalesce(Amended.credit, Review.credit)
POINTS = func.coalesce(Amended.points, Review.points)
KIND = func.coalesce(Amended.kind, "")
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


TURN = Review.number + 0
"""The order of the log for a few reviews: the sum hides it from the index, else all of the
learner's would be read since they are in order already."""
IdT = int | BindParameter[int]
TokenT = str | BindParameter[str]


def in_session(query: SelectT, user_id: IdT, session_token: TokenT) -> SelectT:
    """Keep the reviews of a session: call it before `effective`.

    They are found through its questions, by two unique indexes: the log itself has none by
    session, and a session is as quick for a learner of a million answers as for a new one. Sort
    them by `TURN`.
    """
    # Adding nothing hides the token from its index: planners shall not begin with the log.
    same = Review.token == ShownQuestion.token.concat("")
    answered = (Review.user_id == ShownQuestion.user_id) & same
    return query.join(ShownQuestion, answered).where(
        ShownQuestion.user_id == user_id, ShownQuestion.session_token == session_token
    )
