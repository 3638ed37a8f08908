"""The review log as the truth: memory, daily totals and score, computed from it.

`check_learner` compares what is stored with what the log gives; `rebuild` stores the latter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.core.memory import LoggedRating, Rating, Restart, replay
from app.models.learning import (
    DailyTotal,
    LearningSession,
    Memory,
    MemoryRestart,
    Notice,
    Review,
    ShownQuestion,
)
from app.models.people import User
from app.models.reports import Report

CLOSE = 1e-6
"""Relative difference of two states that are the same but for rounding."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What a learner's log gives."""

    memories: dict[int, Memory]
    days: dict[int, DailyTotal]
    score: int
    reviews: int


def derive(session: Session, user_id: int) -> Derived:
    """Return what the learner's log gives; nothing is stored."""
    reviews = session.scalars(
        select(Review).where(Review.user_id == user_id).order_by(Review.number)
    ).all()
    by_fact: dict[int, list[Review]] = defaultdict(list)
    for review in reviews:
        if review.moves_memory:
            by_fact[review.fact_id].append(review)
    restarts = _restarts(session, user_id)
    memories = {fact: _memory(fact, log, restarts[fact]) for fact, log in by_fact.items()}
    firsts = [memory.first_study_day for memory in memories.values()]
    days: dict[int, list[Review]] = defaultdict(list)
    for review in reviews:
        days[review.study_day].append(review)
    totals = {day: _total(user_id, day, log, firsts) for day, log in days.items()}
    return Derived(memories, totals, sum(review.points for review in reviews), len(reviews))


def _restarts(session: Session, user_id: int) -> dict[int, list[MemoryRestart]]:
    """Return the corrections that met this learner's memory, by fact, in order."""
    rows = session.scalars(
        select(MemoryRestart)
        .where(MemoryRestart.user_id == user_id)
        .order_by(MemoryRestart.after_number, MemoryRestart.fact_revision)
    )
    found: dict[int, list[MemoryRestart]] = defaultdict(list)
    for row in rows:
        found[row.fact_id].append(row)
    return found


def _in_order(
    log: Sequence[Review], restarts: Sequence[MemoryRestart]
) -> list[Review | MemoryRestart]:
    """Return reviews with the corrections between them; those before the first say nothing."""
    placed: list[tuple[tuple[int, int, int], Review | MemoryRestart]] = [
        ((one.number, 0, 0), one) for one in log
    ]
    placed += [
        ((one.after_number, 1, one.fact_revision), one)
        for one in restarts
        if one.after_number >= log[0].number
    ]
    return [one for _, one in sorted(placed, key=itemgetter(0))]


def _event(one: Review | MemoryRestart) -> LoggedRating | Restart:
    if isinstance(one, MemoryRestart):
        return Restart(one.restarted_epoch_s, one.study_day)
    return LoggedRating(one.reviewed_epoch_s, one.study_day, Rating(one.rating))


def _memory(fact_id: int, log: Sequence[Review], restarts: Sequence[MemoryRestart]) -> Memory:
    events = _in_order(log, restarts)
    state = replay(map(_event, events))
    assert state is not None  # noqa: S101 a log has at least one review
    last, newest = log[-1], events[-1]
    return Memory(
        user_id=last.user_id,
        fact_id=fact_id,
        stability_days=state.stability_days,
        difficulty=state.difficulty,
        last_review_epoch_s=state.last_review_epoch_s,
        due_epoch_s=newest.due_epoch_s or last.reviewed_epoch_s,
        reviews=len(log),
        lapses=sum(one.rating == Rating.AGAIN for one in log[1:]),
        last_type=last.question_type,
        first_study_day=log[0].study_day,
        last_study_day=newest.study_day,
    )


def _total(user_id: int, day: int, log: Sequence[Review], firsts: Iterable[int]) -> DailyTotal:
    return DailyTotal(
        user_id=user_id,
        study_day=day,
        reviews=len(log),
        correct=sum(one.credit >= 1 for one in log),
        new_facts=sum(first == day for first in firsts),
        points=sum(one.points for one in log),
        response_ms=sum(one.response_ms for one in log),
    )


def check_learner(session: Session, user_id: int) -> list[str]:
    """Return what is stored of a learner and differs from their log, a sentence each."""
    derived = derive(session, user_id)
    stored = {
        memory.fact_id: memory
        for memory in session.scalars(select(Memory).where(Memory.user_id == user_id))
    }
    totals = {
        total.study_day: total
        for total in session.scalars(select(DailyTotal).where(DailyTotal.user_id == user_id))
    }
    score, count = session.execute(select(User.score, User.reviews).where(User.id == user_id)).one()
    problems = [
        f"learner {user_id}: the memory of fact {fact} differs from the log."
        for fact in sorted(derived.memories.keys() | stored.keys())
        if not _same_memory(derived.memories.get(fact), stored.get(fact))
    ]
    problems += [
        f"learner {user_id}: the total of day {day} differs from the log."
        for day in sorted(derived.days.keys() | totals.keys())
        if not _same_row(derived.days.get(day), totals.get(day))
    ]
    if (score, count) != (derived.score, derived.reviews):
        problems.append(
            f"learner {user_id}: score and count are {score} and {count}, the log gives "
            f"{derived.score} and {derived.reviews}."
        )
    return problems


def _same_memory(one: Memory | None, other: Memory | None) -> bool:
    if one is None or other is None:
        return one is other
    for name in ("stability_days", "difficulty"):
        left, right = getattr(one, name), getattr(other, name)
        if abs(left - right) > CLOSE * max(left, right):
            return False
    exact = ("last_review_epoch_s", "due_epoch_s", "reviews", "lapses", "last_type")
    days = ("first_study_day", "last_study_day")
    return all(getattr(one, name) == getattr(other, name) for name in (*exact, *days))


def _same_row(one: DailyTotal | None, other: DailyTotal | None) -> bool:
    if one is None or other is None:
        return one is other
    names = ("reviews", "correct", "new_facts", "points", "response_ms")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def rebuild(session: Session, user_id: int) -> None:
    """Store what the learner's log gives. Inside a writing transaction."""
    derived = derive(session, user_id)
    session.execute(delete(Memory).where(Memory.user_id == user_id))
    session.execute(delete(DailyTotal).where(DailyTotal.user_id == user_id))
    session.expire_all()
    session.add_all([*derived.memories.values(), *derived.days.values()])
    session.execute(
        update(User).where(User.id == user_id).values(score=derived.score, reviews=derived.reviews)
    )
    session.flush()


def move_log(session: Session, from_id: int, to_id: int) -> None:
    """Give everything that one learner did to another, behind what that one did already.

    Inside a writing transaction, both learners locked; `rebuild` must follow.
    """
    last = session.scalar(select(func.max(Review.number)).where(Review.user_id == to_id)) or 0
    session.execute(
        update(Review)
        .where(Review.user_id == from_id)
        .values(user_id=to_id, number=Review.number + last)
    )
    session.execute(
        update(MemoryRestart)
        .where(MemoryRestart.user_id == from_id)
        .values(user_id=to_id, after_number=MemoryRestart.after_number + last)
    )
    told = session.scalar(select(func.max(Notice.number)).where(Notice.user_id == to_id)) or 0
    session.execute(
        update(Notice)
        .where(Notice.user_id == from_id)
        .values(user_id=to_id, number=Notice.number + told)
    )
    for table in (ShownQuestion, LearningSession, Report):
        session.execute(update(table).where(table.user_id == from_id).values(user_id=to_id))
    for derived in (Memory, DailyTotal):
        session.execute(delete(derived).where(derived.user_id == from_id))
    session.expire_all()
