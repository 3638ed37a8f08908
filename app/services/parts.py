"""Entities and relations, as curators change them: every change is a revision."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Relation
from app.core.sentences import say
from app.core.values import Entity, ValueProblem
from app.models.content import DeckRow, EntityRow, RelationRow
from app.models.database import writing
from app.models.mapping import entity_to_core, part_columns, relation_to_core, set_columns
from app.models.revisions import KEPT, change
from app.services.revisions import By, PastRevision, StaleRevision, body_at, past

Thing = TypeVar("Thing", Entity, Relation)
PartRow = TypeVar("PartRow", EntityRow, RelationRow)
NAMES: dict[type[EntityRow] | type[RelationRow], str] = {
    EntityRow: "entity",
    RelationRow: "relation",
}


@dataclass(frozen=True, slots=True)
class OpenedPart(Generic[Thing]):
    """An entity or relation opened for editing."""

    id: int
    revision: int
    thing: Thing
    deck_key: str


def open_entity(session: Session, entity_id: int) -> OpenedPart[Entity]:
    """Return an entity for editing. Raises NotFound."""
    row, deck_key = _opened(session, EntityRow, entity_id)
    return OpenedPart(row.id, row.revision, entity_to_core(row), deck_key)


def open_relation(session: Session, relation_id: int) -> OpenedPart[Relation]:
    """Return a relation for editing. Raises NotFound."""
    row, deck_key = _opened(session, RelationRow, relation_id)
    return OpenedPart(row.id, row.revision, relation_to_core(row), deck_key)


def revise_entity(session: Session, entity_id: int, revision: int, entity: Entity, by: By) -> int:
    """Store a change to an entity and return its new revision; its key stays.

    Raises StaleRevision when somebody saved it since `revision`, ValueProblem and NotFound.
    """
    if not entity.name.strip():
        raise ValueProblem("name", say("An entity needs a name."))
    return _revise(session, EntityRow, entity_id, revision, (part_columns(entity), by))


def revise_relation(
    session: Session, relation_id: int, revision: int, relation: Relation, by: By
) -> int:
    """Store a change to a relation and return its new revision; its key stays.

    Raises StaleRevision when somebody saved it since `revision`, and NotFound.
    """
    return _revise(session, RelationRow, relation_id, revision, (part_columns(relation), by))


def add_alias(session: Session, deck_id: int, key: str, alias: str, by: By) -> None:
    """Give an entity one more name, as a revision; one that it has stays once.

    Inside `writing`, the deck locked. Raises NotFound.
    """
    row = session.scalar(
        select(EntityRow)
        .where(EntityRow.deck_id == deck_id, EntityRow.key == key)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise _missing(EntityRow)
    if alias in (row.name, *row.aliases):
        return
    row.aliases = [*row.aliases, alias]
    change(session, row, by.user_id, by.at_epoch_s)
    session.get_one(DeckRow, deck_id).revision += 1


def entity_history(session: Session, entity_id: int) -> list[PastRevision]:
    """Return an entity's changes, newest first. Raises NotFound."""
    return past(session, EntityRow, open_entity(session, entity_id).id)


def relation_history(session: Session, relation_id: int) -> list[PastRevision]:
    """Return a relation's changes, newest first. Raises NotFound."""
    return past(session, RelationRow, open_relation(session, relation_id).id)


def revert_entity(session: Session, entity_id: int, revision: int, to: int, by: By) -> int:
    """Make an entity what it was at revision `to`, as a new revision. Raises as an edit does."""
    return _revert(session, EntityRow, entity_id, revision, (to, by))


def revert_relation(session: Session, relation_id: int, revision: int, to: int, by: By) -> int:
    """Make a relation what it was at revision `to`, as a new revision. Raises as an edit does."""
    return _revert(session, RelationRow, relation_id, revision, (to, by))


def _revert(
    session: Session, kind: type[PartRow], row_id: int, revision: int, wanted: tuple[int, By]
) -> int:
    to, by = wanted
    body = body_at(session, kind, row_id, to)
    values = {name: body[name] for name in KEPT[kind].columns if name != "key"}
    return _revise(session, kind, row_id, revision, (values, by))


def _revise(
    session: Session,
    kind: type[PartRow],
    row_id: int,
    revision: int,
    edit: tuple[dict[str, Any], By],
) -> int:
    values, by = edit
    with writing(session):
        row = _locked(session, kind, row_id)
        if row.revision != revision:
            theirs = _to_core(row)
            raise StaleRevision(theirs, row.revision, NAMES[kind])
        if set_columns(row, values):
            change(session, row, by.user_id, by.at_epoch_s)
            session.get_one(DeckRow, row.deck_id).revision += 1
        return row.revision


def _to_core(row: EntityRow | RelationRow) -> Entity | Relation:
    return entity_to_core(row) if isinstance(row, EntityRow) else relation_to_core(row)


def _locked(session: Session, kind: type[PartRow], row_id: int) -> PartRow:
    """Return a row after locking its deck, so that two who save it wait for each other."""
    deck_id = session.scalar(select(kind.deck_id).where(kind.id == row_id))
    if deck_id is None:
        raise _missing(kind)
    lock_deck(session, deck_id)
    return session.get_one(kind, row_id, populate_existing=True)


def lock_deck(session: Session, deck_id: int) -> DeckRow:
    """Keep others from changing a deck until this transaction ends; learners go on answering.

    FOR NO KEY UPDATE: rows that only refer to the deck may still be written, so nobody who
    answers waits for a curator, or meets one in a deadlock.
    """
    return session.get_one(
        DeckRow, deck_id, with_for_update={"key_share": True}, populate_existing=True
    )


def _missing(kind: type[EntityRow] | type[RelationRow]) -> NotFound:
    if kind is EntityRow:
        return NotFound(say("There is no such entity."))
    return NotFound(say("There is no such relation."))


def _opened(session: Session, kind: type[PartRow], row_id: int) -> tuple[PartRow, str]:
    row = session.get(kind, row_id)
    if row is None:
        raise _missing(kind)
    return row, session.get_one(DeckRow, row.deck_id).key
