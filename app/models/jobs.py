"""Work that no request waits for: files that are read or written aside, with how far that is."""

from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, EpochS, Json


class TransferJob(Base):
    """A file on its way in or out. `asked` is what is wanted of it; `done` of `total` steps are.

    `beat_epoch_s` is when its worker was last heard of, 0 while none has it. A job that is done
    with reading a file is gone: the pending import by its token takes its place.
    """

    __tablename__ = "transfer_job"
    __table_args__ = (
        CheckConstraint("kind IN ('import', 'export')", name="kind_known"),
        CheckConstraint(
            "state IN ('coming', 'waiting', 'working', 'done', 'failed')", name="state_known"
        ),
        Index("ix_transfer_job_state", "state", "created_epoch_s"),
    )

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    token: Mapped[str] = mapped_column(String(43), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    asked: Mapped[Json]
    problems: Mapped[list[Any]] = mapped_column(JSON, default=list)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    created_epoch_s: Mapped[EpochS]
    beat_epoch_s: Mapped[EpochS] = mapped_column(default=0)


class JobPart(Base):
    """A piece of a job's file, small enough to be written while others wait."""

    __tablename__ = "job_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["user_id", "token"],
            ["transfer_job.user_id", "transfer_job.token"],
            ondelete="CASCADE",
        ),
    )

    user_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token: Mapped[str] = mapped_column(String(43), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
