"""Simulated learners: two models of a true memory, neither of them the planner's own.

`FsrsMemory` follows FSRS-6 with parameters drawn for each learner, far from the defaults.
`HalfLifeMemory` is of another family: exponential forgetting by half-lives, in the manner of
half-life regression (Settles and Meeder, ACL 2016) with a spacing effect, facts differing widely.
"""

from dataclasses import dataclass
from math import exp
from random import Random
from typing import Protocol

from app.core.memory import (
    DEFAULT_PARAMETERS,
    MemoryState,
    Rating,
    next_state,
    retrievability,
)

NEW_S, RIGHT_S, WRONG_S = 20, 8, 20
"""Seconds that a first sight, a right answer, and a wrong one with its repetition take."""


class TrueMemory(Protocol):
    """What one learner really remembers of one fact; days are whole."""

    def recall(self, day: int) -> float:
        """Return the true probability of recall."""
        ...

    def study(self, day: int, *, right: bool) -> None:
        """Change by an answer; a wrong one is repeated on the same day until it is right."""
        ...


@dataclass(slots=True)
class FsrsMemory:
    """FSRS-6 with a learner's own parameters."""

    parameters: tuple[float, ...]
    state: MemoryState | None = None
    day: int = 0

    def recall(self, day: int) -> float:
        """Return FSRS-6's power curve at the true stability."""
        assert self.state is not None  # noqa: S101 studied before it is asked
        return retrievability(self.state.stability_days, day - self.day, self.parameters)

    def study(self, day: int, *, right: bool) -> None:
        """Change by an answer."""
        elapsed = day - self.day if self.state else 0
        rating = Rating.GOOD if right else Rating.AGAIN
        self.state = next_state(self.state, rating, day * 86_400, elapsed, self.parameters)
        if not right:
            self.state = next_state(self.state, Rating.GOOD, day * 86_400, 0, self.parameters)
        self.day = day


@dataclass(slots=True)
class HalfLifeMemory:
    """Recall halves every `half_life` days; success lengthens it, most when recall was low."""

    half_life: float
    gain: float
    day: int = 0
    seen: bool = False

    def recall(self, day: int) -> float:
        """Return exponential forgetting."""
        return float(2 ** (-(day - self.day) / self.half_life))

    def study(self, day: int, *, right: bool) -> None:
        """Change by an answer."""
        if self.seen:
            faded = 1 - self.recall(day)
            if right:
                self.half_life *= 1 + self.gain * (0.25 + 2 * faded)
            else:
                self.half_life = max(0.7, self.half_life * 0.35)
        elif not right:
            self.half_life *= 0.6
        self.seen, self.day = True, day


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody with a memory of their own kind."""

    kind: str
    seed: int
    parameters: tuple[float, ...]

    def memory(self, fact: int) -> TrueMemory:
        """Return the untouched memory of a fact."""
        rng = Random(f"{self.seed}:{fact}")
        if self.kind == "fsrs":
            return FsrsMemory(self.parameters)
        return HalfLifeMemory(
            half_life=5.0 * exp(rng.gauss(0, 0.7)), gain=1.5 * exp(rng.gauss(0, 0.35))
        )


def learners(kind: str, count: int) -> list[Learner]:
    """Return learners, each with parameters drawn around the defaults (a third either way)."""
    drawn = []
    for seed in range(count):
        rng = Random(f"{kind}:{seed}")
        factors = [exp(rng.gauss(0, 0.3)) for _ in DEFAULT_PARAMETERS]
        slow = exp(rng.gauss(-0.2, 0.5))
        parameters = [
            value * factor * (slow if at < 4 else 1)
            for at, (value, factor) in enumerate(zip(DEFAULT_PARAMETERS, factors, strict=True))
        ]
        parameters[:4] = sorted(parameters[:4])
        parameters[4] = min(9.5, max(1.5, parameters[4]))
        parameters[20] = min(0.5, max(0.1, parameters[20]))
        drawn.append(Learner(kind, seed, tuple(parameters)))
    return drawn
