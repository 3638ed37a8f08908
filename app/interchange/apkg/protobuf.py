"""The little of Protocol Buffers' wire format that Anki's packages need: numbers and bytes.

https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator

_VARINT, _LONG, _BYTES, _SHORT = 0, 1, 2, 5
_MOST_SHIFT = 63


class BadMessage(ValueError):
    """Bytes that are no message."""


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a message as (number, content). Raises BadMessage."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            number, at = _varint(data, at)
            yield key >> 3, number
            continue
        if kind == _BYTES:
            size, at = _varint(data, at)
        elif kind in {_LONG, _SHORT}:
            size = 8 if kind == _LONG else 4
        else:
            raise BadMessage("an unknown kind of field")
        if at + size > len(data):
            raise BadMessage("cut short")
        yield key >> 3, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(data) and shift <= _MOST_SHIFT:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 its high bit says that more follows
            return number, at
    raise BadMessage("cut short")
