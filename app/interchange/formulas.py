"""Cells that a spreadsheet would run: made inert on the way out, made whole on the way in."""

import re

_FORMULA = re.compile("['\"\\s]*[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: `=1+1` becomes `'=1+1`."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return what `guarded` was given; other cells stay as they are."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
