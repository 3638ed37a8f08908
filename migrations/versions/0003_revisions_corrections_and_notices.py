"""Revisions of entities and relations, corrections, notices"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PARTS = {
    "entity": ("key", "name", "kind", "aliases"),
    "relation": ("key", "ask", "ask_inverse", "say", "value_kind", "many"),
}


def upgrade() -> None:
    for thing in PARTS:
        op.add_column(
            thing, sa.Column("revision", sa.Integer(), nullable=False, server_default="1")
        )
        _create_revisions(thing)
        _keep_first_revisions(thing)
    with op.batch_alter_table("fact") as fact:
        fact.add_column(sa.Column("superseded_by_id", ID, nullable=True))
        fact.create_foreign_key(
            op.f("fk_fact_superseded_by_id"),
            "fact",
            ["superseded_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
        fact.create_index("ix_fact_superseded_by", ["superseded_by_id"])
    op.create_index("ix_memory_fact", "memory", ["fact_id"])
    _create_corrections()
    _create_notices()


def downgrade() -> None:
    for table in ("notice", "fact_correction"):
        op.drop_table(table)
    op.drop_index("ix_memory_fact", "memory")
    with op.batch_alter_table("fact") as fact:
        fact.drop_index("ix_fact_superseded_by")
        fact.drop_constraint(op.f("fk_fact_superseded_by_id"), type_="foreignkey")
        fact.drop_column("superseded_by_id")
    for thing in PARTS:
        op.drop_table(f"{thing}_revision")
        op.drop_column(thing, "revision")


def _create_revisions(thing: str) -> None:
    name = f"{thing}_revision"
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column(f"{thing}_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("changed_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            [f"{thing}_id"],
            [f"{thing}.id"],
            name=op.f(f"fk_{name}_{thing}_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f(f"fk_{name}_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(f"{thing}_id", "revision", name=op.f(f"uq_{name}_{thing}_id_revision")),
    )


def _keep_first_revisions(thing: str) -> None:
    """Keep what is there as revision 1, dated like the first fact of its deck."""
    columns = PARTS[thing]
    json = {"aliases": sa.JSON(), "many": sa.Boolean()}
    part = sa.table(
        thing,
        sa.column("id"),
        sa.column("deck_id"),
        *(sa.column(name, json.get(name)) for name in columns),
    )
    kept = sa.table(
        f"{thing}_revision",
        *map(sa.column, (f"{thing}_id", "revision", "changed_epoch_s")),
        sa.column("body", sa.JSON()),
    )
    bind = op.get_bind()
    dated = sa.text(
        "SELECT fact.deck_id, MIN(changed_epoch_s) FROM fact_revision"
        " JOIN fact ON fact.id = fact_revision.fact_id GROUP BY fact.deck_id"
    )
    since = {deck: first for deck, first in bind.execute(dated)}  # noqa: C416 rows, not pairs
    rows = [
        {
            f"{thing}_id": row.id,
            "revision": 1,
            "changed_epoch_s": since.get(row.deck_id, 0),
            "body": {name: row._mapping[name] for name in columns},  # noqa: SLF001 its public API
        }
        for row in bind.execute(sa.select(part))
    ]
    if rows:
        bind.execute(kept.insert(), rows)


def _create_corrections() -> None:
    op.create_table(
        "fact_correction",
        sa.Column("id", ID, nullable=False),
        sa.Column("fact_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("corrected_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id"],
            ["fact.id"],
            name=op.f("fk_fact_correction_fact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_fact_correction_user_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_correction")),
        sa.UniqueConstraint(
            "fact_id", "revision", name=op.f("uq_fact_correction_fact_id_revision")
        ),
    )


def _create_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("fact_id", ID, nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("seen_epoch_s", sa.BigInteger(), nullable=True),
        sa.Column("asked_epoch_s", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_notice_fact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_notice_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "number", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_user_seen", "notice", ["user_id", "seen_epoch_s"])
    op.create_index("ix_notice_user_fact", "notice", ["user_id", "fact_id"])
