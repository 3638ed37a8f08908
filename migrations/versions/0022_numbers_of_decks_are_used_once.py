"""A deck's number is never given to another: SQLite gave the highest again once it was deleted"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rebuild(autoincrement=True)


def downgrade() -> None:
    _rebuild(autoincrement=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'deck'")


def _rebuild(*, autoincrement: bool) -> None:
    """Make SQLite's table anew; a sequence of PostgreSQL never goes back."""
    if op.get_bind().dialect.name == "sqlite":
        told = {"sqlite_autoincrement": autoincrement}
        with op.batch_alter_table("deck", recreate="always", table_kwargs=told):
            pass
