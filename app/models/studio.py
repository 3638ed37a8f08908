"""What curators leave behind while they work through an article."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, EpochS, Key

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
