"""Values as people write them in a cell: "50,000 chips", "US$5.58 million", "20-50 times"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.core.marking.amounts import Amount, read_amount
from app.core.marking.currencies import CURRENCIES
from app.core.sentences import say
from app.core.values import (
    DateValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    TextValue,
    Value,
    ValueKind,
    ValueProblem,
    clean_text,
    parse_date,
    parse_decimal,
    write_decimal,
)

_SCALE = re.compile(r"\d\s*(?:k|thousand|mn|million|bn|billion|tn|trillion)s?\b", re.IGNORECASE)
"""What makes a number larger; m and t behind a number are metres and tonnes."""
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z$])")
_ENDS = re.compile(
    r"(?:(?:between|from)\s+)?(?P<low>-?[^\d\s-]{0,4}\s?\d.*?)\s*(?:\bto\b|\band\b|–|-|\.\.+)\s*"
    r"(?P<high>-?[^\d\s-]{0,4}\s?\d.*)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:(?P<part>early|mid|late)[ -])?(?P<iso>\d{4}(?:-\d\d){0,2})", re.IGNORECASE)
_YEAR = re.compile(
    r"(?:(?:AD|c\.?|ca\.?|about|around|early|mid|late) ?)*\d{1,4}(?:-\d\d){0,2}"
    r"(?: ?(?:BC|BCE|AD|CE))?",
    re.IGNORECASE,
)
_ERA = re.compile(r"\b(?:BC|BCE|AD|CE)\b", re.IGNORECASE)
_LARGEST_YEAR = 2100
NO_VALUES = frozenset(("n/a", "n.a.", "#n/a", "#value!", "#ref!", "tbd", "tba"))
"""What people and programs write in a cell that has no value, in lower case; Na is sodium."""
_SIGN_BEHIND = "|".join(sorted(set(CURRENCIES.values()))) + "|[$€£¥₹₽₺₩₪₦]"
_GUESSES = (
    (ValueKind.TEXT, re.compile(rf"{_YEAR.pattern}(?<=[A-Z])|AD ?\d{{1,4}}")),
    (ValueKind.DATE, re.compile(r"(?:(?:early|mid|late) )?(?:1\d|20)\d\d(?:-\d\d){0,2}")),
    (
        ValueKind.MONEY,
        re.compile(r"(?:[a-z]+ ){0,2}(?:(?:US|CN|HK|A|C)?[$€£¥₹]|[A-Z]{3} )\d[\d,.]*(?: ?[a-z]+)?"),
    ),
    (ValueKind.MONEY, re.compile(rf"\d[\d.,]*(?: ?[a-z]+)? ?(?:{_SIGN_BEHIND})")),
    (ValueKind.RANGE, re.compile(r"-?\d[\d,.]*(?: ?[-–] ?| to )-?\d[\d,.]*(?:%| [^\d\s]+){0,2}")),
    (ValueKind.NUMBER, re.compile(r"-?\d[\d,.]*(?:%|(?: [a-z°µ][^\d\s]*){0,2})")),
)


@dataclass(frozen=True, slots=True)
class _Read:
    """An amount with its unit as written; `factor` is what "million" made of the figure."""

    amount: Amount
    unit: str
    factor: Decimal


def read_cell(kind: ValueKind, text: str, accept: tuple[str, ...]) -> Value:
    """Read a value that names no entity. Raises ValueProblem, naming the column."""
    if accept and kind is not ValueKind.TEXT:
        raise ValueProblem(
            "aliases", say("aliases go with an entity or a text, not with a {kind}.", kind=kind)
        )
    return TextValue(text, accept) if kind is ValueKind.TEXT else _READERS[kind](text)


def guess_kind(text: str) -> ValueKind:
    """Return the kind that a value looks like: an entity unless it is clearly something else."""
    if ";" in text:
        return ValueKind.SET
    return next((kind for kind, form in _GUESSES if form.fullmatch(text)), ValueKind.ENTITY)


def looks_like_year(text: str) -> bool:
    """Whether a value may be a year or a date: 1969, 80, 44 BC."""
    found = _YEAR.fullmatch(text)
    if found is None:
        return False
    return bool(_ERA.search(text)) or int(re.findall(r"\d+", text)[0]) <= _LARGEST_YEAR


def _number(text: str) -> NumberValue:
    read = _read(text)
    if read is None or read.amount.currency:
        raise ValueProblem(
            "value", say("{text} is not a number such as 50000 chips.", text=repr(text[:60]))
        )
    return NumberValue(_decimal(read.amount.number), read.unit, bound=read.amount.bound)


def _money(text: str) -> MoneyValue:
    read = _read_money(text)
    if read is None:
        reason = say(
            "{text} is not an amount of money such as US$5.58 million or USD 5580000.",
            text=repr(text[:60]),
        )
        raise ValueProblem("value", reason)
    return MoneyValue(_decimal(read.number), read.currency, read.bound)


def _range(text: str) -> RangeValue:
    found = _ENDS.fullmatch(text.strip())
    ends = [_read_end(found[name]) for name in ("low", "high")] if found else []
    low, high = ends or (None, None)
    if low is None or high is None or low.amount.bound or high.amount.bound:
        raise ValueProblem(
            "value", say("{text} is not a range such as 20-50 times.", text=repr(text[:60]))
        )
    number = low.amount.number
    if low.factor == 1 and not low.unit and number * high.factor < high.amount.number:
        number *= high.factor
    if number >= high.amount.number:
        raise ValueProblem(
            "value",
            say("{text}: the high end must be larger than the low one.", text=repr(text[:60])),
        )
    units = {
        end.amount.currency or end.unit for end in (low, high) if end.amount.currency or end.unit
    }
    if len(units) > 1:
        raise ValueProblem("value", say("{text} has two units.", text=repr(text[:60])))
    return RangeValue(_decimal(number), _decimal(high.amount.number), "".join(units))


def _date(text: str) -> DateValue:
    found = _DATE.fullmatch(text)
    if not found:
        reason = say(
            "{text} is not a date: write 2025-01-20, 2023-03, 1969 or late 2022.",
            text=repr(text[:60]),
        )
        raise ValueProblem("value", reason)
    try:
        return parse_date(found["iso"], "value", found["part"].lower() if found["part"] else None)
    except ValueProblem as problem:
        raise ValueProblem("value", problem.reason) from None


_READERS: dict[ValueKind, Callable[[str], Value]] = {
    ValueKind.NUMBER: _number,
    ValueKind.MONEY: _money,
    ValueKind.RANGE: _range,
    ValueKind.DATE: _date,
}


def _decimal(number: Decimal) -> Decimal:
    return parse_decimal(write_decimal(number), "value")


def _read(text: str) -> _Read | None:
    plain = read_amount(text, scales=False)
    amount = read_amount(text) if _SCALE.search(text) else plain
    if amount is None:
        return None
    factor = (
        amount.number / plain.number if plain and plain.number and amount.scaled else Decimal(1)
    )
    return _Read(amount, _as_written(amount.unit, text), factor)


def _read_end(text: str) -> _Read | None:
    read = _read(text)
    if read is not None and not read.unit:
        return read
    money = _read_money(text)
    return _Read(money, "", Decimal(1)) if money else read


def _read_money(text: str) -> Amount | None:
    amount = read_amount(text)
    if amount is not None and amount.currency and not amount.unit:
        return amount
    code = _CODE.search(text)
    bare = read_amount(f"{text[: code.start()]} {text[code.end() :]}") if code else None
    if code is None or bare is None or bare.unit or bare.currency:
        return None
    return Amount(bare.number, currency=code[0], bound=bare.bound, scaled=bare.scaled)


def _as_written(unit: str, text: str) -> str:
    """Return a unit with the capitals that it has in the cell: MW is not mw."""
    end = text.rstrip()[-len(unit) :] if unit else ""
    written = end if end.casefold() == unit else unit
    if re.search(r"\d", written) and not re.search(r"[^\W\d]", written):
        raise ValueProblem("value", say("{text} has two numbers.", text=repr(text[:60])))
    return clean_text(written, "value")
