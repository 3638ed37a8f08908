"""What is written to items: sums and responses, gathered first, then added in their order."""

import json
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Text, bindparam, cast, delete, select, update
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

    def row(self, before: str = "") -> dict[str, Any]:
        """Return the key's columns; `before` goes in front of their names."""
        return {
            f"{before}fact_id": self.fact_id,
            f"{before}question_type": self.question_type,
            f"{before}direction": self.direction,
        }


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
        stored, known = _stored_sums(session, facts, set(items)), _stored_responses(session, facts)
        sums, responses = [], []
        for item in items:
            fresh = _changed_responses(known[item], self._responses[item])
            responses += [(item, key, one) for key, one in fresh.items()]
            known[item].update(fresh)
            sums.append(_changed_sums(item, stored[item], self._answers[item], known[item]))
        _write_sums(session, sums)
        _write_responses(session, responses)


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


def _dialect(session: Session) -> Any:  # noqa: ANN401 one of two modules
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgresql


def _make_rows(session: Session, items: Sequence[Item]) -> None:
    empty = {"answers": 0, "credit_sum": 0, "body": {}, "flags": 0}
    fresh = _dialect(session).insert(ItemStatistic.__table__).on_conflict_do_nothing()
    session.connection().execute(fresh, [item.row() | empty for item in items])


def _stored_sums(
    session: Session, facts: Sequence[int], wanted: Container[Item]
) -> dict[Item, ItemSums]:
    """Lock the facts' items and read those wanted; the others' sums are not even parsed."""
    table = ItemStatistic
    key = (table.fact_id, table.question_type, table.direction)
    rows = session.execute(
        select(*key, table.answers, table.credit_sum, cast(table.body, Text))
        .where(table.fact_id.in_(facts))
        .order_by(*key)
        .with_for_update()
    )
    return {
        item: ItemSums.load(answers, credit_sum, json.loads(body))
        for fact, kind, direction, answers, credit_sum, body in rows
        if (item := Item(fact, kind, direction)) in wanted
    }


def _stored_responses(
    session: Session, facts: Sequence[int]
) -> dict[Item, dict[Key, ResponseCount]]:
    table = ItemResponse
    found: dict[Item, dict[Key, ResponseCount]] = defaultdict(dict)
    rows = session.execute(
        select(
            table.fact_id,
            table.question_type,
            table.direction,
            table.response_key,
            table.label,
            table.is_key,
            table.offered,
            table.picked,
        ).where(table.fact_id.in_(facts))
    )
    for fact, kind, direction, key, label, is_key, offered, picked in rows:
        one = ResponseCount(label, is_key, offered, picked)
        found[Item(fact, kind, direction)][key, one.is_key] = one
    return found


def _changed_responses(
    known: Mapping[Key, ResponseCount],
    changes: Mapping[Key, Sequence[tuple[ResponseCount, int]]],
) -> dict[Key, ResponseCount]:
    fresh: dict[Key, ResponseCount] = {}
    for key, counts in changes.items():
        room = len(known.keys() | fresh.keys()) < MOST_RESPONSES
        at = key if key in known or key in fresh or room else ("", key[1])
        label = counts[-1][0].label if at == key else ""
        before = fresh.get(at) or known.get(at) or ResponseCount(label, key[1], 0, 0)
        # What was counted among the rest may be taken back after its row has come: never under 0.
        fresh[at] = replace(
            before,
            offered=max(0, before.offered + sum(sign * one.offered for one, sign in counts)),
            picked=max(0, before.picked + sum(sign * one.picked for one, sign in counts)),
        )
    return {key: one for key, one in fresh.items() if one != known.get(key)}


def _changed_sums(
    item: Item,
    sums: ItemSums,
    answers: Sequence[tuple[FirstAnswer, int]],
    responses: Mapping[Key, ResponseCount],
) -> dict[str, Any]:
    """Return an item's row as it is now, its key under names of its own."""
    for answer, sign in answers:
        sums.add(answer, sign)
    counts = [one for one in responses.values() if one.offered or one.picked]
    found = statistics_of(sums, QuestionType(item.question_type), counts)
    return item.row("_") | {
        "answers": sums.answers,
        "credit_sum": sums.credit_sum,
        "body": sums.dump(),
        "facility": found.facility,
        "discrimination": found.discrimination,
        "efficiency": found.efficiency,
        "median_ms": found.median_ms,
        "flags": int(found.flags),
    }


_STATISTIC, _RESPONSE = ItemStatistic.__table__, ItemResponse.__table__
_THIS = [
    _STATISTIC.c[name] == bindparam(f"_{name}")
    for name in ("fact_id", "question_type", "direction")
]
_UPDATE = update(ItemStatistic.__table__).where(*_THIS)  # type: ignore[arg-type]  # a Table it is
_EMPTIED = delete(ItemStatistic.__table__).where(*_THIS)  # type: ignore[arg-type]  # as above


def _write_sums(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(_UPDATE, rows)
    emptied = [row for row in rows if not row["answers"]]
    if emptied:
        session.connection().execute(_EMPTIED, emptied)


def _write_responses(
    session: Session, responses: Sequence[tuple[Item, Key, ResponseCount]]
) -> None:
    if not responses:
        return
    rows = [
        item.row()
        | {"response_key": key, "is_key": one.is_key, "label": one.label}
        | {"offered": one.offered, "picked": one.picked}
        for item, (key, _), one in responses
    ]
    fresh = _dialect(session).insert(_RESPONSE)
    upsert = fresh.on_conflict_do_update(
        index_elements=["fact_id", "question_type", "direction", "response_key", "is_key"],
        set_={"offered": fresh.excluded.offered, "picked": fresh.excluded.picked},
    )
    session.connection().execute(upsert, rows)
    if any(not one.offered and not one.picked for _, _, one in responses):
        facts = {item.fact_id for item, _, _ in responses}
        none_left = (ItemResponse.offered == 0) & (ItemResponse.picked == 0)
        session.execute(delete(ItemResponse).where(ItemResponse.fact_id.in_(facts), none_left))
