"""Rows to core values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Evidence, Fact, Relation, Source, Stance, Status
from app.core.questions.codec import load_pictures
from app.core.sentences import say
from app.core.values import Entity, parse_value
from app.models.content import (
    DeckRow,
    EntityRow,
    FactRow,
    RelationRow,
    SourceRow,
)
from app.models.mapping.bodies import read_date

Part = TypeVar("Part", SourceRow, EntityRow, RelationRow)


@dataclass(frozen=True, slots=True)
class DeckParts:
    """What facts refer to, as core values by row id."""

    entities: Mapping[int, Entity]
    relations: Mapping[int, Relation]
    sources: Mapping[int, Source]


def load_deck(session: Session, deck_id: int) -> Deck:
    """Return a whole deck, facts of every status included, in five queries."""
    row = session.get(DeckRow, deck_id)
    if row is None:
        raise NotFound(say("There is no such deck."))
    parts = load_parts(session, deck_id)
    facts = session.scalars(
        select(FactRow).where(FactRow.deck_id == deck_id).order_by(FactRow.position, FactRow.id)
    )
    by_key = {entity.key: entity for entity in parts.entities.values()}
    return Deck(
        key=row.key,
        title=row.title,
        description=row.description,
        language=row.language,
        sources=tuple(parts.sources.values()),
        entities=tuple(parts.entities.values()),
        relations=tuple(parts.relations.values()),
        facts=tuple(fact_to_core(fact, parts, by_key) for fact in facts),
    )


def load_parts(session: Session, deck_id: int) -> DeckParts:
    """Return a deck's entities, relations and sources, in file order."""
    return DeckParts(
        entities={row.id: entity_to_core(row) for row in rows_of(session, EntityRow, deck_id)},
        relations={row.id: relation_to_core(row) for row in rows_of(session, RelationRow, deck_id)},
        sources={row.id: source_to_core(row) for row in rows_of(session, SourceRow, deck_id)},
    )


def rows_of(session: Session, part: type[Part], deck_id: int) -> Sequence[Part]:
    """Return the rows of a deck's parts of one table, in their order."""
    return session.scalars(
        select(part).where(part.deck_id == deck_id).order_by(part.position, part.id)
    ).all()


def entity_to_core(row: EntityRow) -> Entity:
    """Return the entity of a row."""
    return Entity(row.name, row.key, row.kind, tuple(row.aliases))


def relation_to_core(row: RelationRow) -> Relation:
    """Return the relation of a row."""
    return Relation(row.key, row.ask, row.ask_inverse, row.say, row.value_kind, row.many)


def source_to_core(row: SourceRow) -> Source:
    """Return the source of a row."""
    return Source(
        key=row.key,
        title=row.title,
        text=row.text,
        publisher=row.publisher,
        url=row.url,
        published=read_date(row.published),
        licence=row.licence,
        author=row.author,
    )


def fact_to_core(
    row: FactRow, parts: DeckParts, entity_by_key: Mapping[str, Entity] | None = None
) -> Fact:
    """Return the fact of a row; pass `entity_by_key` when mapping many."""
    if entity_by_key is None:
        entity_by_key = {entity.key: entity for entity in parts.entities.values()}
    who = row.according_to_entity_id
    source = parts.sources[row.source_id] if row.source_id is not None else None
    return Fact(
        key=row.key,
        value=parse_value(row.value, entity_by_key),
        subject=parts.entities[row.subject_id] if row.subject_id is not None else None,
        relation=parts.relations[row.relation_id] if row.relation_id is not None else None,
        stance=Stance(row.stance),
        according_to=parts.entities[who] if who is not None else (row.according_to_text or None),
        as_of=read_date(row.as_of),
        evidence=Evidence(source.key, row.quote) if source else None,
        status=Status(row.status),
        ask=row.ask,
        ask_inverse=row.ask_inverse,
        say=row.say,
        note=row.note,
        tags=tuple(row.tags),
        pictures=load_pictures(row.pictures),
    )
