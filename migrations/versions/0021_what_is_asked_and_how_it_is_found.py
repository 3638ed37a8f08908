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


ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TAGS = {
    "sqlite": """INSERT INTO fact_tag (tag, fact_id)
    SELECT DISTINCT substr(one.value, 1, 100), fact.id FROM fact, json_each(fact.tags) AS one""",
    "postgresql": """INSERT INTO fact_tag (tag, fact_id)
    SELECT DISTINCT substr(one, 1, 100), fact.id
    FROM fact, json_array_elements_text(fact.tags) AS one""",
}


def upgrade() -> None:
    op.create_table(
        "fact_tag",
        sa.Column("tag", sa.String(length=100), nullable=False),
        sa.Column("fact_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_fact_tag_fact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tag", "fact_id", name=op.f("pk_fact_tag")),
        sqlite_with_rowid=False,
    )
    op.execute(TAGS[op.get_bind().dialect.name])
    op.create_index("ix_fact_tag_fact", "fact_tag", ["fact_id", "tag"])
    _partial("ix_fact_unasked", "fact", ["id"], "status <> 'published'")
    _partial(
        "ix_memory_user_suspended", "memory", ["user_id", "due_epoch_s", "state"], "state + 0 = 1"
    )
    _partial(
        "ix_memory_user_mature",
        "memory",
        ["user_id", "due_epoch_s", "state"],
        "stability_days + 0 >= 21",
    )


def downgrade() -> None:
    op.drop_index("ix_memory_user_mature", table_name="memory")
    op.drop_index("ix_memory_user_suspended", table_name="memory")
    op.drop_index("ix_fact_unasked", table_name="fact")
    op.drop_table("fact_tag")
