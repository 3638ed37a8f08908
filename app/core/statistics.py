"""Item statistics: what real answers say of a question (docs/statistics.md has the definitions).

Everything is a sum of whole numbers, so that an answer can be added, or taken back, exactly:
counting bit by bit gives what counting everything anew gives.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Any

from app.core.marking.normalise import clean, squeezed
from app.core.questions.question import QuestionType

FEWEST = 20
"""Answers under which there is no verdict."""
TOO_EASY, TOO_HARD = 0.95, 0.20
"""Facility: where Moodle's documentation speaks of extremely easy, and of difficult questions."""
UNPICKED = 0.02
"""A distractor picked by fewer than this share of those who saw it is as good as absent."""
OFTEN_REJECTED, SAME_REJECTED = 0.5, 0.1
"""Shares of all answers: rejected ones, and one and the same rejected response."""
FIRST_BIN_MS, BINS_PER_DOUBLING, LAST_BIN = 250, 8, 96
"""Bins of answering times: eight to each doubling from a quarter of a second to 17 minutes."""
LONGEST_KEY, LONGEST_LABEL = 80, 120
MOST_RESPONSES = 200
"""Different responses kept of an item; what comes later is counted together, without its text."""
FULL = 100
"""Credits are counted in hundredths."""

SELF_RATED = frozenset({QuestionType.FLASHCARD})
"""Types whose credit is the learner's own opinion: it says nothing of a question."""
CHOSEN = frozenset(
    {QuestionType.MULTIPLE_CHOICE, QuestionType.MULTIPLE_SELECT, QuestionType.TRUE_FALSE}
)
TYPED = frozenset({QuestionType.CLOZE, QuestionType.SHORT_ANSWER})


class Flag(IntFlag):
    """What is striking about an item."""

    TOO_EASY = 1
    TOO_HARD = 2
    NEGATIVE_DISCRIMINATION = 4
    DISTRACTOR_UNPICKED = 8
    DISTRACTOR_OVER_KEY = 16
    OFTEN_REJECTED = 32


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """A learner's first answer to an item.

    `credit` is in hundredths; `rest` the mean credit of their other answers in that session, in
    hundredths, None where there are none; `response_ms` 0 where the page did not measure it.
    """

    credit: int
    rest: int | None = None
    response_ms: int = 0


@dataclass(slots=True)
class ItemSums:
    """The sums that an item's statistics are made of; `add` is the only way to change them.

    `credits` and `rests` count the answers that have a rest, by hundredths; `times` all measured
    ones by bin.
    """

    answers: int = 0
    credit_sum: int = 0
    product_sum: int = 0
    credits: Counter[int] = field(default_factory=Counter)
    rests: Counter[int] = field(default_factory=Counter)
    times: Counter[int] = field(default_factory=Counter)

    def add(self, answer: FirstAnswer, sign: int = 1) -> None:
        """Count an answer; with `sign` -1 take one back that was counted."""
        self.answers += sign
        self.credit_sum += sign * answer.credit
        if answer.response_ms > 0:
            _count(self.times, time_bin(answer.response_ms), sign)
        if answer.rest is not None:
            self.product_sum += sign * answer.credit * answer.rest
            _count(self.credits, answer.credit, sign)
            _count(self.rests, answer.rest, sign)

    def dump(self) -> dict[str, Any]:
        """Return the sums as JSON data; `load` gives equal ones."""
        histograms = {name: getattr(self, name) for name in ("credits", "rests", "times")}
        return {
            "product_sum": self.product_sum,
            **{
                name: {str(at): count for at, count in sorted(counts.items())}
                for name, counts in histograms.items()
            },
        }

    @classmethod
    def load(cls, answers: int, credit_sum: int, body: Mapping[str, Any]) -> "ItemSums":
        """Return the sums that `dump` wrote; an empty body is an item without answers."""
        histograms = {
            name: Counter({int(at): count for at, count in body.get(name, {}).items()})
            for name in ("credits", "rests", "times")
        }
        return cls(answers, credit_sum, body.get("product_sum", 0), **histograms)


def _count(counts: Counter[int], at: int, sign: int) -> None:
    counts[at] += sign
    if not counts[at]:
        del counts[at]


@dataclass(frozen=True, slots=True)
class ResponseCount:
    """How often one option was offered and picked, or one typed response given.

    `is_key` says that it was right: an option can be a key in one question and wrong in the next.
    Without a label it stands for all that came after the first MOST_RESPONSES.
    """

    label: str
    is_key: bool
    offered: int
    picked: int

    @property
    def share(self) -> float:
        """How many of those who saw it picked it, 0-1."""
        return self.picked / self.offered if self.offered else 0.0


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """What an item's answers say; shares are 0-1, correlations -1 to 1, None where undefined."""

    answers: int
    facility: float | None
    discrimination: float | None
    efficiency: float | None
    median_ms: int | None
    flags: Flag


def statistics_of(
    sums: ItemSums, question_type: QuestionType, responses: Sequence[ResponseCount] = ()
) -> ItemStatistics:
    """Return an item's statistics; flags only from FEWEST answers on."""
    facility = sums.credit_sum / (FULL * sums.answers) if sums.answers else None
    found = discrimination(sums)
    return ItemStatistics(
        answers=sums.answers,
        facility=facility,
        discrimination=found,
        efficiency=efficiency(sums),
        median_ms=median_ms(sums.times),
        flags=_flags(sums, question_type, responses, found),
    )


def discrimination(sums: ItemSums) -> float | None:
    """Return the correlation of the item's credit with the rest of the session (Moodle's index).

    None without two pairs, or where one side does not vary.
    """
    count, covariance = sums.rests.total(), _covariance(sums, sums.product_sum)
    spread = _variance(sums.credits, count) * _variance(sums.rests, count)
    return covariance / math.sqrt(spread) if spread > 0 else None


def efficiency(sums: ItemSums) -> float | None:
    """Return the covariance as a share of the largest that these credits and rests allow.

    The largest pairs the best credits with the best rests: Moodle's discriminative efficiency.
    """
    largest = _covariance(sums, _sorted_product(sums.credits, sums.rests))
    return _covariance(sums, sums.product_sum) / largest if largest > 0 else None


def _covariance(sums: ItemSums, product_sum: int) -> int:
    """Return n² times the covariance: whole numbers, hence exact."""
    return sums.rests.total() * product_sum - _total(sums.credits) * _total(sums.rests)


def _variance(counts: Counter[int], count: int) -> int:
    squares = sum(at * at * many for at, many in counts.items())
    return count * squares - _total(counts) ** 2


def _total(counts: Counter[int]) -> int:
    return sum(at * many for at, many in counts.items())


def _sorted_product(left: Counter[int], right: Counter[int]) -> int:
    """Return the sum of products of two histograms laid side by side in rising order."""
    ones, others = sorted(left.items()), sorted(right.items())
    product, at, other_at, used, other_used = 0, 0, 0, 0, 0
    while at < len(ones) and other_at < len(others):
        (one, many), (other, other_many) = ones[at], others[other_at]
        step = min(many - used, other_many - other_used)
        product += step * one * other
        used, other_used = used + step, other_used + step
        if used == many:
            at, used = at + 1, 0
        if other_used == other_many:
            other_at, other_used = other_at + 1, 0
    return product


def time_bin(response_ms: int) -> int:
    """Return the bin of an answering time."""
    bins = math.log2(max(response_ms, FIRST_BIN_MS) / FIRST_BIN_MS) * BINS_PER_DOUBLING
    return min(int(bins), LAST_BIN)


def median_ms(times: Counter[int]) -> int | None:
    """Return the median of binned times, placed within its bin; right within 5 %."""
    half, below = times.total() / 2, 0
    for at in sorted(times):
        if below + times[at] >= half:
            within = (half - below) / times[at]
            return round(FIRST_BIN_MS * 2 ** ((at + within) / BINS_PER_DOUBLING))
        below += times[at]
    return None


def _flags(
    sums: ItemSums,
    question_type: QuestionType,
    responses: Sequence[ResponseCount],
    found: float | None,
) -> Flag:
    flags = Flag(0)
    if sums.answers < FEWEST or question_type in SELF_RATED:
        return flags
    facility = sums.credit_sum / (FULL * sums.answers)
    if facility >= TOO_EASY:
        flags |= Flag.TOO_EASY
    if facility <= max(TOO_HARD, _guessed(question_type, responses)):
        flags |= Flag.TOO_HARD
    if found is not None and found < 0 and sums.rests.total() >= FEWEST:
        flags |= Flag.NEGATIVE_DISCRIMINATION
    if question_type in TYPED and often_rejected(sums, responses):
        flags |= Flag.OFTEN_REJECTED
    return flags | _distractor_flags(question_type, responses)


def _guessed(question_type: QuestionType, responses: Sequence[ResponseCount]) -> float:
    """Return the credit that guessing brings on average, 0-1."""
    if question_type not in {QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE}:
        return 0.0
    offered = sum(one.offered for one in responses)
    return sum(one.offered for one in responses if one.is_key) / offered if offered else 0.0


def often_rejected(sums: ItemSums, responses: Sequence[ResponseCount]) -> bool:
    """Whether half of what is typed is rejected, or one and the same response again and again."""
    rejected = [one for one in responses if not one.is_key]
    same = max((one.picked for one in rejected if one.label), default=0)
    whole = sum(one.picked for one in rejected)
    return same >= SAME_REJECTED * sums.answers or whole >= OFTEN_REJECTED * sums.answers


def _distractor_flags(question_type: QuestionType, responses: Sequence[ResponseCount]) -> Flag:
    if question_type not in CHOSEN:
        return Flag(0)
    flags = Flag(0)
    offered = sum(one.offered for one in responses if one.is_key)
    picked = sum(one.picked for one in responses if one.is_key)
    for one in responses:
        if one.is_key or not one.label or one.offered < FEWEST:
            continue
        if one.share < UNPICKED and question_type is not QuestionType.TRUE_FALSE:
            flags |= Flag.DISTRACTOR_UNPICKED
        if offered and one.share > picked / offered:
            flags |= Flag.DISTRACTOR_OVER_KEY
    return flags


def chosen_counts(
    options: Iterable[str], keys: Iterable[str], picked: Iterable[str]
) -> dict[tuple[str, bool], ResponseCount]:
    """Return what one answer to a question with options adds, by (key, whether right)."""
    right, taken = set(keys), set(picked)
    return {
        (response_key(option), option in right): ResponseCount(
            option[:LONGEST_LABEL], option in right, 1, int(option in taken)
        )
        for option in options
    }


def typed_counts(text: str, credit: int) -> dict[tuple[str, bool], ResponseCount]:
    """Return what one typed response adds; spellings that marking takes for one are one."""
    is_key = credit >= FULL
    label = clean(text)[:LONGEST_LABEL]
    return {(response_key(text), is_key): ResponseCount(label, is_key, 0, 1)}


def response_key(text: str) -> str:
    """Return what responses are counted by: case, accents and punctuation aside."""
    return (squeezed(text) or clean(text))[:LONGEST_KEY]
