"""A fact as it is typed: what it describes, and everything that keeps it from being a fact."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core.facts import (
    Deck,
    Evidence,
    Fact,
    Picture,
    Side,
    Stance,
    Status,
    find_passage,
)
from app.core.sentences import say
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    SetValue,
    Value,
    ValueProblem,
    clean_text,
    parse_date,
    parse_value,
    slug,
)
from app.interchange.deck_file import MOST_SHOWN
from app.interchange.pictures import PictureFile
from app.models.mapping import write_date
from app.services.starters import known_relations

UNWORDED = "\u2026"
"""Stands where a draft's question is still to be worded."""


@dataclass(frozen=True, slots=True)
class PictureDraft:
    """What is typed about a picture that a fact has, by its name, or about a new one ("").

    `gone` takes it away; a `file` is the new one, or takes the place of the one that is there.
    """

    name: str
    side: str
    alt: str
    gone: bool = False
    file: PictureFile | None = None


@dataclass(frozen=True, slots=True)
class FactDraft:
    """A fact as it is typed: entities by name or key, the value in the deck file's notation."""

    value: Mapping[str, Any]
    subject: str = ""
    subject_kind: str = ""
    """What a subject is that the deck does not know yet: person, city."""
    name_kind: str = ""
    """What an answer is that the deck does not know yet."""
    relation: str = ""
    stance: str = "stated"
    according_to: str = ""
    as_of: str = ""
    source: str = ""
    quote: str = ""
    ask: str = ""
    ask_inverse: str = ""
    say: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    pictures: tuple[PictureDraft, ...] = ()
    """What is typed about its pictures: one of which nothing is said stays as it is."""

    @property
    def files(self) -> tuple[PictureFile, ...]:
        """The files of pictures that it brings."""
        return tuple(one.file for one in self.pictures if one.file and not one.gone)


def fact_of(deck: Deck, draft: FactDraft, key: str, status: Status) -> Fact:
    """Return the fact that a draft describes. Raises ValueProblem, naming the field."""
    entities = {entity.key: entity for entity in deck.entities}
    names = {name.casefold(): one for one in deck.entities for name in reversed(one.names)}
    relations = known_relations(deck)
    if draft.relation and draft.relation not in relations:
        raise ValueProblem(
            "relation",
            say(
                "No relation is called “{relation}”: choose one from the list.",
                relation=draft.relation[:80],
            ),
        )
    relation = relations.get(draft.relation)
    known_names = Names(names, set(entities))
    subject = None
    if draft.subject:
        new = Entity(draft.subject, kind=draft.subject_kind)
        subject = entities.get(draft.subject) or known_names.entity(new)
    if (subject is None or relation is None) and not draft.ask:
        raise ValueProblem("ask", say("Give a subject and a relation, or a question of its own."))
    stance = Stance(draft.stance)
    if stance is not Stance.STATED and not draft.according_to:
        raise ValueProblem("according_to", say("Say who: the stance is {stance}.", stance=stance))
    now = deck.fact_by_key.get(key)
    known = entities.get(draft.according_to) or names.get(draft.according_to.casefold())
    return Fact(
        key=key,
        value=_known_value(_kinded(draft, entities), known_names),
        subject=subject,
        relation=relation,
        stance=stance,
        according_to=known or draft.according_to or None,
        as_of=_as_of(draft.as_of),
        evidence=_evidence(deck, draft),
        status=status,
        ask=draft.ask,
        ask_inverse=draft.ask_inverse,
        say=draft.say,
        note=draft.note,
        tags=draft.tags,
        pictures=_pictures(now.pictures if now else (), draft.pictures),
        language=deck.language,
    )


def _pictures(known: Sequence[Picture], typed: Sequence[PictureDraft]) -> tuple[Picture, ...]:
    """Return a fact's pictures as they were typed. Raises ValueProblem."""
    made = tuple(_pictured(known, typed))
    if len({one.name for one in made}) < len(made):
        raise ValueProblem("pictures", say("The fact has this very picture already."))
    if len(made) > max(MOST_SHOWN, len(known)):
        raise ValueProblem("pictures", say("A fact may have {most} pictures.", most=MOST_SHOWN))
    return made


def _pictured(known: Sequence[Picture], typed: Sequence[PictureDraft]) -> Iterator[Picture]:
    """Yield a fact's pictures as they were typed, new ones last; others' are none of it."""
    left = list(typed)
    for picture in known:
        said = next((one for one in left if one.name == picture.name), None)
        if said is None:
            yield picture
            continue
        left.remove(said)
        if not said.gone:
            yield _picture(said.file.name if said.file else picture.name, said)
    for said in left:
        if said.file and not said.name and not said.gone:
            yield _picture(said.file.name, said)


def _picture(name: str, said: PictureDraft) -> Picture:
    return Picture(name, Side(said.side), clean_text(said.alt, "alt"))


def problems_of(deck: Deck, draft: FactDraft) -> list[ValueProblem]:
    """Return everything that keeps a draft from being a fact, not only the first of it."""
    found: list[ValueProblem] = []
    while len(found) < len(_HARMLESS):
        try:
            fact_of(deck, draft, "draft", Status.DRAFT)
        except ValueProblem as problem:
            found.append(problem)
            harmless = _HARMLESS.get(problem.field, {"value": {"kind": "text", "text": "?"}})
            if all(getattr(draft, name) == content for name, content in harmless.items()):
                break
            draft = replace(draft, **harmless)
        else:
            break
    return found


_HARMLESS: dict[str, dict[str, Any]] = {
    "relation": {"relation": "", "ask": "?"},
    "ask": {"ask": "?"},
    "according_to": {"according_to": "?"},
    "as_of": {"as_of": ""},
    "part": {"as_of": "", "value": {"kind": "text", "text": "?"}},
    "source": {"source": "", "quote": ""},
    "quote": {"source": "", "quote": ""},
    "pictures": {"pictures": ()},
    "value": {"value": {"kind": "text", "text": "?"}},
}
"""What stands in for a bad part of a draft, so that the parts behind it are looked at too."""


def worded_later(draft: FactDraft) -> FactDraft:
    """Return a draft with a gap for its question: it can be kept, and lint will not let it out."""
    asks = draft.ask or (draft.subject and draft.relation)
    return draft if asks else replace(draft, ask=UNWORDED)


def _kinded(draft: FactDraft, entities: Mapping[str, Entity]) -> Value:
    """Return the value of a draft, its new names of the kind that was typed."""
    value = parse_value(_filled(_named(draft.value)), entities)
    if isinstance(value, EntityValue) and not value.entity.key:
        return EntityValue(replace(value.entity, kind=draft.name_kind))
    if isinstance(value, SetValue):
        items = (one if one.key else replace(one, kind=draft.name_kind) for one in value.items)
        return SetValue(tuple(items))
    return value


_MAIN = {
    "entity": ("name", "entity"),
    "text": ("text",),
    "number": ("amount",),
    "money": ("amount",),
    "range": ("low",),
    "date": ("date",),
    "set": ("items",),
}
"""The fields of a value, by its kind, of which one has to say what the answer is."""


def _filled(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a value as it was typed. Raises ValueProblem where nothing was."""
    fields = _MAIN.get(str(raw.get("kind")), ())
    if fields and not any(name in raw for name in fields):
        raise ValueProblem(fields[0], say("Say what the answer is."))
    return raw


def _named(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: content for name, content in raw.items() if content not in ("", None, [])}


def as_of_text(fact: Fact) -> str:
    """Return a fact's date as it is typed: 2025-01-29, or 2022 late."""
    return write_date(fact.as_of)


def _as_of(text: str) -> DateValue | None:
    iso, _, part = text.partition(" ")
    return parse_date(iso, "as_of", part.strip() or None) if iso else None


class Names:
    """The names that a deck knows, and keys of their own for those that it does not."""

    def __init__(self, known: Mapping[str, Entity], keys: set[str]) -> None:
        self.known = dict(known)
        self.keys = keys

    def entity(self, entity: Entity) -> Entity:
        """Return the entity known by that name, or a new one with a key that nothing has."""
        name = entity.name.casefold()
        if name not in self.known:
            key = slug(entity.name)
            numbered = (f"{key}-{number}" for number in range(2, len(self.keys) + 3))
            free = next(one for one in (key, *numbered) if one not in self.keys)
            self.keys.add(free)
            self.known[name] = replace(entity, key=free)
        return self.known[name]


def _known_value(value: Value, names: Names) -> Value:
    if isinstance(value, EntityValue):
        return EntityValue(names.entity(value.entity))
    if not isinstance(value, SetValue):
        return value
    items = tuple(names.entity(item) for item in value.items)
    if len({item.key for item in items}) < len(items):
        raise ValueProblem("items", say("Two of these names are one thing."))
    return SetValue(items)


def _evidence(deck: Deck, draft: FactDraft) -> Evidence | None:
    if not draft.quote:
        return None
    source = deck.source_by_key.get(draft.source)
    if source is None:
        raise ValueProblem("source", say("Choose the source that the passage stands in."))
    found = find_passage(source.text, draft.quote)
    if found is None:
        raise ValueProblem(
            "quote", say("This passage does not stand in the source, word for word.")
        )
    return Evidence(source.key, source.text[slice(*found)])
