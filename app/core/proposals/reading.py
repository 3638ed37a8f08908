"""A sentence with everything recognised in it, and what the sentences before it spoke of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.marking import PERSON_KINDS
from app.core.proposals import relations
from app.core.proposals.amounts import find_amounts
from app.core.proposals.dates import find_dates
from app.core.proposals.names import KnownNames, capitalised_inside, find_names
from app.core.proposals.proposal import Context, Span
from app.core.proposals.relations import Known
from app.core.proposals.reporting import Reporting, find_reporting
from app.core.proposals.sentences import split
from app.core.values import Entity, RangeValue

SENTENCES_BACK = 3
"""Sentences that "it" and "he" are looked for in."""
PRONOUN = re.compile(r"^(?:It|He|She|Its|His|Her)\b")


@dataclass(frozen=True)
class Prepared:
    """What of a context is looked up for every sentence, gathered once."""

    context: Context
    names: KnownNames
    relations: tuple[Known, ...]

    @classmethod
    def of(cls, context: Context) -> "Prepared":
        """Gather the deck's names and relations."""
        return cls(context, KnownNames.of(context.entities), relations.prepared(context))


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


@dataclass(frozen=True, slots=True)
class Earlier:
    """Whom and what the sentences before spoke of: what "he", "it" and "they said" stand for."""

    person: Entity | None = None
    thing: Entity | None = None
    reporter: str = ""

    def then(self, read: Read) -> "Earlier":
        """Return what is spoken of after one more sentence."""
        subject = subject_of(read)
        reporter = read.reporting.who or (self.reporter if PRONOUN.match(read.text) else "")
        if subject is None:
            return replace(self, reporter=reporter)
        if subject.kind.casefold() in PERSON_KINDS:
            return Earlier(subject, self.thing, reporter)
        return Earlier(self.person, subject, reporter)

    def meant_by(self, sentence: str) -> Entity | None:
        """Return what the pronoun that a sentence begins with stands for."""
        found = PRONOUN.match(sentence)
        if not found:
            return None
        return self.thing if found[0].startswith("It") else self.person


def recognise(sentence: str, prepared: Prepared) -> Read:
    """Return what is recognised in a sentence; a year is a date unless it ends a range."""
    context = prepared.context
    names = find_names(sentence, prepared.names, context.seen)
    named = [(span.start, span.end) for span in names]
    amounts = find_amounts(sentence, named)
    ranges = [(one.start, one.end) for one in amounts if isinstance(one.value, RangeValue)]
    found = find_dates(sentence, context.published)
    dates = [one for one in found if not _within(one, named + ranges)]
    amounts = [one for one in amounts if not any(_overlap(one, date) for date in dates)]
    reporting = find_reporting(sentence, names)
    return Read(sentence, tuple(names), tuple(amounts), tuple(dates), reporting)


def _within(span: Span, taken: Sequence[tuple[int, int]]) -> bool:
    return any(low <= span.start and span.end <= high for low, high in taken)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def with_earlier(context: Context) -> tuple[Context, Earlier]:
    """Return a context with the words that its text capitalises, and what was spoken of."""
    before = [one.text for one in split(context.before)]
    seen = context.seen | capitalised_inside(before)
    names = Prepared(replace(context, seen=seen), KnownNames.of(context.entities), ())
    earlier = Earlier()
    for sentence in before[-SENTENCES_BACK:]:
        earlier = earlier.then(recognise(sentence, names))
    return names.context, earlier


def subject_of(read: Read) -> Entity | None:
    """Return the first name of a sentence outside of who says so; an office is no name."""
    names = (one.entity for one in outside_reporting(read) if one.entity)
    return next((one for one in names if any(char.isupper() for char in one.name)), None)


def outside_reporting(read: Read) -> list[Span]:
    """Return the names of a sentence that are not those of who says so."""
    low, high = read.reporting.outside
    return [one for one in read.names if not (low <= one.start and one.end <= high)]
