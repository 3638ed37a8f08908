"""What a deck's questions are made from, gathered once per deck revision."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nsmallest
from itertools import islice
from operator import itemgetter

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.core.facts import Deck, Fact
from app.core.questions.asked import asked_for
from app.core.questions.chance import Chance
from app.core.questions.elsewhere import Elsewhere
from app.core.questions.ends import RIVAL_EDITS, ends, homes
from app.core.questions.families import ByKind
from app.core.questions.looks import buckets_of, can_be_false, entities_in, is_wide, names_in
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    TextValue,
    Value,
)
from app.core.wording import BLANK, asked_as, statement

HALF = 2
MAX_RIVALS = 12
FEWEST_IN_SPAN = 5
"""Amounts of a relation from which it is seen what size they are of."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is right for each fact, found once: every type of question asks for it again."""

    values: dict[Fact, list[Value]] = field(default_factory=dict)
    known_values: dict[Fact, list[Value]] = field(default_factory=dict)
    subjects: dict[Fact, list[Entity]] = field(default_factory=dict)
    near_subjects: dict[Fact, list[Entity]] = field(default_factory=dict)
    answers: dict[Fact, tuple[Value, ...]] = field(default_factory=dict)
    texts: dict[Fact, frozenset[str]] = field(default_factory=dict)


def _unit_of(value: NumberValue | MoneyValue) -> str:
    return value.unit if isinstance(value, NumberValue) else value.currency


class DeckIndex:
    """The published facts of a deck, by everything that generation looks things up by.

    `others` are decks whose values may serve as distractors where this one has too few.
    """

    def __init__(self, deck: Deck, others: Sequence[Deck] = ()) -> None:
        self.deck = deck
        self.facts = deck.published
        self.kept = Kept()
        self.by_relation: dict[str, list[Fact]] = defaultdict(list)
        self.place_in_relation: dict[str, int] = {}
        self.place_among_statements: dict[str, int] = {}
        self.by_bucket: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        self.wide_by_relation: dict[str, list[Fact]] = defaultdict(list)
        self.entities = ByKind()
        self.elsewhere = Elsewhere(deck, others)
        self.right_values: dict[tuple[str, str], list[Value]] = defaultdict(list)
        self.values_by_stem: dict[str, list[Value]] = defaultdict(list)
        self._gaps: dict[str, list[Value]] = {}
        self._gap_of: dict[str, list[Value]] = {}
        self._by_value_kind: dict[str, list[Fact]] = defaultdict(list)
        self.asked_alike: dict[str, list[Entity]] = defaultdict(list)
        self._statements: dict[str, int] = {}
        self.facts_by_quote: dict[str, list[Fact]] = defaultdict(list)
        # Things of one kind that a fact links: one may be part of the other, or the same.
        self.linked: dict[str, set[str]] = defaultdict(set)
        self.names_by_end: dict[str, list[str]] = defaultdict(list)
        self._near_of: dict[str, tuple[str, ...]] = {}
        self.names_by_last_word: dict[str, list[str]] = defaultdict(list)
        self._beginnings: list[tuple[str, int, str]] = []
        """Each name without case, its place among the names, and as it is written; sorted."""
        self._spans: dict[tuple[str, str], tuple[Decimal, Decimal] | None] = {}
        self.dated: list[Fact] = []
        self.dated_position: dict[str, int] = {}
        self.position = {fact.key: at for at, fact in enumerate(self.facts)}
        for fact in self.facts:
            self._gather(fact)
        self._gather_names()

    def _gather(self, fact: Fact) -> None:
        if can_be_false(fact):
            self._place_statement(fact)
        self.values_by_stem[asked_as(fact)].append(fact.value)
        if fact.say_template:
            gap = self._gaps.setdefault("\n".join((statement(fact, BLANK), *fact.asked_with)), [])
            gap.append(fact.value)
            self._gap_of[fact.key] = gap
        if fact.evidence:
            self.facts_by_quote[fact.evidence.quote].append(fact)
        if isinstance(fact.value, EntityValue):
            self._gather_entity(fact, fact.value.entity)
        if fact.subject is None:
            return
        if isinstance(fact.value, DateValue):
            self.dated_position[fact.key] = len(self.dated)
            self.dated.append(fact)
        self._link(fact.subject, fact.value)
        if fact.relation:
            self._relate(fact, fact.subject, fact.relation.key)

    def _gather_entity(self, fact: Fact, entity: Entity) -> None:
        self._by_value_kind[entity.kind].append(fact)
        if kind := asked_for(fact):
            self.asked_alike[kind].append(entity)

    def _place_statement(self, fact: Fact) -> None:
        """Give a statement its number in its relation; every other relation begins with one.

        Each relation then has as many true ones as false ones, however the rows are mixed.
        """
        relation = fact.relation.key if fact.relation else ""
        if relation not in self._statements:
            self._statements[relation] = len(self._statements) % HALF
        self.place_among_statements[fact.key] = self._statements[relation]
        self._statements[relation] += 1

    def _relate(self, fact: Fact, subject: Entity, relation: str) -> None:
        self.place_in_relation[fact.key] = len(self.by_relation[relation])
        self.by_relation[relation].append(fact)
        self.right_values[subject.name, relation].append(fact.value)
        for bucket in buckets_of(fact.value):
            self.by_bucket[relation, bucket].append(fact)
        if is_wide(fact.value):
            self.wide_by_relation[relation].append(fact)

    def _link(self, subject: Entity, value: Value) -> None:
        for entity in entities_in(value):
            if entity.kind and entity.kind == subject.kind:
                self.linked[subject.name].add(entity.name)
                self.linked[entity.name].add(subject.name)

    def beside_decks(self, others: Sequence[Deck]) -> "DeckIndex":
        """Return the same index beside other decks, without gathering this deck anew."""
        moved = copy(self)
        moved.elsewhere, moved.kept = Elsewhere(self.deck, others), Kept()
        return moved

    def _gather_names(self) -> None:
        own = {entity.name: entity for entity in self.deck.entities}
        for entity in own.values():
            self.entities.add(entity)
        values = [fact.value for fact in self.facts]
        names = [name for entity in own.values() for name in entity.names]
        names += [name for one in values if isinstance(one, TextValue) for name in names_in(one)]
        known = list(dict.fromkeys(name for name in names if name.split()))
        self._beginnings = sorted((name.casefold(), at, name) for at, name in enumerate(known))
        for name in known:
            for bucket in homes(name):
                self.names_by_end[bucket].append(name)
            self.names_by_last_word[name.split()[-1].casefold()].append(name)

    def is_true(self, fact: Fact, chance: Chance) -> bool:
        """Whether a statement of a fact is shown true: every second one of a relation and seed.

        By chance alone one deck in three would have more than 55 % or less than 45 %.
        """
        return (self.place_among_statements.get(fact.key, 0) + chance.side) % HALF == 0

    def beside(self, fact: Fact, count: int) -> list[Fact]:
        """Return about `count` facts of the same relation, those next to this one in the deck."""
        if fact.relation is None:
            return []
        same = self.by_relation[fact.relation.key]
        at = self.place_in_relation.get(fact.key, 0)
        first = max(0, min(at - count // 2, len(same) - count))
        return same[first : first + count]

    def span(self, fact: Fact) -> tuple[Decimal, Decimal] | None:
        """Return the smallest and the largest of a relation's amounts in the unit of this one.

        None where there are fewer than FEWEST_IN_SPAN of them, or where some are not above nought.
        """
        if fact.relation is None or not isinstance(fact.value, NumberValue | MoneyValue):
            return None
        unit = _unit_of(fact.value)
        key = fact.relation.key, unit
        if key not in self._spans:
            found = [
                one.value.amount
                for one in self.by_relation[fact.relation.key]
                if isinstance(one.value, NumberValue | MoneyValue) and _unit_of(one.value) == unit
            ]
            whole = len(found) >= FEWEST_IN_SPAN and min(found) > 0
            self._spans[key] = (min(found), max(found)) if whole else None
        return self._spans[key]

    def around(self, fact: Fact, count: int) -> Iterator[Fact]:
        """Yield up to `count` other facts of the relation, nearest in the deck first.

        The last stands beside the first: so each is as near to others as any, and what it says is
        as often a wrong option. One that only shows up where it is right gives itself away.
        """
        if fact.relation is None:
            return
        same = self.by_relation[fact.relation.key]
        at = self.place_in_relation.get(fact.key, 0)
        for step in range(1, min(count, len(same) - 1) + 1):
            away = (step + 1) // 2
            yield same[(at + (away if step % 2 else -away)) % len(same)]

    def of_kind(self, fact: Fact, count: int) -> list[Fact]:
        """Return up to `count` other facts whose values are entities of this one's kind."""
        if not isinstance(fact.value, EntityValue):
            return []
        same = self._by_value_kind[fact.value.entity.kind]
        at = self.position.get(fact.key, 0) % max(1, len(same))
        found = {one.key: one for one in (*islice(same, at, at + count), *islice(same, count))}
        found.pop(fact.key, None)
        return list(found.values())[:count]

    def same_gap(self, fact: Fact) -> Sequence[Value]:
        """Return the values of all facts whose statement reads the same without its value."""
        return self._gap_of.get(fact.key, ())

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
        names = names_in(value)
        own = {name.casefold() for name in names}
        found = dict.fromkeys(near for name in names for near in self._near(name))
        return tuple(name for name in found if name.casefold() not in own)[:MAX_RIVALS]

    def _near(self, name: str) -> tuple[str, ...]:
        """Return the names within a few edits that begin or end alike, and namesakes."""
        if name not in self._near_of:
            found: dict[str, None] = {}
            for bucket in ends(name):
                near = process.extract(
                    name,
                    self.names_by_end[bucket],
                    scorer=OSA.distance,
                    score_cutoff=RIVAL_EDITS,
                    limit=8,
                )
                found.update(dict.fromkeys(match for match, _, _ in near))
            namesakes = self.names_by_last_word[name.rsplit(maxsplit=1)[-1].casefold()]
            longer = self._longer(name.casefold())
            self._near_of[name] = (*longer, *found, *namesakes[:MAX_RIVALS])
        return self._near_of[name]

    def _longer(self, folded: str) -> list[str]:
        """Return the first names of the deck that begin with this one and have more words."""
        first = bisect_left(self._beginnings, (f"{folded} ",))
        last = bisect_left(self._beginnings, (f"{folded}!",))  # "!" follows the space
        found = nsmallest(HALF, self._beginnings[first:last], key=itemgetter(1))
        return [name for _, _, name in found]
