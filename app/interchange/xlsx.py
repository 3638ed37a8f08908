"""Excel workbooks: a deck's facts as a table, and tables of facts read from the first sheet.

A workbook is a ZIP archive of XML: both are looked at before openpyxl sees them, which then reads
row by row.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.core.errors import Refused
from app.core.sentences import say
from app.interchange.archives import Archive

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_UNPACKED = 60_000_000
MOST_ROWS, MOST_COLUMNS = 20_000, 64
MOST_CHARACTERS = 20_000_000
LONGEST_CELL = 32_767
"""What Excel holds in a cell."""
_WORKBOOK = "xl/workbook.xml"
_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SPACE = 30
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


Cell = str | float | None


class BadWorkbook(Refused):
    """A workbook that cannot be read; the message says why."""


def is_workbook(archive: Archive) -> bool:
    """Whether an archive is an Excel workbook, by what is in it."""
    return _WORKBOOK in archive.names


def write_rows(header: tuple[str, ...], rows: Iterator[tuple[Cell, ...]], title: str) -> bytes:
    """Return a table as a workbook with one sheet; texts stay texts, never formulas."""
    from openpyxl import Workbook  # noqa: PLC0415 a quarter of a second to load, and seldom needed
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 as above
    from openpyxl.styles import Font  # noqa: PLC0415 as above

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:30] or "Facts")
    sheet.freeze_panes = "A2"
    for at, name in enumerate(header):
        wide = name in {"ask", "say", "evidence", "value", "note", "fact"}
        sheet.column_dimensions[chr(ord("A") + at)].width = 40 if wide else 16
    head = [WriteOnlyCell(sheet, name) for name in header]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_text_cell(sheet, one) if isinstance(one, str) else one for one in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(sheet: "WriteOnlyWorksheet", text: str) -> Any:  # noqa: ANN401 its stubs say little
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 as above

    cell = WriteOnlyCell(sheet, _UNWANTED.sub("", text)[:LONGEST_CELL])
    cell.data_type = "s"
    return cell


def workbook_rows(data: bytes) -> str:
    """Return a workbook's first sheet as CSV, for the reader of tables.

    Raises BadArchive and BadWorkbook, in time and memory bounded by the workbook's own size.
    """
    archive = Archive(data, MOST_UNPACKED)
    _check_parts(archive)
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 as above

        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return _as_csv(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    except Refused:
        raise
    except (zipfile.BadZipFile, OSError) as error:
        raise BadWorkbook(say("This workbook is broken: {error}.", error=str(error)[:80])) from None
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise BadWorkbook(
            say("This workbook cannot be read: {error}.", error=str(error)[:80])
        ) from error


def _check_parts(archive: Archive) -> None:
    """Refuse XML that declares entities or hides what it says in another encoding."""
    for name in archive.names:
        if not name.endswith((".xml", ".rels")):
            continue
        kept = b""
        for at, piece in enumerate(archive.chunks(name)):
            if at == 0 and (b"\0" in piece[:4] or piece[:2] in {b"\xff\xfe", b"\xfe\xff"}):
                raise BadWorkbook(say("This workbook is not in UTF-8."))
            if _TYPE.search(kept + piece):
                raise BadWorkbook(say("This workbook declares entities, which are not read."))
            kept = piece[-_SPACE:]


def _as_csv(rows: Iterator[tuple[object, ...]]) -> str:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    columns = 0
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise BadWorkbook(
                say("At most {most_rows:,} rows can be imported at once.", most_rows=MOST_ROWS)
            )
        cells = [_in_words(cell) for cell in row]
        if number == 0:
            while cells and not cells[-1]:
                cells.pop()
            columns = len(cells)
        elif not any(cells[columns:]):
            cells = cells[:columns]
        table.writerow(cells)
        if out.tell() > MOST_CHARACTERS:
            raise BadWorkbook(say("This workbook has more text than can be imported at once."))
    return out.getvalue()


def _in_words(cell: object) -> str:
    """Return a cell as people would type it: whole numbers without a point, dates in ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    return str(cell)[:LONGEST_CELL]
