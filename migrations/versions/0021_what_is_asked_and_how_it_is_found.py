"""Indexes and tables by which a learner's facts are found, however many they have"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    _partial("ix_fact_unasked", "fact", ["id"], "status <> 'published'")
    _partial("ix_memory_user_suspended", "memory", ["user_id", "due_epoch_s"], "state = 1")
    _partial("ix_memory_user_mature", "memory", ["user_id", "due_epoch_s"], "stability_days >= 21")


def downgrade() -> None:
    op.drop_index("ix_memory_user_mature", table_name="memory")
    op.drop_index("ix_memory_user_suspended", table_name="memory")
    op.drop_index("ix_fact_unasked", table_name="fact")
