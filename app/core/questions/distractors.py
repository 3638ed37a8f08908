"""Wrong options: near the key in kind, style and size, and never right by any published fact."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from app.core.facts import Fact
from app.core.grammar import plural
from app.core.marking.people import PERSON_KINDS, could_be_person
from app.core.questions.giveaways import shape
from app.core.questions.index import WHO, DeckIndex, asked_for, entities_in, style_of
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    TextValue,
    Value,
)
from app.core.wording import display, stem

WANTED = 3
RELATED = 120
SAME_KIND = 40
POOL = 8
"""Of the nearest POOL candidates WANTED are drawn, so that the same ones do not always appear."""
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
NEAREST_RANGES = 6
FEWEST_BESIDE = 2
FAR_STEPS = (-9, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 9)
NEAR_STEPS = STEPS = (-3, -2, -1, 1, 2, 3)
RECENT_YEAR = 1990
"""From here on years are remembered closely, and far ones would lie in the future."""
LENGTH_RATIO = Decimal("1.33")


def value_distractors(index: DeckIndex, fact: Fact, rng: Random) -> list[Value]:
    """Return up to WANTED wrong values for a fact: none that is right, each said once."""
    if isinstance(fact.value, NumberValue | MoneyValue | RangeValue | DateValue):
        return _neighbours(index, fact, rng)
    if isinstance(fact.value, EntityValue):
        entities = entity_distractors(index, fact, fact.value.entity, rng)
        return [EntityValue(entity) for entity in entities]
    return _texts(index, fact, rng)


def right_values(index: DeckIndex, fact: Fact) -> list[Value]:
    """Return every value that answers the fact's question, by any published fact."""
    values = [fact.value, *index.values_by_stem.get(stem(fact), ())]
    values += index.same_gap(fact)
    if fact.subject and fact.relation:
        values += index.right_values.get((fact.subject.name, fact.relation.key), ())
    return values


def entity_distractors(index: DeckIndex, fact: Fact, key: Entity, rng: Random) -> list[Entity]:
    """Return wrong entities of the key's kind: same relation first, then same passage, then any."""
    right = {name.casefold() for value in right_values(index, fact) for name in _names_of(value)}
    taken = right | ({name.casefold() for name in fact.subject.names} if fact.subject else set())
    taken |= {name.casefold() for name in index.linked[key.name]}
    tiers = (
        _of_relation(index, fact, key, values_of),
        _of_kind(index, fact, key),
        _asked_alike(index, fact, key),
    )
    return draw(tiers, _far_asked_alike(index, fact, key), (key, taken), rng)


def subject_distractors(index: DeckIndex, fact: Fact, rng: Random) -> list[Entity]:
    """Return wrong subjects for the inverse question: none that has this value too."""
    if fact.subject is None or fact.relation is None:
        return []
    right = {name.casefold() for entity in near_subjects(index, fact) for name in entity.names}
    taken = right | {name.casefold() for name in _names_of(fact.value)}
    tiers = (
        _of_relation(index, fact, fact.subject, subject_of),
        _of_kind(index, fact, fact.subject),
    )
    return draw(tiers, _far(index, fact, fact.subject), (fact.subject, taken), rng)


def right_subjects(index: DeckIndex, fact: Fact) -> list[Entity]:
    """Return every subject that has this value, by any published fact."""
    if fact.subject is None:
        return []
    subjects = {fact.subject.name: fact.subject}
    if fact.relation:
        for other in index.sharing(fact):
            if other.subject and _holds(other.value, fact.value):
                subjects[other.subject.name] = other.subject
    return list(subjects.values())


def near_subjects(index: DeckIndex, fact: Fact) -> list[Entity]:
    """Return every subject that has this value or a part of it: none is surely wrong."""
    subjects = {one.name: one for one in right_subjects(index, fact)}
    for other in index.sharing(fact) if fact.relation else ():
        if other.subject and _shares_value(other.value, fact.value):
            subjects[other.subject.name] = other.subject
    return list(subjects.values())


def draw(
    tiers: Iterable[Iterator[Entity]],
    far: Iterator[Entity],
    barred: tuple[Entity, set[str]],
    rng: Random,
) -> list[Entity]:
    """Draw WANTED entities, each tier's nearest POOL before the next; `far` ones fill up.

    `barred` are the key, which none may be taken for, and the names that would be right.
    """
    key, taken = barred
    names = set(taken)
    drawn: list[Entity] = []
    for tier in tiers:
        wanted = WANTED - len(drawn)
        if wanted == 0:
            break
        pool = _distinct(tier, key, names, POOL)
        drawn += rng.sample(pool, min(wanted, len(pool)))
    return drawn + _distinct(far, key, names, WANTED - len(drawn))


def _distinct(entities: Iterator[Entity], key: Entity, names: set[str], most: int) -> list[Entity]:
    """Return up to `most` entities with names of their own, which join `names`."""
    found: list[Entity] = []
    for entity in entities:
        if len(found) >= most:
            break
        folded = {name.casefold() for name in entity.names}
        if not folded & names and not _overlaps(entity.name, key.name):
            names |= folded
            found.append(entity)
    return found


Role = Callable[[Fact], Iterable[Entity]]


def values_of(fact: Fact) -> Iterable[Entity]:
    """Return the entities that a fact has as its value."""
    return entities_in(fact.value)


def subject_of(fact: Fact) -> Iterable[Entity]:
    """Return a fact's subject."""
    return (fact.subject,) if fact.subject else ()


def _of_relation(index: DeckIndex, fact: Fact, key: Entity, role: Role) -> Iterator[Entity]:
    """Yield what stands in the key's place in other facts of its relation, nearest first.

    Entities without a kind are only compared there: "France" is no answer to which city is its
    capital.
    """
    for other in index.around(fact, RELATED):
        yield from (entity for entity in role(other) if entity.kind == key.kind)


def _of_kind(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield others of the key's kind: from the same passage, then from the deck."""
    if not key.kind:
        return
    for other in index.facts_by_quote[fact.evidence.quote] if fact.evidence else ():
        entities = (*values_of(other), *subject_of(other))
        yield from (entity for entity in entities if entity.kind == key.kind)
    yield from _turned(index.entities_by_kind[key.kind], index.position.get(fact.key, 0))


def _asked_alike(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield answers to questions that ask for the same in their own words: who, which city.

    Who is only asked of people: a club that answers one such question is no rival to a person.
    """
    asked, at = asked_for(fact), index.position.get(fact.key, 0)
    person = could_be_person(key.name)
    for entity in _turned(index.asked_alike[asked], at) if asked else ():
        if asked != WHO or could_be_person(entity.name) is person:
            yield entity
    if asked not in {"", WHO}:
        yield from _turned(index.entities_by_kind[asked], at)


def _far_asked_alike(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield entities of other decks that are what the question asks for by its own words."""
    yield from _far(index, fact, key)
    asked, at = asked_for(fact), index.position.get(fact.key, 0)
    kinds = sorted(PERSON_KINDS) if asked == WHO and could_be_person(key.name) else [asked]
    for kind in kinds:
        yield from _turned(index.foreign_by_kind[kind], at) if kind else ()


def _far(index: DeckIndex, fact: Fact, key: Entity) -> Iterator[Entity]:
    """Yield entities of the key's kind from other decks."""
    if key.kind:
        yield from _turned(index.foreign_by_kind[key.kind], index.position.get(fact.key, 0))


def _turned(entities: Sequence[Entity], at: int) -> Iterator[Entity]:
    """Yield up to SAME_KIND entities from a place on, so that no few serve all questions."""
    for step in range(min(SAME_KIND, len(entities))):
        yield entities[(at + step) % len(entities)]


def _names_of(value: Value) -> tuple[str, ...]:
    return tuple(name for entity in entities_in(value) for name in entity.names) or (
        display(value),
    )


def _overlaps(one: str, other: str) -> bool:
    """Whether one name stands whole within the other: "High-Flyer" and "High-Flyer Quant"."""
    left, right = f" {one.casefold()} ", f" {other.casefold()} "
    return left in right or right in left


def _holds(whole: Value, part: Value) -> bool:
    """Whether a value says all that another says: red and blue is not red and green."""
    wanted = {entity.name for entity in entities_in(part)}
    if wanted and entities_in(whole):
        return wanted <= {entity.name for entity in entities_in(whole)}
    return _shares_value(whole, part)


def _shares_value(one: Value, other: Value) -> bool:
    if entities_in(one) and entities_in(other):
        return bool(
            {entity.name for entity in entities_in(one)}
            & {entity.name for entity in entities_in(other)}
        )
    return display(one).casefold() == display(other).casefold() or may_hold(one, other)


def may_hold(one: Value, other: Value) -> bool:
    """Whether two values can both be right: a coarser date, a bound, a range, a tolerance."""
    if isinstance(one, DateValue) and isinstance(other, DateValue):
        short, long = sorted((one.iso, other.iso), key=len)
        return long.startswith(short)
    spans = [_span(value) for value in (one, other)]
    if spans[0] is None or spans[1] is None or style_of(one)[1:] != style_of(other)[1:]:
        return False
    return spans[0][0] <= spans[1][1] and spans[1][0] <= spans[0][1]


def _span(value: Value) -> tuple[Decimal, Decimal] | None:
    endless = Decimal(10) ** 60
    if isinstance(value, RangeValue):
        return value.low, value.high
    if not isinstance(value, NumberValue | MoneyValue):
        return None
    if value.bound:
        below = value.bound in {"less_than", "at_most"}
        return (-endless, value.amount) if below else (value.amount, endless)
    slack = value.tolerance if isinstance(value, NumberValue) else Decimal(0)
    return value.amount - slack, value.amount + slack


def _neighbours(index: DeckIndex, fact: Fact, rng: Random) -> list[Value]:
    """Return neighbours on both sides, their number below the key drawn by `rng`.

    Amounts with a bound have none: any larger "under …" also holds, and only smaller ones would
    give the key away as the largest.
    """
    if isinstance(fact.value, NumberValue | MoneyValue) and fact.value.bound:
        return []
    right = right_values(index, fact)
    below: list[Value] = []
    above: list[Value] = []
    for candidate in _alike(fact.value):
        if any(may_hold(candidate, value) for value in right):
            continue
        (below if size_of(candidate) < size_of(fact.value) else above).append(candidate)
    wanted = rng.randint(0, WANTED)
    if len(below) < wanted or len(above) < WANTED - wanted:
        wanted = min(wanted, len(below)) if len(below) < wanted else WANTED - len(above)
    return _apart(below, wanted, rng) + _apart(above, WANTED - wanted, rng)


def _alike(value: Value) -> list[Value]:
    """Return neighbours written as the value is; of any writing where those are too few.

    Best are two on each side at least: of 8849 nearly all those without a comma are smaller, and
    the key would be the largest option each time.
    """
    around = list(_around(value))
    wanted = shape(display(value))
    alike = [one for one in around if shape(display(one)) == wanted]
    loosely = [one for one in around if _ungrouped(one) == _ungrouped(value)]
    for pool in (alike, loosely):
        below = sum(size_of(one) < size_of(value) for one in pool)
        if min(below, len(pool) - below) >= FEWEST_BESIDE:
            return pool
    return next((pool for pool in (alike, loosely) if len(pool) > WANTED), around)


def _ungrouped(value: Value) -> str:
    return shape(display(value)).replace("#,#", "#")


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
        case NumberValue(amount=amount) | MoneyValue(amount=amount):
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
    ends = {(one, other) for one, other in made if one < other and (one > 0 or low <= 0)}
    apart = [pair for pair in ends if pair[0] > high or pair[1] < low]
    nearest = sorted(apart, key=lambda pair: (abs(pair[0] - low), pair))
    for side in (True, False):
        beside = [pair for pair in nearest if (pair[0] > low) is side]
        yield from (replace(value, low=one, high=other) for one, other in beside[:NEAREST_RANGES])


def _amounts_around(amount: Decimal) -> list[Decimal]:
    """Return other amounts, as round as this one and of like size."""
    if amount == amount.to_integral_value() and abs(amount) <= 12:  # noqa: PLR2004 small counts
        near = {amount + step for step in STEPS}
        return sorted(other for other in near if other > 0 or amount <= 0)
    near = {_rounded(amount * factor, amount) for factor in FACTORS}
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


def _texts(index: DeckIndex, fact: Fact, rng: Random) -> list[Value]:
    """Return other texts of the same relation, of like length."""
    if not isinstance(fact.value, TextValue) or fact.relation is None:
        return []
    right = {
        text.casefold()
        for value in right_values(index, fact)
        for text in (display(value), *(value.accept if isinstance(value, TextValue) else ()))
    }
    pool: dict[str, Value] = {}
    for other in index.around(fact, 400):
        text = display(other.value)
        alike = max(len(text), 1) * LENGTH_RATIO >= len(fact.value.text)
        if isinstance(other.value, TextValue) and text.casefold() not in right and alike:
            pool.setdefault(text.casefold(), other.value)
    near = list(pool.values())[:POOL]
    return rng.sample(near, min(WANTED, len(near)))
