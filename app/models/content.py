"""What is learned: decks, sources, entities, relations, facts and their revisions."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    delete,
    event,
    insert,
    inspect,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, BigId, EpochS, Json, Key, LongText, Name


class DeckRow(Base):
    """A deck. `revision` grows with every change in it: what is kept of it goes by both numbers.

    No deck ever gets the number of a deleted one.
    """

    __tablename__ = "deck"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Key]
    key: Mapped[Name] = mapped_column(unique=True)
    title: Mapped[Name]
    description: Mapped[LongText] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(35), default="en")
    revision: Mapped[int] = mapped_column(Integer, default=1)


class DeckCurator(Base):
    """Who edits a deck, besides the admins."""

    __tablename__ = "deck_curator"
    __table_args__ = (Index("ix_deck_curator_deck", "deck_id"),)

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    deck_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True
    )


class SourceRow(Base):
    """An article."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("deck_id", "key"),)

    id: Mapped[Key]
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    key: Mapped[Name]
    position: Mapped[int] = mapped_column(Integer, default=0)
    title: Mapped[LongText]
    publisher: Mapped[LongText] = mapped_column(default="")
    url: Mapped[LongText] = mapped_column(default="")
    published: Mapped[str] = mapped_column(String(10), default="")
    licence: Mapped[LongText] = mapped_column(default="")
    text: Mapped[LongText]
    revision: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    author: Mapped[LongText] = mapped_column(default="", server_default="")


class EntityRow(Base):
    """A named thing."""

    __tablename__ = "entity"
    __table_args__ = (UniqueConstraint("deck_id", "key"),)

    id: Mapped[Key]
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    key: Mapped[Name]
    position: Mapped[int] = mapped_column(Integer, default=0)
    name: Mapped[LongText]
    kind: Mapped[LongText] = mapped_column(default="")
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(Integer, default=1, server_default="1")


class RelationRow(Base):
    """How subjects and values belong together, with wording templates."""

    __tablename__ = "relation"
    __table_args__ = (UniqueConstraint("deck_id", "key"),)

    id: Mapped[Key]
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    key: Mapped[Name]
    position: Mapped[int] = mapped_column(Integer, default=0)
    ask: Mapped[LongText] = mapped_column(default="")
    ask_inverse: Mapped[LongText] = mapped_column(default="")
    say: Mapped[LongText] = mapped_column(default="")
    value_kind: Mapped[str] = mapped_column(String(20), default="")
    many: Mapped[bool] = mapped_column(Boolean, default=False)
    revision: Mapped[int] = mapped_column(Integer, default=1, server_default="1")


class FactRow(Base):
    """A fact. `value` is in the deck file's notation; `revision` guards against lost edits."""

    __tablename__ = "fact"
    __table_args__ = (
        UniqueConstraint("deck_id", "key"),
        CheckConstraint("status IN ('draft', 'published', 'retired')", name="status_known"),
        CheckConstraint(
            "stance IN ('stated', 'reported', 'claimed', 'disputed')", name="stance_known"
        ),
        CheckConstraint(
            "according_to_entity_id IS NULL OR according_to_text = ''", name="one_attribution"
        ),
        Index("ix_fact_deck_status", "deck_id", "status", "position"),
        Index("ix_fact_superseded_by", "superseded_by_id"),
        Index("ix_fact_id_deck", "id", "deck_id", unique=True),
        Index(
            "ix_fact_unasked",
            "id",
            sqlite_where=text("status <> 'published'"),
            postgresql_where=text("status <> 'published'"),
        ),
    )

    id: Mapped[Key]
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    key: Mapped[Name]
    position: Mapped[int] = mapped_column(Integer, default=0)
    subject_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("entity.id"))
    relation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("relation.id"))
    value: Mapped[Json]
    stance: Mapped[str] = mapped_column(String(20), default="stated")
    according_to_entity_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("entity.id"))
    according_to_text: Mapped[LongText] = mapped_column(default="")
    as_of: Mapped[str] = mapped_column(String(16), default="")
    source_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("source.id"))
    quote: Mapped[LongText] = mapped_column(default="")
    status: Mapped[str] = mapped_column(String(20), default="draft")
    ask: Mapped[LongText] = mapped_column(default="")
    ask_inverse: Mapped[LongText] = mapped_column(default="")
    say: Mapped[LongText] = mapped_column(default="")
    note: Mapped[LongText] = mapped_column(default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    superseded_by_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("fact.id", ondelete="SET NULL")
    )
    """The fact that took this retired one's place."""
    pictures: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    """Names of `picture`, each with its side and its text in words."""

    subject: Mapped[EntityRow | None] = relationship(foreign_keys=[subject_id])
    relation: Mapped[RelationRow | None] = relationship()
    according_to_entity: Mapped[EntityRow | None] = relationship(
        foreign_keys=[according_to_entity_id]
    )
    source: Mapped[SourceRow | None] = relationship()


LONGEST_TAG = 100
"""Tags are found by so many of their characters."""


class FactTag(Base):
    """A tag of a fact, so that the facts of a tag are found without looking at all others.

    The fact's own list is what counts: these rows follow it.
    """

    __tablename__ = "fact_tag"
    __table_args__ = (
        PrimaryKeyConstraint("tag", "fact_id"),
        Index("ix_fact_tag_fact", "fact_id", "tag"),
        {"sqlite_with_rowid": False},
    )

    tag: Mapped[str] = mapped_column(String(LONGEST_TAG))
    fact_id: Mapped[int] = mapped_column(BigId, ForeignKey("fact.id", ondelete="CASCADE"))


def tag_rows(fact_id: int, tags: Iterable[str]) -> list[dict[str, Any]]:
    """Return what `fact_tag` holds of a fact."""
    return [{"fact_id": fact_id, "tag": tag} for tag in sorted({tag[:LONGEST_TAG] for tag in tags})]


@event.listens_for(FactRow, "after_insert")
@event.listens_for(FactRow, "after_update")
def _keep_tags(_: object, connection: Connection, row: FactRow) -> None:
    """Let the rows of a fact's tags follow, whoever has changed it."""
    if not inspect(row).attrs.tags.history.has_changes():
        return
    connection.execute(delete(FactTag).where(FactTag.fact_id == row.id))
    if row.tags:
        connection.execute(insert(FactTag), tag_rows(row.id, row.tags))


class Revision:
    """A thing as it was after one change: who, when, what. Mixed in once per kind of thing.

    Each table adds `<thing>_id`, under which `revision` is unique.
    """

    id: Mapped[Key] = mapped_column(sort_order=-2)
    revision: Mapped[int] = mapped_column(Integer)
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user.id", ondelete="SET NULL"))
    changed_epoch_s: Mapped[EpochS]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class FactRevision(Revision, Base):
    """A fact after one change."""

    __tablename__ = "fact_revision"
    __table_args__ = (UniqueConstraint("fact_id", "revision"),)

    fact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("fact.id", ondelete="CASCADE"), sort_order=-1
    )


class EntityRevision(Revision, Base):
    """An entity after one change."""

    __tablename__ = "entity_revision"
    __table_args__ = (UniqueConstraint("entity_id", "revision"),)

    entity_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("entity.id", ondelete="CASCADE"), sort_order=-1
    )


class RelationRevision(Revision, Base):
    """A relation after one change."""

    __tablename__ = "relation_revision"
    __table_args__ = (UniqueConstraint("relation_id", "revision"),)

    relation_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("relation.id", ondelete="CASCADE"), sort_order=-1
    )


class SourceRevision(Revision, Base):
    """An article after one change."""

    __tablename__ = "source_revision"
    __table_args__ = (UniqueConstraint("source_id", "revision"),)

    source_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("source.id", ondelete="CASCADE"), sort_order=-1
    )


class FactCorrection(Base):
    """A change of a fact's right answer, in words. Append-only."""

    __tablename__ = "fact_correction"
    __table_args__ = (UniqueConstraint("fact_id", "revision"),)

    id: Mapped[Key]
    fact_id: Mapped[int] = mapped_column(BigId, ForeignKey("fact.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(Integer)
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user.id", ondelete="SET NULL"))
    corrected_epoch_s: Mapped[EpochS]
    old: Mapped[LongText]
    new: Mapped[LongText]
