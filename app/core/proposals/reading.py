"""A sentence with everything recognised in it, and what the sentences before it spoke of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.core.marking import PERSON_KINDS
from app.core.proposals import relations
from app.core.proposals.amounts import find_amounts
from app.core.proposals.dates import find_dates
from app.core.proposals.names import KnownNames, capitalised_inside, find_names
from app.core.proposals.phrases import COMMON, LEAD_IN, begins_unnamed, is_beside, only_leads_to
from app.core.proposals.proposal import Context, Span
from app.core.proposals.relations import Known
from app.core.proposals.reporting import Reporting, find_reporting
from app.core.proposals.sentences import split
from app.core.values import DateValue, Entity, RangeValue

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
    by_noun: Mapping[str, Entity] = field(default_factory=dict)
    """The latest thing whose name ends in a noun: bridge, for the Øresund Bridge."""
    date: DateValue | None = None
    """The latest day or month with its year."""

    def then(self, read: Read) -> "Earlier":
        """Return what is spoken of after one more sentence."""
        meant = beside_of(read) or self.meant_by(read.text)
        subject = meant or speaker_of(read) or subject_of(read)
        reporter = read.reporting.who or (self.reporter if PRONOUN.match(read.text) else "")
        known = replace(
            self, reporter=reporter, by_noun={**self.by_noun, **_by_noun(read)}, date=_latest(read)
        )
        known = replace(known, date=known.date or self.date)
        if subject is None:
            return known
        if subject.kind.casefold() in PERSON_KINDS:
            return replace(known, person=subject)
        person = subject if _PERSONAL.fullmatch(subject.name) and not subject.kind else self.person
        return replace(known, thing=subject, person=person)

    def meant_by(self, sentence: str) -> Entity | None:
        """Return what the pronoun or the bare noun that a sentence begins with stands for."""
        begins = LEAD_IN.sub("", sentence)
        found = PRONOUN.match(begins[:1].upper() + begins[1:])
        if found:
            return self.thing if found[0].startswith("It") else self.person
        noun = COMMON.match(begins)
        if noun is None or not noun[0].startswith(("The ", "This ")):
            return None
        return self.by_noun.get(noun[1]) if len(noun[0].split()) == 2 else None  # noqa: PLR2004 The bridge


_PERSONAL = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}")
"""Two words: it may be somebody's name, as good as any."""


def _by_noun(read: Read) -> dict[str, Entity]:
    """Return the names of a sentence by the noun that they end in."""
    named = [one.entity for one in read.names if one.entity]
    return {one.name.split()[-1].casefold(): one for one in named if " " in one.name}


def _latest(read: Read) -> DateValue | None:
    dated = (one.value for one in read.dates if isinstance(one.value, DateValue))
    return next((one for one in reversed([*dated]) if one.month), None)


def recognise(sentence: str, prepared: Prepared, earlier: Earlier | None = None) -> Read:
    """Return what is recognised in a sentence; a year is a date unless it ends a range."""
    context = prepared.context
    names = find_names(sentence, prepared.names, context.seen)
    named = [(span.start, span.end) for span in names]
    amounts = find_amounts(sentence, named)
    ranges = [(one.start, one.end) for one in amounts if isinstance(one.value, RangeValue)]
    found = find_dates(sentence, context.published, earlier.date if earlier else None)
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
        earlier = earlier.then(recognise(sentence, names, earlier))
    return names.context, earlier


def subject_of(read: Read) -> Entity | None:
    """Return the first name of a sentence outside of who says so; an office is no name.

    None where the sentence begins with a noun of its own: The project was led by Ada Holm.
    """
    named = (one for one in outside_reporting(read) if one.entity)
    first = next((one for one in named if one.entity and _has_capital(one.entity)), None)
    if first is None or (begins_unnamed(read.text) and not leads(read.text, first)):
        return None
    return first.entity


def _has_capital(entity: Entity) -> bool:
    return any(char.isupper() for char in entity.name)


_SPEAKS_OF_SELF = re.compile(r"\s*(?:that\s+)?(?:it|they|he|she)\b")


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
