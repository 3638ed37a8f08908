"""Entities, as curators list, open, merge and delete them; `services/parts.py` renames them."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.likeness import Lookalikes
from app.core.merging import CannotMerge, merge_entities, renamed_in, roles_of
from app.core.sentences import say, say_many
from app.core.values import Entity
from app.core.wording import fact_text
from app.models.content import DeckRow, EntityRow, FactRow
from app.models.database import writing
from app.models.mapping import entity_keys, entity_to_core, load_deck
from app.services import parts
from app.services.decks import deck_id_of
from app.services.kept_decks import kept_deck, uses_of
from app.services.merging import MergePreview, Ref, Use, preview_of, store
from app.services.parts import lock_deck
from app.services.revisions import By, StaleRevision
from app.services.rewriting import fact_ids, lock_unchanged, refuse_flaws

PER_PAGE = 50


class UsedEntity(Refused):
    """An entity in a fact cannot be deleted."""


@dataclass(frozen=True, slots=True)
class ListedEntity:
    """An entity in the list: in how many facts it is, and a name that looks like the same thing."""

    id: int
    entity: Entity
    uses: int
    alike: str


@dataclass(frozen=True, slots=True)
class EntityList:
    """A page of a deck's entities, numbered from 1; `kinds` are all that the deck has."""

    deck_key: str
    deck_title: str
    entities: tuple[ListedEntity, ...]
    kinds: tuple[str, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OpenedEntity:
    """An entity opened for editing, with where it is used and what looks like it."""

    id: int
    revision: int
    entity: Entity
    deck_key: str
    deck_title: str
    uses: tuple[Use, ...]
    alike: tuple[Ref, ...]
    others: tuple[Ref, ...]


def entity_list(
    session: Session, deck_key: str, query: str = "", kind: str | None = None, page: int = 1
) -> EntityList:
    """Return a page of a deck's entities with every word of `query` in their names.

    `kind` narrows to one kind, "" being none. Raises NotFound.
    """
    kept = kept_deck(session, deck_id_of(session, deck_key))
    deck, words = kept.deck, query.casefold().split()
    found = [
        one
        for one in sorted(deck.entities, key=lambda one: one.name.casefold())
        if kind in {None, one.kind}
        and all(word in " ".join((*one.names, one.key)).casefold() for word in words)
    ]
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, page), pages)
    ids, uses = entity_ids(session, deck_key), kept.uses
    near = Lookalikes(deck.entities)
    return EntityList(
        deck_key=deck.key,
        deck_title=deck.title,
        entities=tuple(
            ListedEntity(ids[one.key], one, uses[one.key], _first(near.of(one)))
            for one in found[(page - 1) * PER_PAGE : page * PER_PAGE]
        ),
        kinds=tuple(sorted({one.kind for one in deck.entities if one.kind})),
        total=len(found),
        page=page,
        pages=pages,
    )


def _first(entities: list[Entity]) -> str:
    return entities[0].name if entities else ""


@dataclass(frozen=True, slots=True)
class CountedEntity:
    """An entity in a part of the list: in how many facts it is."""

    id: int
    key: str
    name: str
    uses: int


def slice_entities(
    session: Session, deck_key: str, behind: int, limit: int
) -> tuple[list[CountedEntity], bool]:
    """Return so many of a deck's entities behind a number, and whether more follow.

    Of its facts those alone are read in which these entities are. Raises NotFound.
    """
    deck_id = deck_id_of(session, deck_key)
    rows = session.execute(
        select(EntityRow.id, EntityRow.key, EntityRow.name)
        .where(EntityRow.deck_id == deck_id, EntityRow.id > behind)
        .order_by(EntityRow.id)
        .limit(limit + 1)
    ).all()
    part = rows[:limit]
    uses = _uses_in_part(session, deck_id, {row.id: row.key for row in part})
    return [CountedEntity(*row, uses[row.key]) for row in part], len(rows) > limit


def _uses_in_part(session: Session, deck_id: int, keys: Mapping[int, str]) -> Counter[str]:
    written = cast(FactRow.value, Text)
    mentioned = [written.contains(json.dumps(key), autoescape=True) for key in keys.values()]
    named = [FactRow.subject_id.in_(keys), FactRow.according_to_entity_id.in_(keys)]
    facts = session.execute(
        select(FactRow.subject_id, FactRow.according_to_entity_id, FactRow.value).where(
            FactRow.deck_id == deck_id, or_(*named, *mentioned)
        )
    )
    counted: Counter[str] = Counter()
    for subject, who, value in facts:
        counted.update({keys.get(subject or 0, ""), keys.get(who or 0, ""), *entity_keys(value)})
    return counted


def entity_ids(session: Session, deck_key: str) -> dict[str, int]:
    """Return the numbers of a deck's entities, by key."""
    rows = session.execute(
        select(EntityRow.key, EntityRow.id)
        .join(DeckRow, DeckRow.id == EntityRow.deck_id)
        .where(DeckRow.key == deck_key)
    )
    return {row.key: row.id for row in rows}


def open_entity(session: Session, entity_id: int) -> OpenedEntity:
    """Return an entity with everything that its page shows. Raises NotFound."""
    row = _row(session, entity_id)
    deck = kept_deck(session, row.deck_id).deck
    entity = entity_to_core(row)
    ids, numbers = entity_ids(session, deck.key), fact_ids(session, row.deck_id)
    others = [one for one in deck.entities if one.key != entity.key]
    return OpenedEntity(
        id=row.id,
        revision=row.revision,
        entity=entity,
        deck_key=deck.key,
        deck_title=deck.title,
        uses=tuple(
            Use(numbers[fact.key], fact_text(fact), fact.status, roles)
            for fact in deck.facts
            if (roles := roles_of(entity.key, fact))
        ),
        alike=tuple(Ref(ids[one.key], one.name, one.kind) for one in Lookalikes(others).of(entity)),
        others=tuple(Ref(ids[one.key], one.name, one.kind) for one in others),
    )


def revise(
    session: Session, entity_id: int, revision: int, entity: Entity, edit: tuple[By, bool]
) -> int:
    """Store an entity's names and kind and return its revision; `edit` is who, and if anyway.

    Raises StaleRevision, FlawedChange, ValueProblem and NotFound.
    """
    by, anyway = edit
    row = _row(session, entity_id)
    deck = load_deck(session, row.deck_id)
    entity = replace(entity, key=row.key)
    if not anyway and entity.name.strip():
        renamed = renamed_in(deck, entity)
        touched = {fact.key for fact in deck.facts if roles_of(entity.key, fact)}
        refuse_flaws(deck, renamed, touched)
    return parts.revise_entity(session, entity_id, revision, entity, by)


def merge_preview(session: Session, kept_id: int, lost_id: int) -> MergePreview:
    """Return what becomes of a deck when one entity is merged into another.

    Raises NotFound, and CannotMerge for two that are not of one deck.
    """
    kept, lost = _row(session, kept_id), _row(session, lost_id)
    if kept.deck_id != lost.deck_id:
        raise CannotMerge(say("Two entities of different decks stay apart."))
    deck = load_deck(session, kept.deck_id)
    merge = merge_entities(deck, entity_to_core(kept), entity_to_core(lost))
    one = next(entity for entity in merge.deck.entities if entity.key == kept.key)
    return preview_of(
        session,
        (kept.deck_id, deck, merge),
        (Ref(kept.id, kept.name, kept.kind), Ref(lost.id, lost.name, lost.kind)),
        one.aliases,
    )


def merge(session: Session, kept_id: int, lost_id: int, deck_revision: int, by: By) -> int:
    """Merge one entity into another, and return how many facts followed.

    `deck_revision` is that of the preview. Raises DeckChanged, CannotMerge and NotFound.
    """
    deck_id = _row(session, kept_id).deck_id
    with writing(session):
        deck_row = lock_unchanged(session, deck_id, deck_revision)
        kept, lost = _row(session, kept_id), _row(session, lost_id)
        if kept.deck_id != lost.deck_id:
            raise CannotMerge(say("Two entities of different decks stay apart."))
        deck = load_deck(session, deck_id)
        made = merge_entities(deck, entity_to_core(kept), entity_to_core(lost))
        one = next(entity for entity in made.deck.entities if entity.key == kept.key)
        return store(session, deck_row, (kept, lost), (made, one), by)


def delete_entity(session: Session, entity_id: int, revision: int) -> str:
    """Delete an entity that is in no fact, and return its deck's key.

    Raises UsedEntity, StaleRevision and NotFound.
    """
    deck_id = _row(session, entity_id).deck_id
    with writing(session):
        deck_row = lock_deck(session, deck_id)
        row = _row(session, entity_id)
        if row.revision != revision:
            raise StaleRevision(entity_to_core(row), row.revision, "entity")
        uses = uses_of(load_deck(session, deck_id))[row.key]
        if uses:
            raise UsedEntity(
                say_many(
                    "{name} is in a fact: merge it into another, or change that.",
                    "{name} is in {number} facts: merge it into another, or change those.",
                    uses,
                    name=row.name,
                )
            )
        session.delete(row)
        deck_row.revision += 1
        return deck_row.key


def entity_called(session: Session, deck_key: str, name: str) -> int:
    """Return the number of the entity with a name, alias or key, in any case. Raises NotFound."""
    deck = kept_deck(session, deck_id_of(session, deck_key)).deck
    wanted = name.strip().casefold()
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in deck.entities:
        for known in (one.name, *one.aliases, one.key):
            by_name[known.casefold()].append(one.key)
    if not by_name[wanted]:
        raise NotFound(say("No entity is called {name}.", name=repr(name[:80])))
    return entity_ids(session, deck_key)[by_name[wanted][0]]


def _row(session: Session, entity_id: int) -> EntityRow:
    row = session.get(EntityRow, entity_id, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no such entity."))
    return row
