"""What curators leave behind while they work through an article."""

from sqlalchemy import ForeignKey, Integer, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, EpochS, Key, LongText, Name

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
