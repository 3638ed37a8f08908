"""A few facts without the rest of their decks: pages that tell of some facts read no others."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.facts import Fact, Source
from app.core.values import Entity
from app.models.content import DeckRow, EntityRow, FactRow, RelationRow, SourceRow
from app.models.mapping import (
    DeckParts,
    entity_keys,
    entity_to_core,
    fact_to_core,
    relation_to_core,
)


def load_facts(session: Session, fact_ids: Collection[int]) -> dict[int, Fact]:
    """Return facts by number, of any decks, in four queries; what is gone is left out."""
    rows = session.scalars(select(FactRow).where(FactRow.id.in_(set(fact_ids)))).all()
    return facts_of_rows(session, rows)


def facts_of_rows(session: Session, rows: Sequence[FactRow]) -> dict[int, Fact]:
    """Return the facts of some rows by row id, in three queries, however large their decks are.

    They speak their decks' languages; the texts of their sources are not read.
    """
    decks = {row.deck_id for row in rows}
    languages, sources = _languages_and_sources(session, rows, decks)
    entities = _entities(session, rows, decks)
    relations = select(RelationRow).where(RelationRow.id.in_({row.relation_id for row in rows}))
    parts = DeckParts(
        {row.id: entity_to_core(row) for row in entities},
        {row.id: relation_to_core(row) for row in session.scalars(relations)},
        sources,
    )
    by_key: dict[int, dict[str, Entity]] = defaultdict(dict)
    for row in entities:
        by_key[row.deck_id][row.key] = parts.entities[row.id]
    return {
        row.id: replace(
            fact_to_core(row, parts, by_key[row.deck_id]), language=languages[row.deck_id]
        )
        for row in rows
    }


def _languages_and_sources(
    session: Session, rows: Sequence[FactRow], decks: Collection[int]
) -> tuple[Mapping[int, str], dict[int, Source]]:
    quoted = SourceRow.id.in_({row.source_id for row in rows if row.source_id is not None})
    found = session.execute(
        select(DeckRow.id, DeckRow.language, SourceRow.id, SourceRow.key, SourceRow.title)
        .outerjoin(SourceRow, (SourceRow.deck_id == DeckRow.id) & quoted)
        .where(DeckRow.id.in_(decks))
    ).all()
    languages = {deck: language for deck, language, *_ in found}
    return languages, {at: Source(key, title, text="") for *_, at, key, title in found if at}


def _entities(
    session: Session, rows: Sequence[FactRow], decks: Collection[int]
) -> Sequence[EntityRow]:
    """Return the entities that the rows refer to, and those that their values name by key."""
    named = {row.subject_id for row in rows} | {row.according_to_entity_id for row in rows}
    keys = {key for row in rows for key in entity_keys(row.value)}
    mentioned = EntityRow.deck_id.in_(decks) & EntityRow.key.in_(keys)
    wanted = EntityRow.id.in_({at for at in named if at is not None}) | mentioned
    return session.scalars(select(EntityRow).where(wanted)).all()
