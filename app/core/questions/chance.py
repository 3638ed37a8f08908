"""Chance that is the same for the same seed, in every process and version of Python."""

from random import Random
from typing import Self


class Chance(Random):
    """The chance of one question: its own, and `of_deck`, shared by all questions of a seed."""

    of_deck: Random

    def __new__(cls, seed: int, where: str) -> Self:
        """Make it without handing both arguments to the parent."""
        del seed, where
        return super().__new__(cls)

    def __init__(self, seed: int, where: str) -> None:
        # Seeding by a text does not depend on the process, as a hash would.
        super().__init__(f"{seed}:{where}")
        self.of_deck = Random(seed)  # noqa: S311 which question comes is no secret
