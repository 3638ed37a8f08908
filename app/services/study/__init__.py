"""Studying: due facts in order of urgency, then new ones, missed ones again until right."""

from app.services.study.asking import Paused, next_question, start
from app.services.study.days import StudySummary, Today, summary, today
from app.services.study.queue import missed_facts

__all__ = [
    "Paused",
    "StudySummary",
    "Today",
    "missed_facts",
    "next_question",
    "start",
    "summary",
    "today",
]
