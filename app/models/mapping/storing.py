"""A whole deck to rows: what is new or changed, with its revisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core.advancing import Steps
from app.core.facts import Deck, Fact, Relation, Source
from app.core.values import Entity
from app.models.content import (
    DeckRow,
    EntityRow,
    FactRevision,
    FactRow,
    FactTag,
    RelationRow,
    SourceRow,
    tag_rows,
)
from app.models.driving import written_all
from app.models.mapping.bodies import fact_body
from app.models.mapping.columns import (
    DeckKeys,
    fact_columns,
    ids_of,
    load_keys,
    part_columns,
    set_columns,
)
from app.models.mapping.loading import Part, rows_of
from app.models.revisions import add_revision, body_of


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many facts of a file were new, changed, or as they were."""

    new: int
    changed: int
    unchanged: int


def store_deck(
    session: Session, deck: Deck, by: tuple[int | None, int], steps: Steps
) -> ImportReport:
    """Create the deck or bring it up to the file; its facts that the file lacks stay.

    Belongs inside `writing`; `by` is who does it, and when; `steps` counts the facts. A revision
    is written of everything that is new or changed.
    """
    row, changed = _store_head(session, deck)
    changed |= _store_parts(session, row.id, EntityRow, _columns(deck.entities), by)
    changed |= _store_parts(session, row.id, RelationRow, _columns(deck.relations), by)
    changed |= _store_parts(session, row.id, SourceRow, _columns(deck.sources), by)
    report = _store_facts(session, row.id, deck.facts, by, steps)
    if changed or report.new or report.changed:
        row.revision += 1
    session.flush()
    return report


def _store_head(session: Session, deck: Deck) -> tuple[DeckRow, bool]:
    row = session.scalar(select(DeckRow).where(DeckRow.key == deck.key).with_for_update())
    head = {"title": deck.title, "description": deck.description, "language": deck.language}
    if row is not None:
        return row, set_columns(row, head)
    row = DeckRow(key=deck.key, revision=0, **head)
    session.add(row)
    session.flush()
    return row, True


def _columns(items: Sequence[Entity | Relation | Source]) -> dict[str, dict[str, Any]]:
    """Return what is stored of a deck's parts, by key, in file order."""
    return {item.key: part_columns(item) for item in items}


def _store_parts(
    session: Session,
    deck_id: int,
    part: type[Part],
    wanted: Mapping[str, dict[str, Any]],
    by: tuple[int | None, int],
) -> bool:
    present = {row.key: row for row in rows_of(session, part, deck_id)}
    moved, touched = False, []
    for position, (key, values) in enumerate(wanted.items()):
        row = present.get(key)
        if row is None:
            row = part(deck_id=deck_id, key=key, position=position, **values)
            session.add(row)
            touched.append(row)
            continue
        moved |= set_columns(row, {"position": position})
        if set_columns(row, values):
            touched.append(row)
            row.revision += 1
    session.flush()
    for row in touched:
        add_revision(session, row, body_of(row), *by)
    return moved or bool(touched)


def _store_facts(
    session: Session,
    deck_id: int,
    facts: Sequence[Fact],
    by: tuple[int | None, int],
    steps: Steps,
) -> ImportReport:
    keys = load_keys(session, deck_id)
    rows = session.scalars(select(FactRow).where(FactRow.deck_id == deck_id))
    present = {row.key: row for row in rows}
    touched: list[tuple[FactRow, Fact]] = []
    new: list[tuple[int, Fact]] = []
    for position, fact in enumerate(facts):
        row = present.get(fact.key)
        if row is None:
            new.append((position, fact))
            continue
        row.position = position
        if set_columns(row, fact_columns(fact, keys)):
            row.revision += 1
            touched.append((row, fact))
    session.flush()
    for row, fact in touched:
        add_revision(session, row, fact_body(fact), *by)
    steps.add(len(facts) - len(new))
    _add_facts(session, deck_id, new, keys, by, steps)
    return ImportReport(len(new), len(touched), len(facts) - len(new) - len(touched))


def _add_facts(
    session: Session,
    deck_id: int,
    new: Sequence[tuple[int, Fact]],
    keys: DeckKeys,
    by: tuple[int | None, int],
    steps: Steps,
) -> None:
    """Insert new facts with their first revisions, as plain rows that are made as they go."""
    if not new:
        return
    session.flush()
    connection = session.connection()
    place = {"deck_id": deck_id, "revision": 1}
    rows = (
        place | {"key": fact.key, "position": at} | fact_columns(fact, keys) for at, fact in new
    )
    written_all(connection, _NEW_FACT, rows, steps.add)
    ids = {row.key: row.id for row in session.execute(ids_of(FactRow, deck_id))}
    written_all(
        connection,
        _NEW_TAG,
        (row for _, fact in new for row in tag_rows(ids[fact.key], fact.tags)),
    )
    user_id, now = by
    first = {"revision": 1, "user_id": user_id, "changed_epoch_s": now}
    written_all(
        connection,
        _FIRST_REVISION,
        (first | {"fact_id": ids[fact.key], "body": fact_body(fact)} for _, fact in new),
    )


_NEW_FACT, _NEW_TAG, _FIRST_REVISION = (
    insert(table).inline() for table in (FactRow, FactTag, FactRevision)
)
