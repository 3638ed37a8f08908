"""Facts moved to another deck: what they refer to follows, schedules stay as they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.facts import Deck, Evidence, Fact, Relation, Source, Status
from app.core.merging import joined
from app.core.questions import DeckIndex
from app.core.sentences import say
from app.core.values import Entity, EntityValue, SetValue, Value
from app.models.content import DeckRow, EntityRow, FactRow, RelationRow, SourceRow
from app.models.database import writing
from app.models.mapping import (
    fact_body,
    fact_columns,
    load_deck,
    load_keys,
    part_columns,
    set_columns,
)
from app.models.revisions import PartRow, add_revision, body_of, change
from app.services.bulk import Chosen, Outcome, Picked, RefusedFact, picked_facts, refusals
from app.services.decks import deck_id_of
from app.services.revisions import By, colliding
from app.services.rewriting import fact_rows, lock_unchanged


@dataclass(slots=True)
class Landing:
    """The target deck while facts arrive: what it has, by what identifies it."""

    deck: Deck
    entities: dict[str, Entity] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    fact_keys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.entities = {one.key: one for one in self.deck.entities}
        self.relations = {one.key: one for one in self.deck.relations}
        self.sources = {one.key: one for one in self.deck.sources}
        self.fact_keys = {one.key for one in self.deck.facts}

    def entity(self, one: Entity) -> Entity:
        """Return the target's entity of that name, its other names joined, or a copy."""
        if not one.key:
            return one
        for known in self.entities.values():
            same_kind = not known.kind or not one.kind or known.kind == one.kind
            if same_kind and known.name.casefold() == one.name.casefold():
                self.entities[known.key] = joined(known, one)
                return self.entities[known.key]
        made = replace(one, key=free_key(one.key, self.entities, "-"))
        self.entities[made.key] = made
        return made

    def relation(self, one: Relation) -> Relation:
        """Return the target's relation of the same wording, or a copy."""
        for known in self.relations.values():
            if replace(known, key="") == replace(one, key=""):
                return known
        made = replace(one, key=free_key(one.key, self.relations, "_"))
        self.relations[made.key] = made
        return made

    def source(self, one: Source) -> Source:
        """Return the target's source of the same text, or a copy."""
        for known in self.sources.values():
            if known.text == one.text:
                return known
        made = replace(one, key=free_key(one.key, self.sources, "-"))
        self.sources[made.key] = made
        return made

    def fact(self, fact: Fact, origin: Deck) -> Fact:
        """Return a fact as the target will have it."""
        who = fact.according_to
        key = free_key(fact.key, self.fact_keys, "-")
        self.fact_keys.add(key)
        evidence = fact.evidence
        if evidence:
            source = self.source(origin.source_by_key[evidence.source])
            evidence = Evidence(source.key, evidence.quote)
        return replace(
            fact,
            key=key,
            subject=self.entity(fact.subject) if fact.subject else None,
            relation=self.relation(fact.relation) if fact.relation else None,
            value=self.value(fact.value),
            according_to=self.entity(who) if isinstance(who, Entity) else who,
            evidence=evidence,
        )

    def value(self, value: Value) -> Value:
        """Return a value whose entities are the target's."""
        if isinstance(value, EntityValue):
            return EntityValue(self.entity(value.entity))
        if isinstance(value, SetValue):
            return SetValue(tuple(self.entity(item) for item in value.items))
        return value

    def with_facts(self, facts: Iterable[Fact]) -> Deck:
        """Return the target with facts in it, all of them with the newest names."""
        return replace(
            self.deck,
            entities=tuple(self.entities.values()),
            relations=tuple(self.relations.values()),
            sources=tuple(self.sources.values()),
            facts=(*self.deck.facts, *facts),
        )


def free_key(key: str, taken: Iterable[str], joint: str) -> str:
    """Return a key that nothing has yet: itself, or numbered from 2."""
    used = set(taken)
    numbered = (f"{key}{joint}{number}" for number in range(2, len(used) + 3))
    return next(one for one in (key, *numbered) if one not in used)


def move(
    session: Session, deck_key: str, chosen: Sequence[Chosen], target: str, edit: tuple[By, bool]
) -> Outcome:
    """Move facts to another deck; published ones with errors there stay, unless anyway.

    Learners keep their memory of them. Raises NothingChosen, DeckChanged, NotFound and Refused.
    """
    by, anyway = edit
    if target == deck_key:
        raise Refused(say("They are in this deck already: choose another one."))
    picked = picked_facts(session, deck_key, chosen)
    target_id = deck_id_of(session, target)
    target_revision = session.get_one(DeckRow, target_id).revision
    arriving = load_deck(session, target_id)
    refused = list(picked.stale)
    if not anyway:
        refused += _flawed_there(picked, arriving)
    left = {one.fact_id for one in refused}
    going = [one for one in picked.facts if picked.numbers[one.key] not in left]
    if going:
        locked = sorted([(picked.deck_id, picked.deck_revision), (target_id, target_revision)])
        with colliding(), writing(session):
            rows = [lock_unchanged(session, *one) for one in locked]
            _land(session, picked, (target_id, arriving, going), by)
            for row in rows:
                row.revision += 1
    return Outcome(len(going), 0, tuple(refused))


def _flawed_there(picked: Picked, arriving: Deck) -> list[RefusedFact]:
    landing = Landing(arriving)
    moved = {one.key: landing.fact(one, picked.deck) for one in picked.facts}
    index = DeckIndex(landing.with_facts(moved.values()))
    published = {key: one for key, one in moved.items() if one.status is Status.PUBLISHED}
    numbers = {one.key: picked.numbers[key] for key, one in published.items()}
    return refusals(index, list(published.values()), numbers)


def _land(
    session: Session, picked: Picked, there: tuple[int, Deck, Sequence[Fact]], by: By
) -> None:
    target_id, arriving, going = there
    landing = Landing(arriving)
    moved = {one.key: landing.fact(one, picked.deck) for one in going}
    _store_parts(session, target_id, landing, by)
    keys = load_keys(session, target_id)
    last = select(func.count()).select_from(FactRow).where(FactRow.deck_id == target_id)
    position = session.scalar(last) or 0
    for at, row in enumerate(fact_rows(session, picked.deck_id, list(moved))):
        fact = moved[row.key]
        set_columns(row, fact_columns(fact, keys))
        row.deck_id, row.key, row.position = target_id, fact.key, position + at
        row.revision += 1
        session.flush()
        body = fact_body(fact) | {"moved_from": picked.deck.key}
        add_revision(session, row, body, by.user_id, by.at_epoch_s)


def _store_parts(session: Session, deck_id: int, landing: Landing, by: By) -> None:
    _store(session, deck_id, EntityRow, (landing.deck.entities, landing.entities.values()), by)
    _store(session, deck_id, RelationRow, (landing.deck.relations, landing.relations.values()), by)
    known = landing.deck.source_by_key
    fresh = [one for one in landing.sources.values() if one.key not in known]
    _store(session, deck_id, SourceRow, (known.values(), fresh), by)


def _store(
    session: Session,
    deck_id: int,
    kind: type[PartRow],
    parts: tuple[Iterable[Entity | Relation | Source], Iterable[Entity | Relation | Source]],
    by: By,
) -> None:
    """Add the parts that a deck lacks, and change those that gained names."""
    before = {one.key: one for one in parts[0]}
    for one in parts[1]:
        if one.key not in before:
            made = kind(deck_id=deck_id, key=one.key, position=len(before), **part_columns(one))
            session.add(made)
            session.flush()
            add_revision(session, made, body_of(made), by.user_id, by.at_epoch_s)
        elif before[one.key] != one:
            found = select(kind).where(kind.deck_id == deck_id, kind.key == one.key)
            row = cast(PartRow, session.scalars(found).one())
            if set_columns(row, part_columns(one)):
                change(session, row, by.user_id, by.at_epoch_s)
