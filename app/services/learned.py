"""What was learned in another program, taken into the learner's own log, and taken back.

Reviews keep their times, stand behind what the log has, and are told from our own answers by their
session. A memory that the other program computed (FSRS) stands behind them as a memory event.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.core.memory import MAX_INTERVAL_DAYS, Rating
from app.core.planning import day_start_epoch_s
from app.core.replaying import ChangeKind
from app.core.sentences import say
from app.models.content import FactRow
from app.models.learning import Memory, MemoryEvent, Review, ReviewAmendment
from app.models.people import User
from app.services import ledger
from app.services.sessions import Learner, lock_learner

DAY_S = 86_400
SESSION = "import-"
"""How the session of imported reviews begins; there is no such session."""


@dataclass(frozen=True, slots=True)
class PastReview:
    """One review elsewhere: `id` tells it from others of its card."""

    id: int
    at_epoch_s: int
    rating: int
    interval_days: int
    response_ms: int


@dataclass(frozen=True, slots=True)
class Learning:
    """What is known of one fact elsewhere; None where the other program says nothing."""

    fact_key: str
    log: tuple[PastReview, ...] = ()
    due_epoch_s: int | None = None
    interval_days: int = 0
    stability_days: float | None = None
    difficulty: float | None = None
    is_suspended: bool = False


def take_in(
    session: Session, user_id: int, deck_id: int, wanted: Sequence[Learning], now: int
) -> dict[str, Any]:
    """Log what was learned elsewhere and return what `take_back` needs, with counts.

    Inside `writing`. Facts that the learner has a memory of keep it: their own log decides.
    """
    learner = lock_learner(session, user_id)
    ids = _free_facts(session, user_id, deck_id)
    chosen = [(ids[one.fact_key], one) for one in wanted if one.fact_key in ids]
    token = f"{SESSION}{now}-{learner.reviews}"
    reviews = _reviews(learner, chosen, token, now)
    if reviews:
        session.connection().execute(insert(Review), reviews)
    events = _events(learner, chosen, learner.reviews + len(reviews), now)
    if events:
        session.connection().execute(insert(MemoryEvent), events)
    if reviews or events:
        ledger.rebuild(session, user_id)
    return {
        "session": token,
        "events": [learner.changes + 1, learner.changes + len(events)],
        "reviews": len(reviews),
        "facts": len(chosen),
        "left": len(wanted) - len(chosen),
    }


def _free_facts(session: Session, user_id: int, deck_id: int) -> dict[str, int]:
    mine = select(Memory.fact_id).where(Memory.user_id == user_id)
    query = select(FactRow.key, FactRow.id).where(
        FactRow.deck_id == deck_id, FactRow.id.not_in(mine)
    )
    return {row.key: row.id for row in session.execute(query)}


def _reviews(
    learner: Learner, chosen: Sequence[tuple[int, Learning]], token: str, now: int
) -> list[dict[str, Any]]:
    """Return the reviews of all facts as rows, in the order of their times."""
    logged = [
        (review, fact_id, one, at == len(one.log) - 1)
        for fact_id, one in chosen
        for at, review in enumerate(one.log)
    ]
    logged.sort(key=lambda row: (row[0].at_epoch_s, row[0].id))
    return [
        _review(learner, fact_id, review, _due(learner, one, review, now, is_last=is_last))
        | {"number": number, "session_token": token}
        for number, (review, fact_id, one, is_last) in enumerate(logged, start=learner.reviews + 1)
    ]


def _review(learner: Learner, fact_id: int, review: PastReview, due: int) -> dict[str, Any]:
    known = review.rating > Rating.AGAIN
    told = f"{fact_id}:{review.id}:{review.at_epoch_s}"
    return {
        "user_id": learner.id,
        "token": hashlib.sha256(told.encode()).hexdigest()[:43],
        "moves_memory": True,
        "fact_id": fact_id,
        "question_type": "flashcard",
        "direction": "forward",
        "response": {"rated": review.rating},
        "credit": 1.0 if known else 0.0,
        "verdict": "exact" if known else "wrong",
        "why": say("Answered in another program."),
        "rating": review.rating,
        "points": 0,
        "reviewed_epoch_s": review.at_epoch_s,
        "study_day": learner.day(review.at_epoch_s),
        "response_ms": review.response_ms,
        "due_epoch_s": due,
    }


def _due(learner: Learner, one: Learning, review: PastReview, now: int, *, is_last: bool) -> int:
    if is_last and one.due_epoch_s is not None:
        return _bounded(one.due_epoch_s, now)
    if not review.interval_days:
        return review.at_epoch_s
    days = min(review.interval_days, MAX_INTERVAL_DAYS)
    return day_start_epoch_s(learner.day(review.at_epoch_s) + days, learner.zone)


def _bounded(due: int, now: int) -> int:
    return max(0, min(due, now + MAX_INTERVAL_DAYS * DAY_S))


def _events(
    learner: Learner, chosen: Sequence[tuple[int, Learning]], after: int, now: int
) -> list[dict[str, Any]]:
    """Return the memories that the other program computed, and what it has set aside."""
    rows: list[dict[str, Any]] = []
    for fact_id, one in chosen:
        base = {"user_id": learner.id, "fact_id": fact_id, "cause": None, "after_review": after}
        if (told := _memory(learner, one, now)) is not None:
            rows.append(base | told)
        if one.is_suspended:
            rows.append(base | _event(learner, ChangeKind.SUSPENDED, now))
    first = learner.changes + 1
    return [row | {"change": number} for number, row in enumerate(rows, start=first)]


def _memory(learner: Learner, one: Learning, now: int) -> dict[str, Any] | None:
    """Return the memory as an event; None where the log alone gives it, or there is none."""
    if one.stability_days is None and (one.log or not one.interval_days):
        return None
    due = _bounded(one.due_epoch_s if one.due_epoch_s is not None else now, now)
    last = one.log[-1].at_epoch_s if one.log else min(now, due - one.interval_days * DAY_S)
    return _event(learner, ChangeKind.IMPORTED, max(0, last)) | {
        "due_epoch_s": due,
        "stability_days": one.stability_days or float(one.interval_days),
        "difficulty": one.difficulty,
    }


def _event(learner: Learner, kind: ChangeKind, at_epoch_s: int) -> dict[str, Any]:
    return {
        "kind": str(kind),
        "at_epoch_s": at_epoch_s,
        "study_day": learner.day(at_epoch_s),
        "due_epoch_s": None,
        "stability_days": None,
        "difficulty": None,
    }


def take_back(session: Session, user_id: int | None, learning: Mapping[str, Any]) -> None:
    """Remove what `take_in` logged, and tell the rest of the log again. Inside `writing`."""
    if user_id is None or not learning:
        return
    lock_learner(session, user_id)
    mine = select(Review.number).where(
        Review.user_id == user_id, Review.session_token == learning["session"]
    )
    amended = (ReviewAmendment.user_id == user_id) & ReviewAmendment.number.in_(mine)
    session.execute(delete(ReviewAmendment).where(amended))
    session.execute(
        delete(Review).where(Review.user_id == user_id, Review.session_token == learning["session"])
    )
    first, last = learning["events"]
    session.execute(
        delete(MemoryEvent).where(
            MemoryEvent.user_id == user_id, MemoryEvent.change.between(first, last)
        )
    )
    ledger.rebuild(session, user_id)
    counted = User.reviews_counted > User.reviews
    session.execute(
        update(User).where(User.id == user_id, counted).values(reviews_counted=User.reviews)
    )
