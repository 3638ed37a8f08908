"""Memories know their facts' decks, and are found by deck, stability and lapses"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE, AFTER = "fk_memory_fact_id", "fk_memory_fact_id_deck_id"
INDEXES = {
    "ix_memory_user_deck_due": ["user_id", "deck_id", "due_epoch_s", "state"],
    "ix_memory_user_stability": ["user_id", "stability_days"],
    "ix_memory_user_lapses": ["user_id", "lapses"],
}


def upgrade() -> None:
    op.create_index("ix_fact_id_deck", "fact", ["id", "deck_id"], unique=True)
    op.add_column("memory", sa.Column("deck_id", ID, nullable=True))
    op.execute(
        "UPDATE memory SET deck_id = (SELECT deck_id FROM fact WHERE fact.id = memory.fact_id)"
    )
    with op.batch_alter_table("memory", table_kwargs={"sqlite_with_rowid": False}) as memory:
        memory.alter_column("deck_id", existing_type=ID, nullable=False)
        memory.drop_constraint(op.f(BEFORE), type_="foreignkey")
        memory.create_foreign_key(
            op.f(AFTER),
            "fact",
            ["fact_id", "deck_id"],
            ["id", "deck_id"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        )
    for name, columns in INDEXES.items():
        op.create_index(name, "memory", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "memory")
    with op.batch_alter_table("memory", table_kwargs={"sqlite_with_rowid": False}) as memory:
        memory.drop_constraint(op.f(AFTER), type_="foreignkey")
        memory.create_foreign_key(op.f(BEFORE), "fact", ["fact_id"], ["id"], ondelete="CASCADE")
        memory.drop_column("deck_id")
    op.drop_index("ix_fact_id_deck", "fact")
