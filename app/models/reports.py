"""What learners say of questions, and what curators made of it."""

from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, EpochS, Key, LongText, Name


class Report(Base):
    """A learner's report of a question as shown: one a question, so that a double click is one.

    The question and the answer themselves stay where they are, by the same token.
    """

    __tablename__ = "report"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "token"),
        CheckConstraint(
            "kind IN ('wrong', 'ambiguous', 'should_count', 'out_of_date')", name="kind_known"
        ),
        CheckConstraint(
            "status IN ('open', 'accepted', 'fixed', 'dismissed')", name="status_known"
        ),
        Index("ix_report_status_deck", "status", "deck_id", "reported_epoch_s"),
        Index("ix_report_fact", "fact_id", "question_type", "direction"),
    )

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    token: Mapped[str] = mapped_column(String(43))
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    fact_id: Mapped[int] = mapped_column(BigId, ForeignKey("fact.id", ondelete="CASCADE"))
    fact_revision: Mapped[int] = mapped_column(Integer)
    question_type: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    comment: Mapped[LongText] = mapped_column(default="")
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What stood in the form when it was reported before being answered."""
    status: Mapped[str] = mapped_column(String(10), default="open")
    reply: Mapped[LongText] = mapped_column(default="")
    reported_epoch_s: Mapped[EpochS]
    closed_epoch_s: Mapped[EpochS | None]
    closed_by_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("user.id", ondelete="SET NULL")
    )


class RemarkJob(Base):
    """An accepted answer whose earlier responses are marked anew, a learner a transaction."""

    __tablename__ = "remark_job"
    __table_args__ = (Index("ix_remark_job_finished", "finished_epoch_s"),)

    id: Mapped[Key]
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    fact_ids: Mapped[list[int]] = mapped_column(JSON)
    """The facts whose typed questions take the answer."""
    entity_key: Mapped[Name] = mapped_column(default="")
    """The entity that got the alias; empty for a text, which is told by its `text`."""
    text: Mapped[LongText] = mapped_column(default="")
    accepted: Mapped[LongText]
    after_user_id: Mapped[int] = mapped_column(BigId, default=0)
    """The last learner whose responses have been looked at."""
    learners: Mapped[int] = mapped_column(Integer, default=0)
    """How many learners gained something by it so far."""
    started_epoch_s: Mapped[EpochS]
    finished_epoch_s: Mapped[EpochS | None]
