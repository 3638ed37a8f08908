"""What learners do. Every table leads with `user_id`, so that it can be spread by learner."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, Days, EpochS, Json, LongText

ACTIVE, SUSPENDED = 0, 1
"""The states of a memory."""


def _user_id() -> Mapped[int]:
    return mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))


class LearningSession(Base):
    """A quiz or study session.

    `plan` holds fact ids: a quiz asks them in that order, a study session with one no others.
    """

    __tablename__ = "learning_session"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "token"),
        CheckConstraint("kind IN ('quiz', 'study')", name="kind_known"),
        Index("ix_learning_session_user_started", "user_id", "started_epoch_s"),
    )

    user_id: Mapped[int] = _user_id()
    token: Mapped[str] = mapped_column(String(43))
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    plan: Mapped[list[Any]] = mapped_column(JSON, default=list)
    seed: Mapped[int] = mapped_column(BigId)
    started_epoch_s: Mapped[EpochS]
    finished_epoch_s: Mapped[EpochS | None]
    ahead_days: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    """A study session that goes ahead also asks what is due within so many days."""
    is_offline: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    """Its questions lie on a device and may be answered there without a network."""


class ShownQuestion(Base):
    """A question as it was shown, kept until and after it is answered: marking goes by it."""

    __tablename__ = "shown_question"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "token"),
        UniqueConstraint("user_id", "session_token", "position"),
    )

    user_id: Mapped[int] = _user_id()
    token: Mapped[str] = mapped_column(String(43))
    session_token: Mapped[str] = mapped_column(String(43))
    position: Mapped[int] = mapped_column(Integer)
    fact_id: Mapped[int] = mapped_column(BigId, ForeignKey("fact.id", ondelete="CASCADE"))
    fact_revision: Mapped[int] = mapped_column(Integer)
    body: Mapped[Json]
    shown_epoch_s: Mapped[EpochS]
    answered_epoch_s: Mapped[EpochS | None]


class Review(Base):
    """One logged rating: append-only. Memory, score and daily totals are functions of these."""

    __tablename__ = "review"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "number"),
        UniqueConstraint("user_id", "token"),
        CheckConstraint("credit BETWEEN 0 AND 1", name="credit_range"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating_range"),
        Index("ix_review_user_reviewed", "user_id", "reviewed_epoch_s"),
        Index("ix_review_user_fact", "user_id", "fact_id", "number"),
    )

    user_id: Mapped[int] = _user_id()
    number: Mapped[int] = mapped_column(Integer)
    """Counts the learner's reviews from 1: the order of the log, whatever the clock did."""
    token: Mapped[str] = mapped_column(String(43))
    """The shown question's token: an answer sent twice is counted once."""
    session_token: Mapped[str] = mapped_column(String(43))
    moves_memory: Mapped[bool] = mapped_column(Boolean)
    """True in study sessions, false in quiz sessions."""
    fact_id: Mapped[int] = mapped_column(BigId, ForeignKey("fact.id", ondelete="CASCADE"))
    question_type: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(10))
    response: Mapped[Json]
    credit: Mapped[Days]
    verdict: Mapped[str] = mapped_column(String(12))
    why: Mapped[LongText]
    rating: Mapped[int] = mapped_column(Integer)
    points: Mapped[int] = mapped_column(Integer)
    """Points times ten."""
    reviewed_epoch_s: Mapped[EpochS]
    study_day: Mapped[int] = mapped_column(Integer)
    """The learner's day (proleptic ordinal, turning at 04:00 local time)."""
    response_ms: Mapped[int] = mapped_column(Integer)
    stability_days: Mapped[Days | None]
    """Memory after this review, for the learner's story; the log itself decides."""
    difficulty: Mapped[Days | None]
    due_epoch_s: Mapped[EpochS | None]
    predicted: Mapped[Days | None]
    """Recall as predicted just before the answer, 0-1, by the parameters in use then; none for
    the first answer, for a second one on a day, and in a quiz."""
    behind_review: Mapped[int | None] = mapped_column(Integer)
    """For an answer that arrived late: the review of its fact behind which it was given, 0 for none
    (`behind_change`: the amendment or memory event). The replay goes by that, not by the number."""
    behind_change: Mapped[int | None] = mapped_column(Integer)
    retold_due_epoch_s: Mapped[EpochS | None]
    """When the fact is due now that this answer has come late, if that is another time."""


class Memory(Base):
    """What a learner knows of a fact; no row for a fact never studied."""

    __tablename__ = "memory"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "fact_id"),
        CheckConstraint("stability_days > 0", name="stability_positive"),
        CheckConstraint("difficulty BETWEEN 1 AND 10", name="difficulty_range"),
        ForeignKeyConstraint(
            ["fact_id", "deck_id"],
            ["fact.id", "fact.deck_id"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        Index("ix_memory_user_due", "user_id", "due_epoch_s", "state"),
        Index("ix_memory_user_deck_due", "user_id", "deck_id", "due_epoch_s", "state"),
        Index("ix_memory_user_stability", "user_id", "stability_days"),
        Index("ix_memory_user_lapses", "user_id", "lapses"),
        Index("ix_memory_fact", "fact_id"),
        # Sums, so that SQLite need not ask whether a parameter of other statements fits: it would
        # plan them anew each time.
        Index(
            "ix_memory_user_suspended",
            "user_id",
            "due_epoch_s",
            "state",
            sqlite_where=text("state + 0 = 1"),
            postgresql_where=text("state + 0 = 1"),
        ),
        Index(
            "ix_memory_user_mature",
            "user_id",
            "due_epoch_s",
            "state",
            sqlite_where=text("stability_days + 0 >= 21"),
            postgresql_where=text("stability_days + 0 >= 21"),
        ),
        {"sqlite_with_rowid": False},
    )

    user_id: Mapped[int] = _user_id()
    fact_id: Mapped[int] = mapped_column(BigId)
    stability_days: Mapped[Days]
    difficulty: Mapped[Days]
    last_review_epoch_s: Mapped[EpochS]
    due_epoch_s: Mapped[EpochS]
    reviews: Mapped[int] = mapped_column(Integer)
    lapses: Mapped[int] = mapped_column(Integer)
    last_type: Mapped[str] = mapped_column(String(20))
    first_study_day: Mapped[int] = mapped_column(Integer)
    last_study_day: Mapped[int] = mapped_column(Integer)
    """The day of the last review or correction, where the learner was then: moving zones changes
    no past day."""
    state: Mapped[int] = mapped_column(Integer, default=ACTIVE, server_default=text("0"))
    """ACTIVE or SUSPENDED."""
    deck_id: Mapped[int] = mapped_column(BigId)
    """The fact's deck, so that an index has what is due in one deck, however much is due in others.
    The foreign key lets it follow a fact that moves."""


class Notice(Base):
    """Something that a learner is told once: a correction, a reply, an answer marked anew."""

    __tablename__ = "notice"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "number"),
        Index("ix_notice_user_seen", "user_id", "seen_epoch_s"),
        Index("ix_notice_user_fact", "user_id", "fact_id"),
    )

    user_id: Mapped[int] = _user_id()
    number: Mapped[int] = mapped_column(Integer)
    """Counts the learner's notices from 1."""
    kind: Mapped[str] = mapped_column(String(20))
    fact_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("fact.id", ondelete="SET NULL"))
    body: Mapped[Json]
    created_epoch_s: Mapped[EpochS]
    seen_epoch_s: Mapped[EpochS | None]
    asked_epoch_s: Mapped[EpochS | None]
    """When it was told above a question of its fact; the news page does not count."""


class DailyTotal(Base):
    """A learner's day in numbers, kept in the answer's transaction."""

    __tablename__ = "daily_total"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "study_day"),
        {"sqlite_with_rowid": False},
    )

    user_id: Mapped[int] = _user_id()
    study_day: Mapped[int] = mapped_column(Integer)
    reviews: Mapped[int] = mapped_column(Integer)
    correct: Mapped[int] = mapped_column(Integer)
    new_facts: Mapped[int] = mapped_column(Integer)
    points: Mapped[int] = mapped_column(Integer)
    response_ms: Mapped[int] = mapped_column(BigId)
    due_facts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    """Facts learned on an earlier day and studied again on this one: the limit counts these."""
    passed: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    """Of those, recalled at once."""
    mature: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    mature_passed: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))


class ReminderSettings(Base):
    """What a learner wants to hear: a goal, a digest by e-mail, a calendar; no row means nothing.

    Of the calendar's secret address only the SHA-256 is kept.
    """

    __tablename__ = "reminder_settings"
    __table_args__ = (
        PrimaryKeyConstraint("user_id"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_range"),
        CheckConstraint("goal BETWEEN 0 AND 1000", name="goal_range"),
        Index(
            "ix_reminder_settings_wanted",
            "user_id",
            sqlite_where=text("wants_digest"),
            postgresql_where=text("wants_digest"),
        ),
    )

    user_id: Mapped[int] = _user_id()
    wants_digest: Mapped[bool] = mapped_column(Boolean, default=False)
    hour: Mapped[int] = mapped_column(Integer, default=8)
    """On the learner's own wall clock."""
    goal: Mapped[int] = mapped_column(Integer, default=0)
    """Answers a day; 0 is no goal."""
    sent_date: Mapped[int] = mapped_column(Integer, default=0)
    """The last date with a digest, as a proleptic ordinal."""
    feed_sha256: Mapped[str | None] = mapped_column(String(64))


class ReviewAmendment(Base):
    """What became of a review afterwards: append-only, and the latest one counts.

    It repeats what a review says, so that the amended review can be read without the rule that
    amended it. `change` counts the learner's amendments and memory events together.
    """

    __tablename__ = "review_amendment"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "number", "change"),
        CheckConstraint(
            "kind IN ('undone', 'i_was_right', 'i_guessed', 'remarked', 'as_marked')",
            name="kind_known",
        ),
        CheckConstraint("credit BETWEEN 0 AND 1", name="credit_range"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating_range"),
    )

    user_id: Mapped[int] = _user_id()
    number: Mapped[int] = mapped_column(Integer)
    """The review's number."""
    change: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(12))
    credit: Mapped[Days]
    verdict: Mapped[str] = mapped_column(String(12))
    why: Mapped[LongText]
    rating: Mapped[int] = mapped_column(Integer)
    points: Mapped[int] = mapped_column(Integer)
    """Points times ten, if the fact has not earned any that day."""
    due_epoch_s: Mapped[EpochS | None]
    """When the fact is due after this amendment."""
    after_review: Mapped[int] = mapped_column(Integer)
    """How many reviews the log had then: its place in the story."""
    amended_epoch_s: Mapped[EpochS]


class MemoryEvent(Base):
    """A change to a fact's memory that is no answer: append-only, replayed with the reviews."""

    __tablename__ = "memory_event"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "change"),
        CheckConstraint(
            "kind IN ('buried', 'suspended', 'resumed', 'reset', 'known', 'moved', 'corrected',"
            " 'imported')",
            name="kind_known",
        ),
        Index("ix_memory_event_user_fact", "user_id", "fact_id", "change"),
        Index(
            "ix_memory_event_leech",
            "fact_id",
            sqlite_where=text("cause IS NOT NULL"),
            postgresql_where=text("cause IS NOT NULL"),
        ),
    )

    user_id: Mapped[int] = _user_id()
    change: Mapped[int] = mapped_column(Integer)
    fact_id: Mapped[int] = mapped_column(BigId, ForeignKey("fact.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    cause: Mapped[int | None] = mapped_column(Integer)
    """The review that brought it about, for a leech: undone with it."""
    due_epoch_s: Mapped[EpochS | None]
    stability_days: Mapped[Days | None]
    after_review: Mapped[int] = mapped_column(Integer)
    at_epoch_s: Mapped[EpochS]
    study_day: Mapped[int] = mapped_column(Integer)
    difficulty: Mapped[Days | None]
    """With a memory that came from another program."""


class HeldFact(Base):
    """A fact not studied yet that is not to be asked, before an instant or (None) at all."""

    __tablename__ = "held_fact"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "fact_id"),
        {"sqlite_with_rowid": False},
    )

    user_id: Mapped[int] = _user_id()
    fact_id: Mapped[int] = mapped_column(BigId, ForeignKey("fact.id", ondelete="CASCADE"))
    until_epoch_s: Mapped[EpochS | None]


class StudySettings(Base):
    """How a learner wants to study; no row means the defaults."""

    __tablename__ = "study_settings"
    __table_args__ = (
        PrimaryKeyConstraint("user_id"),
        CheckConstraint("reviews_per_day BETWEEN 0 AND 10000", name="reviews_per_day_range"),
        CheckConstraint("maximum_interval_days BETWEEN 1 AND 36500", name="interval_range"),
        CheckConstraint("new_order IN ('deck', 'mixed')", name="new_order_known"),
        CheckConstraint("leech_lapses BETWEEN 1 AND 100", name="leech_lapses_range"),
    )

    user_id: Mapped[int] = _user_id()
    reviews_per_day: Mapped[int] = mapped_column(Integer, default=200)
    maximum_interval_days: Mapped[int] = mapped_column(Integer, default=36_500)
    new_order: Mapped[str] = mapped_column(String(10), default="deck")
    weekday_loads: Mapped[list[Any]] = mapped_column(JSON, default=lambda: [100] * 7)
    """Percent of the usual number of reviews, Monday first."""
    leech_lapses: Mapped[int] = mapped_column(Integer, default=8)
    leech_suspends: Mapped[bool] = mapped_column(Boolean, default=True)
    fits_by_itself: Mapped[bool] = mapped_column(Boolean, default=True)
    wants_fit: Mapped[bool] = mapped_column(Boolean, default=False)
    wants_suggestion: Mapped[bool] = mapped_column(Boolean, default=False)
    suggested_retention: Mapped[Days | None]
    paused_epoch_s: Mapped[EpochS | None]


class DeckSettings(Base):
    """What a learner wants otherwise in one deck."""

    __tablename__ = "deck_settings"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "deck_id"),
        CheckConstraint("desired_retention BETWEEN 0.7 AND 0.97", name="desired_retention_range"),
    )

    user_id: Mapped[int] = _user_id()
    deck_id: Mapped[int] = mapped_column(BigId, ForeignKey("deck.id", ondelete="CASCADE"))
    desired_retention: Mapped[Days | None]
    target_day: Mapped[int | None] = mapped_column(Integer)
    """The day of an exam, as a proleptic ordinal: recall is raised towards it."""


class LearnerParameters(Base):
    """A learner's FSRS parameters as they were fitted: the newest kept ones are in use."""

    __tablename__ = "learner_parameters"
    __table_args__ = (PrimaryKeyConstraint("user_id", "number"),)

    user_id: Mapped[int] = _user_id()
    number: Mapped[int] = mapped_column(Integer)
    parameters: Mapped[list[Any]] = mapped_column(JSON)
    kept: Mapped[bool] = mapped_column(Boolean)
    reviews: Mapped[int] = mapped_column(Integer)
    """How long the learner's log was then."""
    held_out: Mapped[int] = mapped_column(Integer)
    """How many of the newest predictions they were tried on."""
    log_loss_before: Mapped[Days | None]
    log_loss_after: Mapped[Days | None]
    fitted_epoch_s: Mapped[EpochS]
