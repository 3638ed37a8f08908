"""A learner's schedule: every fact by page, and how many fall due on each day."""

from app.services.schedule.by_day import due_by_day
from app.services.schedule.pages import (
    ScheduledFact,
    SchedulePage,
    known_fact,
    new_fact,
    schedule_page,
)
from app.services.schedule.searching import Kind, Sorting, Wanted

__all__ = [
    "Kind",
    "SchedulePage",
    "ScheduledFact",
    "Sorting",
    "Wanted",
    "due_by_day",
    "known_fact",
    "new_fact",
    "schedule_page",
]
