"""All that a learner's log gives: computed, compared with what is stored, and stored."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.replaying import (
    Tally,
    tell,
)
from app.models.content import FactRow
from app.models.driving import connection_of, written_all
from app.models.learning import (
    DailyTotal,
    HeldFact,
    Memory,
    MemoryEvent,
    Review,
)
from app.models.people import User
from app.services.ledger.reading import events_of, lengths_of
from app.services.ledger.rows import (
    GONE,
    HELD,
    MEMORIES,
    Columns,
    held_row,
    is_held,
    memory_row,
    move_day,
    tally_of,
)
from app.services.sessions import learner_of

CLOSE = 1e-6
"""Relative difference of two states that are the same but for rounding."""
Same = Callable[[Columns, Columns], bool]


@dataclass(frozen=True, slots=True)
class Derived:
    """What a learner's log gives."""

    memories: dict[int, Columns] = field(default_factory=dict)
    held: dict[int, Columns] = field(default_factory=dict)
    days: dict[int, Tally] = field(default_factory=dict)
    score: int = 0
    reviews: int = 0
    changes: int = 0


def derive(session: Session, user_id: int) -> Derived:
    """Return what the learner's log gives; nothing is stored."""
    parameters = learner_of(session, user_id).parameters
    memories, held, days = {}, {}, defaultdict[int, Tally](Tally)
    score = 0
    decks = _decks_of(session, Review, user_id) | _decks_of(session, MemoryEvent, user_id)
    for fact_id, events in events_of(session, user_id).items():
        story = tell(events, parameters)
        score += story.points
        for day, tally in story.days.items():
            days[day] += tally
        if story.standing.memory is not None:
            of = (user_id, fact_id, decks.get(fact_id, GONE))
            memories[fact_id] = memory_row(of, story.standing)
        elif is_held(story.standing):
            held[fact_id] = held_row(user_id, fact_id, story.standing)
    return Derived(memories, held, dict(days), score, *lengths_of(session, user_id))


def _decks_of(session: Session, log: type[Review | MemoryEvent], user_id: int) -> dict[int, int]:
    """Return the deck of each fact in a learner's log."""
    facts = select(log.fact_id).where(log.user_id == user_id)
    rows = session.execute(select(FactRow.id, FactRow.deck_id).where(FactRow.id.in_(facts)))
    return {row[0]: row[1] for row in rows}


def check_learner(session: Session, user_id: int) -> list[str]:
    """Return what is stored of a learner and differs from their log, a sentence each."""
    derived = derive(session, user_id)
    problems = [
        f"learner {user_id}: the memory of fact {fact} differs from the log."
        for fact in _differing(derived.memories, _stored(session, user_id, Memory), _same_memory)
    ]
    problems += [
        f"learner {user_id}: whether fact {fact} is held back differs from the log."
        for fact in _differing(derived.held, _stored(session, user_id, HeldFact), _same_hold)
    ]
    totals = session.scalars(select(DailyTotal).where(DailyTotal.user_id == user_id))
    days = {total.study_day: tally_of(total) for total in totals}
    problems += [
        f"learner {user_id}: the total of day {day} differs from the log."
        for day in sorted(derived.days.keys() | days.keys())
        if derived.days.get(day) != days.get(day)
    ]
    counters = select(User.score, User.reviews, User.changes).where(User.id == user_id)
    stored = session.execute(counters).one()
    if tuple(stored) != (derived.score, derived.reviews, derived.changes):
        problems.append(
            f"learner {user_id}: score and counts are {stored.score}, {stored.reviews} and "
            f"{stored.changes}, the log gives {derived.score}, {derived.reviews} and "
            f"{derived.changes}."
        )
    return problems


def _stored(session: Session, user_id: int, table: type[Memory | HeldFact]) -> dict[int, Columns]:
    columns = select(*table.__table__.columns).where(table.user_id == user_id)
    return {row.fact_id: row._asdict() for row in session.execute(columns)}


def _differing(
    derived: dict[int, Columns], stored: dict[int, Columns], same: Same
) -> Iterable[int]:
    for fact in sorted(derived.keys() | stored.keys()):
        one, other = derived.get(fact), stored.get(fact)
        if one is None or other is None or not same(one, other):
            yield fact


def _same_memory(one: Columns, other: Columns) -> bool:
    for name in ("stability_days", "difficulty"):
        left, right = one[name], other[name]
        is_number = isinstance(right, int | float)  # SQLite keeps whatever it is given
        if not is_number or abs(left - right) > CLOSE * max(left, right):
            return False
    counted = ("reviews", "lapses", "last_type", "state", "deck_id")
    times = ("last_review_epoch_s", "due_epoch_s", "first_study_day", "last_study_day")
    return all(one[name] == other[name] for name in (*counted, *times))


def _same_hold(one: Columns, other: Columns) -> bool:
    return bool(one["until_epoch_s"] == other["until_epoch_s"])


def rebuild(session: Session, user_id: int) -> None:
    """Store what the learner's log gives. Inside a writing transaction."""
    derived = derive(session, user_id)
    for table in (Memory, HeldFact, DailyTotal):
        session.execute(delete(table).where(table.user_id == user_id))
    session.expire_all()
    written_all(connection_of(session), MEMORIES, list(derived.memories.values()))
    written_all(connection_of(session), HELD, list(derived.held.values()))
    for day, tally in derived.days.items():
        move_day(session, user_id, day, tally)
    session.execute(
        update(User)
        .where(User.id == user_id)
        .values(score=derived.score, reviews=derived.reviews, changes=derived.changes)
    )
    session.flush()
