"""What curators leave behind while they work through an article."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, EpochS, Json, Key, LongText, Name

FINGERPRINT = 64
"""Hexadecimal figures of a SHA-256."""


class DismissedSentence(Base):
    """A sentence of a source that is no fact, for all its curators; known by its fingerprint."""

    __tablename__ = "dismissed_sentence"
    __table_args__ = (UniqueConstraint("source_id", "fingerprint"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(BigId, ForeignKey("source.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user.id", ondelete="SET NULL"))
    dismissed_epoch_s: Mapped[EpochS]


class PendingImport(Base):
    """An uploaded file that its owner is looking at before it is imported.

    `body` is the deck as it will be stored, in the deck file's notation as JSON; `deck_revision`
    is that of the deck when it was compared, 0 where there was none.
    """

    __tablename__ = "pending_import"
    __table_args__ = (PrimaryKeyConstraint("user_id", "token"),)

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    token: Mapped[str] = mapped_column(String(43))
    deck_key: Mapped[Name]
    deck_revision: Mapped[int] = mapped_column(Integer)
    file_name: Mapped[Name]
    encoding: Mapped[str] = mapped_column(String(40))
    body: Mapped[LongText]
    created_epoch_s: Mapped[EpochS]
    format: Mapped[str] = mapped_column(String(20), default="", server_default="")
    refused: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    """What of the file is left out, a sentence each."""
    package: Mapped[LongText] = mapped_column(default="", server_default="")
    """An Anki package as it was read, as JSON: mapped to facts anew at each choice."""
    mapping: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    """What becomes of each of its note types."""
    learning: Mapped[LongText] = mapped_column(default="", server_default="")
    """Reviews and memories that come along, as JSON; none where they are not wanted."""
