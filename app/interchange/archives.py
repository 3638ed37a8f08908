"""ZIP archives from strangers: what they claim is looked at before anything is unpacked.

Nothing is ever written to disk. Python's `zipfile` alone needs seconds and hundreds of megabytes
for 200,000 empty entries, so the end record is read first.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from app.core.errors import Refused
from app.core.sentences import say

MOST_ENTRIES = 20_000
MOST_DIRECTORY = 4_000_000
"""Bytes of the list of entries: what a lying count cannot hide."""
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_CHUNK = 1 << 16
_FULL, _FULL_LONG = 0xFFFF, 0xFFFFFFFF
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error)
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


class BadArchive(Refused):
    """An archive that is broken, or that would harm; the message says which."""


class Archive:
    """An archive whose entries can be read, each up to a limit. Raises BadArchive throughout."""

    def __init__(self, data: bytes, most_bytes: int) -> None:
        _check_end(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
            raise BadArchive(say("This is not a whole ZIP archive: send the file again.")) from None
        self._most = most_bytes
        self.names = tuple(_checked_names(self._zip.infolist()))
        if sum(entry.file_size for entry in self._zip.infolist()) > most_bytes:
            raise BadArchive(_too_large(most_bytes))

    def read(self, name: str, most_bytes: int | None = None) -> bytes:
        """Return an entry, unpacked."""
        return b"".join(self.chunks(name, most_bytes))

    def chunks(self, name: str, most_bytes: int | None = None) -> Iterator[bytes]:
        """Yield an entry in pieces, unpacked; what it says of its size is not believed."""
        most = min(most_bytes or self._most, self._most)
        done = 0
        try:
            with self._zip.open(name) as entry:
                while piece := entry.read(_CHUNK):
                    done += len(piece)
                    if done > most:
                        raise BadArchive(_too_large(most))
                    yield piece
        except KeyError:
            raise BadArchive(say("This archive has no {name}.", name=name)) from None
        except _BROKEN as error:
            reason = say(
                "{name} in this archive is broken: {error}.", name=name, error=str(error)[:80]
            )
            raise BadArchive(reason) from None


def _too_large(most_bytes: int) -> str:
    return say("Unpacked, this has more than {most_bytes} MB.", most_bytes=most_bytes // 1000000)


def _check_end(data: bytes) -> None:
    """Refuse by the end record alone what has too many entries."""
    at = data.rfind(_END, max(0, len(data) - _END_SIZE - _LONGEST_COMMENT))
    if at < 0 or len(data) < at + _END_SIZE:
        raise BadArchive(say("This is not a whole ZIP archive: its end is missing."))
    entries, size, start = struct.unpack_from("<HLL", data, at + 10)
    if entries == _FULL or _FULL_LONG in {size, start}:
        raise BadArchive(
            say("This archive has more than {most_entries:,} files.", most_entries=MOST_ENTRIES)
        )
    if entries > MOST_ENTRIES or size > MOST_DIRECTORY:
        raise BadArchive(
            say("This archive has more than {most_entries:,} files.", most_entries=MOST_ENTRIES)
        )


def _checked_names(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name in seen:
            raise BadArchive(say("This archive has {name} twice.", name=repr(name[:60])))
        seen.add(name)
        if _is_unsafe(name) or stat.S_ISLNK(entry.external_attr >> 16):
            raise BadArchive(
                say("This archive has a file by an unsafe name: {name}.", name=repr(name[:60]))
            )
        if entry.flag_bits & _ENCRYPTED:
            raise BadArchive(say("This archive is encrypted: send it without a password."))
        if entry.compress_type not in _PACKED:
            raise BadArchive(
                say("This archive is packed in a way that is not read: use plain ZIP.")
            )
        yield name


def _is_unsafe(name: str) -> bool:
    parts = name.split("/")
    absolute = name.startswith("/") or "\\" in name or ":" in parts[0]
    return absolute or ".." in parts or any(_DEVICES.fullmatch(part) for part in parts)


def pack(files: dict[str, bytes]) -> bytes:
    """Return files as a ZIP archive that is the same each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
