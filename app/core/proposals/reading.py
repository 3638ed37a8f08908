"""A sentence with everything recognised in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.core.proposals import relations
from app.core.proposals.amounts import find_amounts
from app.core.proposals.dates import find_dates
from app.core.proposals.names import KnownNames, find_names
from app.core.proposals.phrases import (
    LEAD_IN,
    OBJECT,
    begins_unnamed,
    is_beside,
    is_called,
    only_leads_to,
    owns,
)
from app.core.proposals.proposal import Context, Span
from app.core.proposals.relations import Known
from app.core.proposals.reporting import Reporting, find_reporting
from app.core.values import DateValue, Entity, RangeValue


@dataclass(frozen=True)
class Prepared:
    """What of a context is looked up for every sentence, gathered once."""

    context: Context
    names: KnownNames
    relations: tuple[Known, ...]

    @classmethod
    def of(cls, context: Context, named: Iterable[Entity] = ()) -> "Prepared":
        """Gather the names of the deck and of the article itself, and the deck's relations."""
        names = KnownNames.of([*context.entities, *named])
        return cls(context, names, relations.prepared(context))


@dataclass(frozen=True, slots=True)
class Told:
    """What sentences told that later ones leave out: whole names, and the year of a date."""

    date: DateValue | None = None
    """The latest day or month with its year."""
    full: Mapping[str, Entity | None] = field(default_factory=dict)
    """The whole name that a last word is short for; None where it is short for several."""

    def then(self, names: Sequence[Span], date: DateValue | None) -> "Told":
        """Return what is told after the names of one more sentence."""
        full = dict(self.full)
        for entity in (one.entity for one in names if one.entity):
            last = entity.name.split()[-1]
            if " " in entity.name and last[:1].isupper():
                other = full.get(last, entity)
                full[last] = entity if other and other.name == entity.name else None
        return Told(date or self.date, full)

    def whole(self, span: Span) -> Span:
        """Return a new name of one word as the whole name that it is short for."""
        entity = span.entity
        if entity is None or entity.key or " " in entity.name:
            return span
        return replace(span, entity=self.full.get(entity.name) or entity)


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence with everything recognised in it."""

    text: str
    names: tuple[Span, ...]
    amounts: tuple[Span, ...]
    dates: tuple[Span, ...]
    reporting: Reporting

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every recognised run, in order."""
        found = (*self.names, *self.amounts, *self.dates, *self.reporting.spans)
        return tuple(sorted(found, key=lambda span: (span.start, span.end)))


def recognise(sentence: str, prepared: Prepared, told: Told | None = None) -> Read:
    """Return what is recognised in a sentence; a year is a date unless it ends a range."""
    told = told or Told()
    context = prepared.context
    names = [told.whole(one) for one in find_names(sentence, prepared.names, context.seen)]
    named = [(span.start, span.end) for span in names]
    amounts = find_amounts(sentence, named)
    ranges = [(one.start, one.end) for one in amounts if isinstance(one.value, RangeValue)]
    found = find_dates(sentence, context.published, told.date)
    dates = [one for one in found if not _within(one, named + ranges)]
    amounts = [one for one in amounts if not any(_overlap(one, date) for date in dates)]
    reporting = find_reporting(sentence, names)
    return Read(sentence, tuple(names), tuple(amounts), tuple(dates), reporting)


def _within(span: Span, taken: Sequence[tuple[int, int]]) -> bool:
    return any(low <= span.start and span.end <= high for low, high in taken)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def subject_of(read: Read) -> Entity | None:
    """Return the first name of a sentence outside of who says so; an office is no name.

    None where the sentence begins with a noun of its own: The project was led by Ada Holm.
    """
    named = [
        one
        for one in outside_reporting(read)
        if one.entity and any(map(str.isupper, one.entity.name))
    ]
    called = next((one.entity for one in named if is_called(read.text[: one.start])), None)
    first = next((one for one in named if _may_lead(read.text, one)), None)
    if called or first is None:
        return called
    if begins_unnamed(read.text) and not leads(read.text, first):
        return None
    return first.entity


def _may_lead(text: str, one: Span) -> bool:
    """Whether a name is neither part of what leads in, nor owner or object of something else."""
    lead_in = LEAD_IN.match(text)
    inside = lead_in is not None and one.end <= lead_in.end()
    return not (inside or owns(text, one.end) or OBJECT.search(text, 0, one.start))


_SPEAKS_OF_SELF = re.compile(r"\s*(?:that\s+)?(?:it|he|she)\b")


def speaker_of(read: Read) -> Entity | None:
    """Return who speaks of themselves: Lego said that it would invest."""
    if not _SPEAKS_OF_SELF.match(read.text[read.reporting.outside[1] :]):
        return None
    said = (one.entity for one in read.names if one.entity)
    return next((one for one in said if one.name == read.reporting.who), None)


def beside_of(read: Read) -> Entity | None:
    """Return the name that says who a sentence's first noun is."""
    beside = (one.entity for one in read.names if is_beside(read.text, one.start, one.end))
    return next(beside, None)


def leads(text: str, name: Span) -> bool:
    """Whether a sentence that begins with a noun is about a name for all that."""
    owned = re.search(r"\bof\s+(?:the\s+)?$", text[: name.start])
    return owned is not None or only_leads_to(text[: name.start])


def outside_reporting(read: Read) -> list[Span]:
    """Return the names of a sentence that are not those of who says so."""
    low, high = read.reporting.outside
    return [one for one in read.names if not (low <= one.start and one.end <= high)]
