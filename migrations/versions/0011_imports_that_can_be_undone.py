"""Imports that can be undone; packages of other programs, with what was learned there"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "'buried', 'suspended', 'resumed', 'reset', 'known', 'moved', 'corrected'"


def upgrade() -> None:
    op.create_table(
        "import_record",
        sa.Column("id", ID, nullable=False),
        sa.Column("deck_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("new_facts", sa.Integer(), nullable=False),
        sa.Column("changed_facts", sa.Integer(), nullable=False),
        sa.Column("imported_epoch_s", sa.BigInteger(), nullable=False),
        sa.Column("undone_epoch_s", sa.BigInteger(), nullable=True),
        sa.Column("touched", sa.JSON(), nullable=False),
        sa.Column("learning", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "new_facts >= 0 AND changed_facts >= 0",
            name=op.f("ck_import_record_counts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_import_record_deck_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_import_record_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_record")),
    )
    op.create_index("ix_import_record_deck", "import_record", ["deck_id", "id"])
    for column in _pending():
        op.add_column("pending_import", column)
    with op.batch_alter_table("memory_event") as events:
        events.add_column(sa.Column("difficulty", sa.Double(), nullable=True))
        _allow(events, f"{KINDS}, 'imported'")


def downgrade() -> None:
    op.execute("DELETE FROM memory_event WHERE kind = 'imported'")
    with op.batch_alter_table("memory_event") as events:
        _allow(events, KINDS)
        events.drop_column("difficulty")
    for column in reversed(_pending()):
        op.drop_column("pending_import", column.name)
    op.drop_index("ix_import_record_deck", table_name="import_record")
    op.drop_table("import_record")


def _pending() -> list[sa.Column[object]]:
    empty = {"format": sa.String(length=20), "refused": sa.JSON(), "package": sa.Text()}
    empty |= {"mapping": sa.JSON(), "learning": sa.Text()}
    defaults = {"refused": "[]", "mapping": "{}"}
    return [
        sa.Column(name, kind, server_default=defaults.get(name, ""), nullable=False)
        for name, kind in empty.items()
    ]


def _allow(events: object, kinds: str) -> None:
    name = op.f("ck_memory_event_kind_known")
    events.drop_constraint(name, type_="check")
    events.create_check_constraint(name, f"kind IN ({kinds})")
