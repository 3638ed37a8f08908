"""Numbers as curators type them into a field of their own: 5580000, 5.58 million, two million."""

import re

from app.core.marking.amounts import read_amount
from app.core.values import write_decimal

_PLAIN = re.compile(r"\s*[-+]?[\d.]+(?:e[+-]?\d+)?\s*", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\d\s*(?!(?:mn|bn|tn)\b)[a-z]{1,2}\.?\s*$|[~≈/¼½¾⅓⅔]|\b(?:about|around|approx\w*|roughly|half|halves|"
    r"(?:third|quarter|fourth|fifth|tenth)s?)\b",
    re.IGNORECASE,
)
"""What could mean another number, or none exactly: 5m, about 5, a third."""


def in_digits(text: str) -> str:
    """Return a number in words or grouped digits as a plain decimal: two million is 2000000.

    Plain decimals stay, and so does what is more than a number, or no exact one.
    """
    if _PLAIN.fullmatch(text) or _UNCLEAR.search(text):
        return text
    found = read_amount(text)
    if found is None or found.unit or found.currency or found.bound:
        return text
    return write_decimal(found.number)
