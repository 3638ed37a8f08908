"""How questions do, as curators read it: a deck's items by flag, and one fact's items whole."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, defer

from app.core.errors import NotFound
from app.core.facts import Fact
from app.core.questions.question import QuestionType
from app.core.sentences import say
from app.core.statistics import FEWEST, TYPED, Flag, ResponseCount
from app.core.values import EntityValue, TextValue
from app.core.wording import fact_text
from app.models.content import DeckRow, FactRow
from app.models.reports import Report
from app.models.some_facts import load_facts
from app.models.statistics import ItemResponse, ItemStatistic
from app.services.decks import deck_id_of
from app.services.statistics.items import Item, count_of

_WITHOUT_SUMS = defer(ItemStatistic.body, raiseload=True)
"""The sums are what numbers are made from; pages show the numbers."""
PAGE = 50
MOST_LISTED = 8
"""Rejected responses told of an item: the most frequent ones."""


class Order(StrEnum):
    """What a deck's items are sorted by."""

    FLAGS = "flags"
    FACT = "fact"
    ANSWERS = "answers"
    FACILITY = "facility"
    DISCRIMINATION = "discrimination"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item's numbers; shares 0-1, None where there is nothing to say, no flag under 20."""

    fact_id: int
    text: str
    question_type: str
    direction: str
    answers: int
    facility: float | None
    discrimination: float | None
    efficiency: float | None
    median_ms: int | None
    flags: tuple[Flag, ...]
    reports: int

    @property
    def has_verdict(self) -> bool:
        """Whether there are answers enough to judge by."""
        return self.answers >= FEWEST


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of a deck's items, and how many there are by flag."""

    lines: tuple[ItemLine, ...]
    total: int
    page: int
    pages: int
    by_flag: dict[Flag, int]


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """An item with its responses: options as they were offered, or what was typed."""

    line: ItemLine
    responses: tuple[ResponseCount, ...]
    accepts_more: bool
    """Whether a rejected response can be made a right one: names and texts alone."""


@dataclass(frozen=True, slots=True)
class FactPage:
    """A fact in words with its deck, and what real answers say of each of its questions."""

    deck_key: str
    deck_title: str
    text: str
    items: tuple[ItemDetail, ...]


def deck_items(
    session: Session, deck_key: str, flag: Flag | None, order: Order, page: int
) -> ItemPage:
    """Return a page of a deck's items, those with a flag or all. Raises NotFound."""
    deck_id = deck_id_of(session, deck_key)
    here = FactRow.deck_id == deck_id
    wanted = [here, *_with(flag)]
    total = _count(session, wanted)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    query = _items(wanted).order_by(*_ORDERS[order]).limit(PAGE).offset((page - 1) * PAGE)
    rows = session.scalars(query).all()
    fact_ids = {row.fact_id for row in rows}
    facts, reports = load_facts(session, fact_ids), _reports(session, fact_ids)
    lines = tuple(_line(row, facts[row.fact_id], reports) for row in rows)
    return ItemPage(lines, total, page, pages, _by_flag(session, here))


def fact_page(session: Session, fact_id: int) -> FactPage:
    """Return a fact's questions without the rest of its deck. Raises NotFound."""
    found = session.execute(
        select(DeckRow.key, DeckRow.title)
        .join(FactRow, FactRow.deck_id == DeckRow.id)
        .where(FactRow.id == fact_id)
    ).one_or_none()
    if found is None:
        raise NotFound(say("There is no such fact."))
    fact = load_facts(session, [fact_id])[fact_id]
    return FactPage(*found, fact_text(fact), fact_items(session, fact_id, fact))


def fact_items(session: Session, fact_id: int, fact: Fact) -> tuple[ItemDetail, ...]:
    """Return what real answers say of each of a fact's questions."""
    rows = session.scalars(
        select(ItemStatistic)
        .options(_WITHOUT_SUMS)
        .where(ItemStatistic.fact_id == fact_id)
        .order_by(ItemStatistic.question_type, ItemStatistic.direction)
    ).all()
    responses: dict[Item, list[ResponseCount]] = defaultdict(list)
    for one in session.scalars(
        select(ItemResponse)
        .where(ItemResponse.fact_id == fact_id)
        .order_by(ItemResponse.picked.desc(), ItemResponse.offered.desc(), ItemResponse.label)
    ):
        responses[Item(fact_id, one.question_type, one.direction)].append(count_of(one))
    reports = _reports(session, [fact_id])
    return tuple(
        ItemDetail(
            _line(row, fact, reports),
            _told(row, responses[Item(fact_id, row.question_type, row.direction)]),
            _accepts_more(row, fact),
        )
        for row in rows
    )


def _told(row: ItemStatistic, responses: Sequence[ResponseCount]) -> tuple[ResponseCount, ...]:
    """Return all options; of what was typed the most frequent rejected responses."""
    if QuestionType(row.question_type) not in TYPED:
        return tuple(responses)
    rejected = [one for one in responses if not one.is_key]
    return tuple(sorted(rejected, key=lambda one: not one.label)[:MOST_LISTED])


def _accepts_more(row: ItemStatistic, fact: Fact) -> bool:
    if QuestionType(row.question_type) not in TYPED:
        return False
    if row.direction == "inverse":
        return fact.subject is not None
    return isinstance(fact.value, EntityValue | TextValue)


def _items(wanted: Sequence[ColumnElement[bool]]) -> Select[ItemStatistic]:
    return (
        select(ItemStatistic)
        .options(_WITHOUT_SUMS)
        .join(FactRow, FactRow.id == ItemStatistic.fact_id)
        .where(*wanted)
    )


def _with(flag: Flag | None) -> list[ColumnElement[bool]]:
    return [] if flag is None else [ItemStatistic.flags.bitwise_and(int(flag)) != 0]


_STATISTIC = ItemStatistic
_LAST = (FactRow.position, FactRow.id, _STATISTIC.question_type, _STATISTIC.direction)
_ORDERS: dict[Order, tuple[Any, ...]] = {
    Order.FLAGS: ((_STATISTIC.flags == 0).asc(), _STATISTIC.answers.desc(), *_LAST),
    Order.FACT: _LAST,
    Order.ANSWERS: (_STATISTIC.answers.desc(), *_LAST),
    Order.FACILITY: (_STATISTIC.facility.asc(), *_LAST),
    Order.DISCRIMINATION: (_STATISTIC.discrimination.asc().nulls_last(), *_LAST),
    Order.TIME: (_STATISTIC.median_ms.desc().nulls_last(), *_LAST),
}


def _count(session: Session, wanted: Sequence[ColumnElement[bool]]) -> int:
    joined = (
        select(func.count())
        .select_from(ItemStatistic)
        .join(FactRow, FactRow.id == ItemStatistic.fact_id)
    )
    return session.scalar(joined.where(*wanted)) or 0


def _by_flag(session: Session, here: ColumnElement[bool]) -> dict[Flag, int]:
    """Return how many items have each flag, in one query over the deck's flagged items."""
    rows = session.execute(
        select(ItemStatistic.flags, func.count())
        .join(FactRow, FactRow.id == ItemStatistic.fact_id)
        .where(here, ItemStatistic.flags != 0)
        .group_by(ItemStatistic.flags)
    ).all()
    return {flag: sum(count for flags, count in rows if flag & flags) for flag in Flag}


def _reports(session: Session, fact_ids: Collection[int]) -> dict[Item, int]:
    rows = session.execute(
        select(Report.fact_id, Report.question_type, Report.direction, func.count())
        .where(Report.fact_id.in_(set(fact_ids)))
        .group_by(Report.fact_id, Report.question_type, Report.direction)
    )
    return {Item(fact, kind, direction): count for fact, kind, direction, count in rows}


def _line(row: ItemStatistic, fact: Fact, reports: dict[Item, int]) -> ItemLine:
    return ItemLine(
        fact_id=row.fact_id,
        text=fact_text(fact),
        question_type=row.question_type,
        direction=row.direction,
        answers=row.answers,
        facility=row.facility,
        discrimination=row.discrimination,
        efficiency=row.efficiency,
        median_ms=row.median_ms,
        flags=tuple(flag for flag in Flag if flag & row.flags),
        reports=reports.get(Item(row.fact_id, row.question_type, row.direction), 0),
    )
