"""What values have in common: kind, unit, names, and whether both can be right."""

from app.core.facts import Fact
from app.core.grammar import singular
from app.core.marking.normalise import words
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.core.wording import display

Style = tuple[str, ...]


def style_of(value: Value) -> Style:
    """Return what two values must share to stand side by side: kind, unit, precision."""
    match value:
        case EntityValue(entity):
            return ("entity", entity.kind)
        case NumberValue(unit=unit):
            return ("number", singular(unit))
        case MoneyValue(currency=currency):
            return ("money", currency)
        case RangeValue(unit=unit):
            return ("range", unit)
        case DateValue(part=part):
            return ("date", str(len(value.iso)), str(part))
        case _:
            return (str(value.kind),)


def can_be_false(fact: Fact) -> bool:
    """Whether a fact's statement has a false twin: sets and amounts with a bound have none."""
    value = fact.value
    bounded = isinstance(value, NumberValue | MoneyValue) and value.bound is not None
    return bool(fact.say_template) and not bounded and not isinstance(value, SetValue)


def names_in(value: Value) -> tuple[str, ...]:
    """Return every name of the entities of a value, or the wordings of a text."""
    if isinstance(value, TextValue):
        return (value.text, *value.accept)
    return tuple(name for entity in entities_in(value) for name in entity.names)


def buckets_of(value: Value) -> tuple[str, ...]:
    """Return what values have in common that can both be right."""
    if isinstance(value, DateValue):
        return (str(value.year),)
    names = tuple(entity.name for entity in entities_in(value))
    return names or (display(value).casefold(),)


def is_wide(value: Value) -> bool:
    """Whether a value also holds for others that are written differently."""
    if isinstance(value, NumberValue):
        return value.bound is not None or value.tolerance > 0
    return isinstance(value, RangeValue) or (
        isinstance(value, MoneyValue) and value.bound is not None
    )


def entities_in(value: Value) -> tuple[Entity, ...]:
    """Return the entities that a value names."""
    match value:
        case EntityValue(entity):
            return (entity,)
        case SetValue(items=items):
            return items
        case _:
            return ()


def overlaps(one: str, other: str) -> bool:
    """Whether one wording stands whole within the other: cow, in cow, sheep and goat."""
    left, right = (f" {' '.join(words(text))} " for text in (one, other))
    return left in right or right in left
