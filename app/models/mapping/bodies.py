"""Facts as JSON data by keys, as kept for each of their revisions."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from app.core.errors import Refused
from app.core.facts import Deck, Evidence, Fact, Stance, Status
from app.core.questions.codec import dump_pictures, load_pictures
from app.core.sentences import say
from app.core.values import DateValue, Entity, dump_value, parse_date, parse_value

Thing = TypeVar("Thing")


class UnknownReference(Refused):
    """A fact names an entity, relation or source that its deck does not have."""


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


def own_fields(fact: Fact) -> dict[str, Any]:
    """Return what a fact's columns and the data of its revisions hold alike: its own words."""
    return {
        "value": dump_value(fact.value),
        "stance": str(fact.stance),
        "as_of": write_date(fact.as_of),
        "quote": fact.evidence.quote if fact.evidence else "",
        "status": str(fact.status),
        "ask": fact.ask,
        "ask_inverse": fact.ask_inverse,
        "say": fact.say,
        "note": fact.note,
        "tags": list(fact.tags),
    }


def fact_body(fact: Fact) -> dict[str, Any]:
    """Return a fact as JSON data by keys, as kept for each of its revisions."""
    who = fact.according_to
    return {
        "key": fact.key,
        "subject": fact.subject.key if fact.subject else None,
        "relation": fact.relation.key if fact.relation else None,
        "according_to": {"entity": who.key} if isinstance(who, Entity) else who,
        "source": fact.evidence.source if fact.evidence else None,
        **own_fields(fact),
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
