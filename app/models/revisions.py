"""Keeping a thing's revisions: the same for facts, entities, relations and sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.content import (
    EntityRevision,
    EntityRow,
    FactRevision,
    FactRow,
    RelationRevision,
    RelationRow,
    SourceRevision,
    SourceRow,
)

PartRow = EntityRow | RelationRow | SourceRow
"""What facts refer to."""
Revised = FactRow | PartRow


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a kind of thing keeps its revisions, and what of its row they hold."""

    table: Any
    owner: InstrumentedAttribute[int]
    columns: tuple[str, ...]
    """Columns that make the body; none where the body comes from elsewhere, as for facts."""


KEPT: Mapping[type[Revised], Kept] = {
    FactRow: Kept(FactRevision, FactRevision.fact_id, ()),
    EntityRow: Kept(EntityRevision, EntityRevision.entity_id, ("key", "name", "kind", "aliases")),
    RelationRow: Kept(
        RelationRevision,
        RelationRevision.relation_id,
        ("key", "ask", "ask_inverse", "say", "value_kind", "many"),
    ),
    SourceRow: Kept(
        SourceRevision,
        SourceRevision.source_id,
        ("key", "title", "author", "publisher", "url", "published", "licence", "text"),
    ),
}


def body_of(row: PartRow) -> dict[str, Any]:
    """Return what a revision of an entity, a relation or a source keeps of it."""
    return {name: getattr(row, name) for name in KEPT[type(row)].columns}


def add_revision(
    session: Session, row: Revised, body: Mapping[str, Any], user_id: int | None, now: int
) -> None:
    """Keep a flushed row as it is now, with who made it so and when."""
    kept = KEPT[type(row)]
    session.add(
        kept.table(
            **{kept.owner.key: row.id},
            revision=row.revision,
            user_id=user_id,
            changed_epoch_s=now,
            body=dict(body),
        )
    )


def change(session: Session, row: PartRow, user_id: int | None, now: int) -> None:
    """Raise the revision of a row that has just been changed, and keep it."""
    row.revision += 1
    session.flush()
    add_revision(session, row, body_of(row), user_id, now)
