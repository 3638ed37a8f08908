"""Excel workbooks of one sheet, written row by row into a file: memory does not grow with rows.

By hand, since it is little; openpyxl, which reads them back, takes many times as long for a row.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from string import ascii_uppercase
from typing import IO
from xml.sax.saxutils import escape, quoteattr

LONGEST_CELL = 32_767
"""Characters that Excel holds in a cell."""
MOST_ROWS = 1_048_575
"""What Excel holds below the header; the rows behind that are left out."""
AT_ONCE = 65_536
"""Bytes that are packed together."""
Cell = str | float | None
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDE = {"ask", "say", "evidence", "value", "note", "fact", "statement", "response"}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
"""What is the same in each: style 0 is plain, style 1, that of the header, is bold."""


def write_rows(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str, out: IO[bytes]
) -> None:
    """Write a table as a workbook with one sheet; texts stay texts, never formulas."""
    name = re.sub(r"[\[\]:*?/\\']", " ", title)[:30].strip() or "Facts"
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(name)} sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for path, content in {**_PARTS, "xl/workbook.xml": book}.items():
            archive.writestr(path, _HEAD + content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            packed = io.BufferedWriter(sheet, AT_ONCE)
            _write_sheet(header, rows, packed)
            packed.flush()
            packed.detach()


def _write_sheet(header: Sequence[str], rows: Iterable[Sequence[Cell]], out: IO[bytes]) -> None:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{40 if name in _WIDE else 16}" customWidth="1"/>'
        for at, name in enumerate(header, 1)
    )
    head = (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )
    out.write(head.encode())
    letters = ascii_uppercase[: len(header)]
    out.write(_row(letters, 1, header, ' s="1"').encode())
    for number, row in enumerate(rows, 2):
        if number > MOST_ROWS + 1:
            break
        out.write(_row(letters, number, row, "").encode())
    out.write(b"</sheetData></worksheet>")


def _row(letters: str, number: int, cells: Sequence[Cell], style: str) -> str:
    made = [
        f'<c r="{letter}{number}"{style} t="inlineStr"><is><t xml:space="preserve">'
        f"{_text(cell)}</t></is></c>"
        if isinstance(cell, str)
        else f'<c r="{letter}{number}"{style}><v>{cell!r}</v></c>'
        for letter, cell in zip(letters, cells, strict=True)
        if cell is not None
    ]
    return f'<row r="{number}">{"".join(made)}</row>'


def _text(text: str) -> str:
    if text.isalnum():
        return text[:LONGEST_CELL]
    kept = _UNWANTED.sub("", text)[:LONGEST_CELL]
    return escape(kept, {"\r": "&#13;"})
