"""Values read from their notation: once, at the door."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.core.sentences import say
from app.core.values.amounts import parse_decimal
from app.core.values.kinds import (
    Bound,
    DatePart,
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
    ValueProblem,
)
from app.core.values.texts import clean_text


def parse_value(raw: object, entities: Mapping[str, Entity] | None = None) -> Value:
    """Read a value from its notation; `entities` by key resolve `{"entity": key}`.

    Raises ValueProblem, naming the field, for anything that is not a value.
    """
    if not isinstance(raw, Mapping):
        raise ValueProblem(
            "value", say('A value is a mapping such as {{"kind": "text", "text": "…"}}.')
        )
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in _PARSERS:
        raise ValueProblem(
            "kind", say("kind must be one of {parsers}.", parsers=", ".join(_PARSERS))
        )
    parser, fields = _PARSERS[kind]
    unknown = [str(name) for name in raw if name != "kind" and name not in fields]
    if unknown:
        raise ValueProblem(
            unknown[0],
            say("a {kind} value has no field {unknown}.", kind=kind, unknown=repr(unknown[0])),
        )
    return parser(raw, entities or {})


def parse_date(raw: object, field: str = "date", part: object = None) -> DateValue:
    """Read `2025-01-20`, `2023-03` or `1969` (also as YAML reads them). Raises ValueProblem."""
    text = str(raw) if not isinstance(raw, bool) else ""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text, re.ASCII)
    if not found:
        problem = say(
            "{text} is not a date: write 2025-01-20, 2023-03 or 1969.", text=repr(text[:40])
        )
        raise ValueProblem(field, problem)
    year, month, day = (int(group) if group else None for group in found.groups())
    assert year is not None  # noqa: S101 the pattern always has a year
    if not _is_calendar_date(year, month, day):
        raise ValueProblem(field, say("{text} is not in the calendar.", text=repr(text)))
    return DateValue(year, month, day, _parse_part(part, day))


def _is_calendar_date(year: int, month: int | None, day: int | None) -> bool:
    if year == 0 or (month is not None and not 1 <= month <= 12):  # noqa: PLR2004 months of a year
        return False
    if day is None or month is None:
        return True
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= day <= lengths[month - 1]


def _parse_part(raw: object, day: int | None) -> DatePart | None:
    if raw is None:
        return None
    if raw not in list(DatePart):
        raise ValueProblem("part", say("part must be early, mid or late."))
    if day is not None:
        raise ValueProblem("part", say("part goes with a year or a month, not with a day."))
    return DatePart(str(raw))


def _text(raw: Mapping[str, Any], field: str, *, needed: bool = True) -> str:
    text = raw.get(field, "")
    if not isinstance(text, str) or (needed and not text.strip()):
        raise ValueProblem(field, say("{field} must be a text that is not empty.", field=field))
    return clean_text(text, field)


def _texts(raw: Mapping[str, Any], field: str) -> tuple[str, ...]:
    texts = raw.get(field) or []
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ValueProblem(field, say("{field} must be a list of texts.", field=field))
    return tuple(clean_text(text, field) for text in texts if text.strip())


def parse_entity(raw: object, entities: Mapping[str, Entity], field: str = "entity") -> Entity:
    """Read an entity: a key of `entities`, or a mapping with name, kind and aliases."""
    if isinstance(raw, str):
        if raw in entities:
            return entities[raw]
        raise ValueProblem(field, say("there is no entity with the key {raw}.", raw=repr(raw[:80])))
    if not isinstance(raw, Mapping):
        raise ValueProblem(field, say("{field} must be an entity's key.", field=field))
    if "entity" in raw:
        return parse_entity(raw["entity"], entities, field)
    return Entity(name=_text(raw, "name"), aliases=_texts(raw, "aliases"))


def _parse_entity_value(raw: Mapping[str, Any], entities: Mapping[str, Entity]) -> EntityValue:
    return EntityValue(parse_entity(raw, entities))


def _parse_text(raw: Mapping[str, Any], _entities: Mapping[str, Entity]) -> TextValue:
    return TextValue(_text(raw, "text"), _texts(raw, "accept"))


def _parse_bound(raw: Mapping[str, Any]) -> Bound | None:
    bound = raw.get("bound")
    if bound is not None and bound not in list(Bound):
        raise ValueProblem("bound", say("bound must be one of {bound}.", bound=", ".join(Bound)))
    return Bound(bound) if bound else None


def _parse_number(raw: Mapping[str, Any], _entities: Mapping[str, Entity]) -> NumberValue:
    tolerance = parse_decimal(raw.get("tolerance") or 0, "tolerance")
    if tolerance < 0:
        raise ValueProblem("tolerance", say("tolerance cannot be negative."))
    return NumberValue(
        parse_decimal(raw.get("amount"), "amount"),
        _text({"unit": raw.get("unit") or ""}, "unit", needed=False),
        tolerance,
        _parse_bound(raw),
    )


def _parse_money(raw: Mapping[str, Any], _entities: Mapping[str, Entity]) -> MoneyValue:
    currency = raw.get("currency")
    if not isinstance(currency, str) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise ValueProblem(
            "currency",
            say("{field} must be an ISO 4217 code such as USD or EUR.", field="currency"),
        )
    return MoneyValue(parse_decimal(raw.get("amount"), "amount"), currency, _parse_bound(raw))


def _parse_range(raw: Mapping[str, Any], _entities: Mapping[str, Entity]) -> RangeValue:
    low, high = parse_decimal(raw.get("low"), "low"), parse_decimal(raw.get("high"), "high")
    if low >= high:
        raise ValueProblem("high", say("The upper end must be larger than the lower one."))
    return RangeValue(low, high, _text({"unit": raw.get("unit") or ""}, "unit", needed=False))


def _parse_date(raw: Mapping[str, Any], _entities: Mapping[str, Entity]) -> DateValue:
    return parse_date(raw.get("date"), "date", raw.get("part"))


def _parse_set(raw: Mapping[str, Any], entities: Mapping[str, Entity]) -> SetValue:
    items = raw.get("items")
    if not isinstance(items, list | tuple) or not items:
        raise ValueProblem("items", say("items must be a list of at least one entity."))
    found = tuple(_parse_item(item, entities) for item in items)
    if len({item.name for item in found}) != len(found):
        raise ValueProblem("items", say("Two of these names are one thing."))
    return SetValue(found)


def _parse_item(item: object, entities: Mapping[str, Entity]) -> Entity:
    if isinstance(item, str) and item not in entities:
        return Entity(name=_text({"items": item}, "items"))
    if isinstance(item, Mapping) and "text" in item:
        return Entity(name=_text(item, "text"), aliases=_texts(item, "accept"))
    return parse_entity(item, entities, "items")


_Parser = Callable[[Mapping[str, Any], Mapping[str, Entity]], Value]
_PARSERS: dict[str, tuple[_Parser, frozenset[str]]] = {
    "entity": (_parse_entity_value, frozenset({"entity", "name", "aliases"})),
    "text": (_parse_text, frozenset({"text", "accept"})),
    "number": (_parse_number, frozenset({"amount", "unit", "tolerance", "bound"})),
    "money": (_parse_money, frozenset({"amount", "currency", "bound"})),
    "range": (_parse_range, frozenset({"low", "high", "unit"})),
    "date": (_parse_date, frozenset({"date", "part"})),
    "set": (_parse_set, frozenset({"items"})),
}
