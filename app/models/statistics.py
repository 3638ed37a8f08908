"""What real answers say of questions: kept up to date from the review log, and rebuilt from it."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, Days, Json


def _fact_id() -> Mapped[int]:
    return mapped_column(BigId, ForeignKey("fact.id", ondelete="CASCADE"))


class CountedAnswer(Base):
    """A learner's first answer to an item, as it was counted: what has to be taken back first."""

    __tablename__ = "counted_answer"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "fact_id", "question_type", "direction"),
        Index("ix_counted_answer_fact", "fact_id", "user_id"),
        {"sqlite_with_rowid": False},
    )

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    fact_id: Mapped[int] = _fact_id()
    question_type: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(10))
    number: Mapped[int] = mapped_column(Integer)
    """The review's number in the learner's log."""
    credit: Mapped[int] = mapped_column(Integer)
    """In hundredths, as the rest."""
    rest: Mapped[int | None] = mapped_column(Integer)
    response_ms: Mapped[int] = mapped_column(Integer)


class ItemStatistic(Base):
    """The sums of an item (a fact asked by a type in a direction), and what follows from them."""

    __tablename__ = "item_statistic"
    __table_args__ = (
        PrimaryKeyConstraint("fact_id", "question_type", "direction"),
        CheckConstraint("answers >= 0", name="answers_not_negative"),
    )

    fact_id: Mapped[int] = _fact_id()
    question_type: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(10))
    answers: Mapped[int] = mapped_column(Integer, default=0)
    credit_sum: Mapped[int] = mapped_column(BigId, default=0)
    facility: Mapped[Days | None]
    discrimination: Mapped[Days | None]
    efficiency: Mapped[Days | None]
    median_ms: Mapped[int | None] = mapped_column(Integer)
    flags: Mapped[int] = mapped_column(Integer, default=0)
    body: Mapped[Json]
    """The other sums, as `core.statistics.ItemSums.dump` writes them. Last, since it is large: what
    stands before it is read without it."""


class ItemResponse(Base):
    """How often one option of an item was offered and picked, or one typed response given."""

    __tablename__ = "item_response"
    __table_args__ = (
        PrimaryKeyConstraint("fact_id", "question_type", "direction", "response_key", "is_key"),
        CheckConstraint("offered >= 0 AND picked >= 0", name="counts_not_negative"),
    )

    fact_id: Mapped[int] = _fact_id()
    question_type: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(10))
    response_key: Mapped[str] = mapped_column(String(80))
    """Empty for all that came after the first `core.statistics.MOST_RESPONSES` different ones."""
    is_key: Mapped[bool] = mapped_column(Boolean)
    label: Mapped[str] = mapped_column(String(120))
    offered: Mapped[int] = mapped_column(Integer, default=0)
    picked: Mapped[int] = mapped_column(Integer, default=0)
