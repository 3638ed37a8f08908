"""Memory by FSRS-6, through fsrs-rs: exact, nothing home-made in the model."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import fsrs_rs_python
from fsrs_rs_python import DEFAULT_PARAMETERS

from app.core.marking import Mark, Verdict
from app.core.questions.question import QuestionType

DAY_S = 86_400
MAX_INTERVAL_DAYS = 36_500
MATURE_DAYS = 21
"""From this stability on a fact is mature; Anki goes by the interval, the same at 90 % recall."""
_DECAY_AT = 20
"""Where FSRS-6 keeps the decay of its forgetting curve among its 21 parameters."""


class Rating(IntEnum):
    """The input of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class MemoryState:
    """Stability in days (recall falls to 90 % after that long), difficulty 1-10, last review."""

    stability_days: float
    difficulty: float
    last_review_epoch_s: int


@lru_cache(maxsize=256)
def _model(parameters: tuple[float, ...]) -> fsrs_rs_python.FSRS:
    return fsrs_rs_python.FSRS(parameters)


def next_state(
    state: MemoryState | None,
    rating: Rating,
    at_epoch_s: int,
    elapsed_days: int,
    parameters: Sequence[float] = DEFAULT_PARAMETERS,
) -> MemoryState:
    """Return the state after a review; `elapsed_days` counts the learner's days since the last.

    A clock that jumped backwards counts as the same day.
    """
    model = _model(tuple(parameters))
    before = fsrs_rs_python.MemoryState(state.stability_days, state.difficulty) if state else None
    states = model.next_states(before, 0.9, max(0, elapsed_days))
    after = (states.again, states.hard, states.good, states.easy)[rating - 1].memory
    last = max(at_epoch_s, state.last_review_epoch_s) if state else at_epoch_s
    return MemoryState(after.stability, after.difficulty, last)


def retrievability(
    stability_days: float,
    elapsed_days: float,
    parameters: Sequence[float] = DEFAULT_PARAMETERS,
) -> float:
    """Return predicted recall, 0-1: FSRS-6's power curve, 0.9 after `stability_days`."""
    return forgetting_curve(parameters)(stability_days, elapsed_days)


def forgetting_curve(
    parameters: Sequence[float] = DEFAULT_PARAMETERS,
) -> Callable[[float, float], float]:
    """Return `retrievability` by stability and elapsed days, for many memories of a learner."""
    decay = -parameters[_DECAY_AT]
    factor = 0.9 ** (1 / decay) - 1

    def recall(stability_days: float, elapsed_days: float) -> float:
        share: float = (1 + factor * max(0.0, elapsed_days) / stability_days) ** decay
        return share

    return recall


def interval_days(
    stability_days: float,
    desired_retention: float,
    parameters: Sequence[float] = DEFAULT_PARAMETERS,
) -> int:
    """Return whole days until recall falls to the desired retention: at least 1."""
    days = exact_interval_days(stability_days, desired_retention, parameters)
    return min(MAX_INTERVAL_DAYS, max(1, round(days)))


def exact_interval_days(
    stability_days: float,
    desired_retention: float,
    parameters: Sequence[float] = DEFAULT_PARAMETERS,
) -> float:
    """Return days until recall falls to the desired retention: FSRS-6's curve, solved for time."""
    decay = -parameters[_DECAY_AT]
    factor = 0.9 ** (1 / decay) - 1
    return float(stability_days / factor * (desired_retention ** (1 / decay) - 1))


def rating_for(mark: Mark, question_type: QuestionType, self_rated: int | None = None) -> Rating:
    """Return the rating of a mark: the one table from marking to memory.

    Wrong → again; right → good; right only after a typo, or in part → hard; a flashcard's rating
    is the learner's own. Recognition counts in full: it is asked only while a fact is young.
    """
    if question_type is QuestionType.FLASHCARD and self_rated is not None:
        return Rating(self_rated)
    if mark.credit <= 0:
        return Rating.AGAIN
    if mark.verdict in {Verdict.TYPO, Verdict.PARTIAL}:
        return Rating.HARD
    return Rating.GOOD


@dataclass(frozen=True, slots=True)
class LoggedRating:
    """One line of a review log: when (epoch seconds), on which of the learner's days, and how."""

    at_epoch_s: int
    study_day: int
    rating: Rating


def replay(
    log: Iterable[LoggedRating], parameters: Sequence[float] = DEFAULT_PARAMETERS
) -> MemoryState | None:
    """Return the state after a log in its own order; None for an empty one."""
    state: MemoryState | None = None
    last_day = 0
    for one in log:
        elapsed = one.study_day - last_day if state else 0
        state = next_state(state, one.rating, one.at_epoch_s, elapsed, parameters)
        last_day = max(last_day, one.study_day)
    return state
