"""Many facts changed at once, each a revision of its own: what merges and bulk changes share.

Everything here belongs inside `writing`, with the deck locked.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, Refused
from app.core.facts import Deck, Fact, Status
from app.core.lint import Finding, new_errors
from app.core.sentences import say
from app.models.content import DeckRow, FactRow
from app.models.mapping import fact_body, fact_columns, load_keys, set_columns
from app.models.revisions import add_revision
from app.services.parts import lock_deck
from app.services.revisions import By

BATCH = 500
"""Keys in one query."""


class DeckChanged(Conflict):
    """The deck is not as it was when the change was looked at."""

    def __init__(self) -> None:
        super().__init__(
            say("Somebody has changed this deck since you looked at this. Nothing was stored.")
        )


class FlawedChange(Refused):
    """A change that brings errors to published facts is stored only on purpose."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(say("Published facts would get errors: mend that, or save it anyway."))
        self.findings = findings


def refuse_flaws(before: Deck, after: Deck, keys: Collection[str]) -> None:
    """Raise FlawedChange where a change breaks published facts of these keys."""
    errors = new_errors(before, after, keys)
    if errors:
        raise FlawedChange(tuple(errors))


def lock_unchanged(session: Session, deck_id: int, revision: int) -> DeckRow:
    """Lock a deck that is still as it was shown. Raises DeckChanged."""
    deck = lock_deck(session, deck_id)
    if deck.revision != revision:
        raise DeckChanged
    return deck


def rewrite(session: Session, deck_id: int, facts: Iterable[Fact], by: By) -> int:
    """Store facts that the deck has by these keys; return how many differed from what it had."""
    wanted = {fact.key: fact for fact in facts}
    keys = load_keys(session, deck_id)
    changed: list[FactRow] = []
    for row in fact_rows(session, deck_id, wanted):
        fact = wanted[row.key]
        if fact.status is not Status.RETIRED:
            row.superseded_by_id = None
        if set_columns(row, fact_columns(fact, keys)):
            row.revision += 1
            changed.append(row)
    session.flush()
    for row in changed:
        add_revision(session, row, fact_body(wanted[row.key]), by.user_id, by.at_epoch_s)
    session.flush()
    return len(changed)


def fact_rows(session: Session, deck_id: int, keys: Collection[str]) -> list[FactRow]:
    """Return the rows of a deck's facts, in order, a batch of keys at a time."""
    wanted = list(keys)
    found: list[FactRow] = []
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        query = select(FactRow).where(FactRow.deck_id == deck_id, FactRow.key.in_(batch))
        found += session.scalars(query.execution_options(populate_existing=True))
    return sorted(found, key=lambda row: (row.position, row.id))


def fact_ids(session: Session, deck_id: int) -> dict[str, int]:
    """Return the numbers of a deck's facts, by key."""
    rows = session.execute(select(FactRow.key, FactRow.id).where(FactRow.deck_id == deck_id))
    return {row.key: row.id for row in rows}


def with_facts(deck: Deck, changed: Mapping[str, Fact]) -> tuple[Fact, ...]:
    """Return a deck's facts, some of them changed."""
    return tuple(changed.get(fact.key, fact) for fact in deck.facts)
