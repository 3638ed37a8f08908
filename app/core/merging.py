"""Two entities or relations made one: what becomes of a deck's facts, before it is done."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from app.core.errors import Refused
from app.core.facts import Deck, Fact, Relation, Status
from app.core.questions.looks import entities_in
from app.core.sentences import say
from app.core.values import Entity, EntityValue, SetValue, Value, ValueKind, dump_value
from app.core.wording import fact_text


class CannotMerge(Refused):
    """Two things that cannot be one; the message says why."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge as it would be: `changes` are facts before and after.

    `problems` forbid it, `notes` are worth a look, `twins` are facts that will say the same.
    """

    deck: Deck
    changes: tuple[tuple[Fact, Fact], ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    twins: tuple[tuple[Fact, Fact], ...] = ()


def merge_entities(deck: Deck, kept: Entity, lost: Entity) -> Merge:
    """Return a deck in which `lost` is `kept`, its names among the aliases."""
    if kept.key == lost.key:
        raise CannotMerge(say("An entity cannot be merged with itself."))
    one = joined(kept, lost)

    def of(entity: Entity) -> Entity:
        return one if entity.key in {kept.key, lost.key} else entity

    touched = [fact for fact in deck.facts if lost.key in _keys_in(fact)]
    merged = tuple(with_entities(fact, of) for fact in deck.facts)
    entities = tuple(of(entity) for entity in deck.entities if entity.key != lost.key)
    after = {fact.key: fact for fact in merged}
    changes = tuple((fact, after[fact.key]) for fact in touched)
    return Merge(
        deck=replace(deck, facts=merged, entities=entities),
        changes=changes,
        problems=tuple(_self_answers(changes)),
        notes=tuple(_smaller_sets(changes)),
        twins=_twins(merged, changes),
    )


def merge_relations(deck: Deck, kept: Relation, lost: Relation) -> Merge:
    """Return a deck in which the facts of `lost` are facts of `kept`, in its wording."""
    if kept.key == lost.key:
        raise CannotMerge(say("A relation cannot be merged with itself."))
    if kept.value_kind and lost.value_kind and not _joinable(kept.value_kind, lost.value_kind):
        raise CannotMerge(
            say(
                "Their answers are of two kinds: {value_kind} and {value_kind_2}.",
                value_kind=kept.value_kind,
                value_kind_2=lost.value_kind,
            )
        )
    one = replace(
        kept,
        many=kept.many or lost.many,
        ask_inverse=kept.ask_inverse or lost.ask_inverse,
        value_kind=kept.value_kind or lost.value_kind,
    )

    def moved(fact: Fact) -> Fact:
        is_one = fact.relation is not None and fact.relation.key in {kept.key, lost.key}
        return replace(fact, relation=one) if is_one else fact

    merged = tuple(map(moved, deck.facts))
    touched = [fact for fact in deck.facts if fact.relation and fact.relation.key == lost.key]
    after = {fact.key: fact for fact in merged}
    changes = tuple((fact, after[fact.key]) for fact in touched)
    relations = tuple(
        one if relation.key == kept.key else relation
        for relation in deck.relations
        if relation.key != lost.key
    )
    return Merge(
        deck=replace(deck, facts=merged, relations=relations),
        changes=changes,
        twins=_twins(merged, changes),
    )


def joined(kept: Entity, lost: Entity) -> Entity:
    """Return one entity with the names of both, each once whatever its case."""
    aliases = {name.casefold(): name for name in (*lost.aliases, lost.name, *kept.aliases)}
    aliases.pop(kept.name.casefold(), None)
    ordered = dict.fromkeys(
        aliases[name.casefold()]
        for name in (*kept.aliases, lost.name, *lost.aliases)
        if name.casefold() in aliases
    )
    return replace(kept, kind=kept.kind or lost.kind, aliases=tuple(ordered))


def renamed_in(deck: Deck, entity: Entity) -> Deck:
    """Return a deck in which the entity of this key has these names."""

    def of(one: Entity) -> Entity:
        return entity if one.key == entity.key else one

    facts = tuple(with_entities(fact, of) for fact in deck.facts)
    return replace(deck, facts=facts, entities=tuple(map(of, deck.entities)))


def roles_of(entity_key: str, fact: Fact) -> tuple[str, ...]:
    """Return what an entity is in a fact: subject, answer, said by."""
    roles: list[str] = []
    if fact.subject and fact.subject.key == entity_key:
        roles.append("subject")
    if any(one.key == entity_key for one in entities_in(fact.value)):
        roles.append("answer")
    if isinstance(fact.according_to, Entity) and fact.according_to.key == entity_key:
        roles.append("said by")
    return tuple(roles)


def _joinable(one: str, other: str) -> bool:
    names = {ValueKind.ENTITY, ValueKind.SET}
    return one == other or {one, other} <= names


def _keys_in(fact: Fact) -> set[str]:
    named = [*entities_in(fact.value)]
    named += [one for one in (fact.subject, fact.according_to) if isinstance(one, Entity)]
    return {entity.key for entity in named}


def with_entities(fact: Fact, of: Callable[[Entity], Entity]) -> Fact:
    """Return a fact with every entity in it replaced by what `of` gives for it."""
    who = fact.according_to
    return replace(
        fact,
        subject=of(fact.subject) if fact.subject else None,
        value=_with_value(fact.value, of),
        according_to=of(who) if isinstance(who, Entity) else who,
    )


def _with_value(value: Value, of: Callable[[Entity], Entity]) -> Value:
    if isinstance(value, EntityValue):
        return EntityValue(of(value.entity))
    if isinstance(value, SetValue):
        return SetValue(tuple({of(item).name: of(item) for item in value.items}.values()))
    return value


def _self_answers(changes: Iterable[tuple[Fact, Fact]]) -> Iterable[str]:
    for before, after in changes:
        own = after.subject.key if after.subject else None
        if own and any(entity.key == own for entity in entities_in(after.value)):
            yield say("{key} would have one thing as its subject and its answer.", key=before.key)


def _smaller_sets(changes: Iterable[tuple[Fact, Fact]]) -> Iterable[str]:
    for before, after in changes:
        fewer = len(entities_in(after.value)) < len(entities_in(before.value))
        if fewer:
            yield say("{key} names both: its answer becomes one item shorter.", key=before.key)


def _twins(
    facts: Iterable[Fact], changes: tuple[tuple[Fact, Fact], ...]
) -> tuple[tuple[Fact, Fact], ...]:
    """Return pairs that say the same once a merge is done, and did not before."""
    said: dict[str, list[Fact]] = defaultdict(list)
    changed = {after.key: before for before, after in changes}
    for fact in facts:
        if fact.subject and fact.relation and fact.status is not Status.RETIRED:
            said[_what_is_said(fact)].append(fact)
    pairs: dict[frozenset[str], tuple[Fact, Fact]] = {}
    for same in said.values():
        for fact in same:
            for other in same:
                if fact.key in changed and fact.key != other.key:
                    pairs.setdefault(frozenset({fact.key, other.key}), (fact, other))
    return tuple(pairs.values())


def _what_is_said(fact: Fact) -> str:
    value = dump_value(fact.value)
    if isinstance(value.get("items"), list):
        value["items"] = sorted(map(str, value["items"]))
    return f"{fact.relation and fact.relation.key}|{fact_text(fact)}|{fact.as_of}|{value}"
