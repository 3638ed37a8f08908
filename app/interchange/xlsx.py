"""Excel workbooks of strangers: tables of facts read from the first sheet.

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

from app.core.errors import Refused
from app.core.sentences import say
from app.interchange.archives import Archive
from app.interchange.workbooks import LONGEST_CELL, UNWANTED

MOST_UNPACKED = 60_000_000
MOST_ROWS, MOST_COLUMNS = 20_000, 64
MOST_CHARACTERS = 20_000_000
_WORKBOOK = "xl/workbook.xml"
_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SPACE = 30


class BadWorkbook(Refused):
    """A workbook that cannot be read; the message says why."""


def is_workbook(archive: Archive) -> bool:
    """Whether an archive is an Excel workbook, by what is in it."""
    return _WORKBOOK in archive.names


def workbook_rows(data: bytes) -> str:
    """Return a workbook's first sheet as CSV, for the reader of tables.

    Raises BadArchive and BadWorkbook, in time and memory bounded by the workbook's own size.
    """
    archive = Archive(data, MOST_UNPACKED)
    _check_parts(archive)
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 a quarter of a second to load, and seldom needed

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
    return _unescaped(str(cell)[:LONGEST_CELL])


def _unescaped(text: str) -> str:
    """Return a text without `_x000D_` and its like, as which workbooks hold what XML may not."""
    if "_x" not in text:
        return text
    from openpyxl.utils.escape import unescape  # noqa: PLC0415 as above

    return UNWANTED.sub("", unescape(text))
