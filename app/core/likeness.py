"""Names that look like one thing entered twice: candidates for a merge, never a verdict."""

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.core.marking.normalise import squeezed, words
from app.core.values import Entity

NEAR_LETTERS, FAR_LETTERS = 6, 12
"""From so many letters on, one and two edits still look alike: Iran and Iraq do not."""
_COMPANY = frozenset({"the", "inc", "ltd", "llc", "corp", "corporation", "company", "co", "plc"})
MOST_ALIKE = 8


class Lookalikes:
    """Entities by their names, to find those that look like one of them."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        named = [(name, one) for one in entities for name in one.names]
        self.names = [squeezed(name) for name, _ in named]
        self.owners = [one for _, one in named]
        self.bags: dict[frozenset[str], list[Entity]] = {}
        for name, one in named:
            self.bags.setdefault(_bag(name), []).append(one)

    def of(self, entity: Entity) -> list[Entity]:
        """Return the entities whose names are near to one of this entity's, nearest first.

        Names that differ in a figure (H100, H800) are different things. Names of the same words
        in another order, or without "the" and "Ltd", are alike; so is a shared alias.
        """
        found: dict[str, tuple[int, Entity]] = {}
        for name in entity.names:
            same = ((0, one) for one in self.bags.get(_bag(name), ()))
            for distance, one in (*same, *self._near(squeezed(name))):
                if one.key != entity.key and distance < found.get(one.key, (distance + 1, one))[0]:
                    found[one.key] = (distance, one)
        ranked = sorted(found.values(), key=lambda pair: pair[0])
        return [one for _, one in ranked[:MOST_ALIKE]]

    def _near(self, name: str) -> Iterable[tuple[int, Entity]]:
        edits = 2 if len(name) >= FAR_LETTERS else 1 if len(name) >= NEAR_LETTERS else 0
        near = process.extract(
            name, self.names, scorer=OSA.distance, score_cutoff=edits, limit=2 * MOST_ALIKE
        )
        for other, distance, at in near:
            if _figures(other) == _figures(name):
                yield int(distance), self.owners[at]


def _figures(name: str) -> list[str]:
    return [char for char in name if char.isdigit()]


def _bag(name: str) -> frozenset[str]:
    spoken = words(name)
    return frozenset(word for word in spoken if word not in _COMPANY) or frozenset(spoken)
