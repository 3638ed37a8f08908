"""Databases that stand for a whole run and are as new for each test: made once, emptied often.

A new database for each test costs PostgreSQL a tenth of a second and its caches, and an engine of
its own costs SQLAlchemy every statement that it had compiled.
"""

import shutil
from pathlib import Path

from sqlalchemy import Engine

from app.models.database import make_engine
from app.services import candidates, decks, kept_decks, others
from app.services.study import newcomers

EMPTY = """
CREATE SCHEMA standing;
CREATE FUNCTION standing.empty_again() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('DELETE FROM public.%I', one.relname);
    END LOOP;
    PERFORM setval(seqrelid, 1, false) FROM pg_sequence
        WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
    FOR one IN SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'standing'::regnamespace
    LOOP
        EXECUTE format('INSERT INTO public.%1$I SELECT * FROM standing.%1$I', one.relname);
    END LOOP;
    PERFORM setval(seqrelid, last_value) FROM standing_sequences.last_values;
END $$;
CREATE SCHEMA standing_sequences;
CREATE TABLE standing_sequences.last_values AS
    SELECT seqrelid, pg_sequence_last_value(seqrelid) AS last_value FROM pg_sequence
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
DO $$
DECLARE
    one record;
    is_used boolean;
BEGIN
    FOR one IN SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', one.relname) INTO is_used;
        IF is_used THEN
            EXECUTE format('CREATE TABLE standing.%1$I AS SELECT * FROM public.%1$I', one.relname);
        END IF;
    END LOOP;
END $$;
"""
"""Keeps the rows that are there, and a function that puts just these back."""


def forget(engine: Engine) -> None:
    """Take away what a test has hung up to see statements, and what is kept by a database's URL."""
    caches = kept_decks._kept, decks._indexes, candidates._found, newcomers._finished  # noqa: SLF001
    shelves = others._known_decks._found, others._sizes._found  # noqa: SLF001
    for kept in (*caches, *shelves):
        kept.clear()
    for kind in ("before_cursor_execute", "after_cursor_execute", "commit", "rollback"):
        listeners = getattr(engine.dispatch, kind)
        if listeners:
            listeners.clear()


class StandingFile:
    """A SQLite file of one engine."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template = template
        self._file = folder / "factdeck.sqlite3"
        self.engine = make_engine(f"sqlite:///{self._file}", "OFF")

    def renew(self) -> Engine:
        """Put a copy of the template in the file's place; whoever holds the old one keeps that."""
        forget(self.engine)
        self.engine.dispose()
        for old in self._file.parent.glob(f"{self._file.name}*"):
            old.unlink()
        shutil.copy(self._template, self._file)
        return self.engine


class StandingDatabase:
    """A PostgreSQL database of one engine; `url` is a migrated database of its own."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        with self.engine.begin() as connection:
            connection.execution_options(no_parameters=True).exec_driver_sql(EMPTY)

    def renew(self) -> Engine:
        """Leave the rows that were there at first, and no others."""
        forget(self.engine)
        with self.engine.begin() as connection:
            connection.exec_driver_sql("SELECT standing.empty_again()")
        return self.engine
