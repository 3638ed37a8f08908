"""The values that a sentence could be a fact about, and how much each is worth asking for."""

import re
from collections.abc import Sequence

from app.core.marking.units import UNIT_WORDS
from app.core.proposals.names import joined
from app.core.proposals.proposal import Span
from app.core.proposals.reading import Read
from app.core.proposals.relations import Match
from app.core.values import (
    DateValue,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)

Valued = tuple[Value, tuple[int, int]]
"""A value and where it stands in its sentence."""


def values_of(read: Read) -> list[Valued]:
    """Return every value that a sentence could be a fact about, in order."""
    sets = [set_of(run) for run in joined(read.names, read.text)]
    single = [(EntityValue(one.entity), (one.start, one.end)) for one in read.names if one.entity]
    others = [
        (one.value, (one.start, one.end)) for one in (*read.amounts, *read.dates) if one.value
    ]
    return [*others, *(one for one in sets if one), *single]


def set_of(run: Sequence[Span]) -> Valued | None:
    """Return the names of a list as a set, with where it stands; None for fewer than two."""
    items = tuple(dict.fromkeys(one.entity for one in run if one.entity))
    if len({item.name for item in items}) < 2 or len(items) < len(run):  # noqa: PLR2004 a set of one
        return None
    return SetValue(items), (run[0].start, run[-1].end)


def texts_behind(read: Read, match: Match) -> list[Valued]:
    """Return the words behind a relation's own words, up to the end of their clause."""
    if match.start < 0 or match.value_first:
        return []
    quoted = re.compile(r"\s*(?:an?\s+|the\s+)?[\"“„«]([^\"“”»]{3,60})[\"”»]").match(
        read.text, match.end
    )
    found = quoted or re.compile(
        r"\s*(?:an?\s+|the\s+)?([^,;:.()]{3,60}?)(?=[,;:.()]|\s+(?:that|which|who|and)\b|$)"
    ).match(read.text, match.end)
    return [(TextValue(found[1]), found.span(1))] if found else []


A_FEW = 12


def weight(value: Value | None) -> float:
    """Return how much a value is worth asking for: figures most, names and texts less."""
    match value:
        case MoneyValue():
            return 5.0
        case RangeValue():
            return 4.9
        case NumberValue(unit=unit):
            return _weight_of_count(value) if unit else 1.6
        case DateValue():
            return 2.6 + len(value.iso) / 10
        case SetValue(items=items):
            return 3.4 if len(items) > 2 else 2.5  # noqa: PLR2004 a list, no pair
        case TextValue(text=text):
            return 2.4 if " " in text else 1.8
        case EntityValue():
            return 2.2
        case _:
            return 0.0


def _weight_of_count(value: NumberValue) -> float:
    """Two firms and ten countries are counted in passing; 88 days and 5 km are measured."""
    passing = value.amount <= A_FEW and value.unit.casefold() not in UNIT_WORDS
    return 3.0 if passing else 4.6
