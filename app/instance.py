"""What a running app holds on to."""

from dataclasses import dataclass, field

from sqlalchemy import Engine

from app.config import Config
from app.interchange.fetching import Limits


@dataclass(frozen=True)
class Instance:
    """The settings and the engine of a running app."""

    config: Config
    engine: Engine
    fetch_limits: Limits = field(default_factory=Limits)
    """Where articles may be fetched from: no setting, so that nobody can open what is private."""
