"""What a deck's questions are made from, gathered once per deck revision."""

from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.core.facts import Deck, Fact
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    Value,
)
from app.core.wording import display, inverse_stem, stem

Style = tuple[str, ...]
RIVAL_EDITS = 2
MAX_RIVALS = 12


def style_of(value: Value) -> Style:
    """Return what two values must share to stand side by side: kind, unit, precision."""
    match value:
        case EntityValue(entity):
            return ("entity", entity.kind)
        case NumberValue(unit=unit):
            return ("number", unit)
        case MoneyValue(currency=currency):
            return ("money", currency)
        case RangeValue(unit=unit):
            return ("range", unit)
        case DateValue(part=part):
            return ("date", str(len(value.iso)), str(part))
        case _:
            return (str(value.kind),)


class DeckIndex:
    """The published facts of a deck, by everything that generation looks things up by.

    `others` are decks whose values may serve as distractors where this one has too few.
    """

    def __init__(self, deck: Deck, others: Sequence[Deck] = ()) -> None:
        self.deck = deck
        self.facts = deck.published
        self.by_relation: dict[str, list[Fact]] = defaultdict(list)
        self.by_bucket: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        self.wide_by_relation: dict[str, list[Fact]] = defaultdict(list)
        self.values_by_style: dict[Style, list[Value]] = defaultdict(list)
        self.entities_by_kind: dict[str, list[Entity]] = defaultdict(list)
        self.right_values: dict[tuple[str, str], list[Value]] = defaultdict(list)
        self.right_subjects: dict[tuple[str, str], list[Entity]] = defaultdict(list)
        self.values_by_stem: dict[str, list[Value]] = defaultdict(list)
        self.subjects_by_stem: dict[str, list[Entity]] = defaultdict(list)
        self.facts_by_quote: dict[str, list[Fact]] = defaultdict(list)
        self.parts: dict[str, set[str]] = defaultdict(set)
        self.dated: list[Fact] = []
        self.dated_position: dict[str, int] = {}
        self.position = {fact.key: at for at, fact in enumerate(self.facts)}
        for fact in self.facts:
            self._gather(fact)
        self._gather_names((deck, *others))

    def _gather(self, fact: Fact) -> None:
        self.values_by_style[style_of(fact.value)].append(fact.value)
        self.values_by_stem[stem(fact)].append(fact.value)
        if isinstance(fact.value, DateValue) and fact.subject:
            self.dated_position[fact.key] = len(self.dated)
            self.dated.append(fact)
        if fact.evidence:
            self.facts_by_quote[fact.evidence.quote].append(fact)
        if fact.subject is None:
            return
        self.subjects_by_stem[inverse_stem(fact)].append(fact.subject)
        if fact.relation:
            self.by_relation[fact.relation.key].append(fact)
            for bucket in buckets_of(fact.value):
                self.by_bucket[fact.relation.key, bucket].append(fact)
            if is_wide(fact.value):
                self.wide_by_relation[fact.relation.key].append(fact)
            self.right_values[fact.subject.name, fact.relation.key].append(fact.value)
            self.right_subjects[fact.relation.key, display(fact.value)].append(fact.subject)
        for entity in entities_in(fact.value):
            self.parts[fact.subject.name].add(entity.name)
            self.parts[entity.name].add(fact.subject.name)

    def _gather_names(self, decks: Sequence[Deck]) -> None:
        names: dict[str, None] = {}
        seen: set[str] = set()
        for deck in decks:
            for entity in deck.entities:
                if entity.name not in seen:
                    seen.add(entity.name)
                    self.entities_by_kind[entity.kind].append(entity)
                names.update(dict.fromkeys(entity.names))
        self.names = list(names)

    def sharing(self, fact: Fact) -> list[Fact]:
        """Return the facts of the same relation whose value may be this one's too.

        Looked up by what equal, coarser or overlapping values have in common, so that a relation
        of a thousand facts is not scanned for each of them.
        """
        if fact.relation is None:
            return []
        found: dict[str, Fact] = {}
        for bucket in buckets_of(fact.value):
            for other in self.by_bucket[fact.relation.key, bucket]:
                found[other.key] = other
        for other in self.wide_by_relation[fact.relation.key]:
            found[other.key] = other
        if is_wide(fact.value):
            found.update((other.key, other) for other in self.by_relation[fact.relation.key])
        return list(found.values())

    def rivals(self, value: Value) -> tuple[str, ...]:
        """Return the known names that a typo of this value could reach, without its own."""
        own = {name.casefold() for entity in entities_in(value) for name in entity.names}
        found: dict[str, None] = {}
        for entity in entities_in(value):
            for name in entity.names:
                near = process.extract(
                    name, self.names, scorer=OSA.distance, score_cutoff=2 * RIVAL_EDITS, limit=8
                )
                found.update(dict.fromkeys(match for match, _, _ in near))
        return tuple(name for name in found if name.casefold() not in own)[:MAX_RIVALS]


def buckets_of(value: Value) -> tuple[str, ...]:
    """Return what values have in common that can both be right."""
    if isinstance(value, DateValue):
        return (str(value.year),)
    names = tuple(entity.name for entity in entities_in(value))
    return names or (display(value).casefold(),)


def is_wide(value: Value) -> bool:
    """Whether a value also holds for others that are written differently."""
    if isinstance(value, NumberValue):
        return value.bound is not None or value.tolerance > 0
    return isinstance(value, RangeValue) or (
        isinstance(value, MoneyValue) and value.bound is not None
    )


def entities_in(value: Value) -> tuple[Entity, ...]:
    """Return the entities that a value names."""
    match value:
        case EntityValue(entity):
            return (entity,)
        case SetValue(items=items):
            return items
        case _:
            return ()
