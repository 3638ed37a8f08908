"""Which facts a learner takes along on a device, the most pressing first, over all decks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, Row, Select, literal, select
from sqlalchemy.orm import Session

from app.core.planning import NewOrder
from app.core.urgency import DAY_S, DueFact, in_order
from app.models.content import FactRow
from app.models.learning import ACTIVE, LearningSession, Memory
from app.services.sessions import FactRef, Learner
from app.services.study.queue import (
    ORDER,
    WINDOW,
    Candidate,
    Quota,
    quota_of,
    replaces_known,
    unseen,
)

AHEAD_DAYS = 3
"""What is due within so many days fills up what is due now; a device asks it when it is due."""


@dataclass(frozen=True, slots=True)
class Along:
    """A fact to take along; `due_epoch_s` is None where it is new."""

    deck_id: int
    candidate: Candidate
    due_epoch_s: int | None


def taken_along(session: Session, learner: Learner, most: int, now: int) -> list[Along]:
    """Return due facts in the order of study, new ones of decks begun, then those due soon.

    As many as the day's limits allow, and `most` at most.
    """
    return list(islice(_in_turn(session, learner, most, now), most))


def _in_turn(session: Session, learner: Learner, most: int, now: int) -> Iterator[Along]:
    quota = quota_of(session, learner, now)
    yield from _due(session, learner, quota, now)
    yield from _new(session, learner, min(quota.new, most), now)
    soon = (
        _known(learner)
        .where(Memory.due_epoch_s > now, Memory.due_epoch_s <= now + AHEAD_DAYS * DAY_S)
        .order_by(Memory.due_epoch_s, Memory.fact_id)
        .limit(most)
    )
    yield from map(_along, session.execute(soon))


Known = Row[int, str, int, int, float, str, int, int, int]
_KNOWN = (
    FactRow.deck_id,
    FactRow.key,
    FactRow.id,
    FactRow.revision,
    Memory.stability_days,
    Memory.last_type,
    Memory.last_review_epoch_s,
    Memory.due_epoch_s,
    Memory.last_study_day,
)


def _known(learner: Learner) -> Select[int, str, int, int, float, str, int, int, int]:
    return (
        select(*_KNOWN)
        .join(Memory, Memory.fact_id == FactRow.id)
        .where(Memory.user_id == learner.id, Memory.state == ACTIVE, FactRow.status == "published")
    )


def _due(session: Session, learner: Learner, quota: Quota, now: int) -> Iterator[Along]:
    """Yield due facts in order; those begun today do not count for the limit."""
    query = _known(learner).where(Memory.due_epoch_s <= now)
    query = query.order_by(
        Memory.due_epoch_s.desc(), Memory.state.desc(), Memory.fact_id.desc()
    ).limit(WINDOW)
    found = {row.id: row for row in session.execute(query)}
    left, today = quota.due, learner.day(now)
    facts = (
        DueFact(row.id, row.stability_days, row.last_review_epoch_s, row.due_epoch_s)
        for row in found.values()
    )
    for fact in in_order(facts, now, ORDER):
        row = found[fact.fact_id]
        is_begun = row.last_study_day >= today
        if left or is_begun:
            left -= not is_begun
            yield _along(row)


def _new(session: Session, learner: Learner, most: int, now: int) -> Iterator[Along]:
    """Yield facts that took a known one's place, then new ones of decks begun, deck by turns."""
    successor = replaces_known(literal(learner.id))
    begun = select(LearningSession.deck_id).where(
        LearningSession.user_id == learner.id, LearningSession.kind == "study"
    )
    order: list[ColumnElement[int]] = [FactRow.position.expression, FactRow.id.expression]
    if learner.preferences.new_order is NewOrder.MIXED:
        order.insert(0, (FactRow.id + learner.id * 7919) * 2_654_435_761 % 4_294_967_296)
    query = select(FactRow.deck_id, FactRow.key, FactRow.id, FactRow.revision).where(
        FactRow.status == "published",
        FactRow.deck_id.in_(begun),
        *unseen(learner, now),
    )
    taking_over = query.where(successor).order_by(FactRow.id).limit(WINDOW)
    for chosen in (taking_over, query.where(~successor).order_by(*order).limit(most)):
        for deck_id, key, fact_id, revision in session.execute(chosen):
            yield Along(deck_id, Candidate(key, FactRef(fact_id, revision), None, None), None)


def _along(row: Known) -> Along:
    ref = FactRef(row.id, row.revision)
    known = Candidate(row.key, ref, row.stability_days, row.last_type)
    return Along(row.deck_id, known, row.due_epoch_s)
