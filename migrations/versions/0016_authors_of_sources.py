"""Sources have authors"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("author", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("source", "author")
