"""Facts have pictures; files are read and written by jobs"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("fact", sa.Column("pictures", sa.JSON(), server_default="[]", nullable=False))
    op.create_table(
        "picture",
        sa.Column("deck_id", ID, nullable=False),
        *_picture(),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_picture_has_size")),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_picture_deck_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deck_id", "name", name=op.f("pk_picture")),
    )
    op.create_table(
        "pending_picture",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        *_picture(),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_pending_picture_has_size")),
        sa.ForeignKeyConstraint(
            ["user_id", "token"],
            ["pending_import.user_id", "pending_import.token"],
            name=op.f("fk_pending_picture_user_id_token"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "token", "name", name=op.f("pk_pending_picture")),
    )
    op.create_table(
        "transfer_job",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("beat_epoch_s", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('import', 'export')", name=op.f("ck_transfer_job_kind_known")),
        sa.CheckConstraint(
            "state IN ('coming', 'waiting', 'working', 'done', 'failed')",
            name=op.f("ck_transfer_job_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_transfer_job_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "token", name=op.f("pk_transfer_job")),
    )
    op.create_index("ix_transfer_job_state", "transfer_job", ["state", "created_epoch_s"])
    op.create_table(
        "job_part",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id", "token"],
            ["transfer_job.user_id", "transfer_job.token"],
            name=op.f("fk_job_part_user_id_token"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "token", "number", name=op.f("pk_job_part")),
    )


def _picture() -> list[sa.Column[object]]:
    return [
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    ]


def downgrade() -> None:
    op.drop_table("job_part")
    op.drop_index("ix_transfer_job_state", table_name="transfer_job")
    op.drop_table("transfer_job")
    op.drop_table("pending_picture")
    op.drop_table("picture")
    op.drop_column("fact", "pictures")
