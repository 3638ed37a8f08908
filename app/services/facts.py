"""Facts, as curators list, preview, create, edit, publish and retire them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.corrections import EditKind, told_change, usual_kind
from app.core.errors import NotFound, Refused
from app.core.facts import Deck, Evidence, Fact, Stance, Status, find_passage
from app.core.lint import Finding, Severity, lint_fact
from app.core.marking import Mark, mark_value
from app.core.questions import (
    DeckIndex,
    Direction,
    Question,
    QuestionType,
    mark,
    questions_of,
)
from app.core.questions.question import Typed
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    SetValue,
    TextValue,
    Value,
    ValueProblem,
    parse_date,
    parse_value,
    slug,
)
from app.core.wording import display, statement, stem
from app.models.content import DeckRow, EntityRow, FactRow, RelationRow
from app.models.database import writing
from app.models.mapping import (
    fact_body,
    fact_columns,
    load_deck,
    load_keys,
    part_columns,
    set_columns,
    write_date,
)
from app.models.revisions import add_revision, body_of
from app.services.corrections import correct, learners_of, successor_of, supersede
from app.services.decks import deck_id_of
from app.services.parts import lock_deck
from app.services.revisions import (
    By,
    StaleRevision,
    colliding,
)
from app.services.starters import known_relations

PREVIEW_SEED = 1
UNWORDED = "\u2026"
"""Stands where a draft's question is still to be worded."""


class NoSuchFact(NotFound):
    """There is no fact by that number."""


class FlawedFact(Refused):
    """A fact with lint errors cannot be published without saying so."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("This fact has errors: mend them, or publish it all the same.")
        self.findings = findings


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


@dataclass(frozen=True, slots=True)
class ListedFact:
    """A fact in the curators' list."""

    id: int
    key: str
    text: str
    answer: str
    status: str
    stance: str
    tags: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class EditedFact:
    """A fact opened for editing, with the deck it stands in.

    `learned` counts those who have learned it; None for a draft that nobody has.
    """

    id: int
    revision: int
    fact: Fact
    deck: Deck
    learned: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """Every question that a fact would produce, and what is wrong with them."""

    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    mark: Mark | None = None
    """How the answer that was tried would be marked."""


def list_facts(
    session: Session,
    deck_key: str,
    query: str = "",
    status: str = "",
    stance: str = "",
    source: str = "",
) -> list[ListedFact]:
    """Return a deck's facts that contain every word of `query`, in order."""
    deck_id = deck_id_of(session, deck_key)
    rows = session.execute(select(FactRow.key, FactRow.id).where(FactRow.deck_id == deck_id))
    ids = {key: fact_id for key, fact_id in rows}  # noqa: C416 a row is not yet a pair for dict()
    listed = [_listed(ids[fact.key], fact) for fact in load_deck(session, deck_id).facts]
    words = query.casefold().split()
    return [
        one
        for one in listed
        if status in {"", one.status}
        and stance in {"", one.stance}
        and source in {"", one.source}
        and all(word in _haystack(one) for word in words)
    ]


def _listed(fact_id: int, fact: Fact) -> ListedFact:
    text = statement(fact) or stem(fact)
    answer = display(fact.value)
    source = fact.evidence.source if fact.evidence else ""
    return ListedFact(fact_id, fact.key, text, answer, fact.status, fact.stance, fact.tags, source)


def _haystack(one: ListedFact) -> str:
    return " ".join((one.key, one.text, one.answer, *one.tags)).casefold()


def open_fact(session: Session, fact_id: int) -> EditedFact:
    """Return a fact for editing. Raises NoSuchFact."""
    row = session.get(FactRow, fact_id)
    if row is None:
        raise NoSuchFact("There is no such fact.")
    deck = load_deck(session, row.deck_id)
    learned = learners_of(session, fact_id)
    is_new = row.status == Status.DRAFT and not learned
    fact = deck.fact_by_key[row.key]
    return EditedFact(row.id, row.revision, fact, deck, None if is_new else learned)


def fact_of(deck: Deck, draft: FactDraft, key: str, status: Status) -> Fact:
    """Return the fact that a draft describes. Raises ValueProblem, naming the field."""
    entities = {entity.key: entity for entity in deck.entities}
    names = {name.casefold(): one for one in deck.entities for name in reversed(one.names)}
    relations = known_relations(deck)
    if draft.relation and draft.relation not in relations:
        raise ValueProblem("relation", "Choose one of the deck's relations.")
    relation = relations.get(draft.relation)
    known_names = Names(names, set(entities))
    subject = None
    if draft.subject:
        new = Entity(draft.subject, kind=draft.subject_kind)
        subject = entities.get(draft.subject) or known_names.entity(new)
    if (subject is None or relation is None) and not draft.ask:
        raise ValueProblem("ask", "Give a subject and a relation, or a question of its own.")
    stance = Stance(draft.stance)
    if stance is not Stance.STATED and not draft.according_to:
        raise ValueProblem("according_to", f"Say who: the stance is {stance}.")
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
    )


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
    "value": {"value": {"kind": "text", "text": "?"}},
}
"""What stands in for a bad part of a draft, so that the parts behind it are looked at too."""


def tried(deck: Deck, draft: FactDraft, response: str) -> Mark | None:
    """Return how a response would be marked by a draft's value, before there is a question."""
    bare = FactDraft(draft.value, ask="?", name_kind=draft.name_kind)
    try:
        return preview(deck, fact_of(deck, bare, "draft", Status.DRAFT), response).mark
    except ValueProblem:
        return None


def _kinded(draft: FactDraft, entities: Mapping[str, Entity]) -> Value:
    """Return the value of a draft, its new names of the kind that was typed."""
    value = parse_value(_named(draft.value), entities)
    if isinstance(value, EntityValue) and not value.entity.key:
        return EntityValue(replace(value.entity, kind=draft.name_kind))
    if isinstance(value, SetValue):
        items = (one if one.key else replace(one, kind=draft.name_kind) for one in value.items)
        return SetValue(tuple(items))
    return value


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
        raise ValueProblem("items", "Two of these names are one thing.")
    return SetValue(items)


def _evidence(deck: Deck, draft: FactDraft) -> Evidence | None:
    if not draft.quote:
        return None
    source = deck.source_by_key.get(draft.source)
    if source is None:
        raise ValueProblem("source", "Choose the source that the passage stands in.")
    found = find_passage(source.text, draft.quote)
    if found is None:
        raise ValueProblem("quote", "This passage does not stand in the source, word for word.")
    return Evidence(source.key, source.text[slice(*found)])


def preview(deck: Deck, fact: Fact, response: str = "") -> Preview:
    """Return every question that a fact would produce if it were published now.

    A `response` is marked as it would be if it were typed as the answer.
    """
    fact = replace(fact, status=Status.PUBLISHED)
    others = tuple(one for one in deck.facts if one.key != fact.key)
    entities = {one.key: one for one in (*deck.entities, *_new_entities(deck, fact))}
    index = DeckIndex(replace(deck, facts=(*others, fact), entities=tuple(entities.values())))
    found = tuple(lint_fact(index, fact, PREVIEW_SEED))
    questions = tuple(questions_of(index, fact, PREVIEW_SEED))
    tried = _tried(index, fact, questions, response) if response.strip() else None
    return Preview(questions, found, tried)


def _tried(index: DeckIndex, fact: Fact, questions: Sequence[Question], response: str) -> Mark:
    """Mark a response by the question that would be typed, or by the value where there is none."""
    for question in questions:
        typed = question.type in {QuestionType.SHORT_ANSWER, QuestionType.CLOZE}
        if typed and question.direction is Direction.FORWARD:
            return mark(question, Typed(response))
    return mark_value(fact.value, response, index.rivals(fact.value))


def _new_entities(deck: Deck, fact: Fact) -> list[Entity]:
    known = {entity.key for entity in deck.entities}
    named: list[Entity] = [fact.subject] if fact.subject else []
    if isinstance(fact.value, EntityValue):
        named.append(fact.value.entity)
    if isinstance(fact.value, SetValue):
        named.extend(fact.value.items)
    return list({one.key: one for one in named if one.key not in known}.values())


@dataclass(frozen=True, slots=True)
class Edit:
    """Who saves what, when (epoch seconds), and whether lint errors are accepted.

    `kind` says what it means for those who learned the fact; None is what the change looks like.
    A fact superseded by another, named by its key, retires.
    """

    user_id: int | None
    draft: FactDraft
    at_epoch_s: int
    status: Status
    override: bool = False
    kind: EditKind | None = None
    superseded_by: str = ""


def create(session: Session, deck_key: str, edit: Edit) -> int:
    """Store a new fact and return its number. Raises ValueProblem and FlawedFact."""
    deck_id = deck_id_of(session, deck_key)
    with colliding(), writing(session):
        lock_deck(session, deck_id)
        deck = load_deck(session, deck_id)
        base = slug(edit.draft.subject or edit.draft.ask or edit.draft.quote)[:50]
        key = next(
            name
            for number in range(1, len(deck.facts) + 2)
            if (name := f"{base}-{number}") not in deck.fact_by_key
        )
        fact = _checked(deck, edit, key)
        row = FactRow(deck_id=deck_id, key=key, revision=1, position=len(deck.facts))
        return store(session, row, deck, fact, edit)


def revise(session: Session, fact_id: int, revision: int, edit: Edit) -> int:
    """Store a change to a fact; a correction moves the memory of those who have learned it.

    Raises StaleRevision when somebody saved it since `revision`, ValueProblem and FlawedFact.
    """
    with writing(session):
        row = locked_fact(session, fact_id)
        deck = load_deck(session, row.deck_id)
        before = deck.fact_by_key[row.key]
        if row.revision != revision:
            raise StaleRevision(before, row.revision)
        if edit.kind is EditKind.SUPERSEDED:
            edit = replace(edit, status=Status.RETIRED)
        after = _checked(deck, edit, row.key)
        row.revision += 1
        store(session, row, deck, after, edit)
        tell_learners(session, row, (before, after), deck, edit)
        return row.id


def tell_learners(
    session: Session, row: FactRow, change: tuple[Fact, Fact], deck: Deck, edit: Edit
) -> None:
    """Tell those who learned a fact what its edit, just stored, means for them."""
    by = By(edit.user_id, edit.at_epoch_s)
    kind = edit.kind or usual_kind(*change)
    if kind is EditKind.SUPERSEDED:
        successor = successor_of(session, row, edit.superseded_by)
        supersede(session, row, successor, (change[0], deck.fact_by_key[successor.key]), by)
    elif kind is EditKind.CORRECTION:
        if edit.kind and told_change(*change)[0] == told_change(*change)[1]:
            raise ValueProblem("edit_kind", "The answer is as it was: nothing to correct.")
        correct(session, row, change, by)


def add_accepted(session: Session, fact_id: int, accepted: str, by: By) -> None:
    """Let one more wording of a text count, as a revision; schedules stay. Inside `writing`."""
    row = locked_fact(session, fact_id)
    deck = load_deck(session, row.deck_id)
    fact = deck.fact_by_key[row.key]
    if not isinstance(fact.value, TextValue) or accepted in (fact.value.text, *fact.value.accept):
        return
    value = replace(fact.value, accept=(*fact.value.accept, accepted))
    row.revision += 1
    edit = Edit(by.user_id, FactDraft({}), by.at_epoch_s, fact.status)
    store(session, row, deck, replace(fact, value=value), edit)


def locked_fact(session: Session, fact_id: int) -> FactRow:
    """Return a fact's row, its deck locked, so that nobody else changes it. Raises NoSuchFact."""
    deck_id = session.scalar(select(FactRow.deck_id).where(FactRow.id == fact_id))
    if deck_id is None:
        raise NoSuchFact("There is no such fact.")
    lock_deck(session, deck_id)
    row = session.get(FactRow, fact_id, populate_existing=True)
    if row is None:  # deleted while this waited for the deck
        raise NoSuchFact("There is no such fact.")
    return row


def _checked(deck: Deck, edit: Edit, key: str) -> Fact:
    draft = _worded_later(edit.draft) if edit.status is Status.DRAFT else edit.draft
    fact = fact_of(deck, draft, key, edit.status)
    if fact.status is Status.PUBLISHED and not edit.override:
        errors = tuple(
            one for one in preview(deck, fact).findings if one.severity is Severity.ERROR
        )
        if errors:
            raise FlawedFact(errors)
    return fact


def _worded_later(draft: FactDraft) -> FactDraft:
    """Return a draft with a gap for its question: it can be kept, and lint will not let it out."""
    asks = draft.ask or (draft.subject and draft.relation)
    return draft if asks else replace(draft, ask=UNWORDED)


def store(session: Session, row: FactRow, deck: Deck, fact: Fact, edit: Edit) -> int:
    """Store a checked fact as its row's newest revision, with what it brings to its deck."""
    _add_entities(session, row.deck_id, deck, fact, edit)
    _add_relation(session, row.deck_id, deck, fact, edit)
    set_columns(row, fact_columns(fact, load_keys(session, row.deck_id)))
    if fact.status is not Status.RETIRED:
        row.superseded_by_id = None
    session.add(row)
    session.flush()
    body = fact_body(fact)
    if edit.kind is EditKind.SUPERSEDED:
        body["superseded_by"] = edit.superseded_by
    add_revision(session, row, body, edit.user_id, edit.at_epoch_s)
    session.get_one(DeckRow, row.deck_id).revision += 1
    return row.id


def _add_entities(session: Session, deck_id: int, deck: Deck, fact: Fact, edit: Edit) -> None:
    position = len(deck.entities)
    rows = [
        EntityRow(
            deck_id=deck_id,
            key=entity.key,
            position=position,
            name=entity.name,
            kind=entity.kind,
            aliases=[],
        )
        for entity in _new_entities(deck, fact)
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        add_revision(session, row, body_of(row), edit.user_id, edit.at_epoch_s)


def _add_relation(session: Session, deck_id: int, deck: Deck, fact: Fact, edit: Edit) -> None:
    """Take a general relation over into the deck that uses it for the first time."""
    one = fact.relation
    if one is None or any(known.key == one.key for known in deck.relations):
        return
    position = len(deck.relations)
    row = RelationRow(deck_id=deck_id, key=one.key, position=position, **part_columns(one))
    session.add(row)
    session.flush()
    add_revision(session, row, body_of(row), edit.user_id, edit.at_epoch_s)
