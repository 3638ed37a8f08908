"""Sources: the articles that facts rest on, with their passages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Source, find_passage
from app.core.sentences import say
from app.core.wording import fact_text
from app.models.content import SourceRow
from app.models.mapping import source_to_core
from app.services.decks import deck_id_of, index_of


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `numbers` are those of the facts whose passage it belongs to.

    `ending` are the numbers of those whose passage ends with it.
    """

    text: str
    numbers: tuple[int, ...]
    ending: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RestingFact:
    """A fact that rests on an article, in words."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadingView:
    """An article in paragraphs of pieces, and the numbered facts that rest on it."""

    deck_key: str
    source: Source
    paragraphs: tuple[tuple[Piece, ...], ...]
    facts: tuple[RestingFact, ...]


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
        raise NotFound(say("There is no such source."))
    index = index_of(session, deck_id_of(session, deck_key))
    resting = [fact for fact in index.facts if fact.evidence and fact.evidence.source == key]
    quotes = [fact.evidence.quote for fact in resting if fact.evidence]
    spans = [
        (*span, number)
        for number, quote in enumerate(quotes, 1)
        if quote and (span := find_passage(found.text, quote))
    ]
    return ReadingView(
        deck_key=deck_key,
        source=found,
        paragraphs=tuple(
            pieces(found.text, part.span(), spans) for part in _PARAGRAPH.finditer(found.text)
        ),
        facts=tuple(RestingFact(one.key, fact_text(one)) for one in resting),
    )


_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
"""A run of text up to a blank line."""


def pieces(
    text: str, paragraph: tuple[int, int], spans: Sequence[tuple[int, int, int]]
) -> tuple[Piece, ...]:
    """Part a paragraph at the ends of passages (start, end, number); overlapping ones share pieces.

    A passage may begin in one paragraph and end in another.
    """
    start, end = paragraph
    inside = [one for one in spans if one[0] < end and start < one[1]]
    ends = {min(max(at, start), end) for one in inside for at in one[:2]}
    cuts = sorted({start, end, *ends})
    return tuple(
        Piece(
            text[low:high],
            tuple(number for first, last, number in inside if first <= low and high <= last),
            tuple(number for first, last, number in inside if last == high and first <= low),
        )
        for low, high in pairwise(cuts)
    )
