"""Lengths of time in hours, minutes and seconds: 4:33, 4 min 33 s, 4 minutes and 33 seconds."""

import re
from functools import lru_cache

from app.core.marking.normalise import clean
from app.core.marking.rules import Rule

_PART = re.compile(
    r"(?P<count>\d{1,4})[ -]?"
    r"(?P<unit>hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|')(?:\s*(?:,|and|&)?\s*|$)"
)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})")
_SECONDS = {"h": 3600, "m": 60, "s": 1, "'": 60}
"""By a unit's first letter."""


def same_duration(name: str, text: str) -> bool:
    """Whether two texts are one length of time, of which one is in two units at least."""
    known, typed = _seconds(clean(name)), _seconds(clean(text))
    return known is not None and known == typed


@lru_cache(maxsize=5000)
def _seconds(text: str) -> int | None:
    """Return the seconds of a length of time in two or three units, None for anything else."""
    plain = text.casefold().removeprefix("about ").strip(" .")
    if (clock := _CLOCK.fullmatch(plain)) is not None:
        hours, minutes, seconds = (int(one or 0) for one in clock.groups())
        return 3600 * hours + 60 * minutes + seconds
    at, total, units = 0, 0, []
    while (found := _PART.match(plain, at)) is not None and found.end() > at:
        units.append(_SECONDS[found["unit"][0]])
        total += int(found["count"]) * units[-1]
        at = found.end()
    falling = len(units) > 1 and units == sorted(set(units), reverse=True)
    return total if falling and at == len(plain) else None


DURATIONS = (Rule(same_duration, lambda name: _seconds(clean(name)) is not None),)
