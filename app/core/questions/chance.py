"""Chance that is the same for the same seed, in every process and version of Python."""

from functools import lru_cache
from random import Random

HALF = 2


class Chance:
    """The chance of one question: its own, and that of its deck.

    Its own is made when it is first drawn from: many questions draw nothing, and seeding a
    generator takes longer than all that most questions draw.
    """

    __slots__ = ("_own", "seed", "where")

    def __init__(self, seed: int, where: str) -> None:
        self.seed = seed
        self.where = where
        self._own: Random | None = None

    @property
    def own(self) -> Random:
        """The chance of this question alone; seeded by a text, which no process hashes anew."""
        if self._own is None:
            self._own = Random(f"{self.seed}:{self.where}")  # noqa: S311 no secret is drawn
        return self._own

    @property
    def side(self) -> int:
        """0 or 1, the same for all questions of a seed."""
        return _side_of(self.seed)


@lru_cache(maxsize=1000)
def _side_of(seed: int) -> int:
    return Random(seed).randrange(HALF)  # noqa: S311 which question comes is no secret
