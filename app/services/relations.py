"""Relations, as curators list, word, preview, create, merge and delete them."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.facts import Deck, Fact, Relation, Status, relation_label
from app.core.lint import Finding, lint_fact, new_errors
from app.core.merging import CannotMerge, merge_relations
from app.core.questions import DeckIndex, Question, questions_of
from app.core.sentences import say, say_many
from app.core.starter import STARTER_RELATIONS, StarterRelation
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
    ValueKind,
    ValueProblem,
    slug,
)
from app.core.wording import fact_text
from app.models.content import DeckRow, FactRow, RelationRow
from app.models.database import writing
from app.models.mapping import load_deck, part_columns, relation_to_core
from app.models.revisions import add_revision, body_of
from app.services import parts
from app.services.decks import deck_id_of
from app.services.kept_decks import kept_deck
from app.services.merging import MergePreview, Ref, Use, preview_of, store
from app.services.parts import lock_deck
from app.services.revisions import By, StaleRevision, colliding
from app.services.rewriting import fact_ids, lock_unchanged, refuse_flaws, with_facts

MOST_PREVIEWED = 8
"""Facts whose questions a preview shows."""
MOST_CHECKED_LIVE = 50
"""Facts checked for errors while a wording is typed; saving checks more."""
SEED = 1


class UsedRelation(Refused):
    """A relation of a fact cannot be deleted."""


@dataclass(frozen=True, slots=True)
class ListedRelation:
    """A relation in the list, with how many facts have it."""

    id: int
    relation: Relation
    uses: int


@dataclass(frozen=True, slots=True)
class RelationList:
    """A deck's relations."""

    deck_key: str
    deck_title: str
    relations: tuple[ListedRelation, ...]


@dataclass(frozen=True, slots=True)
class OpenedRelation:
    """A relation opened for editing, with the facts that have it."""

    id: int
    revision: int
    relation: Relation
    deck_key: str
    deck_title: str
    uses: tuple[Use, ...]
    others: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class FactPreview:
    """The questions of one fact in a new wording, and what is wrong with them."""

    text: str
    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RelationPreview:
    """A new wording on real facts, or on an example where no fact has the relation.

    `errors` are what it would break in published facts, `more` counts facts not shown.
    """

    facts: tuple[FactPreview, ...]
    is_example: bool
    more: int
    errors: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class OfferedRelation:
    """A relation of the starter library, and whether the deck has one by its key."""

    starter: StarterRelation
    is_there: bool


def relation_list(session: Session, deck_key: str) -> RelationList:
    """Return a deck's relations in order, with how many facts each has. Raises NotFound."""
    deck_id = deck_id_of(session, deck_key)
    uses = select(func.count()).where(FactRow.relation_id == RelationRow.id).scalar_subquery()
    rows = session.execute(
        select(RelationRow, uses)
        .where(RelationRow.deck_id == deck_id)
        .order_by(RelationRow.position, RelationRow.id)
    )
    title = session.get_one(DeckRow, deck_id).title
    listed = (ListedRelation(row.id, relation_to_core(row), count) for row, count in rows)
    return RelationList(deck_key, title, tuple(listed))


def slice_relations(
    session: Session, deck_key: str, behind: int, limit: int
) -> tuple[list[ListedRelation], bool]:
    """Return so many of a deck's relations behind a number, and whether more follow.

    The rows of that part alone are read. Raises NotFound.
    """
    uses = select(func.count()).where(FactRow.relation_id == RelationRow.id).scalar_subquery()
    rows = session.execute(
        select(RelationRow, uses)
        .where(RelationRow.deck_id == deck_id_of(session, deck_key), RelationRow.id > behind)
        .order_by(RelationRow.id)
        .limit(limit + 1)
    ).all()
    part = [ListedRelation(row.id, relation_to_core(row), count) for row, count in rows[:limit]]
    return part, len(rows) > limit


def open_relation(session: Session, relation_id: int) -> OpenedRelation:
    """Return a relation with everything that its page shows. Raises NotFound."""
    row = _row(session, relation_id)
    deck = kept_deck(session, row.deck_id).deck
    numbers = fact_ids(session, row.deck_id)
    others = session.scalars(
        select(RelationRow)
        .where(RelationRow.deck_id == row.deck_id, RelationRow.id != row.id)
        .order_by(RelationRow.key)
    )
    return OpenedRelation(
        id=row.id,
        revision=row.revision,
        relation=relation_to_core(row),
        deck_key=deck.key,
        deck_title=deck.title,
        uses=tuple(
            Use(numbers[fact.key], fact_text(fact), fact.status) for fact in _having(deck, row.key)
        ),
        others=tuple(Ref(one.id, relation_label(one.key), one.value_kind) for one in others),
    )


def preview(session: Session, deck_key: str, relation: Relation) -> RelationPreview:
    """Return what a wording would ask of the deck's own facts, before it is stored."""
    return preview_in(kept_deck(session, deck_id_of(session, deck_key)).deck, relation)


def preview_in(deck: Deck, relation: Relation) -> RelationPreview:
    """Return what a wording would ask of a loaded deck's facts."""
    having = [fact for fact in _having(deck, relation.key) if fact.status is not Status.RETIRED]
    if not having:
        example = replace(
            _example(deck, relation), relation=relation, key="example", status=Status.PUBLISHED
        )
        index = DeckIndex(replace(deck, facts=(*deck.facts, example)))
        return RelationPreview((_previewed(index, example),), is_example=True, more=0, errors=())
    after = _reworded(deck, relation)
    shown = [fact.key for fact in having[:MOST_PREVIEWED]]
    facts = [replace(after.fact_by_key[key], status=Status.PUBLISHED) for key in shown]
    by_key = {fact.key: fact for fact in facts}
    index = DeckIndex(replace(after, facts=with_facts(after, by_key)))
    touched = set() if relation in deck.relations else {fact.key for fact in having}
    errors = new_errors(deck, after, touched, MOST_CHECKED_LIVE)
    return RelationPreview(
        tuple(_previewed(index, fact) for fact in facts),
        is_example=False,
        more=len(having) - len(facts),
        errors=tuple(errors),
    )


def _previewed(index: DeckIndex, fact: Fact) -> FactPreview:
    findings = (one for one in lint_fact(index, fact, SEED) if one.field != "evidence")
    return FactPreview(fact_text(fact), tuple(questions_of(index, fact, SEED)), tuple(findings))


def _reworded(deck: Deck, relation: Relation) -> Deck:
    having = {fact.key: replace(fact, relation=relation) for fact in _having(deck, relation.key)}
    relations = tuple(relation if one.key == relation.key else one for one in deck.relations)
    return replace(deck, facts=with_facts(deck, having), relations=relations)


def _having(deck: Deck, key: str) -> list[Fact]:
    return [fact for fact in deck.facts if fact.relation and fact.relation.key == key]


_EXAMPLES: dict[str, Value] = {
    ValueKind.TEXT: TextValue("a short text"),
    ValueKind.NUMBER: NumberValue(Decimal(120), "units"),
    ValueKind.MONEY: MoneyValue(Decimal(2_500_000), "USD"),
    ValueKind.RANGE: RangeValue(Decimal(20), Decimal(50), "units"),
    ValueKind.DATE: DateValue(2024, 3, 9),
}


def _example(deck: Deck, relation: Relation) -> Fact:
    """Return a made-up fact between things of the deck, to show how a wording reads."""
    names = [*deck.entities[:3], Entity("Example A"), Entity("Example B"), Entity("Example C")]
    value = _EXAMPLES.get(relation.value_kind, EntityValue(names[1]))
    if relation.value_kind == ValueKind.SET:
        value = SetValue((names[1], names[2]))
    return Fact("example", value, names[0], language=deck.language)


def revise(
    session: Session, relation_id: int, revision: int, relation: Relation, edit: tuple[By, bool]
) -> int:
    """Store a relation's new wording and return its revision; `edit` is who and whether anyway.

    Raises StaleRevision, FlawedChange, ValueProblem and NotFound.
    """
    by, anyway = edit
    row = _row(session, relation_id)
    deck = load_deck(session, row.deck_id)
    relation = replace(relation, key=row.key)
    _check(relation)
    if not anyway:
        touched = {fact.key for fact in _having(deck, row.key)}
        refuse_flaws(deck, _reworded(deck, relation), touched)
    return parts.revise_relation(session, relation_id, revision, relation, by)


def _check(relation: Relation) -> None:
    if not relation.ask.strip():
        raise ValueProblem("ask", say("Give it a question."))
    for field, text, lacking in (
        ("ask", relation.ask, "{subject}"),
        ("ask_inverse", relation.ask_inverse, "{value}"),
        ("say", relation.say, "{value}"),
    ):
        if text and lacking not in text:
            raise ValueProblem(
                field, say("It needs {lacking}, where the name goes.", lacking=lacking)
            )


def create(session: Session, deck_key: str, name: str, relation: Relation, by: By) -> int:
    """Store a new relation, its key made of `name`, and return its number.

    Raises ValueProblem where the deck has one by that name.
    """
    if not name.strip():
        raise ValueProblem("name", say("Give it a name."))
    key = slug(name).replace("-", "_")
    _check(relation)
    with colliding(), writing(session):
        deck_row = lock_deck(session, deck_id_of(session, deck_key))
        if not _add(session, deck_row, [replace(relation, key=key)], by):
            raise ValueProblem("name", say("This deck has a relation by that name."))
        return session.scalars(
            select(RelationRow.id).where(RelationRow.deck_id == deck_row.id, RelationRow.key == key)
        ).one()


def offered(session: Session, deck_key: str) -> tuple[OfferedRelation, ...]:
    """Return the starter library, each relation with whether the deck has it. Raises NotFound."""
    keys = _keys(session, deck_id_of(session, deck_key))
    return tuple(OfferedRelation(one, one.key in keys) for one in STARTER_RELATIONS)


def add_starters(session: Session, deck_key: str, keys: Collection[str], by: By) -> int:
    """Add relations of the starter library to a deck; those it has are passed over.

    Returns how many were added. Raises NotFound for a key that the library lacks.
    """
    unknown = set(keys) - {one.key for one in STARTER_RELATIONS}
    if unknown:
        raise NotFound(say("The library has no such relation."))
    wanted = [one.relation for one in STARTER_RELATIONS if one.key in keys]
    with colliding(), writing(session):
        deck_row = lock_deck(session, deck_id_of(session, deck_key))
        return _add(session, deck_row, wanted, by)


def _add(session: Session, deck_row: DeckRow, wanted: Iterable[Relation], by: By) -> int:
    present = _keys(session, deck_row.id)
    rows = [
        RelationRow(
            deck_id=deck_row.id, key=one.key, position=len(present) + at, **part_columns(one)
        )
        for at, one in enumerate(wanted)
        if one.key not in present
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        add_revision(session, row, body_of(row), by.user_id, by.at_epoch_s)
    if rows:
        deck_row.revision += 1
    return len(rows)


def _keys(session: Session, deck_id: int) -> set[str]:
    return set(session.scalars(select(RelationRow.key).where(RelationRow.deck_id == deck_id)))


def merge_preview(session: Session, kept_id: int, lost_id: int) -> MergePreview:
    """Return what becomes of a deck's facts when one relation is merged into another.

    Raises NotFound, and CannotMerge for two that cannot be one.
    """
    kept, lost = _row(session, kept_id), _row(session, lost_id)
    if kept.deck_id != lost.deck_id:
        raise CannotMerge(say("Two relations of different decks stay apart."))
    deck = load_deck(session, kept.deck_id)
    made = merge_relations(deck, relation_to_core(kept), relation_to_core(lost))
    one = next(relation for relation in made.deck.relations if relation.key == kept.key)
    refs = (
        Ref(kept.id, relation_label(kept.key), kept.value_kind),
        Ref(lost.id, relation_label(lost.key)),
    )
    worded = tuple(text for text in (one.ask, one.ask_inverse, one.say) if text)
    return preview_of(session, (kept.deck_id, deck, made), refs, worded)


def merge(session: Session, kept_id: int, lost_id: int, deck_revision: int, by: By) -> int:
    """Merge one relation into another, and return how many facts followed.

    Raises DeckChanged, CannotMerge and NotFound.
    """
    deck_id = _row(session, kept_id).deck_id
    with writing(session):
        deck_row = lock_unchanged(session, deck_id, deck_revision)
        kept, lost = _row(session, kept_id), _row(session, lost_id)
        if kept.deck_id != lost.deck_id:
            raise CannotMerge(say("Two relations of different decks stay apart."))
        made = merge_relations(
            load_deck(session, deck_id), relation_to_core(kept), relation_to_core(lost)
        )
        one = next(relation for relation in made.deck.relations if relation.key == kept.key)
        return store(session, deck_row, (kept, lost), (made, one), by)


def delete_relation(session: Session, relation_id: int, revision: int) -> str:
    """Delete a relation that no fact has, and return its deck's key.

    Raises UsedRelation, StaleRevision and NotFound.
    """
    deck_id = _row(session, relation_id).deck_id
    with writing(session):
        deck_row = lock_deck(session, deck_id)
        row = _row(session, relation_id)
        if row.revision != revision:
            raise StaleRevision(relation_to_core(row), row.revision, "relation")
        uses = Counter(
            session.scalars(select(FactRow.relation_id).where(FactRow.relation_id == row.id))
        )[row.id]
        if uses:
            raise UsedRelation(
                say_many(
                    "A fact has this relation: merge it into another.",
                    "{number} facts have this relation: merge it into another.",
                    uses,
                )
            )
        session.delete(row)
        deck_row.revision += 1
        return deck_row.key


def _row(session: Session, relation_id: int) -> RelationRow:
    row = session.get(RelationRow, relation_id, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no such relation."))
    return row
