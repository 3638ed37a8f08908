"""Bytes that people upload as text: what they are, and in which encoding."""

import codecs
import contextlib
import re
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
    (b"PK\x03\x04", say("a ZIP archive or an office document")),
    (b"PK\x05\x06", say("an empty ZIP archive")),
    (b"\x1f\x8b", say("a gzip archive")),
    (b"\x28\xb5\x2f\xfd", say("a zstd archive")),
    (b"7z\xbc\xaf", say("a 7z archive")),
    (b"%PDF", say("a PDF document")),
    (b"SQLite format 3", say("an SQLite database")),
    (b"\x89PNG", say("an image")),
    (b"\xff\xd8\xff", say("an image")),
    (b"GIF8", say("an image")),
    (b"\xd0\xcf\x11\xe0", say("an old office document")),
    (b"\x7fELF", say("a program")),
)


_ENCODINGS = {
    "cp1252": "windows-1252",
    "cp1250": "windows-1250",
    "iso8859_2": "ISO 8859-2",
    "cp1254": "windows-1254",
    "cp1257": "windows-1257",
    "mac_roman": "Mac Roman",
    "cp1251": "windows-1251",
    "koi8_r": "KOI8-R",
    "cp1253": "windows-1253",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}
"""Encodings that a file may be guessed to be in, those that people really have, and their names."""
CHOICES = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    **_ENCODINGS,
    "cp850": "DOS (850)",
    "cp437": "DOS (437)",
}
"""Encodings that a person may choose, who sees what a guess cannot know."""
_LATIN = (
    ("cp1252", "äöüß"),
    ("cp1252", "àâæçéèêëîïôœùûüÿ"),
    ("cp1252", "áéíñóúü"),
    ("cp1252", "àáâãçéêíóôõúü"),
    ("cp1252", "àèéìíîòóùú"),
    ("cp1252", "äåæéèïøöü"),
    ("cp1250", "ąćęłńóśźż"),
    ("iso8859_2", "ąćęłńóśźż"),
    ("cp1250", "áäčďéěíĺľňóôŕřšťúůýž"),
    ("iso8859_2", "áäčďéěíĺľňóôŕřšťúůýž"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1250", "âăîşţ"),
    ("cp1250", "čćđšž"),
    ("iso8859_2", "čćđšž"),
    ("cp1254", "âçğıîöşûü"),
    ("cp1257", "ąčęėįšųūž"),
    ("cp1257", "āčēģīķļņšūž"),
    ("cp1257", "äõöüšž"),
    ("cp1252", "áæðéíóöúýþ"),
    ("mac_roman", "àáâäåæçèéêëíîïñóôöøœúûüß"),
)
"""The encodings of files by the letters beyond ASCII of a language; usual ones first.

In short texts several encodings give nothing but letters; these tell "Møller" from "Mřller".
"""
_MARKS = frozenset("‘’“”„‚«»–—…€£§©®°·¿¡½İ\N{NO-BREAK SPACE}\N{SOFT HYPHEN}")  # noqa: RUF001 meant
_NAMED_INSIDE = re.compile(rb"<meta[^<>]{1,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
"""What a page of HTML says of its encoding, within its first characters (HTML, 13.2.3.2)."""
_HEAD = 1_024
_FEWEST = 16
"""Bytes that a text without a byte order mark needs to be known as UTF-16."""


class NotText(Refused):
    """A file that is no text; the message says what it is."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the encoding that it was in as people name it."""

    text: str
    encoding: str


def decode(data: bytes, declared: str = "", chosen: str = "") -> Decoded:
    """Return the text of an uploaded file, or of a page. Raises NotText for anything else.

    It is read as what a person has `chosen` of CHOICES. Otherwise what a server has `declared` is
    tried first where the bytes say nothing themselves, then UTF-8, then what a page says in its
    own head; other encodings are guessed, which short files make hard.
    """
    for mark, name in _OTHERS:
        if data.startswith(mark):
            raise NotText(say("This is {name}, not a text file.", name=name))
    return _as_chosen(data, chosen) if chosen else _found_out(data, declared)


def _found_out(data: bytes, declared: str) -> Decoded:
    for mark, codec, label in _BOMS:
        if data.startswith(mark):
            return Decoded(_strictly(data, codec, label), label)
    found = _as_declared(data, declared)
    if found is not None:
        return found
    if b"\0" in data:
        return _without_mark(data)
    try:
        return Decoded(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        inside = _NAMED_INSIDE.search(data[:_HEAD])
        named = _as_declared(data, inside[1].decode("ascii", "ignore") if inside else "")
        return named or _guessed(data)


def _as_chosen(data: bytes, codec: str) -> Decoded:
    label = CHOICES[codec]
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode(codec)
        if "\0" not in text:
            return Decoded(text, label)
    raise NotText(say("This is not {label}: choose another encoding.", label=label))


def _without_mark(data: bytes) -> Decoded:
    """Return UTF-16 without a byte order mark: every other byte of most texts is zero then."""
    sample = data[:SAMPLE] if len(data) >= _FEWEST else b""
    for codec, zeros, others in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if sample[zeros::2].count(0) * 3 > len(sample) > 0 and not sample[others::2].count(0):
            return Decoded(_strictly(data, codec, "UTF-16"), "UTF-16")
    raise NotText(say("This is not a text file: it contains zero bytes."))


def _as_declared(data: bytes, declared: str) -> Decoded | None:
    """Return the text in an encoding that is named, as browsers read it; None where it is not."""
    try:
        codec = codecs.lookup(declared).name if declared else ""
    except LookupError:
        return None
    for tried in ("cp1252", codec) if codec in {"iso8859-1", "ascii"} else (codec,):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            text = data.decode(tried) if tried else "\0"
            return None if "\0" in text else Decoded(text, declared)
    return None


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
    sample = data[: end if end > 0 else SAMPLE]
    best = from_bytes(sample, cp_isolation=list(_ENCODINGS)).best()
    if best is None:
        raise NotText(say("The encoding of this file cannot be told: save it as UTF-8."))
    codec = _likeliest_latin(sample) if best.encoding in dict(_LATIN) else best.encoding
    label = _ENCODINGS.get(codec, codec.replace("_", "-"))
    return Decoded(_strictly(data, codec, label), label)


def _likeliest_latin(sample: bytes) -> str:
    """Return the encoding in which most letters beyond ASCII are those of one language."""

    def usual(language: tuple[str, str]) -> float:
        codec, letters = language
        try:
            beyond = [letter for letter in sample.decode(codec) if not letter.isascii()]
        except UnicodeDecodeError:
            return -1
        known = _MARKS.union(letters, letters.upper())
        return sum(letter in known for letter in beyond) / (len(beyond) or 1)

    return max(_LATIN, key=usual)[0]
