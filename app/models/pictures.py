"""Pictures: small files of decks, known by what is in them, in the database like all else.

There a backup, a restore and a copy to another database have them without being told.
"""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId

NAME = 48
"""Characters of a name: hexadecimal figures of a SHA-256, a dot and an ending."""


class PictureFile:
    """What is stored of a picture; mixed in once per place where pictures lie."""

    name: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class PictureRow(PictureFile, Base):
    """A picture of a deck."""

    __tablename__ = "picture"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="has_size"),)

    deck_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True, sort_order=-1
    )


class PendingPicture(PictureFile, Base):
    """A picture of an upload that its owner is looking at."""

    __tablename__ = "pending_picture"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="has_size"),
        ForeignKeyConstraint(
            ["user_id", "token"],
            ["pending_import.user_id", "pending_import.token"],
            ondelete="CASCADE",
        ),
    )

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True, sort_order=-2)
    token: Mapped[str] = mapped_column(String(43), primary_key=True, sort_order=-1)
