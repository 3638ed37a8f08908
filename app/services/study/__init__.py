"""Studying: due facts in order of urgency, then new ones, missed ones again until right."""

from app.services.study.asking import Paused, next_question, start
from app.services.study.backlog import come_back, pause, reschedule
from app.services.study.days import DeckToday, StudySummary, Today, summary, today, today_by_deck
from app.services.study.deadlines import DayIsOver, DeckWishes, deck_wishes, save_deck_wishes
from app.services.study.history import GivenAnswer, latest_answers
from app.services.study.preferences import (
    NotPossible,
    StudyWishes,
    save_wishes,
    wishes,
)
from app.services.study.queue import missed_facts

__all__ = [
    "DayIsOver",
    "DeckToday",
    "DeckWishes",
    "GivenAnswer",
    "NotPossible",
    "Paused",
    "StudySummary",
    "StudyWishes",
    "Today",
    "come_back",
    "deck_wishes",
    "latest_answers",
    "missed_facts",
    "next_question",
    "pause",
    "reschedule",
    "save_deck_wishes",
    "save_wishes",
    "start",
    "summary",
    "today",
    "today_by_deck",
    "wishes",
]
