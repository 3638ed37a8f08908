"""The members of a set, and which of them a part of a response may name."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import joined_to, read_alone, squeezed, words
from app.core.marking.people import fits_person, is_person_kind
from app.core.marking.roll import Roll, roll_of
from app.core.marking.sameness import any_same
from app.core.marking.text import MOST_TRIED, mark_names, misspelt, nearest_names, typos
from app.core.values import Entity, SetValue

_NOT_THIS = Mark(0.0, Verdict.WRONG, "")
_NAMED = Mark(1.0, Verdict.EQUIVALENT, "")
MOST_COMPARED = 4
"""Names that the parts of one response are compared with by every rule."""
MOST_HEADS = 100
"""Runs of words that are looked up as names where a list has no separators and a word of theirs
may be read with the next: no. 5."""
MOST_READ = 1000
"""Words that are read to find such runs."""
MOST_CANDIDATES = 2
"""Members that a part is compared with by every rule: those whose names come nearest to it."""
MOST_RANKED = 300
"""Times that a part is held beside a member to see how near they are."""
EQUAL = 101.0
LEAST_ALIKE = 35
"""Percent of letters and words that a part shares with a member that it may name; a part in
capitals may be its initials, and shares few."""


class Members:
    """The members of a set, and which of them a part of a response may name.

    A part that is a name is looked up, and one with a typing error or the family name alone is
    known by two cheap rules. Any other is compared with the few members that come nearest, and so
    many times in all: a response of anything costs no more than a list of names.
    """

    def __init__(self, value: SetValue) -> None:
        self.roll = roll_of(value)
        self.value = self.roll.value
        self.left = MOST_COMPARED
        self.heads_left = MOST_HEADS
        self.words_left = MOST_READ
        self.ranked_left = MOST_RANKED
        self._named: dict[str, tuple[Entity, ...]] = {}
        self._near: dict[str, list[tuple[Entity, float]]] = {}
        self._possible: dict[int, tuple[list[int], list[str]]] = {}
        self._marks: dict[tuple[str, str], Mark] = {}

    def leading(self, left: Sequence[str]) -> int:
        """Return how many words at the start are a name of the set, or the plural of one.

        The longest name counts, and 0 is none. Word is put to word while names begin so.
        """
        spelt, longest, joined = self.roll.spelt, 0, ""
        for at, word in enumerate(left[: self.roll.longest], 1):
            self.words_left -= 1
            if self.words_left < 0:
                break
            alone = read_alone(word)
            if alone is None:
                return self._leading(left)
            joined = joined_to(joined, alone)
            key = joined or squeezed(" ".join(left[:at]))  # articles alone may be a name: A
            place = bisect_left(spelt, key)
            if place < len(spelt) and spelt[place] == key:
                longest = at
            elif joined and not (place < len(spelt) and spelt[place].startswith(joined)):
                break
        return longest

    def _leading(self, left: Sequence[str]) -> int:
        """Return the same, with each run of words read as a whole."""
        for length in range(min(len(left), self.roll.longest), 0, -1):
            self.heads_left -= 1
            if self.heads_left < 0:
                break
            if squeezed(" ".join(left[:length])) in self.roll.known:
                return length
        return 0

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
                self._marks[key] = self._marked(item, part, near)
            if self._marks[key].correct:
                return item, self._marks[key]
        return None

    def nearness(self, part: str) -> float:
        """Return how near a part comes to a member: those are marked first, while any may be."""
        nearest = self._nearest(part)
        return nearest[0][1] if nearest else 0

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
        bits = (1 << len(items)) - 1
        if not part.isupper() and part.isascii():
            bits = _may_be(roll, part)
        possible, texts = self._texts(bits)
        self.ranked_left -= len(possible)
        if not possible:
            return []
        near = process.extract(
            part.casefold(),
            texts,
            scorer=fuzz.token_set_ratio,
            limit=2 * MOST_CANDIDATES,
            score_cutoff=0 if part.isupper() else LEAST_ALIKE,
        )
        return [(items[possible[at]], score) for _, score, at in near]

    def _texts(self, bits: int) -> tuple[Sequence[int], Sequence[str]]:
        """Return the places of some members and their words, of so many as may still be ranked."""
        if bits not in self._possible:
            places = [at for at in range(len(self.value.items)) if bits >> at & 1]
            self._possible[bits] = places, [self.roll.texts[at] for at in places]
        places, texts = self._possible[bits]
        most = max(0, self.ranked_left)
        return (places, texts) if len(places) <= most else (places[:most], texts[:most])

    def _is_person(self, item: Entity) -> bool:
        return self.roll.people or is_person_kind(item.kind)

    def _marked(self, item: Entity, part: str, near: Sequence[Entity]) -> Mark:
        """Mark a part against one member; the names of the others nearest to it are rivals."""
        if self.roll.by_name.get(squeezed(part)) is item:
            return _NAMED
        names = item.names[:MOST_TRIED]
        person = " " not in part and self._is_person(item)
        while names and typos(names[0], part) is None:
            names = names[1:]
        if not (names or person or self.left > 0):
            return _NOT_THIS
        rivals = [name for one in near if one is not item for name in one.names]
        slip = misspelt(names, part, rivals)
        if slip is not None and not any_same(rivals, part):
            return slip
        if person:
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


def _may_be(roll: Roll, part: str) -> int:
    """Return which members a part can name at all, a bit for each: they begin with a like letter.

    It keeps long lists of anything cheap: each part would be compared with each member.
    """
    typed = words(part)
    found = 0
    for word in typed:
        found |= roll.of_word.get(word[0], 0)
    if found and len(typed) > 1:
        return found
    return found | roll.of_name.get(squeezed(part)[:1], 0)
