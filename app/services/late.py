"""Answers that arrive after others about their fact which were given later: on another device.

Nothing is lost and nothing decided by who came first: the log keeps every answer, and the fact's
story is told again in the order in which they were given (`Review.behind_review`).
"""

from collections.abc import Mapping
from math import isclose
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.memory import Rating, retrievability
from app.core.replaying import Answered, Event, Standing, days_between, decider, earned_by, tell
from app.models.learning import Memory, Review
from app.models.people import User
from app.services import ledger, leeches
from app.services.scheduling import Occasion, deck_terms, due_after
from app.services.sessions import Learner


def slip_in(
    session: Session,
    learner: Learner,
    columns: Mapping[str, Any],
    place: ledger.LogPlace,
    moves_memory: bool,  # noqa: FBT001 a column of the review
) -> None:
    """Log a review behind `place`, and store what the fact's log gives with it.

    Inside a writing transaction, the learner locked. The cost is that of the fact's own log.
    """
    before = ledger.story_of(session, learner, columns["fact_id"])
    review = Review(**columns)
    review.moves_memory = moves_memory
    review.behind_review, review.behind_change = place.review, place.change
    session.add(review)
    session.flush()
    _tell_here(session, learner, review)
    session.flush()
    review.retold_due_epoch_s = _due_again(session, learner, review.fact_id)
    session.flush()
    ledger.restate(session, learner, review.fact_id, before)
    session.execute(update(User).where(User.id == learner.id).values(reviews=review.number))
    memory = session.get(Memory, (learner.id, review.fact_id))
    if memory is not None and moves_memory:
        stands = {"reviews": memory.reviews, "lapses": memory.lapses, "state": memory.state}
        memory.state = leeches.caught(session, learner, stands, columns)["state"]
        session.flush()


def _tell_here(session: Session, learner: Learner, review: Review) -> None:
    """Say in the review what it earned, and what it left when it was given."""
    events = ledger.events_of(session, learner.id, review.fact_id)[review.fact_id]
    review.points = earned_by(events, review.number)
    if not review.moves_memory:
        return
    own = next(one for one in events if isinstance(one, Answered) and one.number == review.number)
    earlier = tell((one for one in events if one.place < own.place), learner.parameters).standing
    left = tell((one for one in events if one.place <= own.place), learner.parameters).standing
    assert left.memory is not None  # noqa: S101 an answer in study leaves one
    review.stability_days = left.memory.stability_days
    review.difficulty = left.memory.difficulty
    review.predicted = _predicted(learner, earlier, review.study_day)
    missed = review.rating == Rating.AGAIN
    occasion = Occasion(review.fact_id, review.number, review.reviewed_epoch_s, missed)
    deck = deck_terms(session, learner.id, review.fact_id)
    review.due_epoch_s = due_after(session, learner, left.memory, occasion, deck)


def _predicted(learner: Learner, before: Standing, study_day: int) -> float | None:
    if before.memory is None or study_day <= before.last_study_day:
        return None
    elapsed = days_between(before.last_study_day, study_day)
    return retrievability(before.memory.stability_days, elapsed, learner.parameters)


def _due_again(session: Session, learner: Learner, fact_id: int) -> int | None:
    """Return when the fact is due instead; None where what was decided before still stands.

    It stands where the learner or a correction has decided it, and where the last answer has left
    the very state that it left before.
    """
    events: list[Event] = ledger.events_of(session, learner.id, fact_id)[fact_id]
    memory, last = tell(events, learner.parameters).standing.memory, decider(events)
    if memory is None or not isinstance(last, Answered):
        return None
    if isclose(memory.stability_days, last.stability_days or 0, rel_tol=1e-9):
        return None
    occasion = Occasion(fact_id, last.number, last.at_epoch_s, last.rating is Rating.AGAIN)
    deck = deck_terms(session, learner.id, fact_id)
    return due_after(session, learner, memory, occasion, deck)
