"""The learner's log as the truth: memory, holds, daily totals and score, computed from it.

`derive` computes all of them, `check_learner` compares them with what is stored, `rebuild` stores
them; `restate` does the same for one fact, at the cost of that fact's log.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.memory import Rating
from app.core.questions import QuestionType
from app.core.replaying import (
    NOTHING,
    Answered,
    Changed,
    ChangeKind,
    Event,
    Place,
    Standing,
    Story,
    Tally,
    place_behind,
    place_of,
    tell,
)
from app.core.scoring import tenths
from app.models.content import FactRow
from app.models.driving import Found, all_rows, connection_of, written_all
from app.models.effective import CREDIT, KIND, RATING, Amended, amended
from app.models.learning import (
    ACTIVE,
    SUSPENDED,
    DailyTotal,
    HeldFact,
    LearningSession,
    Memory,
    MemoryEvent,
    Notice,
    Review,
    ReviewAmendment,
    ShownQuestion,
)
from app.models.people import User
from app.models.reports import Report
from app.services.sessions import Learner, learner_of

CLOSE = 1e-6
"""Relative difference of two states that are the same but for rounding."""
GONE = 0
"""The deck of a fact that is there no more: `orphans` tells of what is left of it."""
Columns = dict[str, Any]
"""A row that is not made yet: what is to be stored, by column."""
_MEMORIES, _HELD = insert(Memory).inline(), insert(HeldFact).inline()
Same = Callable[[Columns, Columns], bool]
TALLIED = tuple(one.name for one in fields(Tally))


@dataclass(frozen=True, slots=True)
class Derived:
    """What a learner's log gives."""

    memories: dict[int, Columns] = field(default_factory=dict)
    held: dict[int, Columns] = field(default_factory=dict)
    days: dict[int, Tally] = field(default_factory=dict)
    score: int = 0
    reviews: int = 0
    changes: int = 0


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
            memories[fact_id] = _memory(of, story.standing)
        elif _is_held(story.standing):
            held[fact_id] = _held(user_id, fact_id, story.standing)
    return Derived(memories, held, dict(days), score, *_lengths(session, user_id))


def _lengths(session: Session, user_id: int) -> tuple[int, int]:
    """Return the numbers of the last review and of the last change."""
    last = select(func.max(Review.number)).where(Review.user_id == user_id)
    amendments = select(func.max(ReviewAmendment.change)).where(ReviewAmendment.user_id == user_id)
    events = select(func.max(MemoryEvent.change)).where(MemoryEvent.user_id == user_id)
    changes = (session.scalar(query) or 0 for query in (amendments, events))
    return session.scalar(last) or 0, max(changes)


def _decks_of(session: Session, log: type[Review | MemoryEvent], user_id: int) -> dict[int, int]:
    """Return the deck of each fact in a learner's log."""
    facts = select(log.fact_id).where(log.user_id == user_id)
    rows = session.execute(select(FactRow.id, FactRow.deck_id).where(FactRow.id.in_(facts)))
    return {row[0]: row[1] for row in rows}


def _memory(of: tuple[int, int, int], standing: Standing) -> Columns:
    """Return a memory as columns: of whom, of which fact and of which deck."""
    assert standing.memory is not None  # noqa: S101 asked for only then
    user_id, fact_id, deck_id = of
    return {
        "user_id": user_id,
        "fact_id": fact_id,
        "deck_id": deck_id,
        "stability_days": standing.memory.stability_days,
        "difficulty": standing.memory.difficulty,
        "last_review_epoch_s": standing.memory.last_review_epoch_s,
        "due_epoch_s": standing.due_epoch_s,
        "reviews": standing.reviews,
        "lapses": standing.lapses,
        "last_type": standing.last_type,
        "first_study_day": standing.first_study_day,
        "last_study_day": standing.last_study_day,
        "state": SUSPENDED if standing.suspended else ACTIVE,
    }


def _is_held(standing: Standing) -> bool:
    return standing.suspended or standing.held_until_epoch_s is not None


def _held(user_id: int, fact_id: int, standing: Standing) -> Columns:
    until = None if standing.suspended else standing.held_until_epoch_s
    return {"user_id": user_id, "fact_id": fact_id, "until_epoch_s": until}


def restate(session: Session, learner: Learner, fact_id: int, before: Story) -> Story:
    """Store what one fact's log gives now, where `before` is what is stored; return it.

    Inside a writing transaction, the learner locked. The cost is that of the fact's own log.
    """
    after = story_of(session, learner, fact_id)
    for table in (Memory, HeldFact):
        session.execute(delete(table).where(table.user_id == learner.id, table.fact_id == fact_id))
    session.expire_all()
    if after.standing.memory is not None:
        deck_id = session.execute(select(FactRow.deck_id).where(FactRow.id == fact_id)).scalar_one()
        session.add(Memory(**_memory((learner.id, fact_id, deck_id), after.standing)))
    elif _is_held(after.standing):
        session.add(HeldFact(**_held(learner.id, fact_id, after.standing)))
    for day in before.days.keys() | after.days.keys():
        by = after.days.get(day, NOTHING) - before.days.get(day, NOTHING)
        move_day(session, learner.id, day, by)
    if after.points != before.points:
        gained = User.score + (after.points - before.points)
        session.execute(update(User).where(User.id == learner.id).values(score=gained))
    session.flush()
    return after


def move_day(session: Session, user_id: int, day: int, by: Tally) -> None:
    """Add to a learner's stored day; one without reviews is no day."""
    if by == NOTHING:
        return
    row = session.get(DailyTotal, (user_id, day))
    now = (tally_of(row) if row else NOTHING) + by
    if row is not None and not now.reviews:
        session.delete(row)
        return
    if row is None:
        row = DailyTotal(user_id=user_id, study_day=day)
        session.add(row)
    for name in TALLIED:
        setattr(row, name, getattr(now, name))


def tally_of(total: DailyTotal) -> Tally:
    """Return a stored day as numbers."""
    return Tally(*(getattr(total, name) for name in TALLIED))


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
        if abs(left - right) > CLOSE * max(left, right):
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
    written_all(connection_of(session), _MEMORIES, list(derived.memories.values()))
    written_all(connection_of(session), _HELD, list(derived.held.values()))
    for day, tally in derived.days.items():
        move_day(session, user_id, day, tally)
    session.execute(
        update(User)
        .where(User.id == user_id)
        .values(score=derived.score, reviews=derived.reviews, changes=derived.changes)
    )
    session.flush()


def append(
    session: Session,
    learner: Learner,
    deck_id: int,
    stories: Mapping[int, Story],
    added: tuple[int, int],
) -> None:
    """Store what a log gives that has just been `added` to: by so many reviews and changes.

    Inside a writing transaction, the learner locked. `stories` are of facts of the deck that the
    log had nothing of before; whatever else it gives stays as it is stored.
    """
    days = defaultdict[int, Tally](Tally)
    memories, held = [], []
    for fact_id, story in stories.items():
        for day, tally in story.days.items():
            days[day] += tally
        if story.standing.memory is not None:
            memories.append(_memory((learner.id, fact_id, deck_id), story.standing))
        elif _is_held(story.standing):
            held.append(_held(learner.id, fact_id, story.standing))
    written_all(connection_of(session), _MEMORIES, memories)
    written_all(connection_of(session), _HELD, held)
    for day, tally in days.items():
        move_day(session, learner.id, day, tally)
    reviews, changes = added
    counted = {
        "reviews": learner.reviews + reviews,
        "changes": learner.changes + changes,
        "score": User.score + sum(story.points for story in stories.values()),
    }
    session.execute(update(User).where(User.id == learner.id).values(counted))
    session.flush()


def move_log(session: Session, from_id: int, to_id: int) -> None:
    """Give everything that one learner did to another, behind what that one did already.

    Inside a writing transaction, both learners locked; `rebuild` must follow.
    """
    reviews, changes = _lengths(session, to_id)
    told = session.scalar(select(func.max(Notice.number)).where(Notice.user_id == to_id)) or 0
    for table, moved in (
        (
            Review,
            {
                "number": Review.number + reviews,
                "behind_review": Review.behind_review + reviews,
                "behind_change": Review.behind_change + changes,
            },
        ),
        (
            ReviewAmendment,
            {
                "number": ReviewAmendment.number + reviews,
                "change": ReviewAmendment.change + changes,
                "after_review": ReviewAmendment.after_review + reviews,
            },
        ),
        (
            MemoryEvent,
            {
                "change": MemoryEvent.change + changes,
                "cause": MemoryEvent.cause + reviews,
                "after_review": MemoryEvent.after_review + reviews,
            },
        ),
        (Notice, {"number": Notice.number + told}),
        (Report, {}),
        (ShownQuestion, {}),
        (LearningSession, {}),
    ):
        moving = update(table).where(table.user_id == from_id)
        session.execute(moving.values(user_id=to_id, **moved))
    for derived in (Memory, HeldFact, DailyTotal):
        session.execute(delete(derived).where(derived.user_id == from_id))
    session.expire_all()
