"""The media of an Anki package: of its files the pictures that its notes show, nothing else."""

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from app.core.advancing import Advance, unheard
from app.core.sentences import say
from app.interchange.apkg.package import Package
from app.interchange.apkg.protobuf import BadMessage, fields
from app.interchange.apkg.unpacking import NEWEST, BadPackage, unpacked
from app.interchange.archives import Archive, BadArchive
from app.interchange.pictures import LARGEST, BadPicture, PictureFile, read_picture

MOST_PICTURES = 5_000
MOST_KEPT = 100_000_000
"""Bytes of all pictures of a package."""
MOST_LIST = 5_000_000
"""Bytes of the list of media files."""
MOST_TOLD = 20
LONGEST_NAME = 200
_TAG = re.compile(r"<img\b([^>]{0,3000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that a piece of HTML shows: the file's name, and what stands for it in words."""

    file: str
    alt: str = ""


def pictures_in(marked_up: str) -> Iterator[Shown]:
    """Yield the pictures that a piece of HTML shows."""
    if "<" not in marked_up:
        return
    for tag in _TAG.finditer(marked_up):
        found = {
            one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "")
            for one in _ATTRIBUTE.finditer(tag[1])
        }
        if found.get("src"):
            yield Shown(file_name(found["src"]), " ".join(found.get("alt", "").split())[:500])


def file_name(source: str) -> str:
    """Return the name of a file as a note's HTML writes it."""
    return unicodedata.normalize("NFC", source.strip())[:LONGEST_NAME]


def with_pictures(
    data: bytes, package: Package, advance: Advance = unheard
) -> tuple[Package, tuple[PictureFile, ...]]:
    """Return a package that knows its pictures by their files' names, and the pictures.

    What is no picture, or too large, is told as a problem of the package; nothing else is lost.
    """
    wanted = dict.fromkeys(one.file for note in package.notes for one in _shown(note.fields))
    if not wanted:
        return package, ()
    archive = Archive(data, most_bytes=2_000_000_000)
    is_new = NEWEST in archive.names
    try:
        entries = _listed(archive, is_new=is_new)
    except (BadArchive, BadPackage, BadMessage, ValueError, RecursionError, UnicodeDecodeError):
        return replace(package, problems=(say("The list of media in this package is broken."),)), ()
    return _Gathering(archive, entries, is_new=is_new).gathered(package, wanted, advance)


def _shown(marked_up: Iterable[str]) -> Iterator[Shown]:
    for field in marked_up:
        yield from pictures_in(field)


class _Gathering:
    """Reads the pictures of one package, one at a time."""

    def __init__(self, archive: Archive, entries: Mapping[str, str], *, is_new: bool) -> None:
        self.archive, self.entries, self.is_new = archive, entries, is_new
        self.files: dict[str, PictureFile] = {}
        self.names: dict[str, str] = {}
        self.problems: list[str] = []
        self.bytes = 0

    def gathered(
        self, package: Package, wanted: Iterable[str], advance: Advance
    ) -> tuple[Package, tuple[PictureFile, ...]]:
        names = list(wanted)
        for at, name in enumerate(names):
            advance(at, len(names))
            try:
                self.keep(name)
            except (BadPicture, BadPackage, BadArchive) as refused:
                self.problems.append(say("{field}: {reason}", field=name[:80], reason=str(refused)))
        told = self.problems[:MOST_TOLD]
        if len(self.problems) > len(told):
            rest = len(self.problems) - len(told)
            told.append(say("{rest} more pictures are not kept.", rest=rest))
        known = replace(package, pictures=self.names, problems=tuple(told))
        return known, tuple(self.files.values())

    def keep(self, name: str) -> None:
        """Read one picture and keep it. Raises BadPicture, BadPackage, BadArchive."""
        entry = self.entries.get(name) or self.entries.get(file_name(unquote(name)))
        if entry is None:
            raise BadPicture(say("the package does not have this file."))
        if len(self.names) >= MOST_PICTURES:
            raise BadPicture(
                say("a package may have {most:,} pictures at most.", most=MOST_PICTURES)
            )
        if name.lower().endswith((".svg", ".svgz")):
            raise BadPicture(say("SVG is not taken: save it as PNG."))
        chunks = self.archive.chunks(entry, LARGEST)
        raw = unpacked(chunks, LARGEST) if self.is_new else b"".join(chunks)
        made = read_picture(raw)
        if made.name not in self.files:
            self.bytes += len(made.data)
            if self.bytes > MOST_KEPT:
                self.bytes -= len(made.data)
                most = MOST_KEPT // 1_000_000
                raise BadPicture(say("all pictures together may have {most} MB.", most=most))
            self.files[made.name] = made
        self.names[name] = made.name


def _listed(archive: Archive, *, is_new: bool) -> dict[str, str]:
    """Return the entry of each media file by its name."""
    if "media" not in archive.names:
        return {}
    packed = archive.chunks("media", MOST_LIST)
    if is_new:
        entries = [one for field, one in fields(unpacked(packed, MOST_LIST)) if field == 1]
        names = [_name_of(one) for one in entries if isinstance(one, bytes)]
        listed: dict[str, object] = {str(at): name for at, name in enumerate(names)}
    else:
        raw = json.loads(b"".join(packed).decode("utf-8", "replace") or "{}")
        listed = raw if isinstance(raw, dict) else {}
    there = set(archive.names)
    return {
        unicodedata.normalize("NFC", name)[:LONGEST_NAME]: entry
        for entry, name in listed.items()
        if isinstance(name, str) and entry in there
    }


def _name_of(entry: bytes) -> str:
    found = [one for field, one in fields(entry) if field == 1]
    return found[0].decode("utf-8", "replace") if found and isinstance(found[0], bytes) else ""
