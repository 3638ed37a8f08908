"""An Anki package as it was read: note types, notes, cards and their reviews, as plain data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type: its fields by name, and how many kinds of card it makes."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: int
    is_cloze: bool = False


class Rating(NamedTuple):
    """One entry of the review log; `id` is milliseconds since 1970."""

    id: int
    rating: int
    interval_days: int
    response_ms: int


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was studied. `due_epoch_s` is the start of its day, or an instant."""

    ordinal: int
    due_epoch_s: int | None = None
    interval_days: int = 0
    stability_days: float | None = None
    difficulty: float | None = None
    is_suspended: bool = False
    log: tuple[Rating, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A note: its fields in HTML. `number` counts the notes of the package from 1."""

    number: int
    guid: str
    type_id: int
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """Everything of a package that facts are made of; `media` counts its files.

    `pictures` are the names of those that are kept, by their files' names; `problems` say what of
    its files is not.
    """

    deck_name: str
    types: tuple[NoteType, ...]
    notes: tuple[Note, ...]
    media: int = 0
    problems: tuple[str, ...] = field(default=())
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def reviews(self) -> int:
        """How many reviews the package has."""
        return sum(len(card.log) for note in self.notes for card in note.cards)


def dump_package(package: Package) -> str:
    """Return a package as JSON; `load_package` gives an equal one."""
    return json.dumps(
        {
            "deck": package.deck_name,
            "types": [
                [one.id, one.name, list(one.fields), one.templates, one.is_cloze]
                for one in package.types
            ],
            "notes": [_dump_note(note) for note in package.notes],
            "media": package.media,
            "problems": list(package.problems),
            "pictures": dict(package.pictures),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _dump_note(note: Note) -> list[Any]:
    cards = [
        [
            card.ordinal,
            card.due_epoch_s,
            card.interval_days,
            card.stability_days,
            card.difficulty,
            card.is_suspended,
            card.log,
        ]
        for card in note.cards
    ]
    return [note.number, note.guid, note.type_id, list(note.fields), list(note.tags), cards]


def load_package(text: str) -> Package:
    """Return the package that `dump_package` wrote."""
    raw = json.loads(text)
    return Package(
        raw["deck"],
        tuple(NoteType(one[0], one[1], tuple(one[2]), one[3], one[4]) for one in raw["types"]),
        tuple(map(_load_note, raw["notes"])),
        raw["media"],
        tuple(raw["problems"]),
        raw.get("pictures", {}),
    )


def _load_card(raw: list[Any]) -> Card:
    ordinal, due, interval, stability, difficulty, suspended, log = raw
    ratings = tuple(Rating(*one) for one in log)
    return Card(ordinal, due, interval, stability, difficulty, suspended, ratings)


def _load_note(raw: list[Any]) -> Note:
    number, guid, type_id, fields, tags, cards = raw
    made = tuple(_load_card(card) for card in cards)
    return Note(number, guid, type_id, tuple(fields), tuple(tags), made)
