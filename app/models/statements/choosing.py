"""Which facts a study session may ask next."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    case,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.models.content import FactRow
from app.models.learning import (
    ACTIVE,
    HeldFact,
    Memory,
)
from app.models.statements.parameters import DAY, FACT, LEARNER, at_most

IS_ASKED = (
    ~select(FactRow.id)
    .where(
        # A range of one: SQLite would rather look at the fact itself than into the small index of
        # what is not asked, and as text, since a parameter does not tell it that the index fits.
        FactRow.id.between(Memory.fact_id, Memory.fact_id),
        FactRow.status != literal_column("'published'"),
    )
    .correlate(Memory)
    .exists()
)
"""The condition of a memory whose fact is published."""

_KNOWN = (
    select(
        FactRow.key,
        FactRow.id,
        FactRow.revision,
        Memory.stability_days,
        Memory.last_type,
        Memory.last_review_epoch_s,
        Memory.due_epoch_s,
        Memory.last_study_day,
    )
    .join(Memory, Memory.fact_id == FactRow.id)
    .where(
        Memory.user_id == LEARNER,
        Memory.state == ACTIVE,
        Memory.deck_id == bindparam("deck"),
        FactRow.status == "published",
    )
)
_NOW: BindParameter[int] = bindparam("now")
_MOST: BindParameter[int] = bindparam("most")
IN_PLAN = FactRow.id.in_(bindparam("plan", expanding=True))
"""Added to what a session with a plan asks."""

MISSED = _KNOWN.where(
    FactRow.id == FACT,
    # What the learner has put off since its miss is due later than a miss makes it.
    Memory.due_epoch_s <= Memory.last_review_epoch_s + bindparam("relearn_s"),
)
_DUE = (
    _KNOWN.where(Memory.due_epoch_s <= _NOW)
    .order_by(Memory.due_epoch_s.desc(), Memory.state.desc())
    .limit(at_most(_MOST))
)
_DUE_AHEAD = (
    _KNOWN.where(
        Memory.due_epoch_s <= bindparam("until"),
        or_(Memory.due_epoch_s <= _NOW, Memory.last_study_day < DAY),
    )
    .order_by(Memory.due_epoch_s, Memory.state)
    .limit(at_most(_MOST))
)


def _safest_first(window: "Select[*tuple[Any, ...]]") -> "Select[*tuple[Any, ...]]":
    """Return the first rows of a window of due facts, in the order that `Order.SAFEST` names.

    The database puts some hundred rows in order in a tenth of the time that it takes to make rows
    of Python of them.
    """
    due = window.subquery("due_window")
    since = _NOW - due.c.last_review_epoch_s
    faded = case((since > 0, since), else_=0) / due.c.stability_days
    return select(due).order_by(faded, due.c.id).limit(at_most(bindparam("first")))


DUE = _safest_first(_DUE)
DUE_IN_PLAN = _safest_first(_DUE.where(IN_PLAN))
DUE_AHEAD = _safest_first(_DUE_AHEAD)
DUE_AHEAD_IN_PLAN = _safest_first(_DUE_AHEAD.where(IN_PLAN))


def is_unseen(
    learner: ColumnElement[int], now: ColumnElement[int]
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a fact that is new to a learner and not set aside."""
    known = select(Memory.fact_id).where(Memory.user_id == learner, Memory.fact_id == FactRow.id)
    held = select(HeldFact.fact_id).where(
        HeldFact.user_id == learner,
        HeldFact.fact_id == FactRow.id,
        or_(HeldFact.until_epoch_s.is_(None), HeldFact.until_epoch_s > now),
    )
    return (~known.exists(), ~held.exists())


_NEW = (
    select(FactRow.key, FactRow.id, FactRow.revision)
    .where(
        FactRow.deck_id == bindparam("deck"),
        FactRow.status == "published",
        *is_unseen(LEARNER, _NOW),
    )
    .limit(at_most(_MOST))
)
NEW = _NEW.order_by(FactRow.position, FactRow.id)
NEW_MIXED = _NEW.order_by(
    # An order without order: Knuth's multiplicative hash, from a start of the learner's own.
    ((FactRow.id + bindparam("start")) * 2_654_435_761) % 4_294_967_296,
    FactRow.position,
    FactRow.id,
)
_Old = aliased(FactRow)
_KNEW = select(Memory.fact_id).where(Memory.user_id == LEARNER, Memory.fact_id == _Old.id)
SUCCESSORS = select(FactRow.key, FactRow.id, FactRow.revision, FactRow.position).where(
    FactRow.id.in_(
        select(_Old.superseded_by_id).where(_Old.superseded_by_id.is_not(None), _KNEW.exists())
    ),
    FactRow.deck_id + 0 == bindparam("deck"),  # so that SQLite does not go through the deck
    FactRow.status == "published",
    *is_unseen(LEARNER, _NOW),
)
"""Facts that took the place of one this learner knows, in any order: they are few."""
