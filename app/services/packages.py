"""Anki packages between upload and import: which field is what, with the facts that come of it."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Picture, Side
from app.core.sentences import say
from app.core.wording import shown_value
from app.interchange.apkg import (
    Mapped,
    Package,
    TypeMapping,
    Use,
    deck_of,
    default_mapping,
    load_package,
    to_facts,
    told_losses,
)
from app.interchange.apkg.package import Card
from app.interchange.deck_file import write_own
from app.models.database import writing
from app.models.studio import PendingImport
from app.services.decks import known_deck
from app.services.importing import MOST_REFUSED, drafted

PREVIEWED = 3


@dataclass(frozen=True, slots=True)
class PreviewedFact:
    """A fact that a note becomes, in words and pictures."""

    ask: str
    answer: str
    asked_with: tuple[Picture, ...]
    answered_with: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class MappedType:
    """A note type with what becomes of it, and the first facts."""

    id: int
    name: str
    fields: tuple[str, ...]
    notes: int
    is_cloze: bool
    mapping: TypeMapping
    preview: tuple[PreviewedFact, ...]


@dataclass(frozen=True, slots=True)
class PackagePage:
    """A package as its owner maps it; `reviews` and `cards` are what was learned with it."""

    token: str
    file_name: str
    types: tuple[MappedType, ...]
    facts: int
    refused: int
    reviews: int
    cards: int
    with_learning: bool


def opened(session: Session, user_id: int, token: str) -> PackagePage:
    """Return a package that its owner is looking at. Raises NotFound."""
    row = _row(session, user_id, token)
    package = load_package(row.package)
    mapping = _mapping(row, package)
    mapped = to_facts(package, mapping, _known(session, row))
    counts = Counter(note.type_id for note in package.notes)
    return PackagePage(
        token=token,
        file_name=row.file_name,
        types=tuple(
            MappedType(
                one.id,
                one.name,
                one.fields,
                counts[one.id],
                one.is_cloze,
                mapping[one.id],
                _preview(package, one.id, mapping[one.id]),
            )
            for one in package.types
        ),
        facts=len(mapped.facts),
        refused=len(mapped.refused),
        reviews=package.reviews,
        cards=sum(len(note.cards) for note in package.notes),
        with_learning=bool(row.learning),
    )


def _preview(package: Package, type_id: int, chosen: TypeMapping) -> tuple[PreviewedFact, ...]:
    notes = [note for note in package.notes if note.type_id == type_id][: 2 * PREVIEWED]
    few = replace(package, notes=tuple(notes))
    facts = to_facts(few, {type_id: chosen}).facts[:PREVIEWED]
    return tuple(
        PreviewedFact(
            fact.ask,
            shown_value(fact),
            tuple(one for one in fact.pictures if one.side is Side.QUESTION),
            tuple(one for one in fact.pictures if one.side is Side.ANSWER),
        )
        for fact in facts
    )


def map_fields(
    session: Session,
    user_id: int,
    token: str,
    mapping: Mapping[int, TypeMapping],
    *,
    with_learning: bool,
) -> None:
    """Make facts of a package by another mapping; nothing of the deck is touched."""
    row = _row(session, user_id, token)
    package = load_package(row.package)
    known = _known(session, row)
    mapped = to_facts(package, mapping, known)
    key = row.mapping.get("into") or None
    deck = deck_of(package, mapped, key, known)
    if row.mapping.get("drafts"):
        deck = drafted(deck, known or known_deck(session, deck.key))
    body, learning = write_own(deck), _learning(mapped) if with_learning else ""
    with writing(session):
        row = _row(session, user_id, token)
        row.body, row.learning = body, learning
        row.refused = list(told_losses(package, mapped)[:MOST_REFUSED])
        chosen = {str(number): asdict(one) for number, one in mapping.items()}
        row.mapping = row.mapping | {"types": chosen}


def _learning(mapped: Mapped) -> str:
    """Return what was learned with the cards, as JSON that importing reads."""
    return json.dumps([_learned(key, card) for key, card in mapped.cards.items()])


def _learned(key: str, card: Card) -> list[object]:
    log = [
        [one.id, one.id // 1000, one.rating, one.interval_days, one.response_ms]
        for one in card.log
        if one.id > 0
    ]
    state = [card.stability_days, card.difficulty, card.is_suspended]
    return [key, log, card.due_epoch_s, card.interval_days, *state]


def _mapping(row: PendingImport, package: Package) -> dict[int, TypeMapping]:
    chosen = row.mapping.get("types") or {}
    found = default_mapping(package)
    for number, raw in chosen.items():
        found[int(number)] = TypeMapping(**{**raw, "use": Use(raw["use"])})
    return found


def _known(session: Session, row: PendingImport) -> Deck | None:
    into = row.mapping.get("into")
    return known_deck(session, into) if into else None


def _row(session: Session, user_id: int, token: str) -> PendingImport:
    row = session.get(PendingImport, (user_id, token), populate_existing=True)
    if row is None or not row.package:
        raise NotFound(say("This upload is not there any more. Upload the file again."))
    return row
