"""The starter library: general relations that a deck takes over when a fact first uses one."""

from app.core.facts import Deck, Relation
from app.core.proposals import StarterRelation

STARTERS: tuple[StarterRelation, ...] = ()
"""The library itself; without one only the deck's own relations are offered."""


def known_relations(deck: Deck) -> dict[str, Relation]:
    """Return the relations that a fact of a deck may use, by key: its own win."""
    return {one.key: one for one in (*starters_for(deck), *deck.relations)}


def starters_for(deck: Deck) -> tuple[Relation, ...]:
    """Return the general relations that a deck does not have yet."""
    own = {one.key for one in deck.relations}
    return tuple(one.relation for one in STARTERS if one.relation.key not in own)
