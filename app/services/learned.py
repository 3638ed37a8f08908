"""What was learned in another program, taken into the learner's own log, and taken back.

Reviews keep their times, stand behind what the log has, and are told from our own answers by their
session. A memory that the other program computed (FSRS) stands behind them as a memory event.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.core.advancing import Steps
from app.core.memory import MAX_INTERVAL_DAYS, Rating
from app.core.planning import day_start_epoch_s
from app.core.questions import QuestionType
from app.core.replaying import Answered, Changed, ChangeKind, Story, tell
from app.core.scoring import tenths
from app.core.sentences import say
from app.models.content import FactRow
from app.models.driving import connection_of, written_all
from app.models.learning import Memory, MemoryEvent, Review, ReviewAmendment
from app.models.people import User
from app.services import ledger
from app.services.ledger import Columns
from app.services.sessions import Learner, learner_of, lock_learner, token_from

DAY_S = 86_400
SESSION = "import-"
"""How the session of imported reviews begins; there is no such session."""
WHY = say("Answered in another program.")
_REVIEWS, _EVENTS = insert(Review).inline(), insert(MemoryEvent).inline()


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


@dataclass(frozen=True, slots=True)
class Retold:
    """One fact's learning as the learner's log will have it.

    `reviews` (by the number that tells one from the others) and `events` are rows that lack their
    places in the log; `story` is what they give.
    """

    fact_key: str
    reviews: tuple[tuple[int, Columns], ...]
    events: tuple[Columns, ...]
    story: Story


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be taken in, told by these parameters of the learner."""

    parameters: tuple[float, ...]
    facts: tuple[Retold, ...]


def prepare(
    session: Session, user_id: int, wanted: Iterable[Learning], now: int, steps: Steps
) -> Prepared:
    """Tell what was learned elsewhere: the long part, which needs no lock.

    `steps` counts facts and reviews.
    """
    learner = learner_of(session, user_id)
    facts = []
    for one in wanted:
        facts.append(_retold(learner, one, now))
        steps.add(1 + len(one.log))
    return Prepared(learner.parameters, tuple(facts))


def _retold(learner: Learner, one: Learning, now: int) -> Retold:
    last = one.log[-1] if one.log else None
    logged = sorted(one.log, key=lambda review: (review.at_epoch_s, review.id))
    reviews = tuple(
        (review.id, _review(learner, one, review, now, is_last=review is last)) for review in logged
    )
    events = tuple(_events(learner, one, now))
    answered = [_answered(row, number) for number, (_, row) in enumerate(reviews, start=1)]
    changed = [
        Changed(after=len(reviews), change=at, **row | {"kind": ChangeKind(row["kind"])})
        for at, row in enumerate(events, start=1)
    ]
    story = tell([*answered, *changed], learner.parameters)
    return Retold(one.fact_key, reviews, events, story)


def _review(
    learner: Learner, one: Learning, review: PastReview, now: int, *, is_last: bool
) -> Columns:
    known = review.rating > Rating.AGAIN
    day = learner.day(review.at_epoch_s)
    due = _due(learner.zone, day, review)
    if is_last and one.due_epoch_s is not None:
        due = _bounded(one.due_epoch_s, now)
    return {
        "moves_memory": True,
        "question_type": str(QuestionType.FLASHCARD),
        "direction": "forward",
        "response": {"rated": review.rating},
        "credit": 1.0 if known else 0.0,
        "verdict": "exact" if known else "wrong",
        "why": WHY,
        "rating": review.rating,
        "points": 0,
        "reviewed_epoch_s": review.at_epoch_s,
        "study_day": day,
        "response_ms": review.response_ms,
        "due_epoch_s": due,
    }


def _answered(row: Columns, number: int) -> Answered:
    return Answered(
        number=number,
        at_epoch_s=row["reviewed_epoch_s"],
        study_day=row["study_day"],
        rating=Rating(row["rating"]),
        correct=row["credit"] >= 1,
        worth=tenths(QuestionType.FLASHCARD, row["credit"]),
        response_ms=row["response_ms"],
        question_type=row["question_type"],
        moves_memory=True,
        due_epoch_s=row["due_epoch_s"],
    )


def _due(zone: ZoneInfo, day: int, review: PastReview) -> int:
    if not review.interval_days:
        return review.at_epoch_s
    return day_start_epoch_s(day + min(review.interval_days, MAX_INTERVAL_DAYS), zone)


def take_in(
    session: Session, user_id: int, deck_id: int, prepared: Prepared, now: int, steps: Steps
) -> dict[str, Any]:
    """Log what was learned elsewhere and return what `take_back` needs, with counts.

    Inside `writing`. Facts that the learner has a memory of keep it: their own log decides.
    """
    learner = lock_learner(session, user_id)
    ids = _free_facts(session, user_id, deck_id)
    chosen = [(ids[one.fact_key], one) for one in prepared.facts if one.fact_key in ids]
    told_anew = learner.parameters != prepared.parameters or _has_begun(session, user_id, deck_id)
    token = f"{SESSION}{now}-{learner.reviews}"
    reviews = _numbered(learner, chosen, token)
    events = _events_behind(learner, chosen, len(reviews))
    written_all(connection_of(session), _REVIEWS, reviews, steps.add)
    written_all(connection_of(session), _EVENTS, events)
    if told_anew:
        ledger.rebuild(session, user_id)
    else:
        stories = {fact_id: one.story for fact_id, one in chosen}
        ledger.append(session, learner, deck_id, stories, (len(reviews), len(events)))
    return {
        "session": token,
        "events": [learner.changes + 1, learner.changes + len(events)],
        "reviews": len(reviews),
        "facts": len(chosen),
        "left": len(prepared.facts) - len(chosen),
    }


def _free_facts(session: Session, user_id: int, deck_id: int) -> dict[str, int]:
    mine = select(Memory.fact_id).where(Memory.user_id == user_id)
    query = select(FactRow.key, FactRow.id).where(
        FactRow.deck_id == deck_id, FactRow.id.not_in(mine)
    )
    return {row.key: row.id for row in session.execute(query)}


def _has_begun(session: Session, user_id: int, deck_id: int) -> bool:
    """Whether the log has anything of a fact of the deck that the learner has no memory of."""
    mine = select(Memory.fact_id).where(Memory.user_id == user_id)
    own = select(FactRow.id).where(FactRow.deck_id == deck_id, FactRow.id.not_in(mine))
    logs = (
        select(log.fact_id).where(log.user_id == user_id, log.fact_id.in_(own)).limit(1)
        for log in (Review, MemoryEvent)
    )
    return any(session.scalar(query) is not None for query in logs)


def _numbered(learner: Learner, chosen: Sequence[tuple[int, Retold]], token: str) -> list[Columns]:
    """Return the reviews of all facts as rows, in the order of their times."""
    logged = [(fact_id, own, row) for fact_id, one in chosen for own, row in one.reviews]
    logged.sort(key=lambda one: (one[2]["reviewed_epoch_s"], one[1]))
    alike = {"user_id": learner.id, "session_token": token}
    return [
        alike | row | {"number": number, "fact_id": fact_id, "token": _token(fact_id, own, row)}
        for number, (fact_id, own, row) in enumerate(logged, start=learner.reviews + 1)
    ]


def _token(fact_id: int, own: int, row: Columns) -> str:
    return token_from(f"{fact_id}:{own}:{row['reviewed_epoch_s']}")


def _events_behind(
    learner: Learner, chosen: Sequence[tuple[int, Retold]], reviews: int
) -> list[Columns]:
    """Return the events of all facts as rows, behind the reviews."""
    after = learner.reviews + reviews
    base = {"user_id": learner.id, "cause": None, "after_review": after}
    rows = [base | row | {"fact_id": fact_id} for fact_id, one in chosen for row in one.events]
    return [row | {"change": at} for at, row in enumerate(rows, start=learner.changes + 1)]


def _events(learner: Learner, one: Learning, now: int) -> Iterator[Columns]:
    """Yield the memory that the other program computed, and that it has set the fact aside."""
    if (told := _memory(learner, one, now)) is not None:
        yield told
    if one.is_suspended:
        yield _event(learner, ChangeKind.SUSPENDED, now)


def _bounded(due: int, now: int) -> int:
    return max(0, min(due, now + MAX_INTERVAL_DAYS * DAY_S))


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
