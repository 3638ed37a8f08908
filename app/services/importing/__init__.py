"""Files brought in from the browser: looked at first, then stored exactly as they were shown."""

from app.services.importing.comparing import ChangedPart, ImportReview, Section, review
from app.services.importing.kept import deck_meant, drop, is_package, look_again, meant, size_of
from app.services.importing.looking import (
    KEPT_S,
    LONGEST_NAME,
    MOST_REFUSED,
    Looked,
    Upload,
    drafted,
    look_at,
)
from app.services.importing.storing import Imported, apply

__all__ = [
    "KEPT_S",
    "LONGEST_NAME",
    "MOST_REFUSED",
    "ChangedPart",
    "ImportReview",
    "Imported",
    "Looked",
    "Section",
    "Upload",
    "apply",
    "deck_meant",
    "drafted",
    "drop",
    "is_package",
    "look_again",
    "look_at",
    "meant",
    "review",
    "size_of",
]
