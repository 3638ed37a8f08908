"""What is stored: SQLAlchemy tables, the engine, and the way to core's values."""

# Tables refer to each other by name: whoever writes to one needs to have heard of all.
from app.models import (
    content,
    jobs,
    learning,
    people,
    pictures,
    reports,
    sharing,
    statistics,
    studio,
)

__all__ = [
    "content",
    "jobs",
    "learning",
    "people",
    "pictures",
    "reports",
    "sharing",
    "statistics",
    "studio",
]
