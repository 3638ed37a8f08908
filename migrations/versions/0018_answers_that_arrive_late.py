"""Answers that were given without a network and arrive late"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("review", sa.Column("behind_review", sa.Integer(), nullable=True))
    op.add_column("review", sa.Column("behind_change", sa.Integer(), nullable=True))
    op.add_column("review", sa.Column("retold_due_epoch_s", sa.BigInteger(), nullable=True))
    op.add_column(
        "learning_session",
        sa.Column("is_offline", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("learning_session", "is_offline")
    op.drop_column("review", "retold_due_epoch_s")
    op.drop_column("review", "behind_change")
    op.drop_column("review", "behind_review")
