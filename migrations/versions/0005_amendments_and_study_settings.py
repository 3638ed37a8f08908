"""Amendments and memory events; settings and parameters of study"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deck_settings",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deck_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("desired_retention", sa.Double(), nullable=True),
        sa.Column("target_day", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "desired_retention BETWEEN 0.7 AND 0.97",
            name=op.f("ck_deck_settings_desired_retention_range"),
        ),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_deck_settings_deck_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_deck_settings_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "deck_id", name=op.f("pk_deck_settings")),
    )
    op.create_table(
        "learner_parameters",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("held_out", sa.Integer(), nullable=False),
        sa.Column("log_loss_before", sa.Double(), nullable=True),
        sa.Column("log_loss_after", sa.Double(), nullable=True),
        sa.Column("fitted_epoch_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_learner_parameters_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "number", name=op.f("pk_learner_parameters")),
    )
    op.create_table(
        "review_amendment",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("credit", sa.Double(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("due_epoch_s", sa.BigInteger(), nullable=True),
        sa.Column("after_review", sa.Integer(), nullable=False),
        sa.Column("amended_epoch_s", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('undone', 'i_was_right', 'i_guessed', 'remarked', 'as_marked')",
            name=op.f("ck_review_amendment_kind_known"),
        ),
        sa.CheckConstraint("credit BETWEEN 0 AND 1", name=op.f("ck_review_amendment_credit_range")),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_review_amendment_rating_range")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_review_amendment_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "number", "change", name=op.f("pk_review_amendment")),
    )
    op.create_table(
        "study_settings",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reviews_per_day", sa.Integer(), nullable=False),
        sa.Column("maximum_interval_days", sa.Integer(), nullable=False),
        sa.Column("new_order", sa.String(length=10), nullable=False),
        sa.Column("weekday_loads", sa.JSON(), nullable=False),
        sa.Column("leech_lapses", sa.Integer(), nullable=False),
        sa.Column("leech_suspends", sa.Boolean(), nullable=False),
        sa.Column("fits_by_itself", sa.Boolean(), nullable=False),
        sa.Column("wants_fit", sa.Boolean(), nullable=False),
        sa.Column("wants_suggestion", sa.Boolean(), nullable=False),
        sa.Column("suggested_retention", sa.Double(), nullable=True),
        sa.Column("paused_epoch_s", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "new_order IN ('deck', 'mixed')", name=op.f("ck_study_settings_new_order_known")
        ),
        sa.CheckConstraint(
            "leech_lapses BETWEEN 1 AND 100", name=op.f("ck_study_settings_leech_lapses_range")
        ),
        sa.CheckConstraint(
            "maximum_interval_days BETWEEN 1 AND 36500",
            name=op.f("ck_study_settings_interval_range"),
        ),
        sa.CheckConstraint(
            "reviews_per_day BETWEEN 0 AND 10000",
            name=op.f("ck_study_settings_reviews_per_day_range"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_study_settings_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_study_settings")),
    )
    op.create_table(
        "held_fact",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until_epoch_s", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_held_fact_fact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_held_fact_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "fact_id", name=op.f("pk_held_fact")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "memory_event",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.Integer(), nullable=True),
        sa.Column("due_epoch_s", sa.BigInteger(), nullable=True),
        sa.Column("stability_days", sa.Double(), nullable=True),
        sa.Column("after_review", sa.Integer(), nullable=False),
        sa.Column("at_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("study_day", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('buried', 'suspended', 'resumed', 'reset', 'known', 'moved', 'corrected')",
            name=op.f("ck_memory_event_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_memory_event_fact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_memory_event_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "change", name=op.f("pk_memory_event")),
    )
    op.create_index(
        "ix_memory_event_leech",
        "memory_event",
        ["fact_id"],
        sqlite_where=sa.text("cause IS NOT NULL"),
        postgresql_where=sa.text("cause IS NOT NULL"),
    )
    op.create_index(
        "ix_memory_event_user_fact", "memory_event", ["user_id", "fact_id", "change"], unique=False
    )
    op.add_column(
        "daily_total",
        sa.Column("due_facts", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "learning_session",
        sa.Column("ahead_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "memory", sa.Column("state", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.drop_index("ix_memory_user_due", table_name="memory")
    op.create_index(
        "ix_memory_user_due", "memory", ["user_id", "due_epoch_s", "state"], unique=False
    )
    op.add_column(
        "user", sa.Column("changes", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )

    # What the new column counts, for the days that are there already.
    op.execute(
        """UPDATE daily_total SET due_facts = (
            SELECT count(DISTINCT one.fact_id) FROM review AS one
            WHERE one.user_id = daily_total.user_id AND one.study_day = daily_total.study_day
            AND one.moves_memory AND EXISTS (
                SELECT 1 FROM review AS earlier
                WHERE earlier.user_id = one.user_id AND earlier.fact_id = one.fact_id
                AND earlier.moves_memory AND earlier.study_day < one.study_day
                AND earlier.number < one.number))"""
    )


def downgrade() -> None:
    op.drop_column("user", "changes")
    op.drop_index("ix_memory_user_due", table_name="memory")
    op.create_index("ix_memory_user_due", "memory", ["user_id", "due_epoch_s"], unique=False)
    op.drop_column("memory", "state")
    op.drop_column("learning_session", "ahead_days")
    op.drop_column("daily_total", "due_facts")
    op.drop_index("ix_memory_event_leech", table_name="memory_event")
    op.drop_index("ix_memory_event_user_fact", table_name="memory_event")
    op.drop_table("memory_event")
    op.drop_table("held_fact")
    op.drop_table("study_settings")
    op.drop_table("review_amendment")
    op.drop_table("learner_parameters")
    op.drop_table("deck_settings")
