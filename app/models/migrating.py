"""Migrations: one transaction from the database's revision to the code's, or nothing."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from app.core.errors import Refused
from app.core.sentences import say
from app.models.turns import writer_queue

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class FromTheFuture(Refused):
    """The database was written by a newer Factdeck; nothing was changed."""


def upgrade(engine: Engine, revision: str = "head") -> bool:
    """Bring the database to a revision; return whether anything was done.

    Raises FromTheFuture for a database of a newer version.
    """
    current = current_revision(engine)
    if not is_known(current):
        message = say(
            "This database is from a newer version of Factdeck (revision {current}).",
            current=current,
        )
        raise FromTheFuture(
            say("{message} Install that version, or restore an older backup.", message=message)
        )
    if revision == "head" and is_newest(current):
        return False
    _run(engine, lambda config: command.upgrade(config, revision))
    return True


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to a revision; "base" is empty."""
    _run(engine, lambda config: command.downgrade(config, revision))


def current_revision(engine: Engine) -> str | None:
    """Return the database's revision, None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str | None) -> bool:
    """Return whether this version of the code can read such a database; an empty one it can."""
    return revision is None or revision in known_revisions()


def is_newest(revision: str | None) -> bool:
    """Return whether a database of this revision needs no migration."""
    return revision == _scripts().get_current_head()


def known_revisions() -> set[str]:
    """Return every revision that this version of the code knows."""
    return {script.revision for script in _scripts().walk_revisions()}


@cache
def newest_revision() -> str | None:
    """Return the revision that this version of the code works with."""
    return _scripts().get_current_head()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _run(engine: Engine, migrate: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    is_sqlite = engine.dialect.name == "sqlite"
    with writer_queue(engine), engine.connect() as connection:
        if is_sqlite:
            # A rebuilt table would cascade into its children; ignored inside a transaction.
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101 just connected
            driver.execute("PRAGMA foreign_keys=OFF")
        writing = connection.execution_options(write=True)
        try:
            with writing.begin():
                config.attributes["connection"] = writing
                migrate(config)
                if is_sqlite:
                    _check_foreign_keys(writing)
        finally:
            if is_sqlite:
                connection.invalidate()


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    if broken:
        raise Refused(
            say(
                "The migration would leave {broken} rows without what they refer to.",
                broken=len(broken),
            )
        )
