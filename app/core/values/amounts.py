"""Decimals as they are read and written."""

from decimal import Decimal, InvalidOperation

from app.core.sentences import say
from app.core.values.kinds import ValueProblem

MAX_DIGITS = 40
"""Digits before or after the point; '1E+1000000000' would otherwise stop a worker for seconds."""


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
