"""Data that cannot be read: found in every table; a fact's value is mended from its history.

SQLite keeps whatever it is given; PostgreSQL refuses what is no JSON.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Text, cast, func, select, type_coerce, update
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.values import Entity, parse_value
from app.models.base import Base
from app.models.content import EntityRow, FactRevision, FactRow
from app.services.orphans import LOST

AT_ONCE = 1_000
"""Values that are looked at together."""


def found(session: Session) -> list[str]:
    """Return what cannot be read, a sentence each."""
    told = [*_no_json(session)]
    if told:
        return told
    return [f"fact {key}: its value cannot be read." for _, key in _no_values(session)]


def _no_json(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name != "sqlite":
        return
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, JSON):
                continue
            is_odd = column.is_not(None) & (func.json_valid(type_coerce(column, Text)) == 0)
            count = session.scalar(select(func.count()).select_from(table).where(is_odd))
            if count:
                yield f"{table.name}: {count} rows have a {column.name} that cannot be read."


def _no_values(session: Session) -> Iterator[tuple[int, str]]:
    """Yield id and key of each fact whose value is none."""
    entities = _entities(session)
    most = session.scalar(select(func.max(FactRow.id))) or 0
    for start in range(0, most + 1, AT_ONCE):
        columns = (FactRow.id, FactRow.key, FactRow.deck_id, cast(FactRow.value, Text))
        rows = select(*columns).where(FactRow.id >= start, FactRow.id < start + AT_ONCE)
        for fact_id, key, deck_id, text in session.execute(rows.order_by(FactRow.id)):
            if not _is_value(text, entities.get(deck_id, {})):
                yield fact_id, key


def _entities(session: Session) -> dict[int, dict[str, Entity]]:
    """Return the names that values may have, by deck and key."""
    known: dict[int, dict[str, Entity]] = {}
    for deck_id, key, name in session.execute(
        select(EntityRow.deck_id, EntityRow.key, EntityRow.name)
    ):
        known.setdefault(deck_id, {})[key] = Entity(name, key)
    return known


def _is_value(text: str, entities: Mapping[str, Entity]) -> bool:
    try:
        parse_value(json.loads(text), entities)
    except (Refused, ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def mend(session: Session) -> list[str]:
    """Give facts the value of their newest revision that has one. Inside a writing transaction."""
    done = []
    for fact_id, key in list(_no_values(session)):
        entities = _entities(session)
        deck_id = session.scalar(select(FactRow.deck_id).where(FactRow.id == fact_id))
        value = _kept(session, fact_id, entities.get(deck_id or 0, {}))
        session.execute(
            update(FactRow).where(FactRow.id == fact_id).values(value=value or LOST),
            execution_options={"synchronize_session": False},
        )
        what = "as its history has it" if value else "lost; a curator has to give it"
        done.append(f"fact {key}: its value is {what}.")
    return done


def _kept(session: Session, fact_id: int, entities: Mapping[str, Entity]) -> dict[str, Any] | None:
    """Return the newest value in a fact's history that can be read."""
    bodies = select(cast(FactRevision.body, Text)).where(FactRevision.fact_id == fact_id)
    for text in session.scalars(bodies.order_by(FactRevision.revision.desc())):
        try:
            value: dict[str, Any] = json.loads(text)["value"]
        except (ValueError, TypeError, KeyError):
            continue
        if _is_value(json.dumps(value), entities):
            return value
    return None
