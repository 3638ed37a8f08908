"""Imports kept in mind, and undone: what a file brought goes again, what it changed comes back.

What somebody has edited since stays as it is. A fact that somebody was asked meanwhile is retired
rather than deleted, so that no answer is lost.
"""

from app.services.imports.recording import (
    Origin,
    PastImport,
    bring_in_undoably,
    deck_and_file,
    deck_of,
    import_deck,
    past_imports,
    rows_of,
)
from app.services.imports.undoing import AlreadyUndone, Undone, undo

__all__ = [
    "AlreadyUndone",
    "Origin",
    "PastImport",
    "Undone",
    "bring_in_undoably",
    "deck_and_file",
    "deck_of",
    "import_deck",
    "past_imports",
    "rows_of",
    "undo",
]
