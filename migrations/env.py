"""Alembic's entry: it runs on the connection that `app.models.migrating` has prepared."""

from alembic import context

from app.models import content, learning, people, studio  # noqa: F401 they fill Base.metadata
from app.models.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
)
context.run_migrations()
