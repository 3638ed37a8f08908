"""Passages of an article followed into a new text of it: kept, moved, changed, or gone."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from app.core.facts import find_passage
from app.core.proposals.sentences import split

ALIKE = 70.0
"""How much two texts share (0-100, rapidfuzz's ratio) from which one is the other, changed."""
LONGEST_RUN = 4
"""Sentences that one passage is looked for in."""


class Fate(StrEnum):
    """What became of a passage."""

    KEPT = "kept"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Followed:
    """A passage in a new text: its words there, "" where they are gone.

    One that is kept or moved stays as it was quoted, however the new text breaks its lines.
    """

    fate: Fate
    quote: str

    @property
    def is_whole(self) -> bool:
        """Whether the passage stands in the new text word for word."""
        return self.fate in {Fate.KEPT, Fate.MOVED}


class Follower:
    """Finds the passages of one text in another, each of whose sentences is looked at once."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        self._old_spans = _sentences(old)
        self._new_spans = _sentences(new)
        self._windows: dict[int, list[tuple[int, int]]] = {}
        self._was = " ".join(old.split())
        now = [" ".join(new[low:high].split()) for low, high in self._new_spans]
        before = [" ".join(old[low:high].split()) for low, high in self._old_spans]
        self._stayed = _in_place(before, now)
        self._there = frozenset(now)

    def follow(self, quote: str) -> Followed:
        """Return what became of a passage of the old text.

        Word for word it may stand anywhere in the new one. Else the run of sentences that is most
        like its own is taken, or the part of that which is most like the passage.
        """
        start, end = find_passage(self._old, quote) or (0, 0)
        if find_passage(self._new, quote):
            return Followed(Fate.MOVED if self._has_moved(start, end) else Fate.KEPT, quote)
        whole = _around(self._old_spans, start, end)
        run = self._old[slice(*whole)] if whole[1] > whole[0] else quote
        size = max(1, _count(self._old_spans, *whole))
        best = self._most_like(run, size)
        if best is None:
            return Followed(Fate.GONE, "")
        part = _part_like(quote, best) if len(quote) < 0.9 * len(run) else best
        alike = fuzz.ratio(quote, part) >= ALIKE
        return Followed(Fate.CHANGED, part) if alike else Followed(Fate.GONE, "")

    def _has_moved(self, start: int, end: int) -> bool:
        """Whether every sentence of a passage stands elsewhere among those of the old text."""
        touched = {
            " ".join(self._old[low:high].split())
            for low, high in self._old_spans
            if low < end and start < high
        }
        return bool(touched) and touched <= self._there and not touched & self._stayed

    def _most_like(self, run: str, size: int) -> str | None:
        """Return the run of about `size` sentences of the new text that is most like a run."""
        sizes = {one for one in (size - 1, size, size + 1) if 0 < one <= LONGEST_RUN} or {size}
        texts = [self._new[slice(*span)] for one in sorted(sizes) for span in self._runs(one)]
        best = process.extractOne(run, texts, scorer=fuzz.ratio, score_cutoff=ALIKE)
        return best[0] if best and not self._is_of_another(best[0], best[1]) else None

    def _is_of_another(self, new: str, alike: float) -> bool:
        """Whether a run of the new text is more like other words of the old one than `alike`."""
        others = (self._old[slice(*span)] for span in self._old_spans)
        better = process.extractOne(new, others, scorer=fuzz.ratio, score_cutoff=alike)
        return better is not None and better[1] > alike

    def _runs(self, size: int) -> list[tuple[int, int]]:
        """Return every run of that many sentences that is new; none across paragraphs.

        What stood in the old text as well is no changed passage, however like one it looks.
        """
        if size not in self._windows:
            spans = self._new_spans
            pairs = zip(spans, spans[size - 1 :], strict=False)
            whole = ((first[0], last[1]) for first, last in pairs)
            self._windows[size] = [one for one in whole if self._is_new(self._new[slice(*one)])]
        return self._windows[size]

    def _is_new(self, run: str) -> bool:
        return not re.search(r"\n\s*\n", run) and " ".join(run.split()) not in self._was


def _in_place(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """Return the sentences that kept their order: the longest run of both texts in both orders.

    A sentence that either text has twice could be any of them, and stays out of it.
    """
    often = Counter(old) | Counter(new)
    at = {one: place for place, one in enumerate(new) if often[one] == 1}
    shared = [one for one in old if one in at]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, one in enumerate(shared):
        length = bisect_left(tails, at[one])
        tails[length : length + 1] = [at[one]]
        ends[length : length + 1] = [number]
        before.append(ends[length - 1] if length else -1)
    stayed = set()
    number = ends[-1] if ends else -1
    while number >= 0:
        stayed.add(shared[number])
        number = before[number]
    return frozenset(stayed)


def _sentences(text: str) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in split(text)]


def _around(spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Return where the sentences begin and end that a run lies in."""
    if not spans or end <= start:
        return start, end
    first = max(0, bisect_right(spans, (start, end)) - 1)
    last = max(first, bisect_left(spans, (end, end)) - 1)
    return min(start, spans[first][0]), max(end, spans[last][1])


def _count(spans: Sequence[tuple[int, int]], start: int, end: int) -> int:
    return sum(start <= low and high <= end for low, high in spans)


def _part_like(quote: str, run: str) -> str:
    """Return the part of a run that is most like a passage, in whole words."""
    found = fuzz.partial_ratio_alignment(quote, run)
    if found is None:
        return run
    start, end = found.dest_start, found.dest_end
    while start > 0 and not run[start - 1].isspace():
        start -= 1
    while end < len(run) and not run[end].isspace():
        end += 1
    return run[start:end].strip()
