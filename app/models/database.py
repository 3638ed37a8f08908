"""How to write: `writing(session)` is one transaction, on SQLite an immediate one in its turn."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.models.driving import send
from app.models.failures import BAD_URL, Away, Collided, Unusable, told
from app.models.sqlite import begin_writing, make_sqlite_engine
from app.models.turns import writer_queue

TRIES = 5
LONGEST_PAUSE_MS = 50
_WRITES = "writes"
GivenT = ParamSpec("GivenT")
ReturnT = TypeVar("ReturnT")


def make_engine(url: str, synchronous: str = "FULL") -> Engine:
    """Return an engine for a SQLite or PostgreSQL URL."""
    if url.startswith("sqlite"):
        return make_sqlite_engine(url, synchronous)
    if not url.startswith("postgresql"):
        raise Unusable(BAD_URL)
    return create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "options": "-c lock_timeout=5000 -c statement_timeout=10000"
            " -c idle_in_transaction_session_timeout=15000"
        },
    )


@contextmanager
def writing(session: Session, *, is_durable: bool = True) -> Iterator[Session]:
    """Open the one writing transaction: commit at the end, roll back on any error.

    Ends the read transaction first: SQLAlchemy would ignore the option inside one.
    What is not durable is whole like all else and outlives a killed process, but is not waited for
    until it is on the disk: a machine that loses its power may lose it, unless a durable
    transaction came after it. For what nobody was promised and can be made again.
    Raises Busy when no turn comes within WRITE_WAIT_S seconds, NotStored when there is no room.
    """
    engine = session.get_bind().engine
    goes_on = engine.dialect.name == "sqlite" and _has_only_read(session)
    if not goes_on:
        session.rollback()
    with writer_queue(engine):
        try:
            if goes_on:
                _write_from_here(session, is_durable=is_durable)
            else:
                options = {"write": True, "durable": is_durable}
                connection = session.connection(execution_options=options)
                if not is_durable and engine.dialect.name == "postgresql":
                    send(connection, "SET LOCAL synchronous_commit = off")
            session.info[_WRITES] = True
            yield session
            session.commit()
        except DBAPIError as error:
            session.rollback()
            refusal = told(error)
            if refusal is None:
                raise
            raise refusal from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info[_WRITES] = False


def is_writing(session: Session) -> bool:
    """Whether a session is inside `writing`: what it reads may be its own, and may be undone."""
    return bool(session.info.get(_WRITES))


def _has_only_read(session: Session) -> bool:
    """Whether a session reads, and holds nothing that is to be stored."""
    is_clean = session.is_active and not (session.new or session.dirty or session.deleted)
    return is_clean and session.in_transaction() and not session.in_nested_transaction()


def _write_from_here(session: Session, *, is_durable: bool) -> None:
    """Turn a reading transaction on SQLite into a writing one, of its own.

    A third of the time of ending one and beginning the other through all layers.
    """
    session.expire_all()
    connection = session.connection()
    connection.connection.rollback()
    begin_writing(connection, is_durable=is_durable)


def retried(
    does: Callable[Concatenate[Session, GivenT], ReturnT],
) -> Callable[Concatenate[Session, GivenT], ReturnT]:
    """Let a service try again, with a pause by chance, after it met another's transaction.

    Only for services that do nothing but one transaction, or that know what they have done: a
    connection that broke may have broken after the commit. Raises Busy after TRIES tries.
    """

    @wraps(does)
    def tries(session: Session, /, *args: GivenT.args, **kwargs: GivenT.kwargs) -> ReturnT:
        for number in range(1, TRIES):
            try:
                return does(session, *args, **kwargs)
            except (Collided, Away):
                session.rollback()
            except DBAPIError as error:
                session.rollback()
                if not isinstance(told(error), Collided | Away):
                    raise
            time.sleep(number * secrets.randbelow(LONGEST_PAUSE_MS) / 1000)
        return does(session, *args, **kwargs)

    return tries
