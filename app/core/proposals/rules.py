"""The proposer made of rules: sentence by sentence, without a download or a network."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.facts import Stance
from app.core.marking import PERSON_KINDS
from app.core.marking.amounts import UNIT_WORDS
from app.core.proposals import relations
from app.core.proposals.amounts import find_amounts
from app.core.proposals.dates import find_dates
from app.core.proposals.names import KnownNames, capitalised_inside, find_names, joined
from app.core.proposals.proposal import Context, Proposal, Span, SpanKind
from app.core.proposals.relations import Known, Match
from app.core.proposals.reporting import Reporting, find_reporting
from app.core.proposals.sentences import split
from app.core.proposals.units import is_measure
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.core.wording import display

MOST_TEXT = 60
SENTENCES_BACK = 3
"""Sentences that "it" and "he" are looked for in."""
FIGURE = 4.5
"""The weight from which a figure is worth more than a relation that only shares its words."""
A_FEW = 12
LATE = 0.4
"""From this share of a sentence on, a lone name is what it tells rather than what it is about."""
_PRONOUN = re.compile(r"^(?:It|He|She|Its|His|Her)\b")
_OBJECT = re.compile(r"\w\s+(?:to|by|with|for|against|between|from|into)\s+(?:the\s+|\w+\.?\s)?$")
"""Before a name that something is done to or by: it is seldom what the sentence is about."""
_BECAME = re.compile(
    r"\b(?:became|was named|was appointed|was elected|is known as|serves as|served as)\s+"
    r"(?P<text>[a-z][^,;:.()]{3,60}?)(?=[,;:.()]|\s+(?:in|on|from|and|after|when|at)\b|$)"
)
_IS_A = re.compile(
    r"\b(?:is|are|was|were|became|remains)\s+(?:(?:a|an|the|one of the)\s+)"
    r"(?P<text>[^,;:.()]{3,80}?)(?=[,;:.()]|\s+(?:that|which|who|whose|where|when|and|"
    r"in|on|from|with|for|"
    r"by|at|but|since|because|near)\b|$)"
)
_BECAUSE_TEXT = re.compile(
    r"\b(?:is|are|was|were)\s+(?:called|named|known as|nicknamed|made of|made from|"
    r"due to|caused by)\s+"
    r"(?:an?\s+|the\s+)?(?P<text>[^,;:.()]{3,60}?)(?=[,;:.()]|\s+(?:and|because|which|that)\b|$)"
)
_AS_OF = re.compile(
    r"\b(?:as of|as at|by the end of|at the end of)\s+(?:the\s+end\s+of\s+)?$", re.IGNORECASE
)
_PRESENT = re.compile(r"\b(?:is|are|has|have|holds?|owns?|employs?|leads?|costs?|stands?)\b")


Valued = tuple[Value, tuple[int, int]]
"""A value and where it stands in its sentence."""


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
class Chosen:
    """What was picked as value, where it stands, and what it belongs to."""

    value: Value | None = None
    span: tuple[int, int] | None = None
    subject: Entity | None = None
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """Whom and what the sentences before spoke of: what "he", "it" and "they said" stand for."""

    person: Entity | None = None
    thing: Entity | None = None
    reporter: str = ""

    def then(self, read: "Read") -> "Earlier":
        """Return what is spoken of after one more sentence."""
        subject = subject_of(read)
        reporter = read.reporting.who or (self.reporter if _PRONOUN.match(read.text) else "")
        if subject is None:
            return replace(self, reporter=reporter)
        if subject.kind.casefold() in PERSON_KINDS:
            return Earlier(subject, self.thing, reporter)
        return Earlier(self.person, subject, reporter)

    def meant_by(self, sentence: str) -> Entity | None:
        """Return what the pronoun that a sentence begins with stands for."""
        found = _PRONOUN.match(sentence)
        if not found:
            return None
        return self.thing if found[0].startswith("It") else self.person


def propose_from(read: Read, prepared: Prepared, earlier: Earlier) -> Proposal:
    """Return the fact that a sentence suggests by what was recognised in it."""
    about = earlier.meant_by(read.text)
    chosen = _by_relation(read, prepared, about) or _plain(read, about)
    return _proposal(read, chosen, prepared.context, earlier)


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
    names = (one.entity for one in _outside_reporting(read) if one.entity)
    return next((one for one in names if any(char.isupper() for char in one.name)), None)


def _outside_reporting(read: Read) -> list[Span]:
    low, high = read.reporting.outside
    return [one for one in read.names if not (low <= one.start and one.end <= high)]


def _by_relation(read: Read, prepared: Prepared, about: Entity | None) -> Chosen | None:
    for match in relations.matches(read.text, prepared.relations):
        chosen = _filled(read, match, about)
        if chosen and (match.score >= relations.CUE or not _figures_beat(read, chosen)):
            return chosen
    return None


def _figures_beat(read: Read, chosen: Chosen) -> bool:
    """Whether a sentence has a figure that a relation found by its words alone leaves aside."""
    return weight(chosen.value) < FIGURE and any(
        weight(one.value) >= FIGURE for one in read.amounts
    )


def _filled(read: Read, match: Match, about: Entity | None) -> Chosen | None:
    """Return subject and value for a relation, on the sides of its words where they are known."""
    values = [one for one in _values(read) if relations.fits(one[0], match.known)]
    if match.known.relation.value_kind == "text" or not match.known.relation.value_kind:
        values += _texts(read, match)
    found: list[Chosen] = []
    for value, span in sorted(values, key=lambda one: _order(one, match)):
        subject = _subject_for(read, match, span, about)
        if subject and _on_side(span, match, is_value=True):
            found.append(_kinded(Chosen(value, span, subject, match), match.known))
    fresh = (one for one in found if not _told(one, match))
    return next(fresh, found[0] if found else None)


def _kinded(chosen: Chosen, known: Known) -> Chosen:
    """Return a choice whose new names are of the kinds that the relation has joined so far."""
    value, subject = chosen.value, chosen.subject
    if isinstance(value, EntityValue):
        value = EntityValue(relations.of_kind(value.entity, known.value_kinds))
    if subject is not None:
        subject = relations.of_kind(subject, known.subject_kinds)
    return replace(chosen, value=value, subject=subject)


def _told(chosen: Chosen, match: Match) -> bool:
    """Whether this very thing is a fact already: of several founders the next one is proposed."""
    if chosen.subject is None or chosen.value is None:
        return False
    return (chosen.subject.name, display(chosen.value)) in match.known.told


def _order(one: Valued, match: Match) -> tuple[bool, int, int]:
    """Return what puts values in order: kinds seen before first, then those near its words."""
    late = 0 if match.start >= 0 or match.value_first else -one[1][0]
    return not relations.is_sure(one[0], match.known), _distance(one[1], match), late


def _distance(span: tuple[int, int], match: Match) -> int:
    if match.start < 0:
        return 0
    return min(abs(span[0] - match.end), abs(match.start - span[1]))


def _on_side(span: tuple[int, int], match: Match, *, is_value: bool) -> bool:
    """Whether a run stands where the relation's words want its value (or its subject)."""
    if match.start < 0:
        return True
    if match.first_follows:
        return (span[0] - match.end in range(6)) == (match.value_first == is_value)
    first = match.value_first == is_value
    return span[1] <= match.start if first else span[0] >= match.end


def _subject_for(
    read: Read, match: Match, value: tuple[int, int], about: Entity | None
) -> Entity | None:
    found = [
        one
        for one in read.names
        if not (one.start < value[1] and value[0] < one.end)
        and relations.may_be_subject(one, match.known)
        and _on_side((one.start, one.end), match, is_value=False)
    ]
    outside = [one for one in found if one in _outside_reporting(read)] or found
    if (
        about is not None
        and not match.value_first
        and relations.may_be_subject(Span(0, 0, SpanKind.NAME, entity=about), match.known)
    ):
        return about
    nearest = sorted(outside, key=lambda one: _distance((one.start, one.end), match))
    return nearest[0].entity if nearest else None


def _values(read: Read) -> list[Valued]:
    """Return every value that a sentence could be a fact about, in order."""
    sets = [_set(run) for run in joined(read.names, read.text)]
    single = [
        (EntityValue(one.entity), (one.start, one.end))
        for one in _outside_reporting(read)
        if one.entity
    ]
    others = [
        (one.value, (one.start, one.end)) for one in (*read.amounts, *read.dates) if one.value
    ]
    return [*others, *(one for one in sets if one), *single]


def _set(run: Sequence[Span]) -> Valued | None:
    items = tuple(dict.fromkeys(one.entity for one in run if one.entity))
    if len({item.name for item in items}) < 2 or len(items) < len(run):  # noqa: PLR2004 a set of one
        return None
    return SetValue(items), (run[0].start, run[-1].end)


def _texts(read: Read, match: Match) -> list[Valued]:
    """Return the words behind a relation's own words, up to the end of their clause."""
    if match.start < 0 or match.value_first:
        return []
    found = re.compile(
        r"\s*(?:an?\s+|the\s+)?([^,;:.()]{3,60}?)(?=[,;:.()]|\s+(?:that|which|who|and)\b|$)"
    ).match(read.text, match.end)
    return [(TextValue(found[1]), found.span(1))] if found else []


def _plain(read: Read, about: Entity | None) -> Chosen:
    """Return the most specific value of a sentence that fits no relation."""
    names = _outside_reporting(read)
    subject = about or _leading(read, names)
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
    free = (one for one in names if not _OBJECT.search(read.text, 0, one.start))
    first = next(free, None)
    if first is None or first.entity is None:
        return None
    lone = len(names) == 1 and not read.amounts and not read.dates
    return None if lone and first.start > LATE * len(read.text) else first.entity


def _sums(read: Read) -> list[Valued]:
    low, high = read.reporting.outside
    found = [(one.value, (one.start, one.end)) for one in (*read.amounts, *read.dates) if one.value]
    return [one for one in found if not (low <= one[1][0] and one[1][1] <= high)]


def _definition(read: Read) -> list[Valued]:
    found: list[Valued] = []
    for pattern in (_IS_A, _BECAUSE_TEXT, _BECAME):
        match = pattern.search(read.text)
        text = match["text"].strip() if match else ""
        if match and 2 < len(text) <= MOST_TEXT and not re.search(r"\d", text):  # noqa: PLR2004
            found.append((TextValue(text), match.span("text")))
    return found


def _named_values(read: Read, subject: Entity | None) -> list[Valued]:
    """Return the other names of a sentence, and lists of names, as values."""
    names = _outside_reporting(read)
    runs = list(joined(names, read.text))
    first = runs[0] if runs and runs[0][0] is names[0] else ()
    behind = [one for one in names if one not in first and one.entity != subject]
    runs = [run for run in runs if run is not first or not behind]
    found: list[Valued] = [one for run in runs if (one := _set(run))]
    others = [one for one in behind if one.entity] or [
        one for one in names if one.entity != subject
    ]
    found += [(EntityValue(one.entity), (one.start, one.end)) for one in others if one.entity]
    return found


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


def _proposal(read: Read, chosen: Chosen, context: Context, earlier: Earlier) -> Proposal:
    relation = chosen.match.known.relation if chosen.match else None
    stance, who = _stance(read, context, earlier)
    is_starter = chosen.match is not None and chosen.match.known.is_starter
    return Proposal(
        quote=read.text,
        value=chosen.value,
        subject=chosen.subject.name if chosen.subject else "",
        subject_kind=chosen.subject.kind if chosen.subject and not chosen.subject.key else "",
        relation=relation.key if relation else "",
        starter=relation if is_starter else None,
        stance=stance,
        according_to=who,
        as_of=_as_of(read, chosen, context),
        say="" if relation else _say(read.text, chosen),
        spans=read.spans,
    )


def _stance(read: Read, context: Context, earlier: Earlier) -> tuple[Stance, str]:
    """Return the stance with a name for who says so: the article itself where nobody else does."""
    reporting = read.reporting
    if reporting.stance is Stance.STATED:
        return Stance.STATED, ""
    points_back = reporting.pronoun or (reporting.hedged and _PRONOUN.match(read.text))
    meant = earlier.meant_by(read.text)
    back = earlier.reporter or (meant.name if meant else "")
    who = reporting.who or (back if points_back else "")
    return reporting.stance, who or context.publisher


def _say(sentence: str, chosen: Chosen) -> str:
    """Return the sentence with a gap where its value stands: a beginning, for a person to word."""
    if chosen.span is None:
        return ""
    low, high = chosen.span
    before, after = (re.sub("[{}]", "", part) for part in (sentence[:low], sentence[high:]))
    return " ".join(f"{before}{{value}}{after}".split())


def _as_of(read: Read, chosen: Chosen, context: Context) -> DateValue | None:
    """Return the date that an amount held: the sentence's "as of", else the article's own."""
    if not isinstance(chosen.value, NumberValue | MoneyValue | RangeValue):
        return None
    for one in read.dates:
        if isinstance(one.value, DateValue) and _AS_OF.search(read.text[: one.start]):
            return one.value
    measured = isinstance(chosen.value, NumberValue | RangeValue) and is_measure(chosen.value.unit)
    return context.published if _PRESENT.search(read.text) and not measured else None
