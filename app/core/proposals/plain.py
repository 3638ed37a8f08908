"""What a sentence tells that fits no relation: its most specific value, and of what."""

import re
from collections.abc import Sequence

from app.core.proposals.choosing import Chosen
from app.core.proposals.names import joined, without_nation
from app.core.proposals.phrases import (
    LEAD_IN,
    OBJECT,
    begins_unnamed,
    owned_noun,
    owns,
    without_asides,
)
from app.core.proposals.proposal import Span
from app.core.proposals.reading import Read, leads, outside_reporting, speaker_of
from app.core.proposals.valued import Valued, set_of, weight
from app.core.values import Entity, EntityValue, TextValue

MOST_TEXT = 60
LATE = 0.4
"""From this share of a sentence on, a lone name is what it tells rather than what it is about."""
_BECAME = re.compile(
    r"\b(?:became|was named|was appointed|was elected|is known as|serves as|served as)\s+"
    r"(?P<text>[a-z][^,;:.()]{3,60}?)(?=[,;:.()]|\s+(?:in|on|from|and|after|when|at)\b|$)"
)
_IS_A = re.compile(
    r"\b(?:is|are|was|were|became|remains)\s+(?:(?:a|an|the|one of the)\s+)"
    r"(?P<text>[^,;:.()]{3,80}?)(?=[,;:.()]|\s+(?:that|which|who|whose|where|when|and|"
    r"in|on|from|with|for|"
    r"by|at|but|since|because|near|(?:[a-z]+ed|made|built|known)\s+(?:by|from|of|in|as|for|to|at|on))\b|$)"
)
_BECAUSE_TEXT = re.compile(
    r"\b(?:is|are|was|were)\s+(?:called|named|known as|nicknamed|made of|made from|"
    r"due to|caused by)\s+"
    r"(?:an?\s+|the\s+)?(?!after\b|for\b|in\b|by\b|as\b)"
    r"(?P<text>[^,;:.()]{3,60}?)(?=[,;:.()]|\s+(?:and|because|which|that)\b|$)"
)
_KNOWN_AS = re.compile(
    r"\b(?:an?|the)\s+(?:[a-z][\w-]*\s+){1,3}(?:known as|called)\s+"
    r"(?P<text>[^,;:.()]{3,60}?)(?=[,;:.()]|\s+(?:and|in|on|that|which|to|for|by)\b|$)"
)
"""What a thing that is only mentioned is called: a process known as hydrometallurgy."""


def plain(read: Read, about: Entity | None) -> Chosen:
    """Return the most specific value of a sentence that fits no relation."""
    names = outside_reporting(read)
    subject = about or speaker_of(read) or _leading(read, names)
    found = [*_sums(read), *_definition(read), *_named_values(read, subject)]
    if not found:
        return Chosen(subject=subject)
    value, span = max(found, key=lambda one: weight(one[0]))
    inside = subject is not None and any(
        one.entity == subject and span[0] <= one.start and one.end <= span[1] for one in names
    )
    return Chosen(value, span, None if inside and about is None else subject)


def _leading(read: Read, names: Sequence[Span]) -> Entity | None:
    """Return the name that a sentence is about: its first, unless that comes late and alone."""
    text = without_asides(read.text)
    free = (
        one
        for one in names
        if not OBJECT.search(text, 0, one.start)
        and text[one.start] != " "
        and not owns(text, one.end)
    )
    first = next(free, None)
    if owned := _owned(read, names, first):
        return owned
    if first and begins_unnamed(text) and not leads(text, first):
        return None
    if first is None or first.entity is None:
        return None
    lone = len(names) == 1 and not read.amounts and not read.dates
    return None if lone and first.start > LATE * len(read.text) else first.entity


def _owned(read: Read, names: Sequence[Span], first: Span | None) -> Entity | None:
    """Return what belongs to the name that a sentence begins with: Reykjavik's network."""
    owner = names[0] if names else None
    if owner is None or not owner.entity or not owns(read.text, owner.end):
        return None
    if owner.start != len(read.text) - len(LEAD_IN.sub("", read.text)):
        return None
    noun = owned_noun(read.text, owner.end)
    named = first is not None and read.text[owner.end : first.start].strip(" '’s").endswith(noun)
    return Entity(f"{owner.entity.name}'s {noun}") if noun and not named else None


def _sums(read: Read) -> list[Valued]:
    low, high = read.reporting.outside
    found = [(one.value, (one.start, one.end)) for one in (*read.amounts, *read.dates) if one.value]
    return [one for one in found if not (low <= one[1][0] and one[1][1] <= high)]


def _definition(read: Read) -> list[Valued]:
    found: list[Valued] = []
    for pattern in (_IS_A, _BECAUSE_TEXT, _BECAME, _KNOWN_AS):
        match = pattern.search(read.text)
        text = match["text"].strip() if match else ""
        name = _name_in(read, match.span("text")) if match else None
        if name:
            found.append(name)
            continue
        if match and 2 < len(text) <= MOST_TEXT and not re.search(r"\d", text):  # noqa: PLR2004
            found.append((TextValue(text), match.span("text")))
    return found


def _name_in(read: Read, span: tuple[int, int]) -> Valued | None:
    """Return the name that a definition ends in, without its nation: was the Dane Lars Bene."""
    for one in read.names:
        if span[0] <= one.start and one.end == span[1] and one.entity:
            return EntityValue(without_nation(one.entity)), (one.start, one.end)
    return None


def _named_values(read: Read, subject: Entity | None) -> list[Valued]:
    """Return the other names of a sentence, and lists of names, as values."""
    names = outside_reporting(read)
    runs = list(joined(names, read.text))
    first = runs[0] if runs and runs[0][0] is names[0] else ()
    behind = [one for one in names if one not in first and one.entity != subject]
    runs = [run for run in runs if run is not first or not behind]
    found: list[Valued] = [one for run in runs if (one := set_of(run))]
    free = behind or [one for one in names if one.entity != subject]
    owner = subject.name if subject else ""
    others = [one for one in free if one.entity and not owner.startswith(f"{one.entity.name}'")]
    others = [one for one in others if not owns(read.text, one.end)] or others
    found += [(EntityValue(one.entity), (one.start, one.end)) for one in others if one.entity]
    return found
