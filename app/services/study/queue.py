"""Which facts a study session may ask now, the most pressing first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select
from sqlalchemy.orm import Session, aliased

from app.core.memory import Rating
from app.core.planning import NewOrder
from app.core.urgency import DAY_S, Order
from app.models.content import FactRow
from app.models.driving import Found, all_rows, connection_of, first_row
from app.models.learning import Memory
from app.models.statements.choosing import (
    DUE,
    DUE_AHEAD,
    DUE_AHEAD_IN_PLAN,
    DUE_IN_PLAN,
    IN_PLAN,
    MISSED,
    NEW,
    NEW_MIXED,
    SUCCESSORS,
    is_unseen,
)
from app.models.statements.sitting import QUOTA
from app.services.scheduling import RELEARN_S
from app.services.sessions import FactRef, Learner

OTHERS_BETWEEN = 3
"""Questions between a miss and the same fact again, while there are others."""
ORDER = Order.SAFEST
"""How due facts are ordered, as `statements.choosing` orders them; docs/decisions.md says why."""
WINDOW = 300
"""Due facts that are put in order at once, those due last: a backlog may have any size."""
_LOOK_AHEAD = (8, 200)
"""New facts fetched at first, and then: more than one only where facts cannot be asked."""
_DUE_LOOK_AHEAD = (8, WINDOW)
"""The same of due facts, beside those that the session has asked."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A study session: whose and which, over which deck, and what it may ask."""

    user_id: int
    token: str
    deck_id: int
    plan: Sequence[int] = ()
    """If any: the only facts that it asks."""
    ahead_days: int = 0


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


def quota_of(session: Session, learner: Learner, now: int) -> Quota:
    """Return what the limits leave for today."""
    return quota_and_answers(session, learner, now)[0]


def quota_and_answers(session: Session, learner: Learner, now: int) -> tuple[Quota, int]:
    """Return what the limits leave for today, and how many answers it has had."""
    at = {"learner": learner.id, "day": learner.day(now)}
    new, due, answers = first_row(connection_of(session), QUOTA, at) or (0, 0, 0)
    return quota_left(learner, new, due), answers


def quota_left(learner: Learner, new: int, due: int) -> Quota:
    """Return what a learner's limits leave on a day with so many new and due facts."""
    limit = learner.preferences.reviews_per_day
    return Quota(max(0, learner.new_per_day - new), max(0, limit - due))


def missed_facts(history: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Return the facts whose last answer was wrong, each with how many questions came since."""
    last = {fact: (at, rating) for at, (fact, rating) in enumerate(history, start=1)}
    return {
        fact: len(history) - at for fact, (at, rating) in last.items() if rating == Rating.AGAIN
    }


def candidates(
    session: Session,
    learner: Learner,
    sitting: Sitting,
    quota: Quota,
    now: int,
    history: Sequence[tuple[int, int]] = (),
) -> Iterator[Candidate]:
    """Yield what may be asked: missed facts that have rested, due, new and other missed ones.

    Successors of known facts come before the new ones. `history` is the session's (fact id,
    rating), oldest first. Lazily: what is never looked at is never fetched.
    """
    missed = missed_facts(history)
    rested = [fact for fact, since in missed.items() if since >= OTHERS_BETWEEN]
    seen = {fact for fact, _ in history}
    asking = _Asking(session, learner, sitting, now)
    yield from asking.missed(rested)
    yield from asking.due(seen, quota.due)
    yield from asking.successors()
    if quota.new:
        yield from asking.new()
    yield from asking.missed(sorted(missed, key=lambda one: -missed[one]))


@dataclass(frozen=True, slots=True)
class _Asking:
    """The queries of one look for what to ask."""

    session: Session
    learner: Learner
    sitting: Sitting
    now: int

    def missed(self, facts: Sequence[int]) -> Iterator[Candidate]:
        """Yield facts that were missed and not put off since, in the order given."""
        for fact in facts:  # one after another: the first is asked, as a rule
            yield from map(_candidate, self._rows(MISSED, fact=fact, relearn_s=RELEARN_S))

    def due(self, seen: set[int], quota: int) -> Iterator[Candidate]:
        """Yield due facts in order; those begun today do not count for the limit.

        A session that goes ahead has no limit, and takes each fact once on a day.
        """
        today, ahead = self.learner.day(self.now), self.sitting.ahead_days
        for row in self._in_order(today, ahead, len(seen)):
            # What was seen is dropped here: a list in the statement would make each one another.
            may_come = quota or ahead or row.last_study_day >= today
            if may_come and row.id not in seen:
                yield _candidate(row)

    def _in_order(self, today: int, ahead: int, seen: int) -> Iterator[Found]:
        """Yield the window's facts in order, a few at first."""
        query = _DUE[bool(ahead), bool(self.sitting.plan)]
        given = {"until": self.now + ahead * DAY_S, "day": today, "most": WINDOW + seen}
        done = 0
        for first in _DUE_LOOK_AHEAD:
            rows = self._execute(query, first=first + seen, **given)
            yield from rows[done:]
            done = len(rows)
            if done < first + seen:
                return

    def successors(self) -> Iterator[Candidate]:
        """Yield facts that took the place of one this learner knows: no quota holds them back."""
        rows = sorted(self._rows(SUCCESSORS), key=lambda row: (row.position, row.id))
        yield from map(_new_candidate, rows)

    def new(self) -> Iterator[Candidate]:
        """Yield new facts, a few at first."""
        is_mixed = self.learner.preferences.new_order is NewOrder.MIXED
        done, start = 0, self.learner.id * 7919
        for most in _LOOK_AHEAD:
            rows = self._rows(NEW_MIXED if is_mixed else NEW, most=most, start=start)
            yield from map(_new_candidate, rows[done:])
            done = len(rows)
            if done < most:
                return

    def _rows(self, query: "Select[*tuple[Any, ...]]", **values: Any) -> Sequence[Any]:  # noqa: ANN401 whatever the statement has
        narrowed = query.where(IN_PLAN) if self.sitting.plan else query
        return self._execute(narrowed, **values)

    def _execute(self, query: "Select[*tuple[Any, ...]]", **values: Any) -> Sequence[Any]:  # noqa: ANN401 as above
        given: dict[str, Any] = {
            "learner": self.learner.id,
            "deck": self.sitting.deck_id,
            "now": self.now,
            "plan": self.sitting.plan,
        }
        connection = connection_of(self.session)
        if self.sitting.plan:  # a list in a statement makes it another each time
            return connection.execute(query, given | values).all()
        return all_rows(connection, query, given | values)


_DUE = {
    (False, False): DUE,
    (False, True): DUE_IN_PLAN,
    (True, False): DUE_AHEAD,
    (True, True): DUE_AHEAD_IN_PLAN,
}
"""The statement of what is due: by whether the session goes ahead, and has a plan."""


def _candidate(row: Found) -> Candidate:
    return Candidate(row.key, FactRef(row.id, row.revision), row.stability_days, row.last_type)


def _new_candidate(row: Found) -> Candidate:
    return Candidate(row.key, FactRef(row.id, row.revision), None, None)


def replaces_known(learner: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition of a fact that supersedes one this learner knows."""
    old = aliased(FactRow)
    return (
        select(old.id)
        .join(Memory, (Memory.fact_id == old.id) & (Memory.user_id == learner))
        .where(old.superseded_by_id == FactRow.id)
        .correlate(FactRow)
        .exists()
    )


def unseen(learner: Learner, now: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a fact that is new to a learner and not set aside."""
    return is_unseen(literal(learner.id), literal(now))
