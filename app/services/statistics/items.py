"""What is written to items: sums and responses, gathered first, then added in their order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.questions.codec import load_question, load_response
from app.core.questions.question import Chosen, QuestionType, Typed
from app.core.statistics import (
    CHOSEN,
    MOST_RESPONSES,
    TYPED,
    FirstAnswer,
    ItemSums,
    ResponseCount,
    chosen_counts,
    statistics_of,
    typed_counts,
)
from app.models.statistics import ItemResponse, ItemStatistic

Key = tuple[str, bool]
"""A response's key, and whether it was right."""


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """What statistics are kept of: a fact asked by a question type in a direction."""

    fact_id: int
    question_type: str
    direction: str


@dataclass(frozen=True, slots=True)
class Given:
    """A review with the question that it answers, as far as statistics need them."""

    number: int
    session_token: str
    item: Item
    credit: int
    response_ms: int
    response: Mapping[str, Any]
    shown: Mapping[str, Any]
    undone: bool = False


class Change:
    """What a transaction adds to and takes from items."""

    def __init__(self) -> None:
        self._answers: dict[Item, list[tuple[FirstAnswer, int]]] = defaultdict(list)
        self._responses: dict[Item, dict[Key, list[tuple[ResponseCount, int]]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def add(self, answer: FirstAnswer, given: Given, sign: int) -> None:
        """Count an answer and what was picked or typed; with `sign` -1 take them back."""
        self._answers[given.item].append((answer, sign))
        for key, one in _responses(given, answer.credit).items():
            self._responses[given.item][key].append((one, sign))

    def write(self, session: Session) -> None:
        """Add what was gathered to the items' rows, which are locked in order."""
        items = sorted(self._answers)
        if not items:
            return
        facts = sorted({item.fact_id for item in items})
        _make_rows(session, items)
        stored, known = _sums_rows(session, facts), _response_rows(session, facts)
        for item in items:
            for key, changes in self._responses[item].items():
                _change_response(session, item, known[item], key, changes)
            _change_sums(stored[item], self._answers[item], list(known[item].values()))
        session.flush()
        _drop_empty(session, facts)


def count_of(row: ItemResponse) -> ResponseCount:
    """Return a stored response's counts."""
    return ResponseCount(row.label, row.is_key, row.offered, row.picked)


def _responses(given: Given, credit: int) -> Mapping[Key, ResponseCount]:
    kind = QuestionType(given.item.question_type)
    response = load_response(given.response)
    if kind in TYPED and isinstance(response, Typed):
        return typed_counts(response.text, credit)
    if kind in CHOSEN and isinstance(response, Chosen):
        question = load_question(given.shown)
        return chosen_counts(question.options, question.keys, response.options)
    return {}


def _make_rows(session: Session, items: Sequence[Item]) -> None:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    empty = {"answers": 0, "credit_sum": 0, "body": {}, "flags": 0}
    rows = [
        {
            "fact_id": item.fact_id,
            "question_type": item.question_type,
            "direction": item.direction,
            **empty,
        }
        for item in items
    ]
    session.execute(dialect.insert(ItemStatistic).on_conflict_do_nothing(), rows)


def _sums_rows(session: Session, facts: Sequence[int]) -> dict[Item, ItemStatistic]:
    table = ItemStatistic
    rows = session.scalars(
        select(table)
        .where(table.fact_id.in_(facts))
        .order_by(table.fact_id, table.question_type, table.direction)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {Item(row.fact_id, row.question_type, row.direction): row for row in rows}


def _response_rows(session: Session, facts: Sequence[int]) -> dict[Item, dict[Key, ItemResponse]]:
    found: dict[Item, dict[Key, ItemResponse]] = defaultdict(dict)
    rows = session.scalars(
        select(ItemResponse)
        .where(ItemResponse.fact_id.in_(facts))
        .execution_options(populate_existing=True)
    )
    for row in rows:
        item = Item(row.fact_id, row.question_type, row.direction)
        found[item][row.response_key, row.is_key] = row
    return found


def _change_response(
    session: Session,
    item: Item,
    known: dict[Key, ItemResponse],
    key: Key,
    changes: Sequence[tuple[ResponseCount, int]],
) -> None:
    offered = sum(sign * one.offered for one, sign in changes)
    picked = sum(sign * one.picked for one, sign in changes)
    if not offered and not picked:
        return
    label = changes[-1][0].label
    if key not in known and len(known) >= MOST_RESPONSES:
        key, label = ("", key[1]), ""
    if key not in known:
        known[key] = ItemResponse(
            fact_id=item.fact_id,
            question_type=item.question_type,
            direction=item.direction,
            response_key=key[0],
            is_key=key[1],
            label=label,
            offered=0,
            picked=0,
        )
        session.add(known[key])
    # What was counted among the rest may be taken back after its row has come: never under 0.
    known[key].offered = max(0, known[key].offered + offered)
    known[key].picked = max(0, known[key].picked + picked)


def _change_sums(
    row: ItemStatistic,
    answers: Sequence[tuple[FirstAnswer, int]],
    responses: Iterable[ItemResponse],
) -> None:
    sums = ItemSums.load(row.answers, row.credit_sum, row.body)
    for answer, sign in answers:
        sums.add(answer, sign)
    counts = [count_of(one) for one in responses if one.offered or one.picked]
    found = statistics_of(sums, QuestionType(row.question_type), counts)
    row.answers, row.credit_sum, row.body = sums.answers, sums.credit_sum, sums.dump()
    row.facility, row.discrimination = found.facility, found.discrimination
    row.efficiency, row.median_ms = found.efficiency, found.median_ms
    row.flags = int(found.flags)


def _drop_empty(session: Session, facts: Sequence[int]) -> None:
    session.execute(
        delete(ItemResponse).where(
            ItemResponse.fact_id.in_(facts), ItemResponse.offered == 0, ItemResponse.picked == 0
        )
    )
    session.execute(
        delete(ItemStatistic).where(ItemStatistic.fact_id.in_(facts), ItemStatistic.answers == 0)
    )
