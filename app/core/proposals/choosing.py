"""Which value of a sentence a fact should have, and what it belongs to."""

import re
from dataclasses import dataclass, replace

from app.core.marking import PERSON_KINDS
from app.core.proposals import relations
from app.core.proposals.doing import (
    does_it,
    done_to,
    is_other_doer,
    points_back,
    told_apart,
)
from app.core.proposals.phrases import (
    begins_unnamed,
    first_noun,
    without_asides,
)
from app.core.proposals.proposal import Span
from app.core.proposals.reading import (
    Prepared,
    Read,
    outside_reporting,
    subject_of,
)
from app.core.proposals.relations import Known, Match
from app.core.proposals.valued import Valued, texts_behind, values_of, weight
from app.core.proposals.vocabulary import words
from app.core.values import (
    Entity,
    EntityValue,
    Value,
)
from app.core.wording import display

FIGURE = 4.5
"""The weight from which a figure is worth more than a relation that only shares its words."""
BEHIND = 60
"""Characters that a name behind a preposition counts as farther away."""
_AFTER_PREPOSITION = re.compile(r"\b(?:at|of|in|to|by|with|from|on|near)\s+(?:the\s+)?$")
_RELATIVE = re.compile(
    r"\b(?:an?|the|its|his|her|their)\s+((?:[a-z-]+\s+)?[a-z-]+)\s+(?:that|which)\s+$"
)
"""Before a relation's words: it is reached by a footbridge that is 64 metres long."""
_UNNAMED = re.compile(
    r"\b(?:the|an?|its|his|her|their|this|that)\s+[a-z][\w-]*(?:\s+[a-z][\w-]*)?\s*$"
)
_PART_OF = re.compile(r"\b(?:the|an?|its)\s+(?:[a-z-]+\s+){0,2}([a-z-]+)\s+of\s+$", re.IGNORECASE)
"""Before a name that only owns what is spoken of: the new quay of Oslo."""
_APPOSED = re.compile(r",\s+(?:an?|the)\s+(?:[a-z][\w-]*\s+){1,4}$")
"""Between a name and a relation's words: Norrvik, a recycling company based in."""
_CLASSES = words(
    "city town village state kingdom republic province island county river mount lake bay"
)
_BY_WHOM = re.compile(r"\bby\s+(?:the\s+|an?\s+)?(?:[a-z-]+\s+){0,2}$")
"""Before a name that has done something: designed by the architect Ada Brook and cost."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was picked as value, where it stands, and what it belongs to."""

    value: Value | None = None
    span: tuple[int, int] | None = None
    subject: Entity | None = None
    match: Match | None = None


def by_relation(read: Read, prepared: Prepared, about: Entity | None) -> Chosen | None:
    """Return value and subject of the surest relation that a sentence fits; None for none."""
    for match in relations.matches(read.text, prepared.relations):
        chosen = _filled(read, match, about)
        sure = match.score >= relations.CUE and chosen and not is_aside(read, chosen)
        if chosen and (sure or not _figures_beat(read, chosen)):
            return chosen
    return None


def is_aside(read: Read, chosen: Chosen) -> bool:
    """Whether a fact is about who says so, not what: Ada Brook, head of Vela, claimed."""
    low, high = read.reporting.outside
    return chosen.span is not None and low <= chosen.span[0] and chosen.span[1] <= high


def _figures_beat(read: Read, chosen: Chosen) -> bool:
    """Whether a sentence has a figure that a relation found by its words alone leaves aside."""
    return weight(chosen.value) < FIGURE and any(
        weight(one.value) >= FIGURE for one in read.amounts
    )


def _filled(read: Read, match: Match, about: Entity | None) -> Chosen | None:
    """Return subject and value for a relation, on the sides of its words where they are known."""
    values = [one for one in values_of(read) if relations.fits(one[0], match.known)]
    if match.known.relation.value_kind == "text" or not match.known.relation.value_kind:
        values += texts_behind(read, match)
    found: list[Chosen] = []
    for value, span in sorted(values, key=lambda one: _order(read, one, match)):
        if is_other_doer(read.text, span, match):
            continue
        noun = done_to(read.text, match)
        if noun and not does_it(read.text, span, match):
            continue
        subject = told_apart(noun) if noun else _subject_for(read, match, span, about)
        if subject and _on_side(span, match, is_value=True) and _is_object(read.text, match, span):
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


def _order(read: Read, one: Valued, match: Match) -> tuple[bool, int, int]:
    """Return what puts values in order: kinds seen before first, then those near its words."""
    late = 0 if match.start >= 0 or match.value_first else -one[1][0]
    return not relations.is_sure(one[0], match.known), _distance(read, one[1], match), late


def _distance(read: Read, span: tuple[int, int], match: Match) -> int:
    """Return how far a run stands from a relation's words, in characters.

    What stands before them behind a preposition is seldom their subject: pointed it at Jupiter and
    discovered.
    """
    if match.start < 0:
        return 0
    far = min(abs(span[0] - match.end), abs(match.start - span[1]))
    aside = span[1] <= match.start and _AFTER_PREPOSITION.search(read.text, 0, span[0])
    return far + (BEHIND if aside else 0)


def _on_side(span: tuple[int, int], match: Match, *, is_value: bool) -> bool:
    """Whether a run stands where the relation's words want its value (or its subject)."""
    if match.start < 0:
        return True
    if match.first_follows:
        return (span[0] - match.end in range(6)) == (match.value_first == is_value)
    first = match.value_first == is_value
    return span[1] <= match.start if first else span[0] >= match.end


_CLAUSE_ENDS = re.compile(
    r"[;:.]|\b(?:is|are|was|were|been|be|had|not|never|that|which|who|whose|because|although)\b"
)
_ANOTHER_PHRASE = re.compile(r"\b(?:at|of|in|to|by|with|from|on|for|into|as|since|until)\b")
_ENDS_IN_PREPOSITION = re.compile(r"\b(?:at|of|in|to|by|with|from|on|for|around|about)$")


def _is_object(text: str, match: Match, span: tuple[int, int]) -> bool:
    """Whether what stands behind a relation's words is what they take: won the cup.

    Another preposition in between takes it instead: won two awards at the festival.
    """
    if match.start < 0 or match.first_follows or match.value_first or span[0] < match.end:
        return True
    between = text[match.end : span[0]]
    if _CLAUSE_ENDS.search(between):
        return False
    takes_any = _ENDS_IN_PREPOSITION.search(text[match.start : match.end].casefold())
    return bool(takes_any) or not _ANOTHER_PHRASE.search(between)


def _another_between(read: Read, one: Span, match: Match) -> bool:
    """Whether something without a name stands nearer: As the Courier wrote, the mine employed."""
    if match.first_follows or not 0 <= one.end <= match.start:
        return False
    part_of = _PART_OF.search(read.text, max(0, one.start - BEHIND), one.start)
    owned = part_of is not None and part_of[1] not in _CLASSES
    if _APPOSED.match(read.text[one.end : match.start]):
        return owned
    return owned or bool(_UNNAMED.search(read.text, one.end, match.start))


def _subject_for(
    read: Read, match: Match, value: tuple[int, int], about: Entity | None
) -> Entity | None:
    text = without_asides(read.text, match.start)
    relative = _RELATIVE.search(text, 0, match.start) if match.start > 0 else None
    if relative and not match.value_first:
        return Entity(f"the {relative[1]}")
    found = [
        one
        for one in read.names
        if not (one.start < value[1] and value[0] < one.end)
        and text[one.start] != " "
        and relations.may_be_subject(one.entity, match.known)
        and _on_side((one.start, one.end), match, is_value=False)
        and not _another_between(read, one, match)
        and not (one.end <= match.start and _BY_WHOM.search(read.text, 0, one.start))
        and not _is_passed_over(text, one, match)
    ]
    low, high = read.reporting.outside
    outside = [one for one in found if one in outside_reporting(read)]
    if not outside and low <= value[0] and value[1] <= high:
        outside = found  # about the claimant's own post
    beside = [one for one in outside if _stands_beside(text[one.end : max(0, match.start)])]
    if beside and match.start > 0:
        return beside[-1].entity  # the film The Long Water, directed by
    if match.start > 0 and _IS_WHAT.search(text, 0, match.start):
        about = about or subject_of(read)  # it is a disease caused by
    if about is not None and not match.value_first:
        if relations.may_be_subject(about, match.known):
            return about
        if about.kind in PERSON_KINDS and not match.known.of_people:
            return None
    nearest = sorted(outside, key=lambda one: _distance(read, (one.start, one.end), match))
    return _whole(text, nearest[0], match) if nearest else _unnamed_subject(read, match)


def _whole(text: str, one: Span, match: Match) -> Entity | None:
    """Return a name, or what it only tells the place of: the factory in Kobe produces."""
    stands = text[one.end : match.start].isspace() and _STANDS_IN.search(text, 0, one.start)
    return Entity(f"the {text[stands.start(1) : one.end]}") if stands else one.entity


_STANDS_IN = re.compile(
    r"(?:^|,\s)[Tt]he\s+([a-z][a-z-]*(?:\s+[a-z][a-z-]*)?\s+(?:in|at|near|off)\s+(?:the\s+)?)$"
)


def _stands_beside(between: str) -> bool:
    """Whether a relation's words tell what the name before them is, between two commas."""
    return between == ", " or bool(_APPOSED.match(between))


def _is_passed_over(text: str, one: Span, match: Match) -> bool:
    """Whether a verb goes on with an earlier subject: It is based in Oslo and has a staff of 12."""
    goes_on = re.match(r"\s+and\s+(?:now\s+|also\s+)?$", text[one.end : max(match.start, 0)])
    return bool(goes_on and _AFTER_PREPOSITION.search(text, 0, one.start))


_IS_WHAT = re.compile(r"\b(?:is|are|was|were)\s+(?:an?|the)\s+(?:[a-z][\w-]*\s+){1,3}$")


def _unnamed_subject(read: Read, match: Match) -> Entity | None:
    """Return what stands right before a relation's words without a name: the new quay cost."""
    if match.start < 0 or match.value_first or match.first_follows:
        return None
    text = without_asides(read.text)
    found = _UNNAMED.search(text, max(0, len(text[: match.start].rstrip()) - BEHIND), match.start)
    name = found[0].strip() if found else _beginning(read, match)
    if name.startswith(("that ", "this ")):
        return None
    return Entity(name) if name and not points_back(name) else None


def _beginning(read: Read, match: Match) -> str:
    """Return the noun that a sentence begins with, whose verb are a relation's words; else ""."""
    if not begins_unnamed(read.text) or _CLAUSE_ENDS.search(read.text, 0, match.start):
        return ""
    named = any(one.end <= match.start for one in read.names)
    return "" if named else first_noun(read.text)
