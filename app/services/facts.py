"""Facts, as curators list, preview, create, edit, publish and retire them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.corrections import EditKind, told_change, usual_kind
from app.core.errors import NotFound, Refused
from app.core.facts import Deck, Evidence, Fact, Stance, Status, find_passage
from app.core.lint import Finding, Severity, lint_fact
from app.core.questions import DeckIndex, Question, questions_of
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
from app.models.content import DeckRow, EntityRow, FactRevision, FactRow
from app.models.database import writing
from app.models.learning import Review, ShownQuestion
from app.models.mapping import (
    fact_body,
    fact_columns,
    fact_from_body,
    load_deck,
    load_keys,
    set_columns,
    write_date,
)
from app.models.revisions import add_revision, body_of
from app.services.corrections import correct, learners_of, successor_of, supersede
from app.services.decks import deck_id_of
from app.services.parts import lock_deck
from app.services.revisions import (
    By,
    PastRevision,
    StaleRevision,
    body_at,
    colliding,
    past,
)

PREVIEW_SEED = 1


class NoSuchFact(NotFound):
    """There is no fact by that number."""


class KeptFact(Refused):
    """A fact that cannot be deleted, and why."""


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


def list_facts(
    session: Session, deck_key: str, query: str = "", status: str = "", stance: str = ""
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
        and all(word in _haystack(one) for word in words)
    ]


def _listed(fact_id: int, fact: Fact) -> ListedFact:
    text = statement(fact) or stem(fact)
    answer = display(fact.value)
    return ListedFact(fact_id, fact.key, text, answer, fact.status, fact.stance, fact.tags)


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


def history(session: Session, fact_id: int) -> list[PastRevision]:
    """Return a fact's changes in words, newest first. Raises NoSuchFact."""
    deck = open_fact(session, fact_id).deck
    return past(session, FactRow, fact_id, lambda body: _readable(deck, body))


def _readable(deck: Deck, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fact's body with names for keys; as it is where something of it is gone."""
    try:
        fact = fact_from_body(deck, body)
    except (KeyError, Refused, ValueError):
        return dict(body)
    said = {
        "subject": fact.subject.name if fact.subject else None,
        "value": display(fact.value),
        "according_to": fact.attribution,
    }
    hidden = {name: body["value"].get(name) for name in ("accept", "tolerance", "kind")}
    return {**body, **said, **hidden}


def fact_of(deck: Deck, draft: FactDraft, key: str, status: Status) -> Fact:
    """Return the fact that a draft describes. Raises ValueProblem, naming the field."""
    entities = {entity.key: entity for entity in deck.entities}
    names = {name.casefold(): one for one in deck.entities for name in reversed(one.names)}
    relations = {relation.key: relation for relation in deck.relations}
    if draft.relation and draft.relation not in relations:
        raise ValueProblem("relation", "Choose one of the deck's relations.")
    relation = relations.get(draft.relation)
    known_names = Names(names, set(entities))
    subject = None
    if draft.subject:
        subject = entities.get(draft.subject) or known_names.entity(Entity(draft.subject))
    if (subject is None or relation is None) and not draft.ask:
        raise ValueProblem("ask", "Give a subject and a relation, or a question of its own.")
    stance = Stance(draft.stance)
    if stance is not Stance.STATED and not draft.according_to:
        raise ValueProblem("according_to", f"Say who: the stance is {stance}.")
    known = entities.get(draft.according_to) or names.get(draft.according_to.casefold())
    return Fact(
        key=key,
        value=_known_value(parse_value(_named(draft.value), entities), known_names),
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


def preview(deck: Deck, fact: Fact) -> Preview:
    """Return every question that a fact would produce if it were published now."""
    fact = replace(fact, status=Status.PUBLISHED)
    others = tuple(one for one in deck.facts if one.key != fact.key)
    entities = {one.key: one for one in (*deck.entities, *_new_entities(deck, fact))}
    index = DeckIndex(replace(deck, facts=(*others, fact), entities=tuple(entities.values())))
    found = tuple(lint_fact(index, fact, PREVIEW_SEED))
    return Preview(tuple(questions_of(index, fact, PREVIEW_SEED)), found)


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
        base = slug(edit.draft.subject or edit.draft.ask)[:50]
        key = next(
            name
            for number in range(1, len(deck.facts) + 2)
            if (name := f"{base}-{number}") not in deck.fact_by_key
        )
        fact = _checked(deck, edit, key)
        row = FactRow(deck_id=deck_id, key=key, revision=1, position=len(deck.facts))
        return _save(session, row, deck, fact, edit)


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
        _save(session, row, deck, after, edit)
        _tell_learners(session, row, (before, after), deck, edit)
        return row.id


def _tell_learners(
    session: Session, row: FactRow, change: tuple[Fact, Fact], deck: Deck, edit: Edit
) -> None:
    by = By(edit.user_id, edit.at_epoch_s)
    kind = edit.kind or usual_kind(*change)
    if kind is EditKind.SUPERSEDED:
        successor = successor_of(session, row, edit.superseded_by)
        supersede(session, row, successor, (change[0], deck.fact_by_key[successor.key]), by)
    elif kind is EditKind.CORRECTION:
        if edit.kind and told_change(*change)[0] == told_change(*change)[1]:
            raise ValueProblem("edit_kind", "The answer is as it was: nothing to correct.")
        correct(session, row, change, by)


def revert(session: Session, fact_id: int, revision: int, to: int, by: By) -> int:
    """Make a fact what it was at revision `to`, as a new revision; its status stays.

    Raises as `revise` does, and NoSuchRevision. Lint errors do not hold it back: it stood before.
    """
    with writing(session):
        row = locked_fact(session, fact_id)
        deck = load_deck(session, row.deck_id)
        before = deck.fact_by_key[row.key]
        if row.revision != revision:
            raise StaleRevision(before, row.revision)
        body = body_at(session, FactRow, fact_id, to)
        after = replace(fact_from_body(deck, body), status=before.status)
        if after == before:
            return row.revision
        row.revision += 1
        edit = Edit(by.user_id, FactDraft({}), by.at_epoch_s, after.status)
        _save(session, row, deck, after, edit)
        _tell_learners(session, row, (before, after), deck, edit)
        return row.revision


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
    _save(session, row, deck, replace(fact, value=value), edit)


def delete_draft(session: Session, fact_id: int, revision: int) -> str:
    """Delete a draft that nobody has ever been asked, with its history; return its deck's key.

    Raises KeptFact for any other, with the reason, and StaleRevision.
    """
    with writing(session):
        row = locked_fact(session, fact_id)
        if row.revision != revision:
            deck = load_deck(session, row.deck_id)
            raise StaleRevision(deck.fact_by_key[row.key], row.revision)
        reason = _kept_because(session, row)
        if reason:
            raise KeptFact(reason)
        deck_row = session.get_one(DeckRow, row.deck_id)
        deck_row.revision += 1
        session.delete(row)
        return deck_row.key


def kept_because(session: Session, fact_id: int) -> str:
    """Return why a fact cannot be deleted; "" where it can. Raises NoSuchFact."""
    row = session.get(FactRow, fact_id)
    if row is None:
        raise NoSuchFact("There is no such fact.")
    return _kept_because(session, row)


def _kept_because(session: Session, row: FactRow) -> str:
    if row.status != Status.DRAFT:
        return (
            f"This fact is {row.status}: only drafts are deleted. Retire it instead; retired"
            " facts are not asked, keep their history, and can come back."
        )
    if _was_asked(session, row.id):
        return "This draft has been asked before, and answers to it are kept. Retire it instead."
    return ""


def _was_asked(session: Session, fact_id: int) -> bool:
    """Whether a question about a fact was ever drawn; one never published needs no search."""
    bodies = session.scalars(select(FactRevision.body).where(FactRevision.fact_id == fact_id))
    if all(body.get("status") == Status.DRAFT for body in bodies):
        return False
    asked = [
        select(table.fact_id).where(table.fact_id == fact_id) for table in (ShownQuestion, Review)
    ]
    return any(session.scalar(one.limit(1)) is not None for one in asked)


def locked_fact(session: Session, fact_id: int) -> FactRow:
    """Return a fact's row, its deck locked, so that nobody else changes it. Raises NoSuchFact."""
    deck_id = session.scalar(select(FactRow.deck_id).where(FactRow.id == fact_id))
    if deck_id is None:
        raise NoSuchFact("There is no such fact.")
    lock_deck(session, deck_id)
    row = session.get(FactRow, fact_id, populate_existing=True)
    if row is None:
        raise NoSuchFact("There is no such fact.")
    return row


def _checked(deck: Deck, edit: Edit, key: str) -> Fact:
    fact = fact_of(deck, edit.draft, key, edit.status)
    if fact.status is Status.PUBLISHED and not edit.override:
        errors = tuple(
            one for one in preview(deck, fact).findings if one.severity is Severity.ERROR
        )
        if errors:
            raise FlawedFact(errors)
    return fact


def _save(session: Session, row: FactRow, deck: Deck, fact: Fact, edit: Edit) -> int:
    _add_entities(session, row.deck_id, deck, fact, edit)
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
