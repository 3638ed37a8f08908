"""Other decks, as far as they concern the questions of one: what they lend and what they know."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.core.values import Entity
from app.models.content import DeckRow, EntityRow, FactRow
from app.models.mapping import entity_keys
from app.models.some_facts import load_facts

MOST_DECKS = 50
MOST_FACTS = 20_000
"""Published facts of other decks that are looked through; a deck beyond them lends nothing."""
MOST_LENT = 2000


def other_decks(session: Session, deck: Deck, deck_id: int) -> tuple[Deck, ...]:
    """Return the entities of other decks, oldest first, and their facts that concern this deck.

    Those are facts at one of whose ends is a name of this deck, and facts asked in its words.
    """
    languages = _whole_decks(session, deck_id)
    entities = _entities(session, languages)
    names = {name.casefold() for one in deck.entities for name in one.names}
    known = [one for found in entities.values() for one in found.items() if _named(one[1], names)]
    subjects = {at for at, _ in known}
    keys = {one.key for _, one in known}
    asks = {fact.ask_template for fact in deck.facts}
    rows = session.execute(
        select(FactRow.id, FactRow.deck_id, FactRow.subject_id, FactRow.value, FactRow.ask).where(
            FactRow.deck_id.in_(languages), FactRow.status == "published"
        )
    )
    concerned: dict[int, list[int]] = defaultdict(list)
    for fact_id, other, subject, value, ask in rows:
        if subject in subjects or (ask and ask in asks) or not keys.isdisjoint(entity_keys(value)):
            concerned[other].append(fact_id)
    facts = load_facts(session, [at for found in concerned.values() for at in found])
    return tuple(
        Deck(
            key="",
            title="",
            language=language,
            entities=tuple(entities.get(other, {}).values())[:MOST_LENT],
            facts=tuple(facts[at] for at in concerned[other]),
        )
        for other, language in languages.items()
    )


def _named(entity: Entity, names: Collection[str]) -> bool:
    return any(name.casefold() in names for name in entity.names)


def _whole_decks(session: Session, deck_id: int) -> Mapping[int, str]:
    """Return the other decks that are small enough to be known as a whole, with their languages."""
    oldest = session.execute(
        select(DeckRow.id, DeckRow.language)
        .where(DeckRow.id != deck_id)
        .order_by(DeckRow.id)
        .limit(MOST_DECKS)
    ).all()
    languages: dict[int, str] = {row.id: row.language for row in oldest}
    counted = session.execute(
        select(FactRow.deck_id, func.count())
        .where(FactRow.deck_id.in_(languages), FactRow.status == "published")
        .group_by(FactRow.deck_id)
    ).all()
    sizes: dict[int, int] = {row[0]: row[1] for row in counted}
    left, chosen = MOST_FACTS, {}
    for other, language in languages.items():
        if sizes.get(other, 0) <= left:
            left -= sizes.get(other, 0)
            chosen[other] = language
    return chosen


def _entities(session: Session, decks: Collection[int]) -> Mapping[int, dict[int, Entity]]:
    """Return the entities of some decks by deck and number."""
    found: dict[int, dict[int, Entity]] = defaultdict(dict)
    rows = session.execute(
        select(
            EntityRow.deck_id,
            EntityRow.id,
            EntityRow.name,
            EntityRow.key,
            EntityRow.kind,
            EntityRow.aliases,
        )
        .where(EntityRow.deck_id.in_(decks))
        .order_by(EntityRow.id)
    )
    for deck, at, name, key, kind, aliases in rows:
        found[deck][at] = Entity(name, key, kind, tuple(aliases))
    return found
