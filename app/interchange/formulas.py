"""Cells that a spreadsheet would run: made inert on the way out, made whole on the way in.

In some countries spreadsheets part the cells of a table at semicolons, and read a tab or the end of
a line inside a cell as its end: behind those a formula could begin as well.
"""

import re

_STARTS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_SUSPECT = re.compile(rf"[{_STARTS}\t\r]")
_FORMULA = re.compile(rf"['\"\s]*[{_STARTS}\t\r]")
_LEADING = re.compile(r"['\"\s]*")
_INSIDE = re.compile(rf"(?<=[;\t\r\n])(?=['\" \xa0]*[{_STARTS}])")
_GUARDED_INSIDE = re.compile(rf"(?<=[;\t\r\n])'(?=['\" \xa0]*[{_STARTS}])")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: `=1+1` becomes `'=1+1`."""
    if not _SUSPECT.search(cell):
        return cell
    begins = "'" if _FORMULA.match(cell) else ""
    leading = _leading(cell)
    return begins + cell[:leading] + _INSIDE.sub("'", cell[leading:])


def unguarded(cell: str) -> str:
    """Return what `guarded` was given; other cells stay as they are."""
    bare = cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
    leading = _leading(bare)
    return bare[:leading] + _GUARDED_INSIDE.sub("", bare[leading:])


def _leading(cell: str) -> int:
    found = _LEADING.match(cell)
    return found.end() if found else 0
