"""The rows of a table of facts: cells by column, what is amiss named by line and column."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.facts import Stance, Status
from app.core.sentences import say
from app.core.values import ValueKind, ValueProblem, clean_text
from app.interchange.formulas import unguarded
from app.interchange.loading import KEY, Problem
from app.interchange.value_cells import NO_VALUES

COLUMNS = (
    "key",
    "subject",
    "subject_kind",
    "relation",
    "ask",
    "ask_inverse",
    "say",
    "value",
    "value_kind",
    "aliases",
    "stance",
    "according_to",
    "as_of",
    "source",
    "evidence",
    "note",
    "tags",
    "status",
)
"""`key`, `source` and `status` stand in exported tables; a row with a key is that very fact."""
_AS_TYPED = {"note", "value", "tags", "aliases"}
"""Columns whose line breaks and double spaces are kept."""


LONGEST_HEADER = 10_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_NEEDS_NAMING = set(Stance) - {Stance.STATED}


@dataclass(frozen=True, slots=True)
class Row:
    """A row by column: cells without white space around them, "" where empty."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class RowReader:
    """Reads rows one by one, collecting problems rather than stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, line: int | None, column: str, reason: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(line, column, reason))

    def rows(self, text: str) -> Iterator[Row]:
        """Yield the whole rows; blank ones are passed over."""
        first = text[:LONGEST_HEADER].partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
        header: list[str] = []
        line = 1
        try:
            for cells in reader:
                here, line = line, reader.line_num + 1
                if not any(cell.strip() for cell in cells):
                    continue
                if header:
                    yield from self._row(here, header, cells)
                elif not self._header(here, header := [cell.strip().lower() for cell in cells]):
                    return
        except csv.Error as error:
            self.refuse(line, "file", say("this is not CSV: {error}.", error=error))
        if not header:
            self.refuse(1, "file", say("the first row must name the columns."))

    def _header(self, line: int, header: list[str]) -> bool:
        before = len(self.problems)
        for at, name in enumerate(header):
            if name not in COLUMNS:
                reason = say(
                    "there is no such column; there are {columns}.", columns=", ".join(COLUMNS)
                )
                self.refuse(line, name[:80] or f"column {at + 1}", reason)
            elif name in header[:at]:
                self.refuse(line, name, say("this column stands here twice."))
        if "value" not in header:
            self.refuse(line, "value", say("this column is needed."))
        return len(self.problems) == before

    def _row(self, line: int, header: list[str], cells: list[str]) -> Iterator[Row]:
        if any(cell.strip() for cell in cells[len(header) :]):
            self.refuse(
                line,
                "file",
                say(
                    "the row has {cells} cells for {header} columns.",
                    cells=len(cells),
                    header=len(header),
                ),
            )
            return
        row: dict[str, str] = {}
        bad = len(self.problems)
        for name, cell in zip(header, cells, strict=False):
            try:
                row[name] = _cleaned(name, unguarded(cell))
            except ValueProblem as problem:
                self.refuse(line, name, problem.reason)
        if len(self.problems) == bad and self._is_whole(line, row):
            yield Row(line, row)

    def _is_whole(self, line: int, row: dict[str, str]) -> bool:
        """Whether a row has what every fact needs; says what is missing."""
        before = len(self.problems)
        for column in ("subject", "relation"):
            other = row.get("relation" if column == "subject" else "subject")
            alone = bool(row.get("key")) and bool(row.get("ask"))
            if not row.get(column) and not alone and (other or not row.get("ask")):
                self.refuse(
                    line, column, say("is needed, unless the row brings an ask and no subject.")
                )
        self._has_value(line, row.get("value", ""))
        words = {"value_kind": ValueKind, "stance": Stance, "status": Status}
        if row.get("key") and not KEY.fullmatch(row["key"]):
            self.refuse(line, "key", say("must be a word of letters, digits, dot, - and _."))
        for column, allowed in words.items():
            if row.get(column) and row[column] not in list(allowed):
                self.refuse(
                    line, column, say("must be one of {allowed}.", allowed=", ".join(allowed))
                )
        if row.get("stance") in _NEEDS_NAMING and not row.get("according_to"):
            reason = say("is needed when the stance is {row}.", row=row["stance"])
            self.refuse(line, "according_to", reason)
        return len(self.problems) == before

    def _has_value(self, line: int, value: str) -> None:
        if not value:
            self.refuse(line, "value", "is needed.")
        elif value.casefold() in NO_VALUES:
            reason = say("{value} is no answer: leave such rows out.", value=repr(value))
            self.refuse(line, "value", reason)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text with their ends; of the whole there is no second copy."""
    for found in _LINE.finditer(text, pos=int(text.startswith("\ufeff"))):
        yield found[0]


def _cleaned(column: str, cell: str) -> str:
    """Return a cell without white space around it, and in one line but where lines matter."""
    if column in _AS_TYPED:
        return clean_text(cell.replace("\r\n", "\n"), column)
    return clean_text(" ".join(cell.split()), column)
