"""What a running app holds on to."""

from dataclasses import dataclass

from sqlalchemy import Engine

from app.config import Config


@dataclass(frozen=True)
class Instance:
    """The settings and the engine of a running app."""

    config: Config
    engine: Engine
