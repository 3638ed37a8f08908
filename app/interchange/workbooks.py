"""Excel workbooks of one sheet, written row by row into a file: memory does not grow with rows."""

import re
from collections.abc import Iterable, Sequence
from typing import IO

LONGEST_CELL = 32_767
"""Characters that Excel holds in a cell."""
MOST_ROWS = 1_048_575
"""What Excel holds below the header; the rows behind that are left out."""
Cell = str | float | None
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What a cell cannot hold."""
_LINE_END = re.compile("\r\n?")
"""Of other systems: a cell's lines end with a newline alone."""
_WIDE = {"ask", "say", "evidence", "value", "note", "fact", "statement", "response"}


def write_rows(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str, out: IO[bytes]
) -> None:
    """Write a table as a workbook with one sheet; texts stay texts, never formulas."""
    from xlsxwriter import Workbook  # noqa: PLC0415 seldom needed

    with Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:30].strip() or "Facts")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            sheet.set_column(column, column, 40 if name in _WIDE else 16)
            sheet.write_string(0, column, name, book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                break
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, _text(cell))
                elif cell is not None:
                    sheet.write_number(number, column, cell)


def _text(text: str) -> str:
    if text.isalnum():
        return text[:LONGEST_CELL]
    return _LINE_END.sub("\n", UNWANTED.sub("", text))[:LONGEST_CELL]
