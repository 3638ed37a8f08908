"""The language that somebody chose for the interface"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "user", sa.Column("language", sa.String(length=16), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("user", "language")
