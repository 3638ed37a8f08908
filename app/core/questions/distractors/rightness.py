"""What is right by any published fact: it is never offered as wrong."""

from decimal import Decimal

from app.core.facts import Fact
from app.core.questions.index import DeckIndex
from app.core.questions.looks import entities_in, style_of
from app.core.values import DateValue, Entity, MoneyValue, NumberValue, RangeValue, Value
from app.core.wording import asked_as, display


def right_values(index: DeckIndex, fact: Fact) -> list[Value]:
    """Return every value that answers the fact's question, by any published fact, each once."""
    if fact not in index.kept.values:
        index.kept.values[fact] = _right_values(index, fact)
    return index.kept.values[fact]


def _right_values(index: DeckIndex, fact: Fact) -> list[Value]:
    values = [fact.value, *index.values_by_stem.get(asked_as(fact), ())]
    values += index.same_gap(fact)
    if fact.subject and fact.relation:
        values += index.right_values.get((fact.subject.name, fact.relation.key), ())
    return list(dict.fromkeys(values))


def known_values(index: DeckIndex, fact: Fact) -> list[Value]:
    """Return the values that are right by any published fact, of this deck or another."""
    if fact not in index.kept.known_values:
        told = right_values(index, fact) + index.elsewhere.right_values(fact)
        index.kept.known_values[fact] = list(dict.fromkeys(told))
    return index.kept.known_values[fact]


def right_subjects(index: DeckIndex, fact: Fact) -> list[Entity]:
    """Return every subject that has this value, by any published fact."""
    if fact not in index.kept.subjects:
        index.kept.subjects[fact] = _right_subjects(index, fact)
    return index.kept.subjects[fact]


def _right_subjects(index: DeckIndex, fact: Fact) -> list[Entity]:
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
    if fact not in index.kept.near_subjects:
        index.kept.near_subjects[fact] = _near_subjects(index, fact)
    return index.kept.near_subjects[fact]


def _near_subjects(index: DeckIndex, fact: Fact) -> list[Entity]:
    subjects = {one.name: one for one in right_subjects(index, fact)}
    subjects |= {one.name: one for one in index.elsewhere.right_subjects(fact)}
    for other in index.sharing(fact) if fact.relation else ():
        if other.subject and _shares_value(other.value, fact.value):
            subjects[other.subject.name] = other.subject
    return list(subjects.values())


def names_of(value: Value) -> tuple[str, ...]:
    """Return every name of a value's entities, or the value as it is shown."""
    return tuple(name for entity in entities_in(value) for name in entity.names) or (
        display(value),
    )


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
        return _dates_agree(one, other)
    spans = [_span(value) for value in (one, other)]
    if spans[0] is None or spans[1] is None or style_of(one)[1:] != style_of(other)[1:]:
        return False
    return spans[0][0] <= spans[1][1] and spans[1][0] <= spans[0][1]


def _dates_agree(one: DateValue, other: DateValue) -> bool:
    """Whether two dates say the same as far as both are known."""
    if one.year != other.year:
        return False
    if one.month is None or other.month is None:
        return True
    if one.month != other.month:
        return False
    return one.day is None or other.day is None or one.day == other.day


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
