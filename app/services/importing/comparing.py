"""What a kept file would do to its deck as it is now, part by part."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.core.corrections import EditKind, usual_kind
from app.core.facts import Deck, Fact, Relation, Source, Status
from app.core.lint import Finding, new_errors
from app.core.merging import with_entities
from app.core.values import Entity
from app.interchange.deck_file import read_own
from app.models.mapping import fact_body, part_columns
from app.services.decks import known_deck
from app.services.importing.kept import pending, revision_of
from app.services.revisions import difference

LONGEST_LABEL = 80
LONGEST_SHOWN, AROUND = 600, 80
"""Characters of a changed text that are shown, and of what stands around the change."""


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """Something that the deck has and the file changes: (field, before, after)."""

    key: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What an import does to one kind of thing. `absent` ones are not in the file, and stay."""

    name: str
    new: tuple[str, ...]
    changed: tuple[ChangedPart, ...]
    unchanged: int
    absent: int


@dataclass(frozen=True, slots=True)
class ImportReview:
    """What an import would do, before anything is stored.

    `corrections` counts facts whose right answer changes: learners are told. `errors` are lint
    errors that published facts would have. `refused` is what of the file is left out; `learning`
    counts the facts that come with reviews or a memory. `names` say what new facts ask whose keys
    say nothing.
    """

    token: str
    file_name: str
    encoding: str
    deck_key: str
    deck_title: str
    language: str
    is_new: bool
    head: tuple[tuple[str, str, str], ...]
    sections: tuple[Section, ...]
    corrections: int
    errors: tuple[Finding, ...]
    is_stale: bool
    refused: tuple[str, ...] = ()
    is_package: bool = False
    learning: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the deck already is as the file says."""
        touched = any(section.new or section.changed for section in self.sections)
        return not (self.is_new or self.head or touched or self.learning)


def review(session: Session, user_id: int, token: str) -> ImportReview:
    """Return what a kept file would do to its deck as it is now. Raises NotFound."""
    row = pending(session, user_id, token)
    deck = read_own(row.body)
    before = known_deck(session, deck.key)
    old = before or Deck(deck.key, "")
    sections = tuple(
        _section(name, _bodies(old, name), _bodies(deck, name))
        for name in ("facts", "entities", "relations", "sources")
    )
    merged = _merged(old, deck)
    return ImportReview(
        token=token,
        file_name=row.file_name,
        encoding=row.encoding,
        deck_key=deck.key,
        deck_title=deck.title,
        language=deck.language,
        is_new=before is None,
        head=difference(_head(before), _head(deck)) if before else (),
        sections=sections,
        corrections=sum(_is_correction(old.fact_by_key.get(one.key), one) for one in deck.facts),
        errors=tuple(new_errors(old, merged, _touched(old, merged))),
        is_stale=row.deck_revision != revision_of(session, deck.key),
        refused=tuple(row.refused),
        is_package=bool(row.package),
        learning=len(json.loads(row.learning)) if row.learning else 0,
        names={fact.key: fact.ask[:LONGEST_LABEL] for fact in deck.facts if not fact.subject},
    )


def _bodies(deck: Deck, section: str) -> dict[str, Mapping[str, Any]]:
    if section == "facts":
        return {fact.key: fact_body(fact) for fact in deck.facts}
    return {one.key: part_columns(one) for one in getattr(deck, section)}


def _head(deck: Deck) -> dict[str, str]:
    return {"title": deck.title, "description": deck.description, "language": deck.language}


def _section(
    name: str, before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> Section:
    changed = [
        ChangedPart(key, tuple(map(_shortened, difference(before[key], body))))
        for key, body in after.items()
        if key in before and before[key] != body
    ]
    new = tuple(key for key in after if key not in before)
    unchanged = len(after) - len(new) - len(changed)
    return Section(name, new, tuple(changed), unchanged, len(before.keys() - after.keys()))


def _shortened(change: tuple[str, str, str]) -> tuple[str, str, str]:
    """Return a change of a long text as the part of it that differs."""
    field, before, after = change
    if max(len(before), len(after)) <= LONGEST_SHOWN:
        return change
    start = max(0, _alike(before, after) - AROUND)
    left, right = before[start:], after[start:]
    end = _alike(left[::-1], right[::-1]) - AROUND
    end = max(0, min(end, len(left) - 2 * AROUND, len(right) - 2 * AROUND))
    return field, _cut(left, start, end), _cut(right, start, end)


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str, start: int, end: int) -> str:
    kept = text[: len(text) - end][:LONGEST_SHOWN]
    return ("… " if start else "") + kept + (" …" if len(kept) < len(text) else "")


def _is_correction(old: Fact | None, fact: Fact) -> bool:
    if old is None or old == fact or old.status is Status.DRAFT:
        return False
    return usual_kind(old, fact) is EditKind.CORRECTION


Part = TypeVar("Part", Fact, Entity, Relation, Source)


def _merged(old: Deck, deck: Deck) -> Deck:
    """Return the deck as it will be: what the file lacks stays, with the file's names for it."""
    entities = {one.key: one for one in deck.entities}
    relations = {one.key: one for one in deck.relations}

    def linked(fact: Fact) -> Fact:
        fact = with_entities(fact, lambda one: entities.get(one.key, one) if one.key else one)
        known = relations.get(fact.relation.key) if fact.relation else None
        return replace(fact, relation=known or fact.relation)

    return replace(
        deck,
        sources=_both(old.sources, deck.sources),
        entities=_both(old.entities, deck.entities),
        relations=_both(old.relations, deck.relations),
        facts=_both(tuple(map(linked, old.facts)), deck.facts),
    )


def _both(ours: tuple[Part, ...], theirs: tuple[Part, ...]) -> tuple[Part, ...]:
    by_key = {one.key: one for one in ours} | {one.key: one for one in theirs}
    return tuple(by_key.values())


def _touched(old: Deck, merged: Deck) -> set[str]:
    """Return the facts that an import changes, be it through a name, a wording or an article."""
    texts = {key for key, one in merged.source_by_key.items() if old.source_by_key.get(key) != one}
    return {
        fact.key
        for fact in merged.facts
        if old.fact_by_key.get(fact.key) != fact
        or (fact.evidence is not None and fact.evidence.source in texts)
    }
