"""A deck as an Anki package: notes that Anki knows again, with a learner's schedule if wanted."""

import hashlib
import html
import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from app.core.facts import Deck, Fact, Side
from app.core.questions.building import gapped, truth
from app.core.questions.question import Direction
from app.core.wording import BLANK, date_text, inverse_stem, shown_value, stem
from app.interchange.apkg.schema import (
    CREATE,
    FORWARD,
    GAP,
    INVERSE,
    SEPARATOR,
    OwnType,
    col_row,
)
from app.interchange.archives import pack

DAY_S = 86_400
_NEW, _REVIEW, _SUSPENDED = 0, 2, -1
_EASE = 2500
"""Anki's ease factor, in thousandths, which FSRS does not use."""
_LONGEST_MS = 60_000
MEDIA = "factdeck-"
"""What the names of our files begin with: all of Anki's decks share one folder."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One review as Anki logs it; `interval_days` is until the fact was due then."""

    at_epoch_s: int
    rating: int
    interval_days: int
    response_ms: int


@dataclass(frozen=True, slots=True)
class CardState:
    """What a learner knows of one fact: due after so many of their days since `created`."""

    due_day: int
    interval_days: int
    stability_days: float
    difficulty: float
    last_review_epoch_s: int
    reviews: int
    lapses: int
    is_suspended: bool = False
    log: tuple[Rated, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A learner's states by fact key. `created_epoch_s` begins the day that is counted as 0."""

    created_epoch_s: int
    states: Mapping[str, CardState] = field(default_factory=dict)
    desired_retention: float = 0.9


@dataclass(frozen=True, slots=True)
class _Note:
    own_type: OwnType
    fact: Fact
    fields: tuple[str, ...]


def write_apkg(
    deck: Deck,
    now: int,
    schedule: Schedule | None = None,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """Return a deck's published facts as a package that every Anki since 2.1 imports.

    `pictures` are the files of the pictures by name; what is not among them is left out.

    Note type, deck and note ids come from keys: importing again updates.
    """
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(CREATE)
        row = {"id": _number(f"deck:{deck.key}"), "name": deck.title, "desc": ""}
        created = schedule.created_epoch_s if schedule else now // DAY_S * DAY_S
        made.execute(_into("col", 13), col_row(row, created, now))
        shown = _with_files(deck, pictures.keys())
        _fill(made, shown, (row["id"], now), schedule or Schedule(created))
        made.commit()
        collection = made.serialize()
    used = {one.name for fact in shown.published for one in fact.pictures}
    files = {str(at): name for at, name in enumerate(sorted(used))}
    media = {entry: MEDIA + name for entry, name in files.items()}
    return pack(
        {
            "collection.anki2": collection,
            "collection.anki21": collection,
            "media": json.dumps(media).encode(),
            **{entry: pictures[name] for entry, name in files.items()},
        }
    )


def _with_files(deck: Deck, names: Collection[str]) -> Deck:
    """Return a deck whose facts show the pictures that there are files of."""
    if not any(fact.pictures for fact in deck.facts):
        return deck
    facts = (
        replace(fact, pictures=tuple(one for one in fact.pictures if one.name in names))
        for fact in deck.facts
    )
    return replace(deck, facts=tuple(facts))


def _fill(
    made: sqlite3.Connection, deck: Deck, place: tuple[object, int], schedule: Schedule
) -> None:
    deck_id, now = place
    first = _number(f"notes:{deck.key}")
    logged: dict[int, int] = {}
    with_log: set[str] = set()
    for position, note in enumerate(_notes(deck), start=1):
        number = first + position  # in the deck's order; Anki knows notes by their GUID
        made.execute(_into("notes", 11), _note_row(deck, note, number, now))
        state = schedule.states.get(note.fact.key)
        card = _card(state, position, schedule.desired_retention)
        made.execute(
            _into("cards", 18),
            (number, number, deck_id, 0, now, -1, *card),
        )
        if state is not None and note.fact.key not in with_log:
            with_log.add(note.fact.key)
            made.executemany(
                _into("revlog", 9),
                list(_log(state, number, logged)),
            )


def _into(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({','.join('?' * columns)})"  # noqa: S608 our own names


def guid_of(deck: Deck, note: _Note) -> str:
    """Return what a note is known by, from deck, fact and note type."""
    told = f"{deck.key}:{note.fact.key}:{note.own_type.name}"
    return "fd" + hashlib.sha256(told.encode()).hexdigest()[:20]


def _number(told: str) -> int:
    """Return a stable number that looks like milliseconds of the years 2001 to 2033."""
    digest = hashlib.sha256(told.encode()).digest()
    return 1_000_000_000_000 + int.from_bytes(digest[:6], "big") % 1_000_000_000_000


def _free(number: int, following: dict[int, int]) -> int:
    """Return the first free number from this one on; `following` leads past those that are taken.

    Paths are halved on the way, so that many reviews of one second cost no more than others.
    """
    while number in following:
        after = following[number]
        following[number] = following.get(after, after)
        number = after
    following[number] = number + 1
    return number


def _note_row(deck: Deck, note: _Note, number: int, now: int) -> tuple[object, ...]:
    first = note.fields[0]
    check = int(hashlib.sha1(first.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    tags = "".join(f" {tag}" for tag in map(_tag, note.fact.tags)) + " "
    fields = SEPARATOR.join(note.fields)
    guid = guid_of(deck, note)
    return (number, guid, note.own_type.id, now, -1, tags, fields, first, check, 0, "")


def _tag(text: str) -> str:
    return "-".join(text.split())


def _notes(deck: Deck) -> Iterator[_Note]:
    """Yield the notes of every published fact: forward first, then inverse and cloze."""
    for fact in deck.published:
        told, before, after = _text(truth(fact)), _images(fact, Side.QUESTION), _images(fact)
        about = _about(deck, fact, _images(fact, Side.ANSWER))
        if asked := stem(fact):
            front = _text(asked) + before
            yield _Note(FORWARD, fact, (front, _text(shown_value(fact)), told, *about))
        if fact.subject and (asked := inverse_stem(fact)):
            turned = _about(deck, fact, after)
            yield _Note(INVERSE, fact, (_text(asked), _text(fact.subject.name), told, *turned))
        if gap := _cloze(fact):
            yield _Note(GAP, fact, (gap + before, told, *about))


def _images(fact: Fact, side: Side | None = None) -> str:
    """Return a fact's pictures of a side, or all, as Anki's fields hold them."""
    return "".join(
        f'<br><img src="{MEDIA}{one.name}" alt="{html.escape(one.alt)}">'
        for one in fact.pictures
        if side in {None, one.side}
    )


def _cloze(fact: Fact) -> str:
    sentence, answer = gapped(fact, Direction.FORWARD), shown_value(fact)
    if not sentence or any(mark in sentence + answer for mark in ("{{", "}}", "::")):
        return ""
    return _text(sentence).replace(BLANK, f"{{{{c1::{_text(answer)}}}}}")


def _about(deck: Deck, fact: Fact, images: str) -> tuple[str, ...]:
    who = fact.attribution
    attribution = f"{str(fact.stance).capitalize()} by {who}" if who else ""
    quote = fact.evidence.quote if fact.evidence else ""
    source = deck.source_by_key.get(fact.evidence.source) if fact.evidence else None
    said: list[str] = []
    if source is not None:
        dated = date_text(source.published) if source.published else ""
        said = [part for part in (source.title, source.publisher, dated, source.url) if part]
    told = map(_text, (attribution, quote, ", ".join(said)))
    note = _text(fact.note) + (images if fact.note else images.removeprefix("<br>"))
    return (*told, note, _text(fact.key))


def _text(plain: str) -> str:
    """Return a plain text as the HTML that Anki's fields hold."""
    return html.escape(plain, quote=False).replace(SEPARATOR, " ").replace("\n", "<br>")


def _card(state: CardState | None, position: int, retention: float) -> tuple[object, ...]:
    """Return a card's columns from `type` on: new, or due on a day with its FSRS state."""
    if state is None:
        return (_NEW, _NEW, position, 0, 0, 0, 0, 0, 0, 0, 0, "{}")
    data = {
        "s": round(state.stability_days, 4),
        "d": round(state.difficulty, 3),
        "dr": round(retention, 2),
        "lrt": state.last_review_epoch_s,
    }
    queue = _SUSPENDED if state.is_suspended else _REVIEW
    due, interval = max(0, state.due_day), max(1, state.interval_days)
    counts = (_EASE, state.reviews, state.lapses, 0, 0, 0, 0)
    return (_REVIEW, queue, due, interval, *counts, json.dumps(data, separators=(",", ":")))


def _log(state: CardState, card: int, logged: dict[int, int]) -> Iterator[tuple[object, ...]]:
    before = 0
    for at, one in enumerate(state.log):
        number = _free(one.at_epoch_s * 1000, logged)
        kind = 0 if at == 0 else 1
        took = min(one.response_ms, _LONGEST_MS)
        yield (number, card, -1, one.rating, one.interval_days, before, _EASE, took, kind)
        before = one.interval_days
