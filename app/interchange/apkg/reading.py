"""Anki packages from strangers, in memory alone: nothing of them is run, and everything bounded.

The old packages hold a SQLite file of schema 11 (collection.anki2, .anki21), the new ones one of
schema 18 packed with zstd (collection.anki21b).
"""

import json
import math
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from app.core.sentences import say
from app.interchange.apkg.package import Card, Note, NoteType, Package, Rating
from app.interchange.apkg.protobuf import BadMessage, fields
from app.interchange.apkg.schema import CLOZE, SEPARATOR
from app.interchange.apkg.unpacking import NEWEST, BadPackage, unpacked_collection
from app.interchange.archives import Archive

COLLECTIONS = (NEWEST, "collection.anki21", "collection.anki2")
MOST_UNPACKED = 2_000_000_000
"""Bytes of all entries; media are counted, never unpacked."""
MOST_NOTES, MOST_CARDS, MOST_REVIEWS = 20_000, 60_000, 1_000_000
MOST_COLUMN = 1_000_000
"""Characters of one JSON column of `col`, and of one note."""
SECONDS = 5.0
"""Of the processor, so that a busy server refuses no sound package."""
_STEPS = 20_000
DAY_S = 86_400
_LEARNING, _SUSPENDED = (1, 3), -1
_REVIEWED = 2
_CRAM, _MANUAL = 3, 4


def is_apkg(archive: Archive) -> bool:
    """Whether an archive is an Anki package, by what is in it."""
    return any(name in archive.names for name in COLLECTIONS)


def read_apkg(data: bytes) -> Package:
    """Read a package. Raises BadArchive and BadPackage."""
    archive = Archive(data, MOST_UNPACKED)
    found = next((name for name in COLLECTIONS if name in archive.names), None)
    if found is None:
        raise BadPackage(say("This is no Anki package: it has no collection."))
    collection = unpacked_collection(archive, found)
    try:
        with closing(_opened(collection)) as made:
            del collection
            return _Reader(made, _media(archive)).package()
    except sqlite3.Error as error:
        if "interrupted" in str(error):
            raise BadPackage(
                say("Reading the collection in this package takes too long.")
            ) from None
        reason = say("The collection in this package is broken: {error}.", error=str(error)[:80])
        raise BadPackage(reason) from None
    except (UnicodeDecodeError, OverflowError, RecursionError, BadMessage, TypeError) as error:
        raise BadPackage(
            say("The collection in this package is broken: {error}.", error=str(error)[:80])
        ) from None


def _media(archive: Archive) -> int:
    """Return how many media files a package has: both formats number them."""
    return sum(1 for name in archive.names if name.isdecimal())


def _opened(collection: bytes) -> sqlite3.Connection:
    """Open a collection in memory, so that nothing in it can run for long or do anything."""
    if not collection.startswith(b"SQLite format 3\0") or len(collection) < 100:  # noqa: PLR2004 its header
        raise BadPackage(say("The collection in this package is no SQLite database."))
    plain = collection[:18] + b"\x01\x01" + collection[20:]  # no write-ahead log in memory
    made = sqlite3.connect(":memory:")
    made.deserialize(plain)
    until = time.thread_time() + SECONDS
    made.set_progress_handler(lambda: time.thread_time() > until, _STEPS)
    made.create_collation("unicase", lambda one, other: (one > other) - (one < other))
    made.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON"):
        made.execute(f"PRAGMA {pragma}")
    made.set_authorizer(_only_reading)
    return made


def _only_reading(action: int, *_: object) -> int:
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


class _Reader:
    """Reads one opened collection."""

    def __init__(self, made: sqlite3.Connection, media: int) -> None:
        self.made, self.media = made, media
        rows = made.execute("SELECT name, type, sql FROM sqlite_master")
        self.tables = {
            str(name)
            for name, kind, sql in rows
            if kind == "table" and not str(sql).upper().startswith("CREATE VIRTUAL")
        }
        for needed in ("col", "notes", "cards"):
            if needed not in self.tables:
                raise BadPackage(
                    say("The collection in this package has no table {needed}.", needed=needed)
                )

    def package(self) -> Package:
        """Return everything that facts are made of."""
        created = self.made.execute("SELECT crt FROM col").fetchone()
        self.created = int(created[0]) if created else 0
        types = self.types_of_18() if "notetypes" in self.tables else self.types_of_11()
        logs = self.logs()
        cards, decks = self.cards(logs)
        notes = tuple(self.notes(types, cards))
        used = {note.type_id for note in notes}
        name = self.deck_name(decks)
        return Package(name, tuple(types[one] for one in sorted(used)), notes, self.media)

    def types_of_11(self) -> dict[int, NoteType]:
        """Return the note types as JSON in `col` tells them."""
        found: dict[int, NoteType] = {}
        for raw in self.json("models").values():
            names = tuple(_text(one.get("name")) for one in _dicts(raw.get("flds")))
            number = _int(raw.get("id"))
            is_cloze = raw.get("type") == CLOZE
            templates = len(_dicts(raw.get("tmpls")))
            found[number] = NoteType(number, _text(raw.get("name")), names, templates, is_cloze)
        return found

    def types_of_18(self) -> dict[int, NoteType]:
        """Return the note types from tables of their own."""
        names: dict[int, list[str]] = defaultdict(list)
        for type_id, name in self.rows(
            "SELECT ntid, name FROM fields ORDER BY ntid, ord", "fields"
        ):
            names[_int(type_id)].append(_text(name))
        templates = Counter(
            _int(type_id) for (type_id,) in self.rows("SELECT ntid FROM templates", "templates")
        )
        found: dict[int, NoteType] = {}
        for number, name, config in self.rows(
            "SELECT id, name, config FROM notetypes", "notetypes"
        ):
            kinds = [one for field, one in fields(bytes(config)) if field == 1]
            shown = tuple(names[_int(number)])
            made = NoteType(_int(number), _text(name), shown, templates[_int(number)], kinds == [1])
            found[made.id] = made
        return found

    def rows(self, query: str, table: str) -> list[tuple[Any, ...]]:
        """Return a bounded number of rows of a table; none where there is no such table."""
        if table not in self.tables:
            return []
        return self.made.execute(query).fetchmany(MOST_CARDS)

    def json(self, column: str) -> dict[str, dict[str, Any]]:
        """Return a column of `col` that holds JSON objects by id."""
        found = self.made.execute(f"SELECT {column} FROM col").fetchone()  # noqa: S608 our own names
        text = _text(found[0], MOST_COLUMN * 10) if found else ""
        try:
            raw = json.loads(text or "{}")
        except ValueError:
            raise BadPackage(
                say("The {column} of this package are broken.", column=column)
            ) from None
        if not isinstance(raw, dict):
            raise BadPackage(say("The {column} of this package are broken.", column=column))
        return {str(key): one for key, one in raw.items() if isinstance(one, dict)}

    def logs(self) -> Mapping[int, list[Rating]]:
        """Return the review log by card; a card that was reset begins anew."""
        logs: dict[int, list[Rating]] = defaultdict(list)
        if "revlog" not in self.tables:
            return logs
        query = "SELECT id, cid, ease, ivl, factor, time, type FROM revlog ORDER BY id"
        for count, row in enumerate(self.made.execute(query)):
            if count == MOST_REVIEWS:
                raise BadPackage(
                    say(
                        "This package has more than {most_reviews:,} reviews.",
                        most_reviews=MOST_REVIEWS,
                    )
                )
            number, card, ease, interval, factor, took, kind = _ints(row)
            if kind == _MANUAL and not factor:
                logs[card].clear()
            elif 1 <= ease <= 4 and not (kind == _CRAM and not factor):  # noqa: PLR2004 Anki's buttons
                days = max(0, min(interval, 36_500))
                logs[card].append(Rating(number, ease, days, max(0, min(took, 600_000))))
        return logs

    def cards(
        self, logs: Mapping[int, list[Rating]]
    ) -> tuple[Mapping[int, list[Card]], "Counter[int]"]:
        """Return the cards by note, and how many each deck has."""
        cards: dict[int, list[Card]] = defaultdict(list)
        decks: Counter[int] = Counter()
        query = "SELECT id, nid, did, ord, type, queue, due, ivl, data, odue, odid FROM cards"
        for count, row in enumerate(self.made.execute(query)):
            if count == MOST_CARDS:
                raise BadPackage(
                    say("This package has more than {most_cards:,} cards.", most_cards=MOST_CARDS)
                )
            number, note, deck, ordinal, kind, queue, due, interval = _ints(row[:8])
            if _int(row[10]):
                due, deck = _int(row[9]), _int(row[10])  # lent to a filtered deck
            decks[deck] += 1
            log = tuple(logs.get(number, ()))
            state = _state(row[8])
            if kind == 0 and not log and not state:
                continue
            when = self.due(kind, due)
            days = max(0, min(interval, 36_500))
            stability, difficulty = state or (None, None)
            aside = queue == _SUSPENDED
            card = Card(ordinal, when, days, stability, difficulty, aside, log)
            cards[note].append(card)
        return cards, decks

    def due(self, kind: int, due: int) -> int | None:
        """Return when a card is due: learning cards say an instant, others a day."""
        if kind in _LEARNING:
            return due if due > DAY_S * 36_500 / 100 else None
        if kind != _REVIEWED:
            return None
        return self.created + max(-100_000, min(due, 100_000)) * DAY_S

    def notes(
        self, types: Mapping[int, NoteType], cards: Mapping[int, list[Card]]
    ) -> Iterator[Note]:
        """Yield the notes."""
        query = "SELECT id, guid, mid, tags, flds FROM notes ORDER BY id"
        for number, row in enumerate(self.made.execute(query), start=1):
            if number > MOST_NOTES:
                raise BadPackage(
                    say("This package has more than {most_notes:,} notes.", most_notes=MOST_NOTES)
                )
            type_id = _int(row[2])
            if type_id not in types:
                raise BadPackage(
                    say("Note {number} is of a type that the package does not have.", number=number)
                )
            parts = _text(row[4], MOST_COLUMN).split(SEPARATOR)
            wanted = len(types[type_id].fields)
            parts = (parts + [""] * wanted)[:wanted]
            tags = tuple(_text(row[3], 2000).split())[:20]
            own = tuple(cards.get(_int(row[0]), ()))
            yield Note(number, _text(row[1], 100), type_id, tuple(parts), tags, own)

    def deck_name(self, decks: "Counter[int]") -> str:
        """Return the name that most cards' decks begin with."""
        if "decks" in self.tables:
            rows = self.rows("SELECT id, name FROM decks", "decks")
            names = {_int(number): _text(name).replace(SEPARATOR, "::") for number, name in rows}
        else:
            names = {
                _int(raw.get("id")): _text(raw.get("name")) for raw in self.json("decks").values()
            }
        told: Counter[str] = Counter()
        for deck, count in decks.items():
            told[names.get(deck, "").split("::")[0]] += count
        return next((name for name, _ in told.most_common() if name.strip()), "Anki")


def _text(raw: object, most: int = 1000) -> str:
    return raw[:most].replace("\0", "") if isinstance(raw, str) else ""


def _int(raw: object) -> int:
    if isinstance(raw, float):
        return int(raw) if math.isfinite(raw) and abs(raw) < 2**62 else 0
    if isinstance(raw, str):
        return int(raw) if raw.lstrip("-").isdecimal() and len(raw) < 19 else 0  # noqa: PLR2004 64 bits
    return raw if isinstance(raw, int) else 0


def _ints(row: tuple[Any, ...]) -> Iterable[int]:
    """Return a row of numbers; rows of nothing else, which sound packages have, are fast."""
    return row if _INTS.issuperset(map(type, row)) else map(_int, row)


_INTS = frozenset({int})


def _dicts(raw: object) -> list[dict[str, Any]]:
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _state(data: object) -> tuple[float, float] | None:
    """Return stability and difficulty as FSRS left them in a card's data, if it did."""
    try:
        raw = json.loads(_text(data) or "{}")
        stability, difficulty = float(raw["s"]), float(raw["d"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not 0 < stability <= 36_500 or not 1 <= difficulty <= 10:  # noqa: PLR2004 FSRS's ranges
        return None
    return stability, difficulty
