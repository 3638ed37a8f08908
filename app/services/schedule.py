"""A learner's schedule: every fact by page, and how many fall due on each day."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, func, select
from sqlalchemy.orm import Session

from app.core.facts import Fact
from app.core.memory import MATURE_DAYS, retrievability
from app.core.planning import day_start_epoch_s
from app.core.wording import fact_text, stem
from app.models.content import DeckRow, FactRow
from app.models.learning import ACTIVE, SUSPENDED, Memory
from app.models.mapping import load_facts
from app.services.sessions import Learner, learner_of
from app.services.study.queue import unseen

DAY_S = 86_400
PAGE_SIZE = 50
LAST_PAGE = 100_000
HIDDEN = ("draft", "retired")


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


@dataclass(frozen=True, slots=True)
class ScheduledFact:
    """A fact in the learner's own schedule; None where it was never studied."""

    fact_id: int
    deck_key: str
    deck_title: str
    statement: str
    tags: tuple[str, ...]
    due_epoch_s: int | None
    stability_days: float | None
    retrievability: float | None
    reviews: int
    lapses: int
    state_words: str
    is_leech: bool = False


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """At most 50 facts, and whether more follow."""

    facts: tuple[ScheduledFact, ...]
    page: int
    has_more: bool


def schedule_page(session: Session, user_id: int, wanted: Wanted, now: int) -> SchedulePage:
    """Return a page of the schedule. Raises NotFound for an unknown learner."""
    learner = learner_of(session, user_id)
    page = min(max(1, wanted.page), LAST_PAGE)
    query = _new(learner, now) if wanted.kind is Kind.NEW else _studied(learner, wanted, now)
    found = session.execute(
        _narrowed(query, wanted).limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)
    ).all()
    rows = found[:PAGE_SIZE]
    facts = load_facts(session, [row[0] for row in rows])
    listed = tuple(
        new_fact(row[0], facts[row[0].id], row[1], row[2])
        if wanted.kind is Kind.NEW
        else known_fact(row, facts[row[0].id], learner, now)
        for row in rows
    )
    return SchedulePage(listed, page, len(found) > PAGE_SIZE)


def _studied(learner: Learner, wanted: Wanted, now: int) -> "Select[FactRow, str, str, Memory]":
    return (
        select(FactRow, DeckRow.key, DeckRow.title, Memory)
        .select_from(Memory)
        .join(FactRow, FactRow.id == Memory.fact_id)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .where(Memory.user_id == learner.id, *_of_kind(wanted.kind, learner, now))
        .order_by(*_order(wanted.sorting, now))
    )


def _new(learner: Learner, now: int) -> "Select[FactRow, str, str]":
    return (
        select(FactRow, DeckRow.key, DeckRow.title)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .where(*unseen(learner, now))
        .order_by(FactRow.deck_id, FactRow.position, FactRow.id)
    )


def _of_kind(kind: Kind, learner: Learner, now: int) -> list[ColumnElement[bool]]:
    least = learner.preferences.leech_lapses
    # Sums hide columns from their indexes: facts are to be found in the order of the page.
    conditions: dict[Kind, list[ColumnElement[bool]]] = {
        Kind.DUE: [Memory.due_epoch_s <= now, Memory.state == ACTIVE],
        Kind.YOUNG: [Memory.stability_days + 0 < MATURE_DAYS],
        Kind.MATURE: [Memory.stability_days + 0 >= MATURE_DAYS],
        Kind.LEECH: [Memory.lapses + 0 >= least],
        Kind.SUSPENDED: [Memory.state == SUSPENDED],
    }
    return conditions.get(kind, [])


def _order(sorting: Sorting, now: int) -> tuple[ColumnElement[Any], ...]:
    # Recall falls with the time since the last review in units of stability.
    faded = (now - Memory.last_review_epoch_s) / Memory.stability_days
    # Equal ones as the index has them, which is read forwards or backwards.
    first, last = Memory.fact_id.asc(), Memory.fact_id.desc()
    orders: dict[Sorting, tuple[ColumnElement[Any], ...]] = {
        Sorting.DUE: (Memory.due_epoch_s.asc(), Memory.state.asc(), first),
        Sorting.RECALL: (faded.desc(), first),
        Sorting.WEAKEST: (Memory.stability_days.asc(), first),
        Sorting.STRONGEST: (Memory.stability_days.desc(), last),
        Sorting.LAPSES: (Memory.lapses.desc(), last),
    }
    return orders[sorting]


NarrowedT = Select[FactRow, str, str, Memory] | Select[FactRow, str, str]


def _narrowed(query: NarrowedT, wanted: Wanted) -> NarrowedT:
    query = query.where(FactRow.status == "published")
    if wanted.deck_key:
        query = query.where(DeckRow.key == wanted.deck_key)
    if wanted.tag:
        # Tags are stored as JSON: the text between quotes is a whole tag.
        stored = cast(FactRow.tags, String)
        query = query.where(stored.contains(json.dumps(wanted.tag), autoescape=True))
    return query


def known_fact(
    row: "Row[FactRow, str, str, Memory]", fact: Fact, learner: Learner, now: int
) -> ScheduledFact:
    """Return a studied fact with how well it is remembered now."""
    memory: Memory = row[3]
    elapsed = max(0, now - memory.last_review_epoch_s) / DAY_S
    return ScheduledFact(
        fact_id=row[0].id,
        deck_key=row[1],
        deck_title=row[2],
        statement=fact_text(fact),
        tags=fact.tags,
        due_epoch_s=memory.due_epoch_s,
        stability_days=memory.stability_days,
        retrievability=retrievability(memory.stability_days, elapsed, learner.parameters),
        reviews=memory.reviews,
        lapses=memory.lapses,
        state_words=state_words(memory, learner, now),
        is_leech=memory.lapses >= learner.preferences.leech_lapses,
    )


def new_fact(row: FactRow, fact: Fact, deck_key: str, deck_title: str) -> ScheduledFact:
    """Return a fact not studied yet, without its answer."""
    # Its question alone: the answer is for the first time that it is asked.
    words = "not studied yet"
    shown = (row.id, deck_key, deck_title, stem(fact), fact.tags)
    return ScheduledFact(*shown, None, None, None, 0, 0, words)


def state_words(memory: Memory, learner: Learner, now: int) -> str:
    """Return in two or three words how well a fact is known."""
    if memory.state == SUSPENDED:
        return "suspended"
    if memory.due_epoch_s <= now:
        return "due now"
    if learner.day(memory.due_epoch_s) == learner.day(now):
        return "due later today"
    return "firmly known" if memory.stability_days >= MATURE_DAYS else "being learned"


def due_by_day(session: Session, learner: Learner, first: int, days: int, now: int) -> list[int]:
    """Return how many facts fall due on each of some days (ordinals from `first`).

    What is overdue counts today. One range of the index by due date a day, days of 23 and 25
    hours included; facts that are not published are counted apart and taken off, for they are few.
    """
    today = learner.day(now)
    bounds = [day_start_epoch_s(first + at, learner.zone) for at in range(days + 1)]
    ranges = [
        (0 if first + at == today else start, end)
        for at, (start, end) in enumerate(pairwise(bounds))
    ]
    every = session.execute(select(*(_due_in(learner.id, *one) for one in ranges))).one()
    hidden = _hidden_due(session, learner.id, bounds[-1])
    return [
        0 if first + at < today else count - sum(start <= due < end for due in hidden)
        for at, (count, (start, end)) in enumerate(zip(every, ranges, strict=True))
    ]


def _due_in(user_id: int, start: int, end: int) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(Memory)
        .where(
            Memory.user_id == user_id,
            Memory.due_epoch_s >= start,
            Memory.due_epoch_s < end,
            Memory.state == ACTIVE,
        )
        .scalar_subquery()
    )


def _hidden_due(session: Session, user_id: int, end: int) -> Sequence[int]:
    """Return when facts that are not asked any more would fall due."""
    retired = select(FactRow.id).where(
        FactRow.deck_id.in_(select(DeckRow.id)), FactRow.status.in_(HIDDEN)
    )
    return session.scalars(
        select(Memory.due_epoch_s).where(
            Memory.user_id == user_id,
            Memory.fact_id.in_(retired),
            Memory.due_epoch_s < end,
            Memory.state == ACTIVE,
        )
    ).all()
