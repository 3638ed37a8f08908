"""Anki packages (.apkg): written for every version since 2.1, read in both formats."""

from app.interchange.apkg.mapping import (
    Mapped,
    TypeMapping,
    Use,
    deck_of,
    default_mapping,
    to_facts,
    told_losses,
    with_facts,
)
from app.interchange.apkg.media import with_pictures
from app.interchange.apkg.package import Package, dump_package, load_package
from app.interchange.apkg.reading import is_apkg, read_apkg
from app.interchange.apkg.unpacking import BadPackage
from app.interchange.apkg.writing import CardState, Rated, Schedule, write_apkg

__all__ = [
    "BadPackage",
    "CardState",
    "Mapped",
    "Package",
    "Rated",
    "Schedule",
    "TypeMapping",
    "Use",
    "deck_of",
    "default_mapping",
    "dump_package",
    "is_apkg",
    "load_package",
    "read_apkg",
    "to_facts",
    "told_losses",
    "with_facts",
    "with_pictures",
    "write_apkg",
]
