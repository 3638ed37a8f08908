"""Rows to core values and back: the one place that knows both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.core.advancing import Steps
from app.core.errors import NotFound, Refused
from app.core.facts import Deck, Evidence, Fact, Relation, Source, Stance, Status
from app.core.questions.codec import dump_pictures, load_pictures
from app.core.sentences import say
from app.core.values import DateValue, Entity, dump_value, parse_date, parse_value
from app.models.content import (
    DeckRow,
    EntityRow,
    FactRevision,
    FactRow,
    FactTag,
    RelationRow,
    SourceRow,
    tag_rows,
)
from app.models.driving import written_all
from app.models.revisions import add_revision, body_of

Thing = TypeVar("Thing")
Part = TypeVar("Part", SourceRow, EntityRow, RelationRow)


class UnknownReference(Refused):
    """A fact names an entity, relation or source that its deck does not have."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many facts of a file were new, changed, or as they were."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class DeckParts:
    """What facts refer to, as core values by row id."""

    entities: Mapping[int, Entity]
    relations: Mapping[int, Relation]
    sources: Mapping[int, Source]


@dataclass(frozen=True, slots=True)
class DeckKeys:
    """Row ids of what facts refer to, by key."""

    entities: Mapping[str, int]
    relations: Mapping[str, int]
    sources: Mapping[str, int]


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
        entities={row.id: entity_to_core(row) for row in _rows(session, EntityRow, deck_id)},
        relations={row.id: relation_to_core(row) for row in _rows(session, RelationRow, deck_id)},
        sources={row.id: source_to_core(row) for row in _rows(session, SourceRow, deck_id)},
    )


def load_keys(session: Session, deck_id: int) -> DeckKeys:
    """Return the row ids that a fact's keys stand for."""
    return DeckKeys(
        *(
            {row.key: row.id for row in session.execute(_ids(part, deck_id))}
            for part in (EntityRow, RelationRow, SourceRow)
        )
    )


def _ids(part: type[Any], deck_id: int) -> Any:  # noqa: ANN401 SQLAlchemy's own generic
    return select(part.key, part.id).where(part.deck_id == deck_id)


def _rows(session: Session, part: type[Part], deck_id: int) -> Sequence[Part]:
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


def read_date(text: str) -> DateValue | None:
    """Read a stored date: "2025-01-20", "2022 late" or nothing."""
    if not text:
        return None
    iso, _, part = text.partition(" ")
    return parse_date(iso, part=part or None)


def write_date(date: DateValue | None) -> str:
    """Write a date as `read_date` reads it."""
    if date is None:
        return ""
    return f"{date.iso} {date.part}" if date.part else date.iso


def fact_body(fact: Fact) -> dict[str, Any]:
    """Return a fact as JSON data by keys, as kept for each of its revisions."""
    who = fact.according_to
    return {
        "key": fact.key,
        "subject": fact.subject.key if fact.subject else None,
        "relation": fact.relation.key if fact.relation else None,
        "value": dump_value(fact.value),
        "stance": str(fact.stance),
        "according_to": {"entity": who.key} if isinstance(who, Entity) else who,
        "as_of": write_date(fact.as_of),
        "source": fact.evidence.source if fact.evidence else None,
        "quote": fact.evidence.quote if fact.evidence else "",
        "status": str(fact.status),
        "ask": fact.ask,
        "ask_inverse": fact.ask_inverse,
        "say": fact.say,
        "note": fact.note,
        "tags": list(fact.tags),
        **({"pictures": dump_pictures(fact.pictures)} if fact.pictures else {}),
    }


def fact_from_body(deck: Deck, body: Mapping[str, Any]) -> Fact:
    """Return the fact that `fact_body` wrote. Raises UnknownReference for what is gone since."""
    entities = {entity.key: entity for entity in deck.entities}
    relations = {relation.key: relation for relation in deck.relations}
    who = body["according_to"]
    source = body["source"]
    return Fact(
        key=body["key"],
        value=parse_value(body["value"], entities),
        subject=_part(entities, body["subject"], body),
        relation=_part(relations, body["relation"], body),
        stance=Stance(body["stance"]),
        according_to=_part(entities, who["entity"], body) if isinstance(who, Mapping) else who,
        as_of=read_date(body["as_of"]),
        evidence=Evidence(source, body["quote"]) if source else None,
        status=Status(body["status"]),
        ask=body["ask"],
        ask_inverse=body["ask_inverse"],
        say=body["say"],
        note=body["note"],
        tags=tuple(body["tags"]),
        pictures=load_pictures(body.get("pictures", ())),
        language=deck.language,
    )


def _part(parts: Mapping[str, Thing], key: str | None, body: Mapping[str, Any]) -> Thing | None:
    if key is None:
        return None
    if key not in parts:
        raise UnknownReference(
            say(
                "The fact {body} names {key}, which its deck lacks.",
                body=repr(body["key"]),
                key=repr(key),
            )
        )
    return parts[key]


def fact_columns(fact: Fact, keys: DeckKeys) -> dict[str, Any]:
    """Return a fact as column values. Raises UnknownReference for keys the deck lacks."""
    who = fact.according_to
    source = fact.evidence.source if fact.evidence else None
    return {
        "subject_id": _id(keys.entities, fact.subject.key if fact.subject else None, fact),
        "relation_id": _id(keys.relations, fact.relation.key if fact.relation else None, fact),
        "value": dump_value(fact.value),
        "stance": str(fact.stance),
        "according_to_entity_id": _id(
            keys.entities, who.key if isinstance(who, Entity) else None, fact
        ),
        "according_to_text": who if isinstance(who, str) else "",
        "as_of": write_date(fact.as_of),
        "source_id": _id(keys.sources, source, fact),
        "quote": fact.evidence.quote if fact.evidence else "",
        "status": str(fact.status),
        "ask": fact.ask,
        "ask_inverse": fact.ask_inverse,
        "say": fact.say,
        "note": fact.note,
        "tags": list(fact.tags),
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


def store_deck(
    session: Session, deck: Deck, by: tuple[int | None, int], steps: Steps
) -> ImportReport:
    """Create the deck or bring it up to the file; its facts that the file lacks stay.

    Belongs inside `writing`; `by` is who does it, and when; `steps` counts the facts. A revision
    is written of everything that is new or changed.
    """
    row, changed = _store_head(session, deck)
    changed |= _store_parts(session, row.id, EntityRow, _columns(deck.entities), by)
    changed |= _store_parts(session, row.id, RelationRow, _columns(deck.relations), by)
    changed |= _store_parts(session, row.id, SourceRow, _columns(deck.sources), by)
    report = _store_facts(session, row.id, deck.facts, by, steps)
    if changed or report.new or report.changed:
        row.revision += 1
    session.flush()
    return report


def _store_head(session: Session, deck: Deck) -> tuple[DeckRow, bool]:
    row = session.scalar(select(DeckRow).where(DeckRow.key == deck.key).with_for_update())
    head = {"title": deck.title, "description": deck.description, "language": deck.language}
    if row is not None:
        return row, set_columns(row, head)
    row = DeckRow(key=deck.key, revision=0, **head)
    session.add(row)
    session.flush()
    return row, True


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


def _columns(items: Sequence[Entity | Relation | Source]) -> dict[str, dict[str, Any]]:
    """Return what is stored of a deck's parts, by key, in file order."""
    return {item.key: part_columns(item) for item in items}


def part_columns(item: Entity | Relation | Source) -> dict[str, Any]:
    """Return an entity, relation or source as column values."""
    if isinstance(item, Entity):
        return _entity_columns(item)
    return _relation_columns(item) if isinstance(item, Relation) else _source_columns(item)


def _store_parts(
    session: Session,
    deck_id: int,
    part: type[Part],
    wanted: Mapping[str, dict[str, Any]],
    by: tuple[int | None, int],
) -> bool:
    present = {row.key: row for row in _rows(session, part, deck_id)}
    moved, touched = False, []
    for position, (key, values) in enumerate(wanted.items()):
        row = present.get(key)
        if row is None:
            row = part(deck_id=deck_id, key=key, position=position, **values)
            session.add(row)
            touched.append(row)
            continue
        moved |= set_columns(row, {"position": position})
        if set_columns(row, values):
            touched.append(row)
            row.revision += 1
    session.flush()
    for row in touched:
        add_revision(session, row, body_of(row), *by)
    return moved or bool(touched)


def _store_facts(
    session: Session,
    deck_id: int,
    facts: Sequence[Fact],
    by: tuple[int | None, int],
    steps: Steps,
) -> ImportReport:
    keys = load_keys(session, deck_id)
    rows = session.scalars(select(FactRow).where(FactRow.deck_id == deck_id))
    present = {row.key: row for row in rows}
    touched: list[tuple[FactRow, Fact]] = []
    new: list[tuple[int, Fact]] = []
    for position, fact in enumerate(facts):
        row = present.get(fact.key)
        if row is None:
            new.append((position, fact))
            continue
        row.position = position
        if set_columns(row, fact_columns(fact, keys)):
            row.revision += 1
            touched.append((row, fact))
    session.flush()
    for row, fact in touched:
        add_revision(session, row, fact_body(fact), *by)
    steps.add(len(facts) - len(new))
    _add_facts(session, deck_id, new, keys, by, steps)
    return ImportReport(len(new), len(touched), len(facts) - len(new) - len(touched))


def _add_facts(
    session: Session,
    deck_id: int,
    new: Sequence[tuple[int, Fact]],
    keys: DeckKeys,
    by: tuple[int | None, int],
    steps: Steps,
) -> None:
    """Insert new facts with their first revisions, as plain rows that are made as they go."""
    if not new:
        return
    session.flush()
    connection = session.connection()
    place = {"deck_id": deck_id, "revision": 1}
    rows = (
        place | {"key": fact.key, "position": at} | fact_columns(fact, keys) for at, fact in new
    )
    written_all(connection, _NEW_FACT, rows, steps.add)
    ids = {row.key: row.id for row in session.execute(_ids(FactRow, deck_id))}
    written_all(
        connection,
        _NEW_TAG,
        (row for _, fact in new for row in tag_rows(ids[fact.key], fact.tags)),
    )
    user_id, now = by
    first = {"revision": 1, "user_id": user_id, "changed_epoch_s": now}
    written_all(
        connection,
        _FIRST_REVISION,
        (first | {"fact_id": ids[fact.key], "body": fact_body(fact)} for _, fact in new),
    )


_NEW_FACT, _NEW_TAG, _FIRST_REVISION = (
    insert(table).inline() for table in (FactRow, FactTag, FactRevision)
)


def facts_count(session: Session, deck_id: int) -> int:
    """Return how many published facts a deck has."""
    counted = select(func.count()).where(FactRow.deck_id == deck_id, FactRow.status == "published")
    return session.scalar(counted) or 0


def entity_keys(value: object) -> Iterator[str]:
    """Yield every entity key that a stored value mentions, however deep."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            if name == "entity" and isinstance(one, str):
                yield one
            else:
                yield from entity_keys(one)
    elif isinstance(value, list):
        for one in value:  # a set names its items by their keys alone
            yield from (one,) if isinstance(one, str) else entity_keys(one)
