"""Every table, loaded: import this where the whole schema is wanted."""

from app.models import content, learning, people
from app.models.base import Base

TABLES = (content, learning, people)
"""The modules with tables."""
METADATA = Base.metadata
