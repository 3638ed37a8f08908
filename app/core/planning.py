"""When a learner's day turns, what is asked next, and by which question type."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from app.core.questions.question import Direction, QuestionType

TURN_HOUR = 4
"""The learner's day turns at 04:00 on their own wall clock."""
YOUNG_DAYS = 2.0
FAMILIAR_DAYS = 7.0


class NewOrder(StrEnum):
    """In which order new facts come."""

    DECK = "deck"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a learner wants to study; the defaults are those of somebody who never asked."""

    reviews_per_day: int = 200
    maximum_interval_days: int = 36_500
    new_order: NewOrder = NewOrder.DECK
    weekday_loads: tuple[int, ...] = (100,) * 7
    """Percent of the usual number of reviews, Monday first."""
    leech_lapses: int = 8
    leech_suspends: bool = True
    fits_by_itself: bool = True
    paused_epoch_s: int | None = None


Asked = tuple[QuestionType, Direction]

RECOGNITION = (
    QuestionType.MULTIPLE_CHOICE,
    QuestionType.TRUE_FALSE,
    QuestionType.MATCHING,
    QuestionType.MULTIPLE_SELECT,
)
GAPS = (QuestionType.CLOZE, QuestionType.ORDERING)
RECALL = (QuestionType.SHORT_ANSWER,)


def study_day(at_epoch_s: int, zone: ZoneInfo) -> int:
    """Return the learner's day as a proleptic ordinal.

    The four hours are taken from the wall clock, not from the instant: on the days when clocks
    change the turn stays at 04:00.
    """
    local = datetime.fromtimestamp(at_epoch_s, zone)
    return local.toordinal() - (local.hour < TURN_HOUR)


def day_start_epoch_s(day: int, zone: ZoneInfo) -> int:
    """Return the first instant of a learner's day, in epoch seconds."""
    start = datetime.fromordinal(day) + timedelta(hours=TURN_HOUR)
    return int(start.replace(tzinfo=zone).timestamp())


def ladder(stability_days: float | None) -> tuple[tuple[QuestionType, ...], ...]:
    """Return the steps of question types that fit a memory, best first.

    Recognition while young (under 2 days), gaps up to 7 days, recall beyond.
    """
    last = (QuestionType.FLASHCARD,)
    if stability_days is None or stability_days < YOUNG_DAYS:
        return (RECOGNITION, GAPS, RECALL, last)
    if stability_days < FAMILIAR_DAYS:
        return (GAPS, RECALL, RECOGNITION, last)
    return (RECALL, GAPS, RECOGNITION, last)


def ways_to_ask(
    stability_days: float | None, last: QuestionType | None, rng: Random
) -> Iterator[list[Asked]]:
    """Yield the ways to ask a fact now, a step of the ladder at a time, the best first.

    Within a step chance decides, so that the look of a question is not what is learned: of the ways
    that a fact has, each is as likely to be the first. The last time's type comes at the end, for
    facts that have no other.
    """
    steps = [[kind for kind in step if kind is not last] for step in ladder(stability_days)]
    for step in [*steps, [last] if last else []]:
        ways = [(kind, direction) for kind in step for direction in Direction]
        rng.shuffle(ways)
        yield ways
