"""Core values to columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.facts import Fact, Relation, Source
from app.core.questions.codec import dump_pictures
from app.core.sentences import say
from app.core.values import Entity
from app.models.content import (
    EntityRow,
    RelationRow,
    SourceRow,
)
from app.models.mapping.bodies import UnknownReference, own_fields


@dataclass(frozen=True, slots=True)
class DeckKeys:
    """Row ids of what facts refer to, by key."""

    entities: Mapping[str, int]
    relations: Mapping[str, int]
    sources: Mapping[str, int]


def load_keys(session: Session, deck_id: int) -> DeckKeys:
    """Return the row ids that a fact's keys stand for."""
    return DeckKeys(
        *(
            {row.key: row.id for row in session.execute(ids_of(part, deck_id))}
            for part in (EntityRow, RelationRow, SourceRow)
        )
    )


def ids_of(part: type[Any], deck_id: int) -> Any:  # noqa: ANN401 SQLAlchemy's own generic
    """Return the query of the keys and row ids of a deck's parts of one table."""
    return select(part.key, part.id).where(part.deck_id == deck_id)


def fact_columns(fact: Fact, keys: DeckKeys) -> dict[str, Any]:
    """Return a fact as column values. Raises UnknownReference for keys the deck lacks."""
    who = fact.according_to
    source = fact.evidence.source if fact.evidence else None
    return {
        "subject_id": _id(keys.entities, fact.subject.key if fact.subject else None, fact),
        "relation_id": _id(keys.relations, fact.relation.key if fact.relation else None, fact),
        "according_to_entity_id": _id(
            keys.entities, who.key if isinstance(who, Entity) else None, fact
        ),
        "according_to_text": who if isinstance(who, str) else "",
        "source_id": _id(keys.sources, source, fact),
        **own_fields(fact),
        "pictures": dump_pictures(fact.pictures),
    }


def _id(ids: Mapping[str, int], key: str | None, fact: Fact) -> int | None:
    if key is None:
        return None
    if key not in ids:
        raise UnknownReference(
            say(
                "The fact {key} names {key_2}, which its deck lacks.",
                key=repr(fact.key),
                key_2=repr(key),
            )
        )
    return ids[key]


def set_columns(row: object, values: Mapping[str, Any]) -> bool:
    """Set what differs and return whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _entity_columns(entity: Entity) -> dict[str, Any]:
    return {"name": entity.name, "kind": entity.kind, "aliases": list(entity.aliases)}


def _relation_columns(relation: Relation) -> dict[str, Any]:
    return {
        "ask": relation.ask,
        "ask_inverse": relation.ask_inverse,
        "say": relation.say,
        "value_kind": relation.value_kind,
        "many": relation.many,
    }


def _source_columns(source: Source) -> dict[str, Any]:
    return {
        "title": source.title,
        "text": source.text,
        "publisher": source.publisher,
        "url": source.url,
        "published": source.published.iso if source.published else "",
        "licence": source.licence,
        "author": source.author,
    }


def part_columns(item: Entity | Relation | Source) -> dict[str, Any]:
    """Return an entity, relation or source as column values."""
    if isinstance(item, Entity):
        return _entity_columns(item)
    return _relation_columns(item) if isinstance(item, Relation) else _source_columns(item)
