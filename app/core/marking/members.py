"""The members of a set, and which of them a part of a response may name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import squeezed, words
from app.core.marking.people import fits_person, is_person_kind, like_a_person
from app.core.marking.text import MOST_TRIED, mark_names, misspelt, nearest_names, same
from app.core.values import Entity, SetValue

_NOT_THIS = Mark(0.0, Verdict.WRONG, "")
_NAMED = Mark(1.0, Verdict.EQUIVALENT, "")
_NOWHERE: frozenset[int] = frozenset()
MOST_COMPARED = 4
"""Names that the parts of one response are compared with by every rule."""
MOST_HEADS = 100
"""Runs of words that are looked up as names where a list has no separators."""
MOST_CANDIDATES = 2
"""Members that a part is compared with by every rule: those whose names come nearest to it."""
MOST_RANKED = 300
"""Times that a part is held beside a member to see how near they are."""
MOST_SHARING = 2
"""Members that may share a word which still tells them apart from others."""
EQUAL = 101.0
LEAST_ALIKE = 35
"""Percent of letters and words that a part shares with a member that it may name; a part in
capitals may be its initials, and shares few."""


@dataclass(frozen=True, slots=True)
class _Roll:
    """What the parts of a response are compared with; the same for each response to a set."""

    value: SetValue
    """The set that was read first among equal ones: its members are known by identity."""
    people: bool
    by_name: Mapping[str, Entity]
    known: frozenset[str]
    longest: int
    """Words of the longest name."""
    of_word: Mapping[str, frozenset[int]]
    """Places of the members of whose names a word of their own begins with a letter."""
    of_name: Mapping[str, frozenset[int]]
    """Places of the members of whose names one, run together, begins with a letter."""
    texts: tuple[str, ...]
    """The words of all names of each member in small letters, each once: that is all that tells
    how near a part comes, and names of one member share most of them."""


@lru_cache(maxsize=500)
def _roll(value: SetValue) -> _Roll:
    names = tuple(name for item in value.items for name in item.names)
    shared = _shared_words(value)
    by_name = {squeezed(name): item for item in value.items for name in item.names}
    return _Roll(
        value,
        any(like_a_person(item.name) for item in value.items),
        by_name,
        frozenset(by_name) | {f"{one}s" for one in by_name},
        max(len(name.split()) for name in names),
        _by_letter(_first_letters(item.names, shared) for item in value.items),
        _by_letter(frozenset(squeezed(name)[:1] for name in item.names) for item in value.items),
        tuple(
            " ".join(dict.fromkeys(" ".join(item.names).casefold().split())) for item in value.items
        ),
    )


def _shared_words(value: SetValue) -> frozenset[str]:
    """Return the words that many members have, and which tell none of them apart: Lake, of."""
    counted = Counter(
        word for item in value.items for word in {one for name in item.names for one in words(name)}
    )
    most = max(MOST_SHARING, len(value.items) / 3)
    return frozenset(word for word, count in counted.items() if count > most)


def _first_letters(names: Sequence[str], shared: frozenset[str]) -> frozenset[str]:
    """Return how the words of some names begin, of those that are not shared where there are."""
    found = {word for name in names for word in words(name)}
    return frozenset(word[0] for word in found - shared or found)


def _by_letter(beginnings: Iterable[frozenset[str]]) -> Mapping[str, frozenset[int]]:
    """Return in which places each letter is."""
    places: dict[str, set[int]] = defaultdict(set)
    for at, letters in enumerate(beginnings):
        for letter in letters:
            places[letter].add(at)
    return {letter: frozenset(found) for letter, found in places.items()}


class Members:
    """The members of a set, and which of them a part of a response may name.

    A part that is a name is looked up, and one with a typing error or the family name alone is
    known by two cheap rules. Any other is compared with the few members that come nearest, and so
    many times in all: a response of anything costs no more than a list of names.
    """

    def __init__(self, value: SetValue) -> None:
        self.roll = _roll(value)
        self.value = self.roll.value
        self.left = MOST_COMPARED
        self.heads_left = MOST_HEADS
        self.ranked_left = MOST_RANKED
        self._named: dict[str, tuple[Entity, ...]] = {}
        self._near: dict[str, list[tuple[Entity, float]]] = {}
        self._marks: dict[tuple[str, str], Mark] = {}

    def knows(self, head: str) -> bool:
        """Whether some words are a name of the set, or the plural of one."""
        self.heads_left -= 1
        return self.heads_left >= 0 and squeezed(head) in self.roll.known

    def named(self, part: str) -> tuple[Entity, ...]:
        """Return the members that a part names, each on its own; found once for a part."""
        if part not in self._named:
            near = [item for item, _ in self._nearest(part)][:MOST_CANDIDATES]
            self._named[part] = tuple(
                item for item in near if self._compared(item, part, ()).correct
            )
        return self._named[part]

    def marked(self, part: str, left: Mapping[str, Entity]) -> tuple[Entity, Mark] | None:
        """Return the first member not yet named that a part names, and how well; or None."""
        near = [item for item, _ in self._nearest(part)]
        for item in [one for one in near if one.name in left][:MOST_CANDIDATES]:
            key = item.name, part
            if key not in self._marks:
                rivals = [name for one in near if one is not item for name in one.names]
                self._marks[key] = self._marked(item, part, rivals)
            if self._marks[key].correct:
                return item, self._marks[key]
        return None

    def nearness(self, part: str) -> float:
        """Return how near a part comes to a member: those are marked first, while any may be."""
        return max((score for _, score in self._nearest(part)), default=0)

    def _nearest(self, part: str) -> list[tuple[Entity, float]]:
        """Return the members nearest to a part with the percent that they share; found once."""
        if part not in self._near:
            self._near[part] = self._ranked(part)
        return self._near[part]

    def _ranked(self, part: str) -> list[tuple[Entity, float]]:
        roll, items = self.roll, self.value.items
        equal = roll.by_name.get(squeezed(part))
        if equal is not None:
            return [(equal, EQUAL)]
        possible: Sequence[int] = range(len(items))
        if not part.isupper() and part.isascii():
            possible = sorted(_may_be(roll, part))
        possible = possible[: max(0, self.ranked_left)]
        self.ranked_left -= len(possible)
        if not possible:
            return []
        near = process.extract(
            part.casefold(),
            [roll.texts[at] for at in possible],
            scorer=fuzz.token_set_ratio,
            limit=2 * MOST_CANDIDATES,
            score_cutoff=0 if part.isupper() else LEAST_ALIKE,
        )
        return [(items[possible[at]], score) for _, score, at in near]

    def _is_person(self, item: Entity) -> bool:
        return self.roll.people or is_person_kind(item.kind)

    def _marked(self, item: Entity, part: str, rivals: Sequence[str]) -> Mark:
        """Mark a part against one member; `rivals` are the names of the others nearest to it."""
        if self.roll.by_name.get(squeezed(part)) is item:
            return _NAMED
        slip = misspelt(item.names[:MOST_TRIED], part, rivals)
        if slip is not None and not any(same(rival, part) for rival in rivals):
            return slip
        if self._is_person(item) and " " not in part:
            fits = [fits_person(name, part) for name in item.names[:MOST_TRIED]]
            if 0 in fits and all(fits_person(rival, part) is None for rival in rivals):
                return _NAMED
        return self._compared(item, part, rivals)

    def _compared(self, item: Entity, part: str, rivals: Sequence[str]) -> Mark:
        """Mark a part against one member by every rule, while any may be tried."""
        if self.left <= 0:
            return _NOT_THIS
        names = nearest_names(item.names, part, self.left)
        self.left -= len(names)
        person = bool(rivals) and self._is_person(item)
        return mark_names(names, part, rivals, is_person=person)


def _may_be(roll: _Roll, part: str) -> frozenset[int]:
    """Return the places of the members that a part can name at all: they begin with a like letter.

    It keeps long lists of anything cheap: each part would be compared with each member.
    """
    typed = words(part)
    letters = {word[0] for word in typed}
    found = _NOWHERE.union(*(roll.of_word.get(letter, _NOWHERE) for letter in letters))
    if found and len(typed) > 1:
        return found
    return found | roll.of_name.get(squeezed(part)[:1], _NOWHERE)
