"""Quizzes that people share by a link, who takes part, and the sites that may embed them."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, EpochS, Key, Name


class SharedQuiz(Base):
    """A quiz with the same questions for everybody who knows its address.

    The address holds a secret of 256 bits; only its SHA-256 is stored. `questions` are frozen as
    they were drawn, in order: {"fact": its id, "revision": of that fact, "body": the question}.
    """

    __tablename__ = "shared_quiz"
    __table_args__ = (
        Index("ix_shared_quiz_user", "user_id"),
        Index("ix_shared_quiz_deck", "deck_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    """Whose it is."""
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[Name]
    questions: Mapped[list[Any]] = mapped_column(JSON)
    created_epoch_s: Mapped[EpochS]
    closes_epoch_s: Mapped[EpochS]
    """Answers given later are not compared; its owner may bring this forward to now."""


class QuizEntry(Base):
    """A learner who takes part in a shared quiz, by the name that the others see."""

    __tablename__ = "quiz_entry"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "shared_quiz_id"),
        Index("ix_quiz_entry_shared_quiz", "shared_quiz_id"),
    )

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    shared_quiz_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("shared_quiz.id", ondelete="CASCADE")
    )
    session_token: Mapped[str] = mapped_column(String(43))
    """The learner's quiz session, in which the answers are."""
    name: Mapped[Name]
    joined_epoch_s: Mapped[EpochS]
    removed_epoch_s: Mapped[EpochS | None]


class EmbedOrigin(Base):
    """A site whose pages may show a deck's shared quizzes: "https://school.example"."""

    __tablename__ = "embed_origin"
    __table_args__ = (PrimaryKeyConstraint("deck_id", "origin"),)

    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    origin: Mapped[str] = mapped_column(String(200))
