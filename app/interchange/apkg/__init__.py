"""Anki packages (.apkg): written for every version since 2.1, read in the old and the new format."""

from app.interchange.apkg.writing import CardState, Rated, Schedule, write_apkg

__all__ = ["CardState", "Rated", "Schedule", "write_apkg"]
