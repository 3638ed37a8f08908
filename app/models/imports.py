"""What imports did, so that each can be undone."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, EpochS, Json, Key, Name


class ImportRecord(Base):
    """A file that was brought into a deck: what it touched, as that was before.

    `touched` maps each kind of thing to its keys: the body before (None for new ones) and a
    fingerprint of the body after, by which later edits are told. `learning` names the reviews and
    memory events that came along, of the one who imported.
    """

    __tablename__ = "import_record"
    __table_args__ = (
        CheckConstraint("new_facts >= 0 AND changed_facts >= 0", name="counts_not_negative"),
        Index("ix_import_record_deck", "deck_id", "id"),
    )

    id: Mapped[Key]
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user.id", ondelete="SET NULL"))
    file_name: Mapped[Name]
    format: Mapped[str] = mapped_column(String(20))
    new_facts: Mapped[int] = mapped_column(Integer)
    changed_facts: Mapped[int] = mapped_column(Integer)
    imported_epoch_s: Mapped[EpochS]
    undone_epoch_s: Mapped[EpochS | None]
    touched: Mapped[Json]
    learning: Mapped[Json] = mapped_column(JSON, default=dict)
