"""Chance that is the same for the same seed, in every process and version of Python."""

from dataclasses import dataclass
from functools import cached_property
from random import Random


@dataclass(frozen=True)
class Chance:
    """The chance of one question: its own, and that of its deck.

    Either is made when it is first drawn from: many questions draw nothing, and seeding a
    generator takes longer than all that most questions draw.
    """

    seed: int
    where: str

    @cached_property
    def own(self) -> Random:
        """The chance of this question alone; seeded by a text, which no process hashes anew."""
        return Random(f"{self.seed}:{self.where}")  # noqa: S311 which question comes is no secret

    @cached_property
    def of_deck(self) -> Random:
        """The chance that all questions of a seed share."""
        return Random(self.seed)  # noqa: S311 which question comes is no secret
