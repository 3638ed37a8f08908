"""Item statistics and reports"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remark_job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deck_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fact_ids", sa.JSON(), nullable=False),
        sa.Column("entity_key", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Text(), nullable=False),
        sa.Column(
            "after_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("started_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("finished_epoch_s", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_remark_job_deck_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark_job")),
    )
    op.create_index("ix_remark_job_finished", "remark_job", ["finished_epoch_s"], unique=False)
    op.create_table(
        "counted_answer",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_type", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("credit", sa.Integer(), nullable=False),
        sa.Column("rest", sa.Integer(), nullable=True),
        sa.Column("response_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_counted_answer_fact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_counted_answer_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "user_id", "fact_id", "question_type", "direction", name=op.f("pk_counted_answer")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_counted_answer_fact", "counted_answer", ["fact_id", "user_id"], unique=False
    )
    op.create_table(
        "item_response",
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_type", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("response_key", sa.String(length=80), nullable=False),
        sa.Column("is_key", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("offered", sa.Integer(), nullable=False),
        sa.Column("picked", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "offered >= 0 AND picked >= 0", name=op.f("ck_item_response_counts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_item_response_fact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "fact_id",
            "question_type",
            "direction",
            "response_key",
            "is_key",
            name=op.f("pk_item_response"),
        ),
    )
    op.create_table(
        "item_statistic",
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_type", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column(
            "credit_sum", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("facility", sa.Double(), nullable=True),
        sa.Column("discrimination", sa.Double(), nullable=True),
        sa.Column("efficiency", sa.Double(), nullable=True),
        sa.Column("median_ms", sa.Integer(), nullable=True),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.CheckConstraint("answers >= 0", name=op.f("ck_item_statistic_answers_not_negative")),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_item_statistic_fact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "fact_id", "question_type", "direction", name=op.f("pk_item_statistic")
        ),
    )
    op.create_table(
        "report",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("deck_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fact_revision", sa.Integer(), nullable=False),
        sa.Column("question_type", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("draft", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reported_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("closed_epoch_s", sa.BigInteger(), nullable=True),
        sa.Column(
            "closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "kind IN ('wrong', 'ambiguous', 'should_count', 'out_of_date')",
            name=op.f("ck_report_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'fixed', 'dismissed')",
            name=op.f("ck_report_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user.id"], name=op.f("fk_report_closed_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_report_deck_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_report_fact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_report_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "token", name=op.f("pk_report")),
    )
    op.create_index(
        "ix_report_fact", "report", ["fact_id", "question_type", "direction"], unique=False
    )
    op.create_index(
        "ix_report_status_deck", "report", ["status", "deck_id", "reported_epoch_s"], unique=False
    )
    op.add_column(
        "user", sa.Column("reviews_counted", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_index(
        "ix_user_uncounted",
        "user",
        ["id"],
        unique=False,
        sqlite_where=sa.text("reviews > reviews_counted"),
        postgresql_where=sa.text("reviews > reviews_counted"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_user_uncounted",
        table_name="user",
        sqlite_where=sa.text("reviews > reviews_counted"),
        postgresql_where=sa.text("reviews > reviews_counted"),
    )
    op.drop_column("user", "reviews_counted")
    op.drop_index("ix_report_status_deck", table_name="report")
    op.drop_index("ix_report_fact", table_name="report")
    op.drop_table("report")
    op.drop_table("item_statistic")
    op.drop_table("item_response")
    op.drop_index("ix_counted_answer_fact", table_name="counted_answer")
    op.drop_table("counted_answer")
    op.drop_index("ix_remark_job_finished", table_name="remark_job")
    op.drop_table("remark_job")
