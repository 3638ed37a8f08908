"""What somebody did to something: Kestrel Labs released Corvid on 4 March.

A relation's words for it in the passive give the active ones (verbs.py).
"""

import re
from collections.abc import Iterator

from app.core.proposals import relations
from app.core.proposals.choosing import Chosen
from app.core.proposals.doing import points_back, told_apart
from app.core.proposals.phrases import begins_unnamed, first_noun, object_noun
from app.core.proposals.reading import Prepared, Read
from app.core.proposals.relations import IS_DONE, Known, Match
from app.core.proposals.valued import Valued, values_of
from app.core.values import Entity, EntityValue

LONGEST_OBJECT = 60
"""Characters between a verb and the preposition before its value."""
LONGEST_TITLE, LONGEST_AUXILIARY = 20, 12
_LEADS_TO_VALUE = re.compile(r"\s+(?:(?:the|about|around|only)\s+)?")
_TITLE = re.compile(r"(?:[A-Z][a-z]+\.?\s+)?")
_BEHIND_NOUN = re.compile(r"(?:\s+(?:in|at|near|of|off|for|from|with)\s+(?:the\s+)?\S.*)?")
_BEFORE_NAME = re.compile(
    r"(?:(?:the|its|his|her|their)\s+)?"
    r"(?:(?!(?:in|at|near|of|off|for|from|with|on|to|and)\b)[a-z][a-z-]*\s+){0,2}"
)
_THINGS = re.compile(
    r"\s+((?!the\b|an?\b|its\b|his\b|her\b|their\b|how\b|what\b)[a-z][a-z-]*(?:\s+[a-z][a-z-]*){0,2})"
    r"(?=[.,;:]|\s+(?:and|in|from|by|at|that|which)\b|$)"
)
"""A value without a name of its own: trained it on satellite images."""


def by_object(read: Read, prepared: Prepared) -> Chosen | None:
    """Return the fact of what a sentence's verb is done to; None where no relation has that."""
    lowered = read.text.casefold()
    found = (one for known in prepared.relations for one in _found(read, lowered, known))
    return next(found, None)


def _found(read: Read, lowered: str, known: Known) -> Iterator[Chosen]:
    for verb, preposition in known.objects:
        if verb not in lowered:
            continue
        for begins in re.finditer(rf"\b{re.escape(verb)}\s+", lowered):
            at, behind = begins.span()
            is_done = IS_DONE.search(lowered[max(0, at - LONGEST_AUXILIARY) : at])
            if is_done or not _may_speak(read, at):
                continue
            for ends in re.finditer(
                rf"\s{preposition}\b", lowered[behind : behind + LONGEST_OBJECT]
            ):
                yield from _between(
                    read, known, (behind, behind + ends.start()), behind + ends.end()
                )


def _may_speak(read: Read, at: int) -> bool:
    """Whether a verb is outside of who says so."""
    low, high = read.reporting.outside
    return not low <= at < high


def _between(read: Read, known: Known, thing: tuple[int, int], at: int) -> Iterator[Chosen]:
    """Yield the fact whose subject stands between and whose value begins at a place."""
    value = _value_at(read, known, at)
    subject = _subject_in(read, thing) if value else None
    if value and subject and relations.may_be_subject(subject, known):
        match = Match(known, relations.ACTIVE, thing[0], at)
        yield Chosen(value[0], value[1], subject, match)


def _value_at(read: Read, known: Known, at: int) -> Valued | None:
    leads = _LEADS_TO_VALUE.match(read.text, at)
    begins = leads.end() if leads else at
    for value, span in values_of(read):
        is_near = 0 <= span[0] - begins <= LONGEST_TITLE  # after Captain Holm
        leads_on = is_near and _TITLE.fullmatch(read.text, begins, span[0])
        if leads_on and relations.fits(value, known):
            return value, span
    things = _THINGS.match(read.text, at) if known.relation.value_kind == "entity" else None
    return (EntityValue(Entity(things[1])), things.span(1)) if things else None


def _subject_in(read: Read, thing: tuple[int, int]) -> Entity | None:
    """Return what a verb is done to: a noun with its article, or a name; nothing else besides."""
    noun, end = object_noun(read.text, thing[0])
    if noun:
        whole = _BEHIND_NOUN.fullmatch(read.text, end, max(end, thing[1]))
        named = told_apart(noun) if noun.startswith("the ") else _owned(read, noun, thing[0])
        return named if whole else None
    for one in read.names:
        inside = thing[0] <= one.start and one.end <= thing[1]
        if inside and _BEFORE_NAME.fullmatch(read.text, thing[0], one.start):
            return one.entity if _BEHIND_NOUN.fullmatch(read.text, one.end, thing[1]) else None
    return None


def _owned(read: Read, noun: str, before: int) -> Entity | None:
    """Return the thing of who did it: Halden Foods's first bakery, for opened its first bakery."""
    names = [one.entity.name for one in read.names if one.entity and one.end < before]
    unnamed = first_noun(read.text) if begins_unnamed(read.text) and not names else ""
    owners = [unnamed] if unnamed and not points_back(unnamed) else names
    return Entity(f"{owners[0]}'s {noun.partition(' ')[2]}") if len(owners) == 1 else None
