"""A deck's latest changes, of whatever kind: who, when, what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.core.wording import fact_text
from app.models.content import EntityRow, FactRow, RelationRow, SourceRow
from app.models.people import User
from app.models.revisions import KEPT, Revised
from app.models.some_facts import facts_of_rows
from app.services.decks import deck_id_of
from app.services.revisions import WHO

MOST_SHOWN = 100
KINDS: dict[type[Revised], str] = {
    FactRow: "fact",
    EntityRow: "entity",
    RelationRow: "relation",
    SourceRow: "source",
}


@dataclass(frozen=True, slots=True)
class DeckChange:
    """One change of one thing in a deck."""

    kind: str
    id: int
    name: str
    revision: int
    changed_epoch_s: int
    by: str
    key: str


def deck_changes(session: Session, deck_key: str, limit: int = MOST_SHOWN) -> list[DeckChange]:
    """Return a deck's latest changes, newest first. Raises NotFound."""
    deck_id = deck_id_of(session, deck_key)
    found = [one for kind in KEPT for one in _changes(session, kind, deck_id, limit)]
    latest = sorted(found, key=lambda one: -one.changed_epoch_s)[:limit]
    facts = {one.id for one in latest if one.kind == KINDS[FactRow]}
    rows = session.scalars(select(FactRow).where(FactRow.id.in_(facts))).all()
    texts = {number: fact_text(fact) for number, fact in facts_of_rows(session, rows).items()}
    return [
        replace(one, name=texts[one.id]) if one.kind == KINDS[FactRow] else one for one in latest
    ]


def _changes(session: Session, kind: type[Revised], deck_id: int, limit: int) -> list[DeckChange]:
    kept = KEPT[kind]
    named: Mapping[type[Revised], Any] = {EntityRow: EntityRow.name, SourceRow: SourceRow.title}
    name: ColumnElement[str] = named.get(kind, kind.key)
    rows = session.execute(
        select(kind.id, name, kept.table.revision, kept.table.changed_epoch_s, WHO, kind.key)
        .join(kept.table, kept.owner == kind.id)
        .outerjoin(User, User.id == kept.table.user_id)
        .where(kind.deck_id == deck_id)
        .order_by(kept.table.changed_epoch_s.desc(), kept.table.id.desc())
        .limit(limit)
    )
    return [DeckChange(KINDS[kind], *row) for row in rows]
