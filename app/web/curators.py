"""What the curators' areas share: their door, numbers in addresses, lists in text fields."""

from dataclasses import fields

from app.core.errors import NotAllowed
from app.core.sentences import say
from app.services import curating
from app.services.accounts import Person
from app.services.curating import Thing
from app.web.current import NotSignedIn, address_parts, db_session, person

MOST_FIGURES = 9


def curators_only() -> None:
    """Let admins in, and curators to the decks that they curate; nobody else.

    Which deck is meant is read from the address.
    """
    who = curator()
    named = address_parts()
    parts = {one.name: named[one.name] for one in fields(Thing) if one.name in named}
    curating.check(db_session(), who, Thing(**parts))


def curator() -> Person:
    """Return who is signed in as a curator or admin. Raises NotSignedIn and NotAllowed."""
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn(say("Sign in first."))
    if not who.is_curator:
        raise NotAllowed(say("Decks are edited by curators."))
    return who


def check_deck(deck_key: str) -> None:
    """Raise NotAllowed unless the person who asks curates a deck that is there."""
    curating.check(db_session(), curator(), Thing(deck_key))


def own_decks() -> frozenset[str]:
    """Return the keys of the decks that the person who asks curates."""
    return curating.own_decks(db_session(), curator())


def whole_number(text: object) -> int:
    """Return a number from an address or a hidden field; 0 for anything else."""
    typed = str(text or "")
    plain = typed.isascii() and typed.isdecimal() and len(typed) <= MOST_FIGURES
    return int(typed) if plain else 0


def lines(text: object) -> tuple[str, ...]:
    """Return the lines of a text, each once, empty ones left out."""
    return tuple(
        dict.fromkeys(line.strip() for line in str(text or "").splitlines() if line.strip())
    )
