"""Marking of sets: any order, any separator; each missing or wrong name costs its share."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import clean, squeezed, without_padding, words
from app.core.marking.people import PERSON_KINDS, could_be_person, like_a_person
from app.core.marking.text import MOST_TRIED, mark_names
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
MOST_COMPARED = 10
"""Names that the parts of one response are compared with by every rule, and are not."""
COST_OF_RIVALS = 3
"""What it counts beside to find that a part is a name of several members: all are looked at."""
MOST_HEADS = 100
"""Runs of words that are looked up as names where a list has no separators."""
MOST_CANDIDATES = 2
"""Members that a part is compared with by every rule: those whose names come nearest to it."""
EQUAL = 101.0
LEAST_ALIKE = 35
"""Percent of letters and words that a part shares with a member that it may name; a part in
capitals may be its initials, and shares few."""
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
    members = _Members(value)
    parts = _parts(members, listed_parts)
    if _given_names(value, parts):
        return _mark(value, len(value.items), 0, fuzzy=False)
    return _mark_parts(members, parts)


class _Members:
    """The members of a set, and which of them a part of a response may name.

    A part that is a name is looked up; any other is compared with the few members that come
    nearest, and so many times in all: a response of anything costs no more than a list of names.
    """

    def __init__(self, value: SetValue) -> None:
        self.value = value
        self.names = [name for item in value.items for name in item.names]
        self.people = any(like_a_person(item.name) for item in value.items)
        self.by_name = {squeezed(name): item for item in value.items for name in item.names}
        self.known = self.by_name.keys() | {f"{one}s" for one in self.by_name}
        self.longest = max(len(name.split()) for name in self.names)
        self.left = MOST_COMPARED
        self.heads_left = MOST_HEADS
        self._named: dict[str, tuple[Entity, ...]] = {}
        self._near: dict[str, list[tuple[Entity, float]]] = {}

    def knows(self, head: str) -> bool:
        """Whether some words are a name of the set, or the plural of one."""
        self.heads_left -= 1
        return self.heads_left >= 0 and squeezed(head) in self.known

    def named(self, part: str) -> tuple[Entity, ...]:
        """Return the members that a part names, each on its own; found once for a part."""
        if part not in self._named:
            near = self.candidates(part, self.value.items)
            self._named[part] = tuple(
                item for item in near if self._compared(item, part, ()).correct
            )
        return self._named[part]

    def marked(self, part: str, left: Sequence[Entity]) -> tuple[Entity, Mark] | None:
        """Return the first member not yet named that a part names, and how well; or None."""
        for item in self.candidates(part, left):
            mark = self._compared(item, part, self.names)
            if mark.correct:
                return item, mark
        return None

    def candidates(self, part: str, among: Sequence[Entity]) -> list[Entity]:
        """Return the members that a part may name, the nearest first: an equal name leaves one."""
        return [item for item, _ in self._nearest(part) if item in among][:MOST_CANDIDATES]

    def nearness(self, part: str) -> float:
        """Return how near a part comes to a member: those are marked first, while any may be."""
        return max((score for _, score in self._nearest(part)), default=0)

    def _nearest(self, part: str) -> list[tuple[Entity, float]]:
        """Return the members nearest to a part with the percent that they share; found once."""
        if part not in self._near:
            self._near[part] = self._ranked(part)
        return self._near[part]

    def _ranked(self, part: str) -> list[tuple[Entity, float]]:
        equal = self.by_name.get(squeezed(part))
        if equal is not None:
            return [(equal, EQUAL)]
        possible = [item for item in self.value.items if _may_be(item, part)]
        near = process.extract(
            part.casefold(),
            [" ".join(item.names).casefold() for item in possible],
            scorer=fuzz.token_set_ratio,
            limit=2 * MOST_CANDIDATES,
            score_cutoff=0 if part.isupper() else LEAST_ALIKE,
        )
        return [(possible[at], score) for _, score, at in near]

    def _compared(self, item: Entity, part: str, rivals: Sequence[str]) -> Mark:
        """Mark a part against one member; rivals are only asked where it would be right."""
        equal = self.by_name.get(squeezed(part)) == item
        if self.left <= 0 and not equal:
            return _NOT_THIS
        person = bool(rivals) and (self.people or item.kind.casefold() in PERSON_KINDS)
        mark = mark_names(item.names, part, is_person=person)
        cost = min(len(item.names), MOST_TRIED)
        others = [other for other in rivals if other not in item.names]
        if mark.correct and others:
            mark = mark_names(item.names, part, others, is_person=person)
            cost += COST_OF_RIVALS
        # Each member is found once: what is found need not be counted.
        if not equal and not (mark.correct and rivals):
            self.left -= cost
        return mark


def _parts(members: _Members, listed: list[str]) -> list[str]:
    """Return each name of a list, without what the list says of itself at its ends."""
    parts = [name for part in _without_shared_head(listed) for name in _parted(members, part)]
    if len(parts) > 1 and _NOUN_BEHIND.search(parts[-1]) and not members.named(parts[-1]):
        parts[-1] = _NOUN_BEHIND.sub("", parts[-1])
    if parts and _ANNOUNCED.match(parts[0]) and not members.named(parts[0]):
        parts[0] = _ANNOUNCED.sub("", parts[0])
    return parts


def _mark_parts(members: _Members, parts: list[str]) -> Mark:
    value = members.value
    left = list(value.items)
    slips, fuzzy = 0, False
    # The nearest first: what names no member may not use up what a misspelt one needs.
    for part in sorted(parts, key=members.nearness, reverse=True):
        if slips == len(value.items):
            break
        hit = members.marked(part, left)
        if hit is None:
            slips += 1
        else:
            fuzzy = fuzzy or hit[1].verdict is Verdict.TYPO
            left.remove(hit[0])
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


def _split(value: SetValue, text: str) -> list[str]:
    """Part a list at its separators, but not inside a name: Trinidad and Tobago."""
    for item in value.items:
        for name in item.names:
            pieces = [piece for piece in _SEPARATORS.split(name) if piece]
            if len(pieces) > 1 and _may_contain(text, pieces):
                joined = _INSIDE.join(_SEPARATORS.split(name))
                pattern = _SEPARATORS.pattern.join(map(re.escape, pieces))
                text = re.sub(pattern, joined, text, flags=re.IGNORECASE)
    return [part.replace(_INSIDE, " and ") for part in _SEPARATORS.split(text)]


def _may_contain(text: str, pieces: Sequence[str]) -> bool:
    """Whether a text can contain every piece of a name in some case; patterns are slow to make.

    Outside ASCII letters have more cases than two: there the pattern decides.
    """
    if not text.isascii():
        return True
    lowered = text.lower()
    return all(not piece.isascii() or piece.lower() in lowered for piece in pieces)


def _parted(members: _Members, part: str) -> list[str]:
    """Part "earth venus" at its spaces, where that gives names of the set and nothing else."""
    left, found = part.split(), []
    while left:
        for length in range(min(len(left), members.longest), 0, -1):
            head = " ".join(left[:length])
            if members.knows(head):
                found.append(head)
                left = left[length:]
                break
        else:
            return [part] if part == part.replace("-", " ") else _parted_at_hyphens(members, part)
    return found


def _parted_at_hyphens(members: _Members, part: str) -> list[str]:
    """Part Lennon-McCartney, blue-green-red at the hyphens, where each piece is of the set."""
    pieces = [piece for piece in part.split("-") if piece.strip()]
    if not 1 < len(pieces) <= len(members.value.items):
        return [part]
    distinct = set()
    for piece in pieces:
        hit = members.named(piece)
        if not hit:
            return [part]
        distinct.add(tuple(item.name for item in hit))
    return [part] if len(distinct) < len(pieces) or members.named(part) else pieces


def _may_be(item: Entity, part: str) -> bool:
    """Whether a part can be one of an item's names at all: some words begin with the same letter.

    It keeps long lists of anything cheap: each part would be marked against each item.
    """
    if part.isupper() or not part.isascii():
        return True
    names, typed = _beginnings(item.names), _beginnings((part,))
    return not (names[0].isdisjoint(typed[0]) and names[1].isdisjoint(typed[1]))


@lru_cache(maxsize=20_000)
def _beginnings(names: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Return how the words of some names begin, and how the names do when run together."""
    begins = frozenset(word[0] for name in names for word in words(name))
    return begins, frozenset(squeezed(name)[:1] for name in names)


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
