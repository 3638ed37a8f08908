"""Marking of sets: any order, any separator; each missing or wrong name costs its share."""

import re

from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import clean, squeezed, without_padding, words
from app.core.marking.people import PERSON_KINDS, could_be_person, like_a_person
from app.core.marking.text import mark_names
from app.core.sentences import say
from app.core.values import Entity, SetValue
from app.core.wording import display

_SEPARATORS = re.compile(
    r"\s*(?:[,;/|\n+&]|\band\b|\bas well as\b|\bplus\b|\balong with\b|\btogether with\b)\s*",
    re.IGNORECASE,
)

_INSIDE = "\ue000"
"""Stands for a separator that belongs to a name while a list is parted."""
_NOT_THIS = Mark(0.0, Verdict.WRONG, "")
_ALL = re.compile(r"^(?:both|all(?: of)?)\s+", re.IGNORECASE)
_NOUN_BEHIND = re.compile(r"(?<=\w) [a-z]+s$")
"""Executive, judicial and legislative branches."""
FEWEST_ALIKE = 2
_TITLE = re.compile(r"^\w{2,20}:\s+")
"""HOMES: a word for the whole list before it."""
_ANNOUNCED = re.compile(r"^(?:the )?(?:[a-z]+ )?[a-z]+s(?: are)?:?\s+(?=\w)")
"""The colours, the planets are: what a list says of itself."""


def mark_set(value: SetValue, response: str) -> Mark:
    """Mark the names that were given, each counted once."""
    listed = re.sub(r"(?:^|\s)(?:\d+[.)]|[-*•])\s+", ";", response)
    text = _ALL.sub("", without_padding(clean(listed.replace("\n", ";"))))
    text = _TITLE.sub("", text)
    if re.search(r"\bor\b", text, re.IGNORECASE):
        return Mark(0.0, Verdict.WRONG, say("Give the answers, not several to choose from."))
    listed_parts = [part for part in _split(value, text) if part]
    if len(listed_parts) > 1 + 2 * len(value.items):  # each wrong one costs a right one
        return Mark(0.0, Verdict.WRONG, say("The answer is {value}.", value=display(value)))
    parts = _parts(value, listed_parts)
    if _given_names(value, parts):
        return _mark(value, len(value.items), 0, fuzzy=False)
    return _mark_parts(value, parts)


def _parts(value: SetValue, listed: list[str]) -> list[str]:
    """Return each name of a list, without what the list says of itself at its ends."""
    parts = [name for part in _without_shared_head(listed) for name in _parted(value, part)]
    if len(parts) > 1 and not _any_item(value, parts[-1]):
        parts[-1] = _NOUN_BEHIND.sub("", parts[-1])
    if parts and not _any_item(value, parts[0]):
        parts[0] = _ANNOUNCED.sub("", parts[0])
    return parts


def _mark_parts(value: SetValue, parts: list[str]) -> Mark:
    left = list(value.items)
    slips, fuzzy = 0, False
    people = any(like_a_person(item.name) for item in value.items)
    others = [name for item in value.items for name in item.names]
    for part in parts:
        if slips == len(value.items):
            break
        marked = ((item, _marked(item, part, others, people=people)) for item in left)
        hit, mark = next((pair for pair in marked if pair[1].correct), (None, None))
        if hit is None or mark is None:
            slips += 1
        else:
            fuzzy = fuzzy or mark.verdict is Verdict.TYPO
            left.remove(hit)
    return _mark(value, len(value.items) - len(left), slips, fuzzy=fuzzy)


def _without_shared_head(parts: list[str]) -> list[str]:
    """Leave out what each part begins with: Lake Erie, Lake Huron."""
    heads = {part.split()[0].casefold() for part in parts}
    if len(parts) < FEWEST_ALIKE or len(heads) > 1 or any(" " not in part for part in parts):
        return parts
    return [part.split(maxsplit=1)[1] for part in parts]


def _given_names(value: SetValue, parts: list[str]) -> bool:
    """Whether a list has the first name of each: John, Paul, George and Ringo."""
    firsts = {squeezed(item.name.split()[0]) for item in value.items}
    whole = all(" " in item.name and could_be_person(item.name) for item in value.items)
    typed = [squeezed(part) for part in parts]
    return whole and len(typed) == len(firsts) == len(value.items) and set(typed) == firsts


def _marked(item: Entity, part: str, others: list[str], *, people: bool) -> Mark:
    if not _may_be(item, part):
        return _NOT_THIS
    rivals = [other for other in others if other not in item.names]
    person = people or item.kind.casefold() in PERSON_KINDS
    return mark_names(item.names, part, rivals, is_person=person)


def _split(value: SetValue, text: str) -> list[str]:
    """Part a list at its separators, but not inside a name: Trinidad and Tobago."""
    for item in value.items:
        for name in item.names:
            pieces = [re.escape(piece) for piece in _SEPARATORS.split(name) if piece]
            if len(pieces) > 1:
                joined = _INSIDE.join(_SEPARATORS.split(name))
                text = re.sub(_SEPARATORS.pattern.join(pieces), joined, text, flags=re.IGNORECASE)
    return [part.replace(_INSIDE, " and ") for part in _SEPARATORS.split(text)]


def _any_item(value: SetValue, part: str) -> bool:
    return any(_is_item(item, part) for item in value.items)


def _parted(value: SetValue, part: str) -> list[str]:
    """Part "earth venus" at its spaces, where that gives names of the set and nothing else."""
    names = [name for item in value.items for name in item.names]
    known = {squeezed(name) for name in names}
    known |= {f"{one}s" for one in known}
    longest = max(len(name.split()) for name in names)
    left, found = part.split(), []
    while left:
        for length in range(min(len(left), longest), 0, -1):
            head = " ".join(left[:length])
            if squeezed(head) in known:
                found.append(head)
                left = left[length:]
                break
        else:
            return [part] if part == part.replace("-", " ") else _parted_at_hyphens(value, part)
    return found


def _parted_at_hyphens(value: SetValue, part: str) -> list[str]:
    """Part Lennon-McCartney, blue-green-red at the hyphens, where each piece is of the set."""
    pieces = [piece for piece in part.split("-") if piece.strip()]
    if len(pieces) > len(value.items):
        return [part]
    hits = [[item for item in value.items if _is_item(item, piece)] for piece in pieces]
    distinct = {tuple(one.name for one in hit) for hit in hits}
    whole = any(_is_item(item, part) for item in value.items)
    return pieces if len(distinct) == len(pieces) > 1 and all(hits) and not whole else [part]


def _is_item(item: Entity, piece: str) -> bool:
    return _may_be(item, piece) and mark_names(item.names, piece).correct


def _may_be(item: Entity, part: str) -> bool:
    """Whether a part can be one of an item's names at all: some words begin with the same letter.

    It keeps long lists of anything cheap: each part would be marked against each item.
    """
    if part.isupper() or not part.isascii():
        return True
    known = {word[0] for name in item.names for word in words(name)}
    return bool(known & {word[0] for word in words(part)}) or squeezed(part)[:1] in {
        squeezed(name)[:1] for name in item.names
    }


def _mark(value: SetValue, hits: int, slips: int, *, fuzzy: bool) -> Mark:
    total = len(value.items)
    credit = max(0.0, (hits - slips) / total)
    if credit >= 1:
        verdict = Verdict.TYPO if fuzzy else Verdict.EQUIVALENT
        return Mark(1.0, verdict, say("All of them: {value}.", value=display(value)))
    if credit > 0:
        return Mark(
            round(credit, 2),
            Verdict.PARTIAL,
            say("{hits} of {total}: {value}.", hits=hits, total=total, value=display(value)),
        )
    return Mark(0.0, Verdict.WRONG, say("The answer is {value}.", value=display(value)))
