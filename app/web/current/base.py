"""What a request works with: the instance, and a database session of its own."""

from collections.abc import Callable

from flask import current_app, g, has_request_context
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.instance import Instance


def instance() -> Instance:
    """Return the running instance."""
    found: Instance = current_app.extensions["factdeck"]
    return found


def db_session() -> Session:
    """Return this request's database session."""
    if "db_session" not in g:
        g.db_session = Session(instance().engine)
    made: Session = g.db_session
    return made


def close_session(_error: BaseException | None = None) -> None:
    """Close the database session at the end of the request."""
    made = g.pop("db_session", None)
    if made is not None:
        made.close()


def start_afresh() -> None:
    """End the transaction of this request: after an error nothing more can be read in it."""
    try:
        db_session().rollback()
    except SQLAlchemyError:
        close_session()


def once_a_request(name: str, make: Callable[[], str], otherwise: str) -> str:
    """Return what is made once in a request and kept; something else outside of requests."""
    if not has_request_context():
        return otherwise
    # Of the proxy each attribute costs 2 µs, and a page of figures asks thousands of times.
    kept = g._get_current_object()  # noqa: SLF001 public by werkzeug's documentation
    made: str | None = kept.get(name)
    if made is None:
        made = make()
        setattr(kept, name, made)
    return made
