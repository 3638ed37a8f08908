"""Which facts a page of the schedule shows, however many there are."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, literal, literal_column, select
from sqlalchemy.orm import Session

from app.core.memory import MATURE_DAYS
from app.models.content import LONGEST_TAG, DeckRow, FactRow, FactTag
from app.models.learning import ACTIVE, SUSPENDED, Memory
from app.models.statements.choosing import IS_ASKED
from app.services.sessions import Learner
from app.services.study.newcomers import new_by_deck
from app.services.study.queue import unseen

COMPARED = 5_000
"""Facts that are sorted by their recall, at most: it changes by the hour, so no index has it."""
RARE = 10_000
"""A tag of no more facts is looked up first."""


class Sorting(StrEnum):
    """How the schedule is sorted; recall is lowest first, the others as named."""

    DUE = "due"
    RECALL = "recall"
    WEAKEST = "weakest"
    STRONGEST = "strongest"
    LAPSES = "lapses"


class Kind(StrEnum):
    """Which facts the schedule shows."""

    ALL = "all"
    DUE = "due"
    YOUNG = "young"
    MATURE = "mature"
    LEECH = "leech"
    SUSPENDED = "suspended"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the schedule to show; an empty deck or tag means every one."""

    deck_key: str = ""
    tag: str = ""
    kind: Kind = Kind.ALL
    sorting: Sorting = Sorting.DUE
    page: int = 1


@dataclass(frozen=True)
class Search:
    """Which facts a page shows, found by memories and their indexes alone.

    Facts that are few (leeches, suspended ones, those of a rare tag) are found first and then put
    in order; others are found in the order of the page. A sum hides a column from its index, so
    that planners take neither for the other.
    """

    session: Session
    learner: Learner
    wanted: Wanted
    now: int

    def found(self, most: int, offset: int) -> tuple[list[int], int]:
        """Return the facts of a page in its order, and how many were compared for it, else 0."""
        query = self._unseen() if self.wanted.kind is Kind.NEW else self._studied()
        rows = self.session.execute(query.limit(most).offset(offset)).all()
        return [row[0] for row in rows], rows[0][1] if rows else 0

    def _studied(self) -> Select[int, int]:
        if self.wanted.sorting is not Sorting.RECALL:
            every = self._matching(Memory.fact_id, literal(0))
            return every.order_by(*self._order(self.wanted.sorting))
        first = (
            self._matching(Memory.fact_id, Memory.stability_days, Memory.last_review_epoch_s)
            .order_by(*self._order(Sorting.DUE))
            .limit(COMPARED)
            .subquery()
        )
        # Recall falls with the time since the last review in units of stability.
        faded = (self.now - first.c.last_review_epoch_s) / first.c.stability_days
        compared = func.count().over()
        return select(first.c.fact_id, compared).order_by(faded.desc(), first.c.fact_id)

    def _matching(self, *columns: Any) -> "Select[*tuple[Any, ...]]":  # noqa: ANN401 any column
        query = select(*columns).where(Memory.user_id == self.learner.id, IS_ASKED)
        if self.wanted.deck_key:
            query = query.where(Memory.deck_id == _deck(self.wanted.deck_key))
        if self.wanted.tag:
            query = query.where(self._has_tag(Memory.fact_id.expression))
        return query.where(*self._of_kind())

    def _of_kind(self) -> list[ColumnElement[bool]]:
        by_stability = self.wanted.sorting in {Sorting.WEAKEST, Sorting.STRONGEST}
        stability = Memory.stability_days if by_stability else Memory.stability_days + 0
        conditions: dict[Kind, list[ColumnElement[bool]]] = {
            Kind.DUE: [Memory.due_epoch_s <= self.now, Memory.state == ACTIVE],
            Kind.YOUNG: [stability < MATURE_DAYS],
            # As text where an index holds these alone: a parameter does not tell that it fits.
            Kind.MATURE: [IS_MATURE],
            Kind.LEECH: [Memory.lapses >= self.learner.preferences.leech_lapses],
            Kind.SUSPENDED: [
                Memory.state + literal_column("0") == literal_column(str(SUSPENDED)),
                Memory.due_epoch_s > literal_column("0"),
            ],
        }
        return conditions.get(self.wanted.kind, [])

    def _order(self, sorting: Sorting) -> tuple[ColumnElement[Any], ...]:
        hidden = 0
        is_few = self.wanted.kind in {Kind.LEECH, Kind.SUSPENDED} or self._is_rare
        due, stability, lapses = (
            column + hidden if is_few else column.expression
            for column in (Memory.due_epoch_s, Memory.stability_days, Memory.lapses)
        )
        # Equal ones as the index has them, which is read forwards or backwards.
        first, last = Memory.fact_id.asc(), Memory.fact_id.desc()
        orders: dict[Sorting, tuple[ColumnElement[Any], ...]] = {
            Sorting.DUE: (due.asc(), Memory.state.asc(), first),
            Sorting.WEAKEST: (stability.asc(), first),
            Sorting.STRONGEST: (stability.desc(), last),
            Sorting.LAPSES: (lapses.desc(), last),
        }
        return orders[sorting]

    def _unseen(self) -> Select[int, int]:
        # Decks without new facts are remembered for a while: only a whole walk can tell.
        new = new_by_deck(self.session, self.learner, 1, self.now)
        query = select(FactRow.id, literal(0)).where(
            FactRow.status == "published",
            FactRow.deck_id.in_([deck for deck, count in new.items() if count]),
            *unseen(self.learner, self.now),
        )
        if self.wanted.deck_key:
            query = query.where(FactRow.deck_id == _deck(self.wanted.deck_key))
        if self.wanted.tag:
            query = query.where(self._has_tag(FactRow.id.expression))
        return query.order_by(FactRow.deck_id, FactRow.position, FactRow.id)

    def _has_tag(self, fact_id: ColumnElement[int]) -> ColumnElement[bool]:
        tagged = select(FactTag.fact_id).where(FactTag.tag == self.wanted.tag[:LONGEST_TAG])
        if self._is_rare:
            return fact_id.in_(tagged)
        return tagged.where(FactTag.fact_id == fact_id).exists()

    @cached_property
    def _is_rare(self) -> bool:
        if not self.wanted.tag:
            return False
        tagged = select(FactTag.fact_id).where(FactTag.tag == self.wanted.tag[:LONGEST_TAG])
        return not self.session.scalars(tagged.limit(1).offset(RARE)).all()


IS_MATURE = Memory.stability_days + literal_column("0") >= literal_column(str(MATURE_DAYS))


def _deck(key: str) -> ScalarSelect[int]:
    return select(DeckRow.id).where(DeckRow.key == key).scalar_subquery()
