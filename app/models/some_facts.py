"""A few facts without the rest of their decks: pages that tell of some facts read no others."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.facts import Fact, Source
from app.models.content import EntityRow, FactRow, RelationRow, SourceRow
from app.models.mapping import (
    DeckParts,
    entity_to_core,
    fact_to_core,
    relation_to_core,
)

Part = TypeVar("Part", EntityRow, RelationRow)


def load_facts(session: Session, fact_ids: Collection[int]) -> dict[int, Fact]:
    """Return facts by number, of any decks, in five queries; what is gone is left out.

    The texts of their sources are not read.
    """
    rows = session.scalars(select(FactRow).where(FactRow.id.in_(set(fact_ids)))).all()
    ids = [row.subject_id for row in rows] + [row.according_to_entity_id for row in rows]
    subjects = _by_id(session, EntityRow, ids)
    wanted = {row.source_id for row in rows if row.source_id is not None}
    sources = session.execute(
        select(SourceRow.id, SourceRow.key, SourceRow.title).where(SourceRow.id.in_(wanted))
    )
    parts = DeckParts(
        entities={at: entity_to_core(row) for at, row in subjects.items()},
        relations={
            at: relation_to_core(row)
            for at, row in _by_id(session, RelationRow, [row.relation_id for row in rows]).items()
        },
        sources={row.id: Source(row.key, row.title, text="") for row in sources},
    )
    named = _named(session, rows)
    return {
        row.id: fact_to_core(
            row,
            parts,
            {key: entity_to_core(one) for (deck, key), one in named.items() if deck == row.deck_id},
        )
        for row in rows
    }


def _by_id(session: Session, part: type[Part], ids: Collection[int | None]) -> dict[int, Part]:
    wanted = {at for at in ids if at is not None}
    return {row.id: row for row in session.scalars(select(part).where(part.id.in_(wanted)))}


def _named(session: Session, rows: Collection[FactRow]) -> Mapping[tuple[int, str], EntityRow]:
    """Return the entities that values name, by deck and key."""
    keys = {key for row in rows for key in _keys(row.value)}
    found = session.scalars(
        select(EntityRow).where(
            EntityRow.deck_id.in_({row.deck_id for row in rows}), EntityRow.key.in_(keys)
        )
    )
    return {(row.deck_id, row.key): row for row in found}


def _keys(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of entities that a value names in its notation: one, or a set's items."""
    named = [value.get("entity"), *value.get("items", ())]
    return (key for key in named if isinstance(key, str))
