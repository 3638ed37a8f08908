"""One fact's story: its answers and changes in their order give its memory and its days' totals.

The door between the log and everything that is shown: the stored log becomes `Answered` and
`Changed` events (`services/ledger/`), `tell` replays them, and the result is what is stored.
A new kind of change is a row in `_EFFECTS` and nothing else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from operator import add, attrgetter, sub

from fsrs_rs_python import DEFAULT_PARAMETERS

from app.core.memory import MATURE_DAYS, MemoryState, Rating, next_state


class ChangeKind(StrEnum):
    """What can happen to a fact's memory besides an answer."""

    BURIED = "buried"
    """Not asked before `due_epoch_s`."""
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    """Asked again: at `due_epoch_s` where it had been put off."""
    RESET = "reset"
    """The fact is new again."""
    KNOWN = "known"
    """The learner knew it all along: `stability_days` from now on."""
    MOVED = "moved"
    """Due at `due_epoch_s` instead; what is known stays."""
    CORRECTED = "corrected"
    """Its right answer changed: learned again as if just missed, due at `due_epoch_s`."""
    IMPORTED = "imported"
    """Another program remembers it so: `stability_days` and `difficulty`, as of the last review."""
    RETOLD = "retold"
    """Due at `due_epoch_s`, since an answer from before has come late; logged with that answer."""


STARTS_ANEW = frozenset({ChangeKind.RESET, ChangeKind.CORRECTED, ChangeKind.KNOWN})
"""After these a fact's answers count from one again, as those of another fact would."""


Place = tuple[int, int, int, int]
"""Where an event stands in the learner's log: the number of a review, the number of a change behind
it; for an answer that arrived late the place behind which it belongs, then its time and number."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An effective review: the logged answer with its latest amendment; undone ones are none."""

    number: int
    at_epoch_s: int
    study_day: int
    rating: Rating
    correct: bool
    worth: int
    """Tenths of points, if the fact has not earned any that day."""
    response_ms: int
    question_type: str
    moves_memory: bool
    due_epoch_s: int | None
    stability_days: float | None = None
    """What this answer left when it was given; the replay decides."""
    behind: tuple[int, int] | None = None
    """For an answer that arrived late: review and change of its fact behind which it was given."""

    @property
    def place(self) -> Place:
        """Return where it stands in the learner's log."""
        return place_of(self.number, self.at_epoch_s, self.behind)


@dataclass(frozen=True, slots=True)
class Changed:
    """A change that is not an answer, made when the log had `after` reviews."""

    after: int
    change: int
    kind: ChangeKind
    at_epoch_s: int
    study_day: int
    due_epoch_s: int | None = None
    stability_days: float | None = None
    difficulty: float | None = None

    @property
    def place(self) -> Place:
        """Return where it stands in the learner's log: behind the review it came after."""
        return (self.after, self.change, 0, 0)


Event = Answered | Changed


@dataclass(frozen=True, slots=True)
class Tally:
    """What one fact adds to one of the learner's days."""

    reviews: int = 0
    correct: int = 0
    new_facts: int = 0
    due_facts: int = 0
    """1 on a day on which a fact learned on an earlier day was studied again."""
    points: int = 0
    response_ms: int = 0
    passed: int = 0
    """How many of `due_facts` were recalled at the first answer of the day: true retention."""
    mature: int = 0
    """How many of `due_facts` were mature when asked."""
    mature_passed: int = 0

    def __sub__(self, other: "Tally") -> "Tally":
        """Return the difference, number by number."""
        return Tally(*map(sub, _numbers(self), _numbers(other)))

    def __add__(self, other: "Tally") -> "Tally":
        """Return the sum, number by number."""
        if self is NOTHING or other is NOTHING:  # most sums of a long log
            return other if self is NOTHING else self
        return Tally(*map(add, _numbers(self), _numbers(other)))


_numbers: Callable[[Tally], tuple[int, ...]] = attrgetter(*(one.name for one in fields(Tally)))
"""One call for all of them: a whole log is told with three sums for each of its answers."""
NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands with a fact after the whole story."""

    memory: MemoryState | None = None
    due_epoch_s: int | None = None
    reviews: int = 0
    lapses: int = 0
    last_type: str = ""
    first_study_day: int = 0
    last_study_day: int = 0
    suspended: bool = False
    held_until_epoch_s: int | None = None
    """A fact not studied yet that is not to be asked before then."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a fact's events give: where the learner stands, and its part in each day."""

    standing: Standing
    days: dict[int, Tally] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """Return the tenths of points that the fact has earned."""
        return sum(tally.points for tally in self.days.values())


def place_of(number: int, at_epoch_s: int, behind: tuple[int, int] | None) -> Place:
    """Return the place of a review: its number, or that of a late one by the time of answering."""
    return (number, 0, 0, 0) if behind is None else (*behind, at_epoch_s, number)


def place_behind(logged: Iterable[tuple[Place, int]], at_epoch_s: int) -> tuple[int, int]:
    """Return the place behind which an answer belongs that was given at `at_epoch_s`.

    `logged` are the places and times of its fact. Counted from the end of the log: what a clock
    that has jumped wrote long before does not matter.
    """
    backwards = sorted(logged, reverse=True)
    return next((place[:2] for place, at in backwards if at <= at_epoch_s), (0, 0))


def decider(events: Iterable[Event]) -> Event | None:
    """Return the last event that decided by itself when the fact is due."""
    deciding = [
        one
        for one in in_order(events)
        if one.due_epoch_s is not None
        and (isinstance(one, Answered) or one.kind is not ChangeKind.RETOLD)
    ]
    return deciding[-1] if deciding else None


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events in the order of the learner's log."""
    return sorted(events, key=lambda one: one.place)


def earned_by(events: Iterable[Event], number: int) -> int:
    """Return the tenths of points that one review has earned: a fact earns once a day."""
    earned: set[int] = set()
    for event in in_order(events):
        if isinstance(event, Answered) and event.worth and event.study_day not in earned:
            if event.number == number:
                return event.worth
            earned.add(event.study_day)
    return 0


def tell(events: Iterable[Event], parameters: Sequence[float] = DEFAULT_PARAMETERS) -> Story:
    """Return what a fact's events give, in the order of the learner's log."""
    standing = Standing()
    days: dict[int, Tally] = {}
    for event in in_order(events):
        if isinstance(event, Changed):
            standing = _EFFECTS[event.kind](standing, event, parameters)
            continue
        before = days.get(event.study_day, NOTHING)
        days[event.study_day] = before + _tally(event, standing, before)
        if event.moves_memory:
            standing = _after_answer(standing, event, parameters)
    return Story(standing, days)


def _tally(answered: Answered, standing: Standing, before: Tally) -> Tally:
    known = standing.memory is not None
    again = known and answered.study_day > standing.last_study_day
    stability = standing.memory.stability_days if standing.memory else 0.0
    part = recalled(stability, answered.rating) if answered.moves_memory and again else NOTHING
    return part + Tally(
        reviews=1,
        correct=int(answered.correct),
        new_facts=int(answered.moves_memory and not known),
        points=0 if before.points else answered.worth,
        response_ms=answered.response_ms,
    )


def recalled(stability_days: float, rating: Rating) -> Tally:
    """Return what the day's first answer about a fact of an earlier day counts for retention."""
    passed, mature = int(rating > Rating.AGAIN), int(stability_days >= MATURE_DAYS)
    return Tally(due_facts=1, passed=passed, mature=mature, mature_passed=passed * mature)


def days_between(last_study_day: int, study_day: int) -> int:
    """Return the learner's days between two reviews; a clock that went back counts as none."""
    return max(0, study_day - last_study_day)


def _after_answer(standing: Standing, answered: Answered, parameters: Sequence[float]) -> Standing:
    memory, day = standing.memory, answered.study_day
    elapsed = days_between(standing.last_study_day, day) if memory else 0
    missed = answered.rating is Rating.AGAIN
    return Standing(
        memory=next_state(memory, answered.rating, answered.at_epoch_s, elapsed, parameters),
        due_epoch_s=answered.due_epoch_s or answered.at_epoch_s,
        reviews=standing.reviews + 1,
        lapses=standing.lapses + (missed and memory is not None),
        last_type=answered.question_type,
        first_study_day=standing.first_study_day if memory else day,
        last_study_day=max(standing.last_study_day, day) if memory else day,
        suspended=standing.suspended,
    )


Effect = Callable[[Standing, Changed, Sequence[float]], Standing]


def _buried(standing: Standing, changed: Changed, _: Sequence[float]) -> Standing:
    if standing.memory is None:
        return replace(standing, held_until_epoch_s=changed.due_epoch_s)
    return replace(standing, due_epoch_s=changed.due_epoch_s or standing.due_epoch_s)


def _suspended(standing: Standing, _: Changed, __: Sequence[float]) -> Standing:
    return replace(standing, suspended=True)


def _resumed(standing: Standing, changed: Changed, _: Sequence[float]) -> Standing:
    due = changed.due_epoch_s or standing.due_epoch_s if standing.memory else standing.due_epoch_s
    return replace(standing, suspended=False, held_until_epoch_s=None, due_epoch_s=due)


def _reset(_: Standing, __: Changed, ___: Sequence[float]) -> Standing:
    return Standing()


def _moved(standing: Standing, changed: Changed, _: Sequence[float]) -> Standing:
    if standing.memory is None:
        return standing
    return replace(standing, due_epoch_s=changed.due_epoch_s or standing.due_epoch_s)


def _known(standing: Standing, changed: Changed, parameters: Sequence[float]) -> Standing:
    """Difficulty stays as it was, or starts as that of a fact that was easy at once."""
    easy = standing.memory or next_state(None, Rating.EASY, changed.at_epoch_s, 0, parameters)
    stability = max(changed.stability_days or 0, easy.stability_days)
    return _restated(standing, changed, replace(easy, stability_days=stability))


def corrected(standing: Standing, changed: Changed, parameters: Sequence[float]) -> Standing:
    """Relearn, as if the fact had been missed just then, where it has been learned at all.

    The question is known and only its answer changed: so what was known counts as in a lapse,
    which is not the learner's. A suspended fact stays so.
    """
    if standing.memory is None:
        return standing
    elapsed = days_between(standing.last_study_day, changed.study_day)
    missed = next_state(standing.memory, Rating.AGAIN, changed.at_epoch_s, elapsed, parameters)
    return replace(_restated(standing, changed, missed), suspended=standing.suspended)


def _imported(standing: Standing, changed: Changed, parameters: Sequence[float]) -> Standing:
    """Take over stability and difficulty as another program computed them, by its parameters."""
    known = standing.memory or next_state(None, Rating.GOOD, changed.at_epoch_s, 0, parameters)
    state = MemoryState(
        stability_days=changed.stability_days or known.stability_days,
        difficulty=changed.difficulty or known.difficulty,
        last_review_epoch_s=changed.at_epoch_s,
    )
    return replace(_restated(standing, changed, state), suspended=standing.suspended)


def _restated(standing: Standing, changed: Changed, memory: MemoryState) -> Standing:
    first = standing.first_study_day if standing.memory else changed.study_day
    return replace(
        standing,
        memory=replace(memory, last_review_epoch_s=changed.at_epoch_s),
        due_epoch_s=changed.due_epoch_s or changed.at_epoch_s,
        first_study_day=first,
        last_study_day=max(first, standing.last_study_day, changed.study_day),
        suspended=False,
        held_until_epoch_s=None,
    )


_EFFECTS: dict[ChangeKind, Effect] = {
    ChangeKind.BURIED: _buried,
    ChangeKind.SUSPENDED: _suspended,
    ChangeKind.RESUMED: _resumed,
    ChangeKind.RESET: _reset,
    ChangeKind.KNOWN: _known,
    ChangeKind.MOVED: _moved,
    ChangeKind.CORRECTED: corrected,
    ChangeKind.IMPORTED: _imported,
    ChangeKind.RETOLD: _moved,
}
