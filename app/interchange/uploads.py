"""A file of any kind as a deck: what it is, is told by what is in it before its name is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from app.core.advancing import Advance, unheard
from app.core.errors import Refused
from app.core.facts import Deck
from app.core.sentences import say
from app.core.wording import ENGLISH
from app.interchange.apkg import (
    Package,
    deck_of,
    default_mapping,
    is_apkg,
    read_apkg,
    to_facts,
    told_losses,
    with_facts,
    with_pictures,
)
from app.interchange.archives import Archive
from app.interchange.deck_file import MOST_THINGS, read_upload, read_with_pictures
from app.interchange.decoding import Decoded, decode
from app.interchange.facts_csv import read_facts_csv
from app.interchange.gift import looks_like_gift, read_gift
from app.interchange.items import ReadItems, facts_of
from app.interchange.loading import MAX_BYTES
from app.interchange.moodle import read_moodle
from app.interchange.pictures import PictureFile
from app.interchange.table_keys import slug
from app.interchange.xlsx import is_workbook, workbook_rows

MOST_UNPACKED = 2_000_000_000
ZIP = b"PK\x03\x04"
_HEAD = 2000


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read: the deck that it makes, and what of it is left out.

    `package` is the whole of an Anki package, from which other facts can be made.
    """

    deck: Deck
    format: str
    encoding: str = ""
    refused: tuple[str, ...] = ()
    package: Package | None = None
    pictures: tuple[PictureFile, ...] = ()


@dataclass(frozen=True)
class _Coming:
    """A file that is being read, and the deck that it goes into, if it is said which."""

    data: bytes
    name: str
    key: str | None
    known: Deck | None
    is_own: bool
    advance: Advance
    language: str

    @cached_property
    def decoded(self) -> Decoded:
        """Its text, where it is one; decoded once. Raises NotText."""
        return decode(self.data)

    @property
    def made_key(self) -> str:
        """The key of its deck: the one that was said, else its name."""
        return self.key or slug(PurePosixPath(self.name).stem) or "imported"


@dataclass(frozen=True, slots=True)
class Into:
    """Where a file goes: a deck's key, the deck if it is there, the format if it is said.

    `is_own` is for the operator's own files, which may be large; `language` (BCP 47) is that of a
    table's words, where they make a new deck.
    """

    key: str | None = None
    known: Deck | None = None
    format: str | None = None
    is_own: bool = False
    advance: Advance = unheard
    language: str = ENGLISH


def read_any(data: bytes, name: str, into: Into = Into()) -> ReadFile:
    """Read a file of any kind.

    Raises DeckFileRefused with every problem, NotText, BadArchive, BadPackage, Refused.
    """
    coming = _Coming(data, name, into.key, into.known, into.is_own, into.advance, into.language)
    chosen = into.format or _format_of(coming)
    if chosen not in READERS:
        known_formats = ", ".join(READERS)
        raise Refused(
            say(
                "Files are read as {known_formats}, not as {chosen}.",
                known_formats=known_formats,
                chosen=repr(chosen),
            )
        )
    return READERS[chosen](coming)


def _format_of(coming: _Coming) -> str:
    """Return what a file is, by its first bytes, its first words, its name."""
    if coming.data.startswith(ZIP):
        archive = Archive(coming.data, MOST_UNPACKED)
        if is_apkg(archive):
            return "apkg"
        if is_workbook(archive):
            return "xlsx"
        raise Refused(
            say("This is a ZIP archive, but neither an Anki package nor an Excel workbook.")
        )
    text, name = coming.decoded.text, coming.name
    if text[:_HEAD].lstrip("\ufeff \t\r\n").startswith("<"):
        return "moodle"
    if _is_gift(text, name):
        return "gift"
    return "csv" if is_table(text, name) else "yaml"


def _is_gift(text: str, name: str) -> bool:
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in {".yaml", ".yml", ".json", ".csv", ".tsv"} or "format:" in text[:_HEAD]:
        return False
    return suffix == ".gift" or looks_like_gift(text)


def is_table(text: str, name: str) -> bool:
    """Whether a file is a table of facts: by its first row, else by its name."""
    head = text[:_HEAD].removeprefix("\ufeff").lstrip("\r\n")
    first = head.partition("\n")[0].strip().lower()
    cells = {
        cell.strip().strip('"') for cell in first.replace(";", ",").replace("\t", ",").split(",")
    }
    if first.startswith(("{", "format:")):
        return False
    return "value" in cells or name.lower().endswith((".csv", ".tsv"))


def _deck_file(coming: _Coming) -> ReadFile:
    decoded = coming.decoded
    read = (read_with_pictures if coming.is_own else read_upload)(decoded.text)
    deck = read.deck
    known = coming.known
    if known is not None and deck.key != known.key:
        # A file for another deck brings its things; what this deck is called stays.
        head = {name: getattr(known, name) for name in ("key", "title", "description", "language")}
        deck = replace(deck, **head)
    elif coming.key and known is None:
        deck = replace(deck, key=coming.key)
    return ReadFile(deck, "deck file", decoded.encoding, pictures=read.pictures)


def _table(coming: _Coming) -> ReadFile:
    decoded = coming.decoded
    return ReadFile(_rows(decoded.text, coming), "table", decoded.encoding)


def _rows(text: str, coming: _Coming) -> Deck:
    if coming.key is None or (coming.known is None and not coming.is_own):
        how = (
            "say which one with --deck KEY"
            if coming.is_own
            else "open that deck and import it there"
        )
        raise Refused(say("A table does not name its deck: {how}.", how=how))
    if not coming.is_own and (text.count("\n") > MOST_THINGS or len(text) > MAX_BYTES):
        raise Refused(
            say(
                "At most {most_things:,} lines and 5 MB can be imported at once.",
                most_things=MOST_THINGS,
            )
        )
    return read_facts_csv(text, coming.key, coming.known, coming.language)


def _apkg(coming: _Coming) -> ReadFile:
    package, pictures = with_pictures(coming.data, read_apkg(coming.data), coming.advance)
    mapped = to_facts(package, default_mapping(package), coming.known)
    deck = deck_of(package, mapped, coming.key, coming.known)
    return ReadFile(deck, "Anki", "", told_losses(package, mapped), package, pictures)


def _workbook(coming: _Coming) -> ReadFile:
    return ReadFile(_rows(workbook_rows(coming.data), coming), "workbook")


def _gift(coming: _Coming) -> ReadFile:
    decoded = coming.decoded
    if len(decoded.text) > MAX_BYTES:
        raise Refused(say("A file of questions may have 5 MB at most."))
    return _questions(coming, read_gift(decoded.text), "GIFT", decoded.encoding)


def _moodle(coming: _Coming) -> ReadFile:
    decoded = coming.decoded
    return _questions(coming, read_moodle(decoded.text), "Moodle XML", decoded.encoding)


def _questions(coming: _Coming, read: ReadItems, label: str, encoding: str) -> ReadFile:
    facts, problems = facts_of(read.items)
    refused = tuple(map(str, (*read.problems, *problems)))
    if not facts:
        raise Refused(
            "\n".join((say("There is no question in this that makes a fact."), *refused[:20]))
        )
    if coming.known is not None:
        was = coming.known.fact_by_key
        facts = tuple(
            replace(
                fact,
                status=was[fact.key].status,
                pictures=fact.pictures or was[fact.key].pictures,
            )
            if fact.key in was
            else fact
            for fact in facts
        )
        deck = with_facts(coming.known, facts)
    else:
        deck = Deck(coming.made_key, read.category[:200] or coming.made_key, facts=facts)
    return ReadFile(deck, label, encoding, refused, pictures=read.files)


READERS: Mapping[str, Callable[[_Coming], ReadFile]] = {
    "yaml": _deck_file,
    "json": _deck_file,
    "csv": _table,
    "xlsx": _workbook,
    "apkg": _apkg,
    "gift": _gift,
    "moodle": _moodle,
}
