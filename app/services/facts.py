"""Facts, as curators list, preview, create, edit, publish and retire them."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.corrections import EditKind, told_change, usual_kind
from app.core.errors import NotFound, Refused
from app.core.facts import Deck, Fact, Status
from app.core.lint import Finding, Severity
from app.core.sentences import say
from app.core.values import (
    TextValue,
    ValueProblem,
    slug,
)
from app.models.content import DeckRow, EntityRow, FactRow, RelationRow
from app.models.database import writing
from app.models.mapping import (
    fact_body,
    fact_columns,
    load_deck,
    load_keys,
    part_columns,
    set_columns,
)
from app.models.revisions import add_revision, body_of
from app.models.some_facts import facts_of_rows
from app.services import pictures
from app.services.corrections import correct, learners_of, successor_of, supersede
from app.services.decks import deck_id_of
from app.services.drafts import FactDraft, fact_of, worded_later
from app.services.kept_decks import Line, has_words, kept_deck, line_of
from app.services.parts import lock_deck
from app.services.previews import new_entities, preview
from app.services.revisions import (
    By,
    StaleRevision,
    colliding,
)

PER_PAGE = 50
SCANNED = 500
"""Rows that are read at a time while facts with certain words are looked for."""


class NoSuchFact(NotFound):
    """There is no fact by that number."""


class FlawedFact(Refused):
    """A fact with lint errors cannot be published without saying so."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(say("This fact has errors: mend them, or publish it all the same."))
        self.findings = findings


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
class FactFilter:
    """Which facts of a deck: with all words of `query`, and so on; "" leaves a thing open."""

    query: str = ""
    status: str = ""
    stance: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FactPage:
    """A page of a deck's facts, and how many there are on all pages."""

    facts: tuple[ListedFact, ...]
    total: int
    number: int
    pages: int


def fact_page(
    session: Session, deck_key: str, wanted: FactFilter, number: int = 1, size: int = PER_PAGE
) -> FactPage:
    """Return a page of the facts that fit, in the deck's order. Raises NotFound.

    Facts are put into words where words are looked for, and on the page that is shown.
    """
    kept = kept_deck(session, deck_id_of(session, deck_key))
    words = wanted.query.casefold().split()
    found = [one for one in kept.deck.facts if _fits(one, wanted) and kept.has_words(one, words)]
    pages = max(1, -(-len(found) // size))
    number = min(max(1, number), pages)
    shown = found[(number - 1) * size : number * size]
    listed = (_listed(kept.numbers[one.key][0], one, kept.line(one)) for one in shown)
    return FactPage(tuple(listed), len(found), number, pages)


def _fits(fact: Fact, wanted: FactFilter) -> bool:
    source = fact.evidence.source if fact.evidence else ""
    return (
        wanted.status in {"", fact.status}
        and wanted.stance in {"", fact.stance}
        and wanted.source in {"", source}
    )


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a deck's facts: those behind a number, so many, of a status, with words."""

    after_id: int
    limit: int
    query: str = ""
    status: str = ""


def slice_facts(session: Session, deck_key: str, wanted: Slice) -> tuple[list[ListedFact], bool]:
    """Return a part of a deck's facts by number, and whether more follow. Raises NotFound.

    Only the rows of that part are read; where words are wanted, batches of rows until it is full.
    """
    deck_id = deck_id_of(session, deck_key)
    found: list[ListedFact] = []
    words, after = wanted.query.casefold().split(), wanted.after_id
    size = wanted.limit + 1 if not words else max(SCANNED, wanted.limit + 1)
    while True:
        query = select(FactRow).where(FactRow.deck_id == deck_id, FactRow.id > after)
        if wanted.status:
            query = query.where(FactRow.status == wanted.status)
        rows = session.scalars(query.order_by(FactRow.id).limit(size)).all()
        read = facts_of_rows(session, rows)
        facts = [(row.id, one := read[row.id], line_of(one)) for row in rows]
        found += [_listed(*one) for one in facts if has_words(*one[1:], words)]
        if len(found) > wanted.limit or len(rows) < size:
            return found[: wanted.limit], len(found) > wanted.limit
        after = rows[-1].id


def _listed(fact_id: int, fact: Fact, line: Line) -> ListedFact:
    return ListedFact(
        fact_id, fact.key, line.text, line.answer, fact.status, fact.stance, fact.tags
    )


def open_fact(session: Session, fact_id: int) -> EditedFact:
    """Return a fact for editing. Raises NoSuchFact."""
    row = session.get(FactRow, fact_id)
    if row is None:
        raise NoSuchFact(say("There is no such fact."))
    deck = kept_deck(session, row.deck_id).deck
    learned = learners_of(session, fact_id)
    is_new = row.status == Status.DRAFT and not learned
    fact = deck.fact_by_key[row.key]
    return EditedFact(row.id, row.revision, fact, deck, None if is_new else learned)


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
            raise ValueProblem("edit_kind", say("The answer is as it was: nothing to correct."))
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
        raise NoSuchFact(say("There is no such fact."))
    lock_deck(session, deck_id)
    row = session.get(FactRow, fact_id, populate_existing=True)
    if row is None:  # deleted while this waited for the deck
        raise NoSuchFact(say("There is no such fact."))
    return row


def _checked(deck: Deck, edit: Edit, key: str) -> Fact:
    draft = worded_later(edit.draft) if edit.status is Status.DRAFT else edit.draft
    fact = fact_of(deck, draft, key, edit.status)
    if fact.status is Status.PUBLISHED and not edit.override:
        errors = tuple(
            one for one in preview(deck, fact).findings if one.severity is Severity.ERROR
        )
        if errors:
            raise FlawedFact(errors)
    return fact


def store(session: Session, row: FactRow, deck: Deck, fact: Fact, edit: Edit) -> int:
    """Store a checked fact as its row's newest revision, with what it brings to its deck."""
    _add_entities(session, row.deck_id, deck, fact, edit)
    _add_relation(session, row.deck_id, deck, fact, edit)
    set_columns(row, fact_columns(fact, load_keys(session, row.deck_id)))
    if fact.status is not Status.RETIRED:
        row.superseded_by_id = None
    session.add(row)
    session.flush()
    pictures.add(session, row.deck_id, edit.draft.files)
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
        for entity in new_entities(deck, fact)
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
