"""Files that curators have uploaded and are looking at before they are imported"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pending_import",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("deck_key", sa.String(length=200), nullable=False),
        sa.Column("deck_revision", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("encoding", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_epoch_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_pending_import_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "token", name=op.f("pk_pending_import")),
    )


def downgrade() -> None:
    op.drop_table("pending_import")
