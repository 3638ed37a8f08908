"""Rows that refer to what is not there: found by the tables' own foreign keys, and mended.

The logs are never cut: what a review, an amendment or a memory event needs is made anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Table,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.models.base import Base
from app.models.content import DeckRow, FactRevision, FactRow
from app.models.learning import LearningSession, MemoryEvent, Review, ReviewAmendment
from app.models.people import User

LOGS = {one.__tablename__ for one in (Review, ReviewAmendment, MemoryEvent)}
LOST = {"kind": "text", "text": "(lost)"}


@dataclass(frozen=True, slots=True)
class _Reference:
    """A column that refers to another table."""

    table: Table
    column: Column[object]
    key: ForeignKey

    @property
    def broken(self) -> ColumnElement[bool]:
        """The condition that a row refers to nothing."""
        target = self.key.column.table.alias()
        there = exists().where(target.c[self.key.column.name] == self.column)
        return self.column.is_not(None) & ~there.correlate(self.table)


def _references() -> Iterator[_Reference]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                yield _Reference(table, column, key)


def found(session: Session) -> list[str]:
    """Return what refers to nothing, a sentence for each column."""
    told = []
    for one in _references():
        count = session.scalar(select(func.count()).select_from(one.table).where(one.broken))
        if count:
            told.append(
                f"{one.table.name}: {count} rows refer by {one.column.name} to a row of "
                f"{one.key.column.table.name} that is not there."
            )
    return told


def mend(session: Session) -> list[str]:
    """Make anew what the logs need and remove other orphans. Inside a writing transaction."""
    done = _lost_decks(session) + _lost_learners(session) + _lost_facts(session)
    # Tables are in the order of their references, so what is removed here orphans later ones.
    for one in _references():
        if one.table.name in LOGS:
            continue
        if one.key.ondelete == "CASCADE" or not one.column.nullable:
            gone = session.execute(delete(one.table).where(one.broken))
            what = "removed"
        else:
            gone = session.execute(
                update(one.table).where(one.broken).values({one.column.name: None})
            )
            what = "freed from what they referred to"
        if gone.rowcount:  # type: ignore[attr-defined]  # a cursor's result
            done.append(f"{one.table.name}: {gone.rowcount} rows {what}.")  # type: ignore[attr-defined]  # as above
    return done


def _needed(session: Session, name: str) -> list[int]:
    """Return the ids that the logs name in a column and that are not there."""
    ids: set[int] = set()
    for one in _references():
        if one.table.name in LOGS and one.column.name == name:
            ids.update(session.scalars(select(one.column).where(one.broken).distinct()))
    return sorted(ids)


def _lost_decks(session: Session) -> list[str]:
    """Make decks for facts whose deck is gone: what was learned of them is in the logs."""
    done = []
    broken = next(one for one in _references() if one.column is FactRow.__table__.c.deck_id).broken
    for deck_id in session.scalars(select(FactRow.deck_id).where(broken).distinct()).all():
        lost = {"id": deck_id, "key": f"lost-{deck_id}", "title": f"Lost deck {deck_id}"}
        session.execute(insert(DeckRow).values(**lost))
        done.append(f"deck {deck_id}: was lost; made anew, so that its facts stand.")
    return done


def _lost_learners(session: Session) -> list[str]:
    """Make guests for logs whose learner is gone: nobody can sign in as one."""
    done = []
    for user_id in _needed(session, "user_id"):
        lost = {"id": user_id, "fs_uniquifier": f"lost-{user_id}", "active": False}
        began = select(func.min(Review.reviewed_epoch_s)).where(Review.user_id == user_id)
        session.execute(insert(User).values(**lost, created_epoch_s=session.scalar(began) or 0))
        done.append(f"learner {user_id}: was lost; made anew as a guest, so that the log stands.")
    return done


def _lost_facts(session: Session) -> list[str]:
    """Make retired facts for logs whose fact is gone, from the last revision where there is one."""
    done = []
    for fact_id in _needed(session, "fact_id"):
        kept = session.scalar(
            select(FactRevision.body)
            .where(FactRevision.fact_id == fact_id)
            .order_by(FactRevision.revision.desc())
            .limit(1)
        )
        body = kept or {}
        row = {
            "id": fact_id,
            "deck_id": _deck_of(session, fact_id),
            "key": f"lost-{fact_id}",
            "value": body.get("value") or LOST,
            "ask": body.get("ask") or "(This fact was lost.)",
            "say": body.get("say") or "",
            "note": body.get("note") or "",
            "status": "retired",
        }
        session.execute(insert(FactRow).values(**row))
        done.append(f"fact {fact_id}: was lost; made anew, retired, so that the logs stand.")
    return done


def _deck_of(session: Session, fact_id: int) -> int | None:
    """Return the deck in which a fact was asked, else the oldest."""
    asked = session.scalar(
        select(LearningSession.deck_id)
        .join(Review, Review.session_token == LearningSession.token)
        .join(DeckRow, DeckRow.id == LearningSession.deck_id)
        .where(Review.user_id == LearningSession.user_id, Review.fact_id == fact_id)
        .limit(1)
    )
    return asked or session.scalar(select(func.min(DeckRow.id)))
