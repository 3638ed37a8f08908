"""In which state decks are, by which what was made of them is kept."""

from sqlalchemy import String, bindparam, cast, func, literal_column, select

from app.models.content import DeckRow

OLDEST_DECKS = 51
"""Decks whose questions know of each other: fifty and the one that is asked."""
_OLDEST = (
    select(DeckRow.id, DeckRow.revision)
    .where(DeckRow.id > literal_column("0"))
    .order_by(DeckRow.id)
    .limit(literal_column(str(OLDEST_DECKS)))
    .subquery("oldest_decks")
)
OTHERS = (
    select(
        cast(func.count(_OLDEST.c.id), String)
        + literal_column("'.'")
        + cast(func.max(_OLDEST.c.id), String)
        + literal_column("'.'")
        + cast(func.sum(_OLDEST.c.revision), String)
    )
    .scalar_subquery()
    .label("others")
)
"""In which state the oldest decks are: how many, the last one's number, all their revisions.

A number is given once and a revision only grows: no two states are told alike.
"""
DECK_STATE = select(DeckRow.revision, OTHERS).where(DeckRow.id == bindparam("deck"))
DECK_LANGUAGE = select(DeckRow.language).where(DeckRow.key == bindparam("deck"))
"""Asked for each deck whose words a page shows."""
