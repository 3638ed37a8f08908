"""The deck file, `factdeck/1`, in YAML or JSON: a bad one is refused whole, all problems named."""

from app.interchange.deck_file.fields import MAX_SOURCE, MOST_SHOWN, MOST_THINGS
from app.interchange.deck_file.noting import Kind, read_date
from app.interchange.deck_file.reading import (
    ReadDeck,
    read_deck,
    read_own,
    read_upload,
    read_with_pictures,
)
from app.interchange.deck_file.writing import dump_date, dump_deck, dump_fact, write_deck, write_own

__all__ = [
    "MAX_SOURCE",
    "MOST_SHOWN",
    "MOST_THINGS",
    "Kind",
    "ReadDeck",
    "dump_date",
    "dump_deck",
    "dump_fact",
    "read_date",
    "read_deck",
    "read_own",
    "read_upload",
    "read_with_pictures",
    "write_deck",
    "write_own",
]
