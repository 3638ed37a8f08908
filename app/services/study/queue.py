"""Which facts a study session may ask now, the most pressing first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.memory import Rating
from app.core.planning import NewOrder
from app.core.urgency import DAY_S, DueFact, Order, in_order
from app.models.content import FactRow
from app.models.effective import RATING, TURN, effective, in_session
from app.models.learning import ACTIVE, DailyTotal, HeldFact, LearningSession, Memory, Review
from app.services.scheduling import RELEARN_S
from app.services.sessions import FactRef, Learner

OTHERS_BETWEEN = 3
"""Questions between a miss and the same fact again, while there are others."""
ORDER = Order.SAFEST
"""How due facts are ordered; docs/decisions.md says why."""
WINDOW = 300
"""Due facts that are put in order at once, those due last: a backlog may have any size."""
_LOOK_AHEAD = 200
"""New facts fetched at once; more than one only where facts cannot be asked."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact that may be asked, with what its question type depends on."""

    fact_key: str
    ref: FactRef
    stability_days: float | None
    last_type: str | None


@dataclass(frozen=True, slots=True)
class Quota:
    """What the learner's own limits leave for today, over all decks."""

    new: int
    due: int


_DONE = select(DailyTotal.new_facts, DailyTotal.due_facts).where(
    DailyTotal.user_id == bindparam("learner"), DailyTotal.study_day == bindparam("day")
)


def quota_of(session: Session, learner: Learner, now: int) -> Quota:
    """Return what the limits leave for today."""
    row = session.execute(_DONE, {"learner": learner.id, "day": learner.day(now)}).one_or_none()
    new, due = row or (0, 0)
    limit = learner.preferences.reviews_per_day
    return Quota(max(0, learner.new_per_day - new), max(0, limit - due))


_HISTORY = effective(
    in_session(
        select(Review.fact_id, RATING.label("rating")), bindparam("learner"), bindparam("token")
    )
).order_by(TURN)


def history_of(session: Session, owner: LearningSession) -> list[tuple[int, int]]:
    """Return the session's (fact id, rating) that are in force, oldest first."""
    rows = session.execute(_HISTORY, {"learner": owner.user_id, "token": owner.token})
    return [(row.fact_id, row.rating) for row in rows]


def missed_facts(history: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Return the facts whose last answer was wrong, each with how many questions came since."""
    last = {fact: (at, rating) for at, (fact, rating) in enumerate(history, start=1)}
    return {
        fact: len(history) - at for fact, (at, rating) in last.items() if rating == Rating.AGAIN
    }


def candidates(
    session: Session,
    learner: Learner,
    owner: LearningSession,
    history: Sequence[tuple[int, int]],
    now: int,
) -> Iterable[Candidate]:
    """Yield what may be asked: missed facts that have rested, due, new and other missed ones.

    Successors of known facts come before the new ones. Lazily: what is never looked at is never
    fetched.
    """
    missed = missed_facts(history)
    rested = [fact for fact, since in missed.items() if since >= OTHERS_BETWEEN]
    seen = {fact for fact, _ in history}
    quota = quota_of(session, learner, now)
    yield from _by_id(session, learner, owner, rested)
    yield from _due(session, learner, owner, seen, (quota.due, now))
    yield from _successors(session, learner, owner, now)
    if quota.new:
        yield from _new(session, learner, owner, now)
    yield from _by_id(session, learner, owner, sorted(missed, key=lambda one: -missed[one]))


def in_scope(owner: LearningSession) -> list[ColumnElement[bool]]:
    """Return the conditions on facts of a session: published, of its deck, of its plan if any."""
    scope = [FactRow.deck_id == owner.deck_id, FactRow.status == "published"]
    return [*scope, FactRow.id.in_(owner.plan)] if owner.plan else scope


Known = Row[str, int, int, float, str, int, int, int]
_KNOWN = (
    FactRow.key,
    FactRow.id,
    FactRow.revision,
    Memory.stability_days,
    Memory.last_type,
    Memory.last_review_epoch_s,
    Memory.due_epoch_s,
    Memory.last_study_day,
)


def _known(
    learner: Learner, owner: LearningSession
) -> Select[str, int, int, float, str, int, int, int]:
    return (
        select(*_KNOWN)
        .join(Memory, Memory.fact_id == FactRow.id)
        .where(Memory.user_id == learner.id, Memory.state == ACTIVE, *in_scope(owner))
    )


def _by_id(
    session: Session, learner: Learner, owner: LearningSession, ids: Sequence[int]
) -> Iterable[Candidate]:
    if not ids:
        return
    # What the learner has put off since its miss is due later than a miss makes it.
    still_missed = Memory.due_epoch_s <= Memory.last_review_epoch_s + RELEARN_S
    rows = session.execute(_known(learner, owner).where(FactRow.id.in_(ids), still_missed))
    found = {row[1]: _candidate(row) for row in rows}
    yield from (found[fact] for fact in ids if fact in found)


def _due(
    session: Session,
    learner: Learner,
    owner: LearningSession,
    seen: set[int],
    left: tuple[int, int],
) -> Iterable[Candidate]:
    """Yield due facts in order; those begun today do not count for the limit.

    A session that goes ahead has no limit, and takes each fact once on a day.
    """
    quota, now = left
    today, ahead = learner.day(now), owner.ahead_days
    query = _known(learner, owner).where(FactRow.id.not_in(seen)).limit(WINDOW)
    if ahead:
        soon = (Memory.due_epoch_s <= now + ahead * DAY_S) & (Memory.last_study_day < today)
        query = query.where((Memory.due_epoch_s <= now) | soon)
        query = query.order_by(Memory.due_epoch_s, Memory.state, Memory.fact_id)
    else:
        query = query.where(Memory.due_epoch_s <= now)
        query = query.order_by(
            Memory.due_epoch_s.desc(), Memory.state.desc(), Memory.fact_id.desc()
        )
    found = {row[1]: row for row in session.execute(query)}
    for fact in in_order(map(_due_fact, found.values()), now, ORDER):
        row = found[fact.fact_id]
        if quota or ahead or row.last_study_day >= today:
            yield _candidate(row)


def _due_fact(row: Known) -> DueFact:
    return DueFact(row.id, row.stability_days, row.last_review_epoch_s, row.due_epoch_s)


def _new(
    session: Session, learner: Learner, owner: LearningSession, now: int
) -> Iterable[Candidate]:
    order: list[ColumnElement[int]] = [FactRow.position.expression, FactRow.id.expression]
    if learner.preferences.new_order is NewOrder.MIXED:
        order.insert(0, _shuffled(learner))
    rows = session.execute(
        select(FactRow.key, FactRow.id, FactRow.revision)
        .where(*in_scope(owner), *unseen(learner.id, now))
        .order_by(*order)
        .limit(_LOOK_AHEAD)
    ).all()
    yield from (Candidate(row[0], FactRef(row[1], row[2]), None, None) for row in rows)


def _successors(
    session: Session, learner: Learner, owner: LearningSession, now: int
) -> Iterable[Candidate]:
    """Yield facts that took the place of one this learner knows: no quota holds them back."""
    rows = session.execute(
        select(FactRow.key, FactRow.id, FactRow.revision)
        .where(*in_scope(owner), *unseen(learner.id, now), replaces_known(learner.id))
        .order_by(FactRow.position, FactRow.id)
        .limit(_LOOK_AHEAD)
    ).all()
    yield from (Candidate(row[0], FactRef(row[1], row[2]), None, None) for row in rows)


def replaces_known(user_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition of a fact that supersedes one this learner knows."""
    old = aliased(FactRow)
    return (
        select(old.id)
        .join(Memory, (Memory.fact_id == old.id) & (Memory.user_id == user_id))
        .where(old.superseded_by_id == FactRow.id)
        .correlate(FactRow)
        .exists()
    )


def _shuffled(learner: Learner) -> ColumnElement[int]:
    """Return an order without order, the learner's own: Knuth's multiplicative hash."""
    return ((FactRow.id + learner.id * 7919) * 2_654_435_761) % 4_294_967_296


def unseen(
    user_id: int | BindParameter[int], now: int | BindParameter[int]
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a fact that is new to a learner and not set aside."""
    known = select(Memory.fact_id).where(Memory.user_id == user_id, Memory.fact_id == FactRow.id)
    held = select(HeldFact.fact_id).where(
        HeldFact.user_id == user_id,
        HeldFact.fact_id == FactRow.id,
        or_(HeldFact.until_epoch_s.is_(None), HeldFact.until_epoch_s > now),
    )
    return (~known.exists(), ~held.exists())


def _candidate(row: Known) -> Candidate:
    return Candidate(row.key, FactRef(row.id, row.revision), row.stability_days, row.last_type)
