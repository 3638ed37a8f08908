"""What the curators' areas share: their door, numbers in addresses, lists in text fields."""

from app.core.errors import NotAllowed
from app.web.current import NotSignedIn, person

MOST_FIGURES = 9


def curators_only() -> None:
    """Let curators and admins in, nobody else."""
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn("Sign in first.")
    if not who.is_curator:
        raise NotAllowed("Decks are edited by curators.")


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
