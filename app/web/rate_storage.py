"""Where Flask-Limiter keeps its counts: the instance's own database."""

from typing import ClassVar

from limits.storage import Storage
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import clock
from app.services import rate_limits


class DatabaseStorage(Storage):
    """Counts in the table of rate counts, by one statement each: no worker counts for itself."""

    STORAGE_SCHEME: ClassVar[list[str]] = ["database"]  # type: ignore[misc]  # theirs is no ClassVar

    def __init__(
        self, uri: str | None = None, *, engine: Engine, wrap_exceptions: bool = False
    ) -> None:
        """Count in the database of an engine."""
        super().__init__(uri, wrap_exceptions)
        self._engine = engine

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a failing storage raises."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count something, and return how often it was within its window."""
        with Session(self._engine) as session:
            return rate_limits.count_one(session, key, expiry, clock.now(), amount)

    def get(self, key: str) -> int:
        """Return how often something was within its window."""
        with Session(self._engine) as session:
            return rate_limits.counted(session, key, clock.now())[0]

    def get_expiry(self, key: str) -> float:
        """Return when a window ends (epoch seconds)."""
        with Session(self._engine) as session:
            return rate_limits.counted(session, key, clock.now())[1]

    def check(self) -> bool:
        """Whether counts can be read."""
        self.get("")
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        with Session(self._engine) as session:
            return rate_limits.forget(session)

    def clear(self, key: str) -> None:
        """Forget one count."""
        with Session(self._engine) as session:
            rate_limits.forget(session, key)
