"""A table of facts, as CSV: a fact a row, entities by name, relations by their text.

A bad table is refused whole, each bad row with its line, column and reason. A formula is text.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.core.facts import Deck, Fact, Relation, Stance, Status
from app.core.grammar import singular
from app.core.sentences import say
from app.core.values import (
    Entity,
    EntityValue,
    SetValue,
    Value,
    ValueKind,
    ValueProblem,
    parse_value,
)
from app.core.wording import ENGLISH, display
from app.interchange.csv_rows import Row, RowReader
from app.interchange.deck_file import Kind, read_date
from app.interchange.loading import KEY, DeckFileRefused, Problem
from app.interchange.table_keys import digest, fold, parts, relation_key, slug
from app.interchange.table_sources import Quotations
from app.interchange.table_wording import default_wording, names_people, reads_as_noun
from app.interchange.value_cells import guess_kind, looks_like_year, read_cell

NAMING = (ValueKind.ENTITY, ValueKind.SET)


@dataclass(slots=True)
class _Named:
    """What the rows say of one entity, gathered before it is made."""

    key: str
    name: str
    kind: str = ""
    aliases: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Related:
    """What the rows say of one relation, gathered before it is made."""

    relation: Relation
    label: str
    kind: ValueKind | None = None
    guesses: set[ValueKind] = field(default_factory=set)
    only_years: bool = True
    """Whether all its values look like years, also before the year 1000 and before Christ."""
    is_kept: bool = True
    """Whether no row names it but those with keys: they change facts, not relations."""

    @property
    def value_kind(self) -> ValueKind:
        """The kind named in a row, else what all its values look like."""
        if self.kind is not None:
            return self.kind
        if len(self.guesses) == 1:
            return next(iter(self.guesses))
        return ValueKind.TEXT if self.only_years else ValueKind.ENTITY


def read_facts_csv(
    text: str, deck_key: str, known: Deck | None = None, language: str = ENGLISH
) -> Deck:
    """Read a table of facts as a deck. Raises DeckFileRefused with every problem that it has.

    What `known`, the deck so far, says of entities and relations stands where the table is silent;
    `language` is that of a new deck.
    """
    if not KEY.fullmatch(deck_key):
        reason = say(
            "{deck_key} must be a word of letters, digits, dot, - and _.",
            deck_key=repr(deck_key[:80]),
        )
        raise DeckFileRefused((Problem(None, "deck", reason),))
    if known is None:
        title = deck_key.replace("-", " ").replace("_", " ").capitalize()
        known = Deck(deck_key, title, language=language)
    return _Table(text, known).deck()


class _Table:
    """Reads one table in four walks over its rows, collecting problems on the way."""

    def __init__(self, text: str, known: Deck) -> None:
        self.known = known
        reader = RowReader()
        self.rows = list(reader.rows(text))
        self.problems = reader.problems
        self.named: dict[str, _Named] = {}
        self.keys: dict[str, str] = {}
        self.place_of_key: dict[str, str] = {}
        self.namesakes: set[str] = set()
        self.related: dict[str, _Related] = {}
        self.groups: dict[str, str] = {}
        for entity in self.known.entities:
            place = fold(entity.name)
            if place in self.named:
                self.namesakes.add(place)
                place = f"{place}\0{entity.key}"
            self.keys[entity.key] = self.place_of_key[entity.key] = place
            aliases = dict.fromkeys(entity.aliases)
            self.named[place] = _Named(entity.key, entity.name, entity.kind, aliases)
        for relation in self.known.relations:
            kind = ValueKind(relation.value_kind) if relation.value_kind else None
            self.related[relation.key] = _Related(relation, relation.key.replace("_", " "), kind)
        self.known_places = set(self.place_of_key.values())
        self.known_relations = {relation.key: relation for relation in self.known.relations}
        self.quotations = Quotations(self.known, self.rows)

    def deck(self) -> Deck:
        for row in self.rows:
            self.attempt(row, self.relate)
        for row in self.rows:
            self.attempt(row, self.name)
        kinds = self.kinds()
        self.entities = {
            folded: Entity(one.name, one.key, one.kind or kinds.get(folded, ""), (*one.aliases,))
            for folded, one in self.named.items()
        }
        self.entity_by_key = {one.key: one for one in self.entities.values()}
        facts = self.facts()
        if self.problems:
            problems = sorted(self.problems, key=lambda problem: problem.line or 0)
            raise DeckFileRefused(tuple(dict.fromkeys(problems)))
        relations = tuple(self.worded(related) for related in self.related.values())
        relation_by_key = {relation.key: relation for relation in relations}
        return replace(
            self.known,
            sources=tuple(self.quotations.sources()),
            entities=tuple(self.entities.values()),
            relations=relations,
            facts=tuple(
                replace(fact, relation=relation_by_key[fact.relation.key])
                if fact.relation
                else fact
                for fact in facts
            ),
        )

    def refuse(self, line: int | None, column: str, reason: str) -> None:
        self.problems.append(Problem(line, column, reason))

    def attempt(self, row: Row, read: Callable[[Row], Kind]) -> Kind | None:
        try:
            return read(row)
        except ValueProblem as problem:
            self.refuse(row.line, problem.field, problem.reason)
            return None

    def relate(self, row: Row) -> None:
        """Gather what a row says of its relation: wording for all its facts, kind of value."""
        if not row["relation"]:
            return
        key = self.relation_of(row)
        related = self.related.get(key)
        if related is None:
            related = self.related[key] = _Related(Relation(key), row["relation"])
        related.is_kept = related.is_kept and bool(row["key"])
        if row["key"] and key in self.known_relations:
            return  # its wording is the fact's own
        for column, place in _TEMPLATES.items():
            if place in row[column] and not self.is_from_row(related, column):
                related.relation = _with_wording(related.relation, column, row[column])
        if row["value_kind"]:
            related.kind = related.kind or ValueKind(row["value_kind"])
        else:
            related.guesses.add(guess_kind(row["value"]))
        related.only_years = related.only_years and looks_like_year(row["value"])

    def relation_of(self, row: Row) -> str:
        """Return the key of a row's relation: one that the deck has, else made of its text."""
        text = row["relation"]
        return text if text in self.known_relations else relation_key(text)

    def is_from_row(self, related: _Related, column: str) -> bool:
        before = self.known_relations.get(related.relation.key)
        now = getattr(related.relation, column)
        return bool(now) and (before is None or now != getattr(before, column))

    def kind_of(self, row: Row) -> ValueKind:
        if row["value_kind"]:
            return ValueKind(row["value_kind"])
        related = self.related.get(self.relation_of(row)) if row["relation"] else None
        kind = related.value_kind if related else guess_kind(row["value"])
        return ValueKind.SET if kind is ValueKind.ENTITY and ";" in row["value"] else kind

    def name(self, row: Row) -> None:
        """Gather the entities that a row names, and which of them are of one kind."""
        relation = self.relation_of(row)
        if row["subject"]:
            subject = self.gather(row["subject"])
            subject.kind = subject.kind or row["subject_kind"]
            self.join(f"<{relation}", row, row["subject"])
        kind = self.kind_of(row)
        names = self.names_in(row, kind)
        for name in names:
            self.gather(name)
            if relation:
                self.join(f">{relation}", row, name)
        if kind is ValueKind.ENTITY and names:
            self.gather(names[0]).aliases.update(dict.fromkeys(parts(row["aliases"])))

    def names_in(self, row: Row, kind: ValueKind) -> list[str]:
        if kind not in NAMING or is_json(row):
            return []
        names = [row["value"]] if kind is ValueKind.ENTITY else parts(row["value"])
        if len(set(map(fold, names))) != len(names):
            raise ValueProblem("value", say("the set names something twice."))
        if not names:
            raise ValueProblem("value", say("a set names its parts, parted by semicolons."))
        if kind is ValueKind.SET and row["aliases"]:
            raise ValueProblem(
                "aliases", say("aliases go with one entity or text, not with a set.")
            )
        return names

    def gather(self, name: str) -> _Named:
        folded = self.folded(name)
        if folded not in self.named:
            key = slug(name)
            if self.keys.setdefault(key, folded) != folded:
                key = f"{key}-{digest(folded)}"
                self.keys[key] = folded
            self.named[folded] = _Named(key, name)
        return self.named[folded]

    def folded(self, name: str) -> str:
        """Return how a name is looked up; a key stands for its entity where names do not."""
        folded = fold(name)
        if folded in self.named and folded not in self.namesakes:
            return folded
        return self.place_of_key.get(name, folded)

    def join(self, group: str, row: Row, name: str) -> None:
        """Note that a name is of one kind with its group; what a keyed row finds keeps its own."""
        place = self.folded(name)
        if not (row["key"] and place in self.known_places):
            self.groups[self.group(group)] = self.group(place)

    def group(self, name: str) -> str:
        """Return what stands for all that are of one kind with `name` (union-find)."""
        while (above := self.groups.setdefault(name, name)) != name:
            self.groups[name] = self.groups[above]
            name = above
        return name

    def kinds(self) -> dict[str, str]:
        """Return the kind of each entity that the rows give none: its fellows', else a label.

        The values of a relation are of one kind; without one, people would be asked among cities.
        """
        found: dict[str, str] = {}
        for folded, one in self.named.items():
            if one.kind:
                found.setdefault(self.group(folded), one.kind)
        labels: dict[str, list[str]] = {}
        for key, related in self.related.items():
            if f">{key}" in self.groups and reads_as_noun(related.label):
                labels.setdefault(self.group(f">{key}"), []).append(singular(related.label))
        for group, said in labels.items():
            found.setdefault(group, _kind_of_all(said))
        return {folded: found.get(self.group(folded), "") for folded in self.named}

    def facts(self) -> list[Fact]:
        """Return the facts, numbered where a subject has several values of a relation."""
        made: dict[str, Fact] = {}
        numbered: dict[str, int] = {}
        lines: dict[tuple[str, str, str, str], Row] = {}
        for row in self.rows:
            fact = self.attempt(row, self.fact)
            if fact is None:
                continue
            if row["key"]:
                if row["key"] in made:
                    self.refuse(row.line, "key", say("this key stands here twice."))
                made[row["key"]] = fact
                continue
            told = (fact.key, fact.ask, display(fact.value).casefold(), fact.attribution)
            first = lines.setdefault(told, row)
            if first is not row:
                if first.cells != row.cells:
                    self.refuse(
                        row.line,
                        "value",
                        say("line {line} has this fact already.", line=first.line),
                    )
                continue
            number = numbered[fact.key] = numbered.get(fact.key, 0) + 1
            if number > 1 and fact.relation:
                self.related[fact.relation.key].relation = replace(fact.relation, many=True)
            key = f"{fact.key}-{number}" if number > 1 else fact.key
            made[f"{key}-{digest(row['subject'])}" if key in made else key] = fact
        was = self.known.fact_by_key
        return [
            replace(fact, key=key, pictures=was[key].pictures if key in was else ())
            for key, fact in made.items()
        ]

    def fact(self, row: Row) -> Fact:
        related = self.related[self.relation_of(row)] if row["relation"] else None
        subject = self.entities[self.folded(row["subject"])] if row["subject"] else None
        made_key = (
            f"{subject.key}-{related.relation.key}" if subject and related else slug(row["ask"])
        )
        who = row["according_to"]
        return Fact(
            key=row["key"] or made_key,
            value=self.value(row),
            subject=subject,
            relation=related.relation if related else None,
            stance=Stance(row["stance"] or Stance.STATED),
            according_to=self.entities.get(self.folded(who), who) or None,
            as_of=read_date(row["as_of"], "as_of") if row["as_of"] else None,
            evidence=self.quotations.evidence(row),
            status=Status(row["status"] or Status.PUBLISHED),
            ask=_own(row, "ask", related),
            ask_inverse=_own(row, "ask_inverse", related),
            say=_own(row, "say", related),
            note=row["note"],
            tags=tuple(parts(row["tags"])),
        )

    def value(self, row: Row) -> Value:
        kind = self.kind_of(row)
        if is_json(row):
            return self.json_value(row)
        if kind not in NAMING:
            return read_cell(kind, row["value"], tuple(parts(row["aliases"])))
        items = tuple(self.entities[self.folded(name)] for name in self.names_in(row, kind))
        return EntityValue(items[0]) if kind is ValueKind.ENTITY else SetValue(items)

    def json_value(self, row: Row) -> Value:
        """Read a value that words could not hold, in the deck file's notation."""
        try:
            raw = json.loads(row["value"])
            return parse_value(raw, self.entity_by_key)
        except (ValueError, RecursionError):
            raise ValueProblem("value", say("this is not JSON.")) from None
        except ValueProblem as problem:
            raise ValueProblem("value", problem.reason) from None

    def worded(self, related: _Related) -> Relation:
        """Return a relation with a wording made of its label where no row brings one."""
        relation = related.relation
        if related.is_kept and relation.key in self.known_relations:
            return relation
        ask, say = default_wording(
            related.label,
            related.value_kind,
            when=related.only_years,
            language=self.known.language,
        )
        return replace(
            relation,
            ask=relation.ask or ask,
            say=relation.say or say,
            value_kind=relation.value_kind or str(related.value_kind),
        )


_TEMPLATES = {"ask": "{subject}", "ask_inverse": "{value}", "say": "{subject}"}
"""Wording columns; one that leaves this place open is good for every fact of the relation."""


def _kind_of_all(labels: list[str]) -> str:
    """Return what things are that go by several labels: an actor may be a director as well."""
    if len(labels) == 1:
        return labels[0]
    return "person" if all(map(names_people, labels)) else "name"


def _with_wording(relation: Relation, column: str, wording: str) -> Relation:
    match column:
        case "ask":
            return replace(relation, ask=wording)
        case "say":
            return replace(relation, say=wording)
        case _:
            return replace(relation, ask_inverse=wording)


def _own(row: Row, column: str, related: _Related | None) -> str:
    """Return a row's wording where it is not that of its relation."""
    if row["key"]:
        return row[column]
    if related is not None and row[column] == getattr(related.relation, column):
        return ""
    return row[column]


def is_json(row: Row) -> bool:
    """Whether a row's value stands in the deck file's notation: in exported tables alone."""
    return bool(row["key"]) and row["value"].startswith("{")
