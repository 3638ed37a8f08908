"""Bytes that people upload as text: what they are, and in which encoding."""

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from app.core.errors import Refused
from app.core.sentences import say

SAMPLE = 200_000
"""Bytes by which an encoding is guessed."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
)


class NotText(Refused):
    """A file that is no text; the message says what it is."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the encoding that it was in as people name it."""

    text: str
    encoding: str


def decode(data: bytes, declared: str = "") -> Decoded:
    """Return the text of an uploaded file, or of a page. Raises NotText for anything else.

    What a server has `declared` is tried first where the bytes say nothing themselves, then UTF-8;
    other encodings are guessed, which short files make hard.
    """
    for mark, name in _OTHERS:
        if data.startswith(mark):
            raise NotText(say("This is {name}, not a text file.", name=name))
    for mark, codec, label in _BOMS:
        if data.startswith(mark):
            return Decoded(_strictly(data, codec, label), label)
    found = _as_declared(data, declared)
    if found is not None:
        return found
    if b"\0" in data:
        raise NotText(say("This is not a text file: it contains zero bytes."))
    try:
        return Decoded(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        return _guessed(data)


def _as_declared(data: bytes, declared: str) -> Decoded | None:
    try:
        text = data.decode(declared) if declared else "\0"
    except (LookupError, UnicodeDecodeError):
        return None
    return None if "\0" in text else Decoded(text, declared)


def _strictly(data: bytes, codec: str, label: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise NotText(
            say(
                "This says that it is {label}, but byte {start} is not.",
                label=label,
                start=error.start,
            )
        ) from None


def _guessed(data: bytes) -> Decoded:
    end = data.rfind(b"\n", 0, SAMPLE) if len(data) > SAMPLE else len(data)
    best = from_bytes(data[: end if end > 0 else SAMPLE]).best()
    if best is None:
        raise NotText(say("The encoding of this file cannot be told: save it as UTF-8."))
    label = best.encoding.replace("_", "-")
    return Decoded(_strictly(data, best.encoding, label), label)
