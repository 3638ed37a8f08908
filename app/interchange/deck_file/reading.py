"""Deck files read: a bad one is refused whole, all problems named."""

from dataclasses import dataclass

from app.core.facts import Deck
from app.core.sentences import say
from app.interchange.deck_file.fields import MOST_THINGS
from app.interchange.deck_file.parts import Reader
from app.interchange.loading import (
    MOST_TOKENS,
    DeckFileRefused,
    Loaded,
    Problem,
    load,
    load_own,
)
from app.interchange.pictures import PictureFile


def read_deck(text: str) -> Deck:
    """Read a deck file. Raises DeckFileRefused with every problem that it has."""
    return Reader(load(text)).deck()


@dataclass(frozen=True, slots=True)
class ReadDeck:
    """A deck file as it was read: the deck, and the files of its pictures."""

    deck: Deck
    pictures: tuple[PictureFile, ...] = ()


def read_with_pictures(text: str) -> ReadDeck:
    """Read a deck file with the files of its pictures. Raises as `read_deck` does."""
    return _read(load(text))


def _read(loaded: Loaded) -> ReadDeck:
    reader = Reader(loaded)
    deck = reader.deck()
    return ReadDeck(deck, reader.pictures)


def read_upload(text: str) -> ReadDeck:
    """Read a deck file from a stranger, in bounded time and memory. Raises as `read_deck` does."""
    loaded = load(text, most_tokens=MOST_TOKENS)
    sections = loaded.raw.values() if isinstance(loaded.raw, dict) else ()
    if any(len(one) > MOST_THINGS for one in sections if isinstance(one, list)):
        reason = say(
            "at most {most_things:,} things of a kind can be imported at once.",
            most_things=MOST_THINGS,
        )
        raise DeckFileRefused((Problem(None, "file", reason),))
    return _read(loaded)


def read_own(text: str) -> Deck:
    """Read what `write_own` wrote, however large it became."""
    return Reader(load_own(text)).deck()
