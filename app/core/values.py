"""The kinds of value that a fact can have: frozen, parsed once, written back equal.

`parse_value` and `dump_value` speak the notation of deck files and of `factdeck grade`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, ClassVar

from app.core.errors import Refused
from app.core.sentences import say

MAX_TEXT = 1000
"""Characters in a name, alias or text value."""
MAX_DIGITS = 40
"""Digits before or after the point; '1E+1000000000' would otherwise stop a worker for seconds."""


_UNPRINTABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff]")


class ValueKind(StrEnum):
    """How a value is written, compared and asked for."""

    ENTITY = "entity"
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    RANGE = "range"
    DATE = "date"
    SET = "set"


class Bound(StrEnum):
    """An amount known only from one side."""

    LESS_THAN = "less_than"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"


class DatePart(StrEnum):
    """A rough part of a year or month: "late 2022"."""

    EARLY = "early"
    MID = "mid"
    LATE = "late"


class ValueProblem(Refused):
    """A value that cannot be read: `field` names the key, the message says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entity:
    """A named thing. `key` is empty when it stands on its own, outside a deck."""

    name: str
    key: str = ""
    kind: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The name, then the aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class EntityValue:
    """An entity as the answer."""

    kind: ClassVar[ValueKind] = ValueKind.ENTITY
    entity: Entity


@dataclass(frozen=True, slots=True)
class TextValue:
    """Free text, with other wordings that are right too."""

    kind: ClassVar[ValueKind] = ValueKind.TEXT
    text: str
    accept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberValue:
    """An amount of something. `tolerance` is absolute, in the same unit."""

    kind: ClassVar[ValueKind] = ValueKind.NUMBER
    amount: Decimal
    unit: str = ""
    tolerance: Decimal = Decimal(0)
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class MoneyValue:
    """An amount of money; `currency` is an ISO 4217 code such as USD."""

    kind: ClassVar[ValueKind] = ValueKind.MONEY
    amount: Decimal
    currency: str
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class RangeValue:
    """From `low` to `high`, both included, in one unit (an ISO 4217 code for money)."""

    kind: ClassVar[ValueKind] = ValueKind.RANGE
    low: Decimal
    high: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class DateValue:
    """A year, month or day, as precise as it is known. `part` narrows a year or a month."""

    kind: ClassVar[ValueKind] = ValueKind.DATE
    year: int
    month: int | None = None
    day: int | None = None
    part: DatePart | None = None

    @property
    def iso(self) -> str:
        """ISO 8601 at the date's own precision: 2025-01-20, 2023-03 or 1969."""
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text


@dataclass(frozen=True, slots=True)
class SetValue:
    """Several entities that are the answer together; their order means nothing."""

    kind: ClassVar[ValueKind] = ValueKind.SET
    items: tuple[Entity, ...]


Value = EntityValue | TextValue | NumberValue | MoneyValue | RangeValue | DateValue | SetValue


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


def dump_value(value: Value) -> dict[str, Any]:
    """Write a value in its notation: `parse_value` reads back an equal one.

    An entity with a key is written as that key, and needs its deck to be read.
    """
    return {"kind": str(value.kind), **_DUMPERS[value.kind](value)}


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


def parse_decimal(raw: object, field: str) -> Decimal:
    """Read a finite decimal of at most MAX_DIGITS digits on each side. Raises ValueProblem."""
    problem = ValueProblem(
        field, say("{field} must be a plain decimal number such as 5.58 or 5000.", field=field)
    )
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise problem
    try:
        number = Decimal(str(raw))
    except (InvalidOperation, ValueError):
        raise problem from None
    too_long = len(str(raw)) > 2 * MAX_DIGITS
    if too_long or not number.is_finite() or abs(number.adjusted()) > MAX_DIGITS:
        raise problem
    return number.normalize() + 0 if number else Decimal(0)


def write_decimal(number: Decimal) -> str:
    """Write a decimal without exponent or trailing zeros: 5580000, 0.5."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


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


def slug(text: str) -> str:
    """Return a key made of a name."""
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-")[:80] or "entity"


def has_control_characters(text: str) -> bool:
    """Whether a text has control characters or lone surrogates, which no file can carry."""
    return bool(_UNPRINTABLE.search(text))


def clean_text(text: str, field: str) -> str:
    """Strip the ends; refuse control characters, lone surrogates and over-long text."""
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise ValueProblem(
            field,
            say("{field} is longer than {max_text} characters.", field=field, max_text=MAX_TEXT),
        )
    if has_control_characters(text):
        raise ValueProblem(field, say("{field} contains a control character.", field=field))
    return text


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
        raise ValueProblem("currency", say("currency must be an ISO 4217 code such as USD or EUR."))
    return MoneyValue(parse_decimal(raw.get("amount"), "amount"), currency, _parse_bound(raw))


def _parse_range(raw: Mapping[str, Any], _entities: Mapping[str, Entity]) -> RangeValue:
    low, high = parse_decimal(raw.get("low"), "low"), parse_decimal(raw.get("high"), "high")
    if low >= high:
        raise ValueProblem("high", say("high must be larger than low."))
    return RangeValue(low, high, _text({"unit": raw.get("unit") or ""}, "unit", needed=False))


def _parse_date(raw: Mapping[str, Any], _entities: Mapping[str, Entity]) -> DateValue:
    return parse_date(raw.get("date"), "date", raw.get("part"))


def _parse_set(raw: Mapping[str, Any], entities: Mapping[str, Entity]) -> SetValue:
    items = raw.get("items")
    if not isinstance(items, list | tuple) or not items:
        raise ValueProblem("items", say("items must be a list of at least one entity."))
    found = tuple(_parse_item(item, entities) for item in items)
    if len({item.name for item in found}) != len(found):
        raise ValueProblem("items", say("items names something twice."))
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
