"""How far long work is, told to whoever shows it."""

from collections.abc import Callable

Advance = Callable[[int, int], object]
"""Told how many steps of how many are done."""


def unheard(_done: int, _total: int) -> None:
    """Tell nobody."""


class Steps:
    """Long work of known length, counted as its parts are done."""

    def __init__(self, advance: Advance = unheard, total: int = 0) -> None:
        self.advance, self.total, self.done = advance, total, 0

    def add(self, steps: int) -> None:
        """Count steps that are done."""
        self.done += steps
        self.advance(self.done, max(self.total, self.done))
