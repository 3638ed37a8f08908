"""A calendar of study days (iCalendar, RFC 5545): how many facts, never which."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event


@dataclass(frozen=True, slots=True)
class StudyDate:
    """A date and how many facts fall due on it."""

    day: int
    due: int


def write_calendar(
    days: Sequence[StudyDate], owner: str, now: int, told: Callable[[int], str]
) -> bytes:
    """Return a calendar with an all-day event for each day that has facts.

    `told` says how many facts are due. `owner` makes the events' ids the learner's own; they
    stay the same from fetch to fetch, so that a changed count replaces the old one.
    """
    from icalendar import Calendar  # noqa: PLC0415 slow to load, and seldom needed

    calendar = Calendar()
    calendar.add("prodid", "-//Factdeck//Study//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Factdeck")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for one in days:
        if one.due:
            calendar.add_component(_event(one, owner, now, told(one.due)))
    return bytes(calendar.to_ical())


def _event(one: StudyDate, owner: str, now: int, summary: str) -> "Event":
    from icalendar import Event  # noqa: PLC0415 as above

    event = Event()
    starts = date.fromordinal(one.day)
    event.add("uid", f"{one.day}-{owner}@factdeck")
    event.add("dtstamp", datetime.fromtimestamp(now, UTC))
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(days=1))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event
