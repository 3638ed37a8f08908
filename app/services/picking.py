"""The texts of a deck's sources, from which the editor lets a passage be picked."""

from dataclasses import dataclass

from app.core.facts import Deck, Source, find_passage
from app.core.proposals.sentences import split

MOST_READ = 60_000
"""Characters of sources that a page shows to pick a passage from."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A source to pick a passage from: its paragraphs of (start, sentence)."""

    source: Source
    paragraphs: tuple[tuple[tuple[int, str], ...], ...]
    is_part: bool


def readings(deck: Deck, source_key: str, quote: str) -> list[Reading]:
    """Return the texts to pick a passage from: all if they are short, else around the passage."""
    is_short = sum(len(one.text) for one in deck.sources) <= MOST_READ
    shown = [one for one in deck.sources if is_short or one.key == source_key]
    return [_reading(one, quote) for one in shown]


def _reading(source: Source, quote: str) -> Reading:
    found = find_passage(source.text, quote) if quote else None
    middle = found[0] if found else 0
    low, high = max(0, middle - MOST_READ // 2), middle + MOST_READ // 2
    low = 0 if high >= len(source.text) and len(source.text) <= MOST_READ else low
    paragraphs: list[list[tuple[int, str]]] = [[]]
    end = low
    for one in split(source.text):
        if one.start < low or one.start >= max(high, low + MOST_READ):
            continue
        if "\n\n" in source.text[end : one.start] and paragraphs[-1]:
            paragraphs.append([])
        paragraphs[-1].append((one.start, one.text))
        end = one.end
    shown = tuple(tuple(part) for part in paragraphs if part)
    return Reading(source, shown, is_part=len(source.text) > MOST_READ)


def sentence_at(deck: Deck, source_key: str, start: int) -> str | None:
    """Return the sentence of a source that begins at a character; None where none does."""
    source = deck.source_by_key.get(source_key)
    if source is None:
        return None
    return next((one.text for one in split(source.text) if one.start == start), None)
