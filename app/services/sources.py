"""Sources: the articles that facts rest on, with their passages."""

import re
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.facts import Source, find_passage
from app.core.values import ValueProblem, parse_date, slug
from app.core.wording import fact_text
from app.models.content import DeckRow, FactRow, SourceRow
from app.models.database import writing
from app.models.mapping import source_to_core
from app.services.articles import refuse_same
from app.services.decks import deck_id_of, index_of

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `numbers` are those of the facts whose passage it belongs to."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """An article in paragraphs of pieces, and the numbered facts that rest on it."""

    deck_key: str
    source: Source
    paragraphs: tuple[tuple[Piece, ...], ...]
    facts: tuple[str, ...]


def source_list(session: Session, deck_key: str) -> list[Source]:
    """Return a deck's sources in order."""
    deck_id = deck_id_of(session, deck_key)
    rows = session.scalars(
        select(SourceRow).where(SourceRow.deck_id == deck_id).order_by(SourceRow.position)
    )
    return [source_to_core(row) for row in rows]


def reading_view(session: Session, deck_key: str, key: str) -> ReadingView:
    """Return an article with the passages of its published facts. Raises NotFound."""
    found = next((one for one in source_list(session, deck_key) if one.key == key), None)
    if found is None:
        raise NotFound("There is no such source.")
    index = index_of(session, deck_id_of(session, deck_key))
    resting = [fact for fact in index.facts if fact.evidence and fact.evidence.source == key]
    quotes = [fact.evidence.quote for fact in resting if fact.evidence]
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", found.text) if part.strip()]
    return ReadingView(
        deck_key=deck_key,
        source=found,
        paragraphs=tuple(pieces(paragraph, quotes) for paragraph in paragraphs),
        facts=tuple(map(fact_text, resting)),
    )


def pieces(paragraph: str, quotes: list[str]) -> tuple[Piece, ...]:
    """Part a paragraph at the ends of every quotation; overlapping ones share pieces."""
    spans = [
        (*found, number)
        for number, quote in enumerate(quotes, 1)
        if quote and (found := find_passage(paragraph, quote))
    ]
    cuts = sorted({0, len(paragraph), *(end for span in spans for end in span[:2])})
    return tuple(
        Piece(
            paragraph[start:end],
            tuple(number for low, high, number in spans if low <= start and end <= high),
        )
        for start, end in pairwise(cuts)
    )


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """An article as it is typed; paragraphs are parted by blank lines."""

    title: str
    text: str
    publisher: str = ""
    url: str = ""
    published: str = ""
    licence: str = ""
    again: bool = False
    """Add it although the same article is there already."""


def save_source(session: Session, deck_key: str, key: str | None, draft: SourceDraft) -> str:
    """Add an article to a deck, or change the one with `key`; return its key.

    Raises ValueProblem for what cannot be kept, StrandedFacts when passages would be lost,
    SameArticle for a new one that is there already and not wanted `again`.
    """
    if draft.published:
        parse_date(draft.published, "published")
    if draft.url and not re.fullmatch(r"https?://\S+", draft.url):
        raise ValueProblem("url", "An address begins with http:// or https://.")
    text = "\n".join(line.rstrip() for line in draft.text.splitlines()).strip()
    if not key and not draft.again:
        refuse_same(session, text)  # before the lock: nobody who answers waits for it
    with writing(session):
        deck = session.get_one(DeckRow, deck_id_of(session, deck_key), with_for_update=True)
        row = _source_row(session, deck, key) if key else _new_source(session, deck, draft.title)
        if key:
            _refuse_stranded(session, row, text)
        for name in ("title", "publisher", "url", "published", "licence"):
            setattr(row, name, getattr(draft, name))
        row.text = text
        session.add(row)
        deck.revision += 1
        return row.key


class StrandedFacts(Refused):
    """New text for a source that no longer contains the passages of its facts."""


def _source_row(session: Session, deck: DeckRow, key: str) -> SourceRow:
    row = session.scalar(
        select(SourceRow).where(SourceRow.deck_id == deck.id, SourceRow.key == key)
    )
    if row is None:
        raise NotFound("There is no such source.")
    return row


def _new_source(session: Session, deck: DeckRow, title: str) -> SourceRow:
    keys = set(session.scalars(select(SourceRow.key).where(SourceRow.deck_id == deck.id)))
    base = slug(title)
    numbered = (f"{base}-{number}" for number in range(2, len(keys) + 3))
    key = next(one for one in (base, *numbered) if one not in keys)
    return SourceRow(deck_id=deck.id, key=key, position=len(keys))


def _refuse_stranded(session: Session, row: SourceRow, text: str) -> None:
    quotes = session.execute(
        select(FactRow.key, FactRow.quote).where(FactRow.source_id == row.id, FactRow.quote != "")
    )
    lost = [fact.key for fact in quotes if find_passage(text, fact.quote) is None]
    if lost:
        named = ", ".join(lost[:MOST_NAMED]) + (" ..." if len(lost) > MOST_NAMED else "")
        raise StrandedFacts(f"The passages of these facts are not in the new text: {named}.")
