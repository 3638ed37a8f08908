"""Amounts, ranges and dates beside the right one, in its own style and precision."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from random import Random

from app.core.facts import Fact
from app.core.grammar import plural
from app.core.questions.distractors.rightness import known_values, may_hold
from app.core.questions.giveaways import shape
from app.core.questions.index import DeckIndex
from app.core.values import DateValue, MoneyValue, NumberValue, RangeValue, Value
from app.core.wording import display

WANTED = 3
FACTORS = tuple(
    Decimal(text)
    for text in [
        "0.4",
        "0.5",
        "0.6",
        "0.7",
        "0.8",
        "0.9",
        "1.1",
        "1.2",
        "1.3",
        "1.5",
        "1.75",
        "2",
        "2.5",
    ]
)
RANGE_FACTORS = tuple(
    Decimal(text) for text in ["0.2", "0.3", "0.4", "0.5", "0.6", "1.75"]
) + tuple(Decimal(text) for text in ["2", "2.6", "3.5", "5", "8"])
RANGE_SHIFTS = tuple(
    Decimal(text) for text in ["-5.2", "-3.8", "-2.5", "-1.2", "1.2", "2.5", "3.8", "5.2"]
)
"""In widths of the range: so far apart neither overlaps the next."""
QUARTERS = (Decimal("0.25"), Decimal("0.75"))
"""Below round amounts, which hardly have others that are as round: 100, 75, 50, 25."""
HUNDRED = Decimal(100)
_COLDEST = {"°C": Decimal("-273.15"), "°F": Decimal("-459.67")}
NEAREST_RANGES = 6
FEWEST_BESIDE = 2
LEAST_OF_SPAN, MOST_OF_SPAN = Decimal("0.8"), Decimal("1.25")
"""How far beyond the smallest and the largest of a relation's amounts one is still plausible."""
FAR_STEPS = (-9, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 9)
NEAR_STEPS = STEPS = (-3, -2, -1, 1, 2, 3)
RECENT_YEAR = 1990
"""From here on years are remembered closely, and far ones would lie in the future."""


def neighbours(index: DeckIndex, fact: Fact, rng: Random) -> list[Value]:
    """Return neighbours on both sides, their number below the key drawn by `rng`.

    Each number is as likely as any other, so that the key's place tells nothing: with too few on
    a side there are none.
    """
    below, above = (_apart(side, WANTED, rng) for side in _wrong_sides(index, fact))
    count = min(WANTED, len(below), len(above))
    if count < FEWEST_BESIDE:
        return []
    smaller = rng.randint(0, count)
    return below[:smaller] + above[: count - smaller]


def untrue(index: DeckIndex, fact: Fact, rng: Random) -> list[Value]:
    """Return neighbours on any side, which stand alone in a false statement."""
    return _apart([one for side in _wrong_sides(index, fact) for one in side], WANTED, rng)


def _wrong_sides(index: DeckIndex, fact: Fact) -> tuple[list[Value], list[Value]]:
    """Return the neighbours below and above that no published fact makes right.

    Amounts with a bound have none: any larger "under …" also holds, and only smaller ones would
    give the key away as the largest.
    """
    if isinstance(fact.value, NumberValue | MoneyValue) and fact.value.bound:
        return [], []
    others = [value for value in known_values(index, fact) if value != fact.value]
    below, above = (
        [one for one in side if not any(may_hold(one, value) for value in others)]
        for side in _sides(fact.value)
    )
    return _plausible(index, fact, below), _plausible(index, fact, above)


def _plausible(index: DeckIndex, fact: Fact, side: list[Value]) -> list[Value]:
    """Return those of a side that lie among what the deck says of others, where enough do.

    Nobody is 0.7 m tall: what no other subject comes near to is ruled out by common sense.
    """
    span = index.span(fact)
    if span is None:
        return side
    low, high = span[0] * LEAST_OF_SPAN, span[1] * MOST_OF_SPAN
    near = [one for one in side if low <= size_of(one)[0] <= high]
    return near if len(near) >= FEWEST_BESIDE else side


@lru_cache(maxsize=1000)
def _sides(value: Value) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Return the neighbours below a value and those above it: none that may be right as it is.

    Kept, since each wording of a fact's question draws from them anew.
    """
    size = size_of(value)
    wrong = [one for one in _alike(value) if not may_hold(one, value)]
    below = tuple(one for one in wrong if size_of(one) < size)
    return below, tuple(one for one in wrong if size_of(one) >= size)


def _alike(value: Value) -> tuple[Value, ...]:
    """Return neighbours written as the value is; of any writing where those are too few.

    Best are three on each side, or two: of 8849 nearly all those without a comma are smaller, and
    the key would be the largest option each time.
    """
    around = tuple(_around(value))
    shapes = [shape(display(one)) for one in around]
    wanted, size = shape(display(value)), size_of(value)
    alike = tuple(one for one, shaped in zip(around, shapes, strict=True) if shaped == wanted)
    loosely = tuple(
        one
        for one, shaped in zip(around, shapes, strict=True)
        if _ungrouped(shaped) == _ungrouped(wanted)
    )
    for count in (WANTED, FEWEST_BESIDE):
        for pool in (alike, loosely):
            below = sum(size_of(one) < size for one in pool)
            if min(below, len(pool) - below) >= count:
                return pool
    return next((pool for pool in (alike, loosely) if len(pool) > WANTED), around)


def _ungrouped(shaped: str) -> str:
    return shaped.replace("#,#", "#")


def _apart(candidates: list[Value], count: int, rng: Random) -> list[Value]:
    """Draw up to `count` values of which no two can both hold."""
    drawn: list[Value] = []
    for candidate in rng.sample(candidates, len(candidates)):
        if len(drawn) < count and not any(may_hold(candidate, one) for one in drawn):
            drawn.append(candidate)
    return drawn


def size_of(value: Value) -> tuple[Decimal, ...]:
    """Return what orders values of one style."""
    match value:
        case DateValue(year=year, month=month, day=day):
            return (Decimal(year), Decimal(month or 0), Decimal(day or 0))
        case NumberValue(amount=amount) | MoneyValue(amount=amount):
            return (amount,)
        case RangeValue(low=low, high=high):
            return (low, high)
        case _:
            return (Decimal(0),)


def _around(value: Value) -> Iterator[Value]:
    match value:
        case DateValue():
            yield from _dates_around(value)
        case NumberValue(amount=amount, unit=unit):
            lowest, highest = _limits(value)
            for near in _in_unit_around(amount, unit):
                if lowest <= near <= highest:
                    yield _of_amount(value, near)
        case MoneyValue(amount=amount):
            for near in _amounts_around(amount):
                yield _of_amount(value, near)
        case RangeValue():
            yield from _ranges_around(value)


def _of_amount(value: NumberValue | MoneyValue, amount: Decimal) -> Value:
    if isinstance(value, NumberValue) and value.amount == 1:
        return replace(value, amount=amount, unit=plural(value.unit))
    return replace(value, amount=amount)


def _ranges_around(value: RangeValue) -> Iterator[RangeValue]:
    """Yield ranges of like width beside this one, and smaller and larger ones, nearest first."""
    low, high = value.low, value.high
    shifts = [(end * (high - low), Decimal(1)) for end in RANGE_SHIFTS]
    scaled = [(Decimal(0), factor) for factor in RANGE_FACTORS]
    made = (
        [_rounded((end + shift) * factor, end) for end in (low, high)]
        for shift, factor in (*shifts, *scaled)
    )
    if low == low.to_integral_value() and high == high.to_integral_value():  # no half eggs
        made = ([end.to_integral_value() for end in pair] for pair in made)
    ends = {(one, other) for one, other in made if one < other and (one > 0 or low <= 0)}
    apart = [pair for pair in ends if pair[0] > high or pair[1] < low]
    nearest = sorted(apart, key=lambda pair: (abs(pair[0] - low), pair))
    for side in (True, False):
        beside = [pair for pair in nearest if (pair[0] > low) is side][:NEAREST_RANGES]
        if not side and _most_apart(beside) < FEWEST_BESIDE:
            beside = _packed_below(value) or beside
        yield from (replace(value, low=one, high=other) for one, other in beside)


_Span = tuple[Decimal, Decimal]


def _most_apart(spans: Iterable[_Span]) -> int:
    """Return how many of some ranges can stand side by side."""
    count, end = 0, Decimal("-Infinity")
    for low, high in sorted(spans, key=itemgetter(1)):
        if low > end:
            count, end = count + 1, high
    return count


def _packed_below(value: RangeValue) -> list[_Span]:
    """Return ranges side by side between nought and a low end, up to three: 1 to 2, 3 to 4.

    They are as round as the range is, written alike, and at least half as wide: among narrow ones
    it would stand out. Without room for two there are none.
    """
    low, high = value.low, value.high
    exponents = [int(end.normalize().as_tuple().exponent) for end in (low, high)]
    step = Decimal(1).scaleb(min(exponents))
    room, full = int(low / step) - 1, int((high - low) / step)
    fitting = [
        (count, width)
        for count in range(WANTED, FEWEST_BESIDE - 1, -1)
        if 2 * (width := min(full, room // count - 1)) >= full
    ]
    if not fitting:
        return []
    count, width = fitting[0]
    ends = [low - step * (1 + at * (width + 1)) for at in range(count)]
    spans = [(end - step * width, end) for end in ends]
    shapes = {shape(display(replace(value, low=one, high=other))) for one, other in spans}
    return spans if shapes == {shape(display(value))} else []


def _limits(value: NumberValue) -> tuple[Decimal, Decimal]:
    """Return between what the neighbours of an amount stay: nothing is colder than cold can be."""
    highest = Decimal(100) if value.unit == "%" and value.amount <= HUNDRED else Decimal("Infinity")
    lowest = _COLDEST.get(value.unit.replace(" ", ""), Decimal(0))
    return (lowest if value.amount >= lowest else Decimal("-Infinity")), highest


def _in_unit_around(amount: Decimal, unit: str) -> list[Decimal]:
    """Return amounts around one; shares also by what lacks to a hundred, cold by its distance."""
    near = set(_amounts_around(amount))
    if unit == "%" and HUNDRED / 2 < amount < HUNDRED:
        near |= {_rounded(HUNDRED - (HUNDRED - amount) * factor, amount) for factor in FACTORS}
    coldest = _COLDEST.get(unit.replace(" ", ""))
    if coldest is not None and coldest < amount < coldest / 3:
        near = {_rounded(coldest + (amount - coldest) * factor, amount) for factor in FACTORS}
    return sorted(near - {amount})


def _as_precise(near: Decimal, amount: Decimal) -> Decimal:
    """Return an amount with as many decimals as another: beside 1.92, 2.3 would stand out."""
    last = int(amount.normalize().as_tuple().exponent)
    short = last < 0 and int(near.normalize().as_tuple().exponent) > last
    return near + Decimal(1).scaleb(last) if short else near


def _amounts_around(amount: Decimal) -> list[Decimal]:
    """Return other amounts, as round as this one and of like size."""
    if amount == amount.to_integral_value() and abs(amount) <= 12:  # noqa: PLR2004 small counts
        near = {amount + step for step in STEPS}
        return sorted(other for other in near if other > 0 or amount <= 0)
    near = {_as_precise(_rounded(amount * factor, amount), amount) for factor in FACTORS}
    if len(amount.normalize().as_tuple().digits) == 1:
        near |= {amount * factor for factor in QUARTERS}
    return sorted(near - {amount, Decimal(0)})


def _rounded(number: Decimal, like: Decimal) -> Decimal:
    """Round to as many decimals or trailing zeros as `like` has, at most to a tenth of it."""
    _, digits, exponent = like.normalize().as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 parsed decimals are finite
    quantum = exponent if len(digits) > 1 else exponent - 1
    if len(digits) == 1:
        steps = number / Decimal(5).scaleb(quantum)
        return steps.to_integral_value() * Decimal(5).scaleb(quantum)
    return number.quantize(Decimal(1).scaleb(quantum))


def _dates_around(value: DateValue) -> Iterator[DateValue]:
    recent = value.month is None and value.year >= RECENT_YEAR
    for step in NEAR_STEPS if recent else FAR_STEPS:
        if value.month is None:
            yield replace(value, year=value.year + step)
        elif value.day is None:
            months = value.year * 12 + value.month - 1 + step
            yield replace(value, year=months // 12, month=months % 12 + 1)
        else:
            day = date(value.year, value.month, value.day) + timedelta(days=step * 2)
            yield replace(value, year=day.year, month=day.month, day=day.day)
