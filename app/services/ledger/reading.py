"""A learner's log as the events that memory, days and points are computed from."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from app.core.memory import Rating
from app.core.questions import QuestionType
from app.core.replaying import (
    Answered,
    Changed,
    ChangeKind,
    Event,
    Place,
    Story,
    place_behind,
    place_of,
    tell,
)
from app.core.scoring import tenths
from app.models.driving import Found, all_rows, connection_of
from app.models.effective import CREDIT, KIND, RATING, Amended, amended
from app.models.learning import (
    MemoryEvent,
    Review,
    ReviewAmendment,
)
from app.models.people import User
from app.services.sessions import Learner


def events_of(session: Session, user_id: int, fact_id: int | None = None) -> dict[int, list[Event]]:
    """Return a learner's effective events by fact: of one fact, or of all."""
    events: dict[int, list[Event]] = defaultdict(list)
    facts = [Review.fact_id == fact_id] if fact_id is not None else []
    rows = session.execute(
        amended(select(*_LOGGED).where(Review.user_id == user_id, *facts)).order_by(Review.number)
    )
    missed: set[int] = set()
    for row in rows:
        if row.kind:
            events[row.fact_id].append(_moved(row))
        if row.kind != "undone":
            events[row.fact_id].append(_answered(row))
            if row.retold_due_epoch_s is not None:
                events[row.fact_id].append(_retold(row))
            if row.rating == Rating.AGAIN:
                missed.add(row.number)
    changed = [MemoryEvent.fact_id == fact_id] if fact_id is not None else []
    for one in session.execute(select(*_CHANGED).where(MemoryEvent.user_id == user_id, *changed)):
        if one.cause is None or one.cause in missed:
            events[one.fact_id].append(_changed(one))
    return events


_LOGGED = (
    Review.number,
    Review.fact_id,
    Review.reviewed_epoch_s,
    Review.study_day,
    Review.question_type,
    Review.moves_memory,
    Review.due_epoch_s,
    Review.response_ms,
    Review.stability_days,
    Review.behind_review,
    Review.behind_change,
    Review.retold_due_epoch_s,
    Review.credit.label("marked_credit"),
    RATING.label("rating"),
    CREDIT.label("credit"),
    KIND.label("kind"),
    Amended.after_review,
    Amended.change,
    Amended.due_epoch_s.label("moved_to"),
    Amended.amended_epoch_s,
)
_CHANGED = (
    MemoryEvent.fact_id,
    MemoryEvent.kind,
    MemoryEvent.cause,
    MemoryEvent.after_review,
    MemoryEvent.change,
    MemoryEvent.at_epoch_s,
    MemoryEvent.study_day,
    MemoryEvent.due_epoch_s,
    MemoryEvent.stability_days,
    MemoryEvent.difficulty,
)


def _answered(row: "Row[*tuple[object, ...]] | Found") -> Answered:
    # Overruling the marker earns no points: those are for what was marked, by rule or by curators.
    earning = row.credit if row.kind == "remarked" else row.marked_credit
    return Answered(
        number=row.number,
        at_epoch_s=row.reviewed_epoch_s,
        study_day=row.study_day,
        rating=Rating(row.rating),
        correct=row.credit >= 1,
        worth=tenths(QuestionType(row.question_type), earning),
        response_ms=row.response_ms,
        question_type=row.question_type,
        moves_memory=row.moves_memory,
        due_epoch_s=row.due_epoch_s,
        stability_days=row.stability_days,
        behind=_behind(row.behind_review, row.behind_change),
    )


def _behind(review: int | None, change: int | None) -> tuple[int, int] | None:
    return None if review is None else (review, change or 0)


def _retold(row: "Row[*tuple[object, ...]]") -> Changed:
    return Changed(
        after=row.number,
        change=0,
        kind=ChangeKind.RETOLD,
        at_epoch_s=row.reviewed_epoch_s,
        study_day=row.study_day,
        due_epoch_s=row.retold_due_epoch_s,
    )


def _moved(row: "Row[*tuple[object, ...]]") -> Changed:
    return Changed(
        after=row.after_review,
        change=row.change,
        kind=ChangeKind.MOVED,
        at_epoch_s=row.amended_epoch_s,
        study_day=row.study_day,
        due_epoch_s=row.moved_to,
    )


def _changed(row: "Row[*tuple[object, ...]]") -> Changed:
    return Changed(
        after=row.after_review,
        change=row.change,
        kind=ChangeKind(row.kind),
        at_epoch_s=row.at_epoch_s,
        study_day=row.study_day,
        due_epoch_s=row.due_epoch_s,
        stability_days=row.stability_days,
        difficulty=row.difficulty,
    )


def story_of(session: Session, learner: Learner, fact_id: int) -> Story:
    """Return the story of one fact, from the log."""
    events = events_of(session, learner.id, fact_id).get(fact_id, [])
    return tell(events, learner.parameters)


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where in a fact's log an answer belongs that arrives late: behind which review and change."""

    review: int
    change: int
    is_overtaken: bool
    """Whether anything of that log comes after it."""


def place_at(session: Session, learner: Learner, fact_id: int, at_epoch_s: int) -> LogPlace:
    """Return where an answer belongs that was given at some time: behind the whole log, or between.

    Undone answers keep their place.
    """
    mine = (Review.user_id == learner.id, Review.fact_id == fact_id)
    reviews = session.execute(
        select(
            Review.number, Review.reviewed_epoch_s, Review.behind_review, Review.behind_change
        ).where(*mine)
    )
    logged: list[tuple[Place, int]] = [
        (place_of(number, at, _behind(review, change)), at)
        for number, at, review, change in reviews
    ]
    amendments = select(
        ReviewAmendment.after_review, ReviewAmendment.change, ReviewAmendment.amended_epoch_s
    ).join(
        Review,
        (Review.user_id == ReviewAmendment.user_id) & (Review.number == ReviewAmendment.number),
    )
    events = select(MemoryEvent.after_review, MemoryEvent.change, MemoryEvent.at_epoch_s)
    of_fact = (MemoryEvent.user_id == learner.id, MemoryEvent.fact_id == fact_id)
    for query in (amendments.where(*mine), events.where(*of_fact)):
        logged += [
            ((after, change, 0, 0), at) for after, change, at in session.execute(query).all()
        ]
    behind = place_behind(logged, at_epoch_s)
    if any(place > (*behind, at_epoch_s, 0) for place, _ in logged):
        return LogPlace(*behind, is_overtaken=True)
    return LogPlace(learner.reviews, learner.changes, is_overtaken=False)


def next_change(session: Session, user_id: int) -> int:
    """Return the number of the learner's next amendment or memory event."""
    counted = update(User).where(User.id == user_id).values(changes=User.changes + 1)
    return int(session.execute(counted.returning(User.changes)).scalar_one())


_LOGGED_THAT_DAY = amended(
    select(*_LOGGED).where(
        Review.user_id == bindparam("learner"),
        Review.fact_id == bindparam("fact"),
        Review.study_day == bindparam("day"),
    )
)


def has_earned(session: Session, user_id: int, fact_id: int, study_day: int) -> bool:
    """Return whether a fact has earned points on a day: it does not earn twice."""
    that_day = {"learner": user_id, "fact": fact_id, "day": study_day}
    rows = all_rows(connection_of(session), _LOGGED_THAT_DAY, that_day)
    return any(_answered(row).worth for row in rows if row.kind != "undone")


def lengths_of(session: Session, user_id: int) -> tuple[int, int]:
    """Return the numbers of the last review and of the last change."""
    last = select(func.max(Review.number)).where(Review.user_id == user_id)
    amendments = select(func.max(ReviewAmendment.change)).where(ReviewAmendment.user_id == user_id)
    events = select(func.max(MemoryEvent.change)).where(MemoryEvent.user_id == user_id)
    changes = (session.scalar(query) or 0 for query in (amendments, events))
    return session.scalar(last) or 0, max(changes)
