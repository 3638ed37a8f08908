"""Curators of single decks; who is one already keeps every deck that is there"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "deck_curator",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("deck_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_deck_curator_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_deck_curator_deck_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "deck_id", name=op.f("pk_deck_curator")),
    )
    op.create_index("ix_deck_curator_deck", "deck_curator", ["deck_id"])
    op.execute(
        """
        INSERT INTO deck_curator (user_id, deck_id)
        SELECT DISTINCT user_role.user_id, deck.id
        FROM user_role JOIN role ON role.id = user_role.role_id CROSS JOIN deck
        WHERE role.name = 'curator'
        """
    )


def downgrade() -> None:
    op.drop_table("deck_curator")
