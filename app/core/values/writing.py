"""Values in their notation: `dump_value` writes what `parse_value` reads."""

from collections.abc import Callable
from typing import Any

from app.core.values.amounts import write_decimal
from app.core.values.kinds import Bound, Entity, NumberValue, RangeValue, Value, ValueKind


def dump_value(value: Value) -> dict[str, Any]:
    """Write a value in its notation: `parse_value` reads back an equal one.

    An entity with a key is written as that key, and needs its deck to be read.
    """
    return {"kind": str(value.kind), **_DUMPERS[value.kind](value)}


def _dump_entity(entity: Entity) -> dict[str, Any]:
    if entity.key:
        return {"entity": entity.key}
    return {"name": entity.name, **({"aliases": list(entity.aliases)} if entity.aliases else {})}


def _dump_number(value: NumberValue) -> dict[str, Any]:
    raw: dict[str, Any] = {"amount": write_decimal(value.amount)}
    if value.unit:
        raw["unit"] = value.unit
    if value.tolerance:
        raw["tolerance"] = write_decimal(value.tolerance)
    return raw | _dump_bound(value.bound)


def _dump_bound(bound: Bound | None) -> dict[str, Any]:
    return {"bound": str(bound)} if bound else {}


def _dump_range(value: RangeValue) -> dict[str, Any]:
    raw = {"low": write_decimal(value.low), "high": write_decimal(value.high)}
    return raw | ({"unit": value.unit} if value.unit else {})


_DUMPERS: dict[ValueKind, Callable[[Any], dict[str, Any]]] = {
    ValueKind.ENTITY: lambda value: _dump_entity(value.entity),
    ValueKind.TEXT: lambda value: (
        {"text": value.text} | ({"accept": list(value.accept)} if value.accept else {})
    ),
    ValueKind.NUMBER: _dump_number,
    ValueKind.MONEY: lambda value: (
        {"amount": write_decimal(value.amount), "currency": value.currency}
        | _dump_bound(value.bound)
    ),
    ValueKind.RANGE: _dump_range,
    ValueKind.DATE: lambda value: (
        {"date": value.iso} | ({"part": str(value.part)} if value.part else {})
    ),
    ValueKind.SET: lambda value: {
        "items": [item.key or _dump_entity(item) for item in value.items]
    },
}
