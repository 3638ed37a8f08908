"""What a fact can have as its value: a frozen class a kind."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from app.core.errors import Refused


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
