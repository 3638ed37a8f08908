"""How a server logs: a line an event, for people or as JSON, with the request's id."""

import logging
import sys

import structlog
from structlog.types import Processor, WrappedLogger

JSON = "json"
_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


class Named(structlog.WriteLogger):
    """What writes our lines to standard error, with the name that they stand under.

    By way of the standard library each request's line would cost twice as much.
    """

    def __init__(self, name: str = "factdeck") -> None:
        super().__init__(sys.stderr)
        self.name = name


def _named(*args: str) -> WrappedLogger:
    return Named(*args)


def set_up(log_format: str) -> None:
    """Send everything that is logged to standard error, as text or as JSON lines."""
    structlog.configure(
        processors=[*_SHARED, *_rendered(log_format)],
        logger_factory=_named,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendered(log_format),
            ],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # It warns of every request that waits for a thread; the time that requests take says it too.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    # Of who asks too often it would tell the address; the request's own line has the status.
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)
    # At each start it says which database it has met; what is wrong is one line of its own.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _rendered(log_format: str) -> list[Processor]:
    if log_format == JSON:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # Plain tracebacks: rich ones would show the values of variables, passwords among them.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
