"""The deck file, `factdeck/1`, in YAML or JSON: a bad one is refused whole, all problems named."""

from app.interchange.deck_file.fields import MAX_SOURCE, MOST_THINGS
from app.interchange.deck_file.parts import Kind, read_date
from app.interchange.deck_file.reading import read_deck, read_own, read_upload
from app.interchange.deck_file.writing import dump_date, dump_deck, dump_fact, write_deck

__all__ = [
    "MAX_SOURCE",
    "MOST_THINGS",
    "Kind",
    "dump_date",
    "dump_deck",
    "dump_fact",
    "read_date",
    "read_deck",
    "read_own",
    "read_upload",
    "write_deck",
]
