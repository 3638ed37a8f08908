"""Predictions with reviews, true retention of days, reminders"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COUNTED = ("passed", "mature", "mature_passed")
MATURE_DAYS = 21


def upgrade() -> None:
    op.create_table(
        "reminder_settings",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wants_digest", sa.Boolean(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.Column("sent_date", sa.Integer(), nullable=False),
        sa.Column("feed_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_reminder_settings_hour_range")),
        sa.CheckConstraint("goal BETWEEN 0 AND 1000", name=op.f("ck_reminder_settings_goal_range")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_reminder_settings_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_reminder_settings")),
    )
    op.create_index(
        "ix_reminder_settings_wanted",
        "reminder_settings",
        ["user_id"],
        sqlite_where=sa.text("wants_digest"),
        postgresql_where=sa.text("wants_digest"),
    )
    op.add_column("review", sa.Column("predicted", sa.Double(), nullable=True))
    for name in COUNTED:
        op.add_column(
            "daily_total",
            sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False),
        )
    _count_days_that_are_there()


def _count_days_that_are_there() -> None:
    """Count the days before: a fact's first answer of a day, by the stability left before it."""
    op.execute(
        f"""WITH told AS (
            SELECT user_id, number, max(change) AS change FROM review_amendment
            GROUP BY user_id, number
        ), counted AS (
            SELECT one.user_id, one.fact_id, one.number, one.study_day, one.stability_days,
                coalesce(amended.rating, one.rating) AS rating
            FROM review AS one
            LEFT JOIN told ON told.user_id = one.user_id AND told.number = one.number
            LEFT JOIN review_amendment AS amended ON amended.user_id = told.user_id
                AND amended.number = told.number AND amended.change = told.change
            WHERE one.moves_memory AND coalesce(amended.kind, '') <> 'undone'
        ), placed AS (
            SELECT user_id, study_day, rating,
                lag(study_day) OVER log AS earlier, lag(stability_days) OVER log AS stability
            FROM counted WINDOW log AS (PARTITION BY user_id, fact_id ORDER BY number)
        ), days AS (
            SELECT user_id, study_day,
                sum(CASE WHEN rating > 1 THEN 1 ELSE 0 END) AS passed,
                sum(CASE WHEN stability >= {MATURE_DAYS} THEN 1 ELSE 0 END) AS mature,
                sum(CASE WHEN stability >= {MATURE_DAYS} AND rating > 1 THEN 1 ELSE 0 END)
                    AS mature_passed
            FROM placed WHERE study_day > earlier GROUP BY user_id, study_day
        )
        UPDATE daily_total SET passed = days.passed, mature = days.mature,
            mature_passed = days.mature_passed
        FROM days WHERE days.user_id = daily_total.user_id
            AND days.study_day = daily_total.study_day"""  # noqa: S608 our own number
    )


def downgrade() -> None:
    for name in reversed(COUNTED):
        op.drop_column("daily_total", name)
    op.drop_column("review", "predicted")
    op.drop_index("ix_reminder_settings_wanted", table_name="reminder_settings")
    op.drop_table("reminder_settings")
