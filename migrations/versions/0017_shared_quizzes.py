"""Quizzes shared by a link, who takes part, and the sites that may embed them"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shared_quiz",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("deck_id", ID, nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("created_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("closes_epoch_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_shared_quiz_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_shared_quiz_deck_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_quiz")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_shared_quiz_secret_sha256")),
    )
    op.create_index("ix_shared_quiz_user", "shared_quiz", ["user_id"])
    op.create_index("ix_shared_quiz_deck", "shared_quiz", ["deck_id"])
    op.create_table(
        "quiz_entry",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("shared_quiz_id", ID, nullable=False),
        sa.Column("session_token", sa.String(length=43), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("joined_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("removed_epoch_s", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_quiz_entry_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shared_quiz_id"],
            ["shared_quiz.id"],
            name=op.f("fk_quiz_entry_shared_quiz_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "shared_quiz_id", name=op.f("pk_quiz_entry")),
    )
    op.create_index("ix_quiz_entry_shared_quiz", "quiz_entry", ["shared_quiz_id"])
    op.create_table(
        "embed_origin",
        sa.Column("deck_id", ID, nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_embed_origin_deck_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deck_id", "origin", name=op.f("pk_embed_origin")),
    )


def downgrade() -> None:
    op.drop_table("embed_origin")
    op.drop_table("quiz_entry")
    op.drop_table("shared_quiz")
