"""The sources of a table of facts: those that the deck has, and one made of its quotations."""

import re
from collections.abc import Iterator, Sequence

from app.core.facts import Deck, Evidence, Source, find_passage
from app.interchange.csv_rows import Row
from app.interchange.deck_file import MAX_SOURCE

SOURCE = "table"
_NUMBERED = re.compile(rf"{SOURCE}(?:-\d+)?")


class Quotations:
    """Which of the table's sources each quotation stands in, in order."""

    def __init__(self, known: Deck, rows: Sequence[Row]) -> None:
        self.known = known
        self.placed: dict[str, int] = {}
        texts = [one.text for one in known.sources if _NUMBERED.fullmatch(one.key)]
        quotes = [quote for text in texts for quote in text.split("\n\n")]
        quotes += [
            row["evidence"]
            for row in rows
            if row["evidence"] and row["source"] not in known.source_by_key
        ]
        number, size = 1, 0
        for quote in quotes:
            if quote in self.placed:
                continue
            size += len(quote) + 2
            if size > MAX_SOURCE:
                number, size = number + 1, len(quote) + 2
            self.placed[quote] = number

    def evidence(self, row: Row) -> Evidence | None:
        """Return where a row's quotation stands; in a source of the deck as it is there."""
        quote, source = row["evidence"], self.known.source_by_key.get(row["source"])
        if not quote:
            return None
        if source is None:
            return Evidence(_source_key(self.placed[quote]), quote)
        fact = self.known.fact_by_key.get(row["key"])
        old = fact.evidence if fact else None
        if old and old.source == source.key and " ".join(old.quote.split()) == quote:
            return old  # a table tells no line breaks
        found = find_passage(source.text, quote)
        return Evidence(source.key, source.text[slice(*found)] if found else quote)

    def sources(self) -> Iterator[Source]:
        """Yield the known sources, then those made of the quotations."""
        yield from (one for one in self.known.sources if not _NUMBERED.fullmatch(one.key))
        texts: dict[int, list[str]] = {}
        for quote, number in self.placed.items():
            texts.setdefault(number, []).append(quote)
        for number, quotes in texts.items():
            title = f"{self.known.title}: quotations"
            yield Source(_source_key(number), title, "\n\n".join(quotes))


def _source_key(number: int) -> str:
    return SOURCE if number == 1 else f"{SOURCE}-{number}"
