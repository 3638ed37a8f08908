"""Revisions of sources"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("key", "title", "publisher", "url", "published", "licence", "text")


def upgrade() -> None:
    op.add_column("source", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "source_revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("changed_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
            name=op.f("fk_source_revision_source_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_source_revision_user_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_revision")),
        sa.UniqueConstraint(
            "source_id", "revision", name=op.f("uq_source_revision_source_id_revision")
        ),
    )
    _keep_first_revisions()


def downgrade() -> None:
    op.drop_table("source_revision")
    op.drop_column("source", "revision")


def _keep_first_revisions() -> None:
    """Keep what is there as revision 1; when it was made nobody knows."""
    source = sa.table("source", *map(sa.column, ("id", *KEPT)))
    kept = sa.table(
        "source_revision",
        *map(sa.column, ("source_id", "revision", "changed_epoch_s")),
        sa.column("body", sa.JSON()),
    )
    bind = op.get_bind()
    for row in bind.execute(sa.select(source)).all():
        body = {name: row._mapping[name] for name in KEPT}  # noqa: SLF001 its public API
        values = {"source_id": row.id, "revision": 1, "changed_epoch_s": 0, "body": body}
        bind.execute(kept.insert(), values)
