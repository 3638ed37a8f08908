"""The kinds of value that a fact can have: frozen, parsed once, written back equal.

`parse_value` and `dump_value` speak the notation of deck files and of `factdeck grade`.
"""

from app.core.values.amounts import parse_decimal, write_decimal
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
    ValueKind,
    ValueProblem,
)
from app.core.values.parsing import parse_date, parse_entity, parse_value
from app.core.values.texts import MAX_TEXT, clean_text, has_control_characters, slug
from app.core.values.writing import dump_value

__all__ = [
    "MAX_TEXT",
    "Bound",
    "DatePart",
    "DateValue",
    "Entity",
    "EntityValue",
    "MoneyValue",
    "NumberValue",
    "RangeValue",
    "SetValue",
    "TextValue",
    "Value",
    "ValueKind",
    "ValueProblem",
    "clean_text",
    "dump_value",
    "has_control_characters",
    "parse_date",
    "parse_decimal",
    "parse_entity",
    "parse_value",
    "slug",
    "write_decimal",
]
