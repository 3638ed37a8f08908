"""Decks kept between requests are those that are stored, whoever has changed them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.core.facts import Deck, Status
from app.core.values import Entity
from app.models.content import DeckRow, EntityRow, FactRow
from app.models.database import writing
from app.models.mapping import load_deck
from app.services import bulk, decks, entities, fact_history, facts, kept_decks, parts
from app.services.bulk import Chosen, TableFilter
from app.services.decks import deck_id_of, delete_deck, import_deck
from app.services.facts import FactFilter, fact_page
from app.services.kept_decks import KeptDeck, kept_deck
from app.services.revisions import By
from tests.services.conftest import NOW, made_deck
from tests.services.test_facts import drafted

BY = By(None, NOW)


def number(session: Session, kind: type[FactRow | EntityRow], key: str) -> int:
    return session.scalars(select(kind.id).where(kind.key == key)).one()


def chosen(session: Session) -> list[Chosen]:
    return [Chosen(row.id, row.revision) for row in bulk.table(session, "harbours", ALL).rows[:2]]


def renamed(session: Session, name: str) -> int:
    riga = number(session, EntityRow, "riga")
    at = parts.open_entity(session, riga).revision
    return entities.revise(session, riga, at, Entity(name, "riga", "city"), (BY, True))


def revised(session: Session) -> int:
    first = number(session, FactRow, "flagship_0")
    at = facts.open_fact(session, first).revision
    return facts.revise(
        session, first, at, replace(drafted(0, note="New"), user_id=None, override=True)
    )


ALL = TableFilter()
CHANGES: dict[str, Callable[[Session], object]] = {
    "a fact is revised": revised,
    "a fact goes back": lambda session: fact_history.revert(
        session, number(session, FactRow, "flagship_0"), 2, 1, BY
    ),
    "facts are retired": lambda session: bulk.set_status(
        session, "harbours", chosen(session), Status.RETIRED, (BY, True)
    ),
    "facts are tagged": lambda session: bulk.change_tags(
        session, "harbours", chosen(session), (["north"], []), BY
    ),
    "a name is changed": lambda session: renamed(session, "Rīga"),
    "the file comes again": lambda session: import_deck(
        session, replace(made_deck(), language="de"), NOW
    ),
}


def stored(session: Session, deck_id: int) -> tuple[Deck, dict[str, tuple[int, int]]]:
    rows = session.execute(select(FactRow.key, FactRow.id, FactRow.revision))
    return load_deck(session, deck_id), {row.key: (row.id, row.revision) for row in rows}


def told(kept: KeptDeck) -> tuple[Deck, dict[str, tuple[int, int]]]:
    return kept.deck, dict(kept.numbers)


def test_a_kept_deck_is_the_stored_one_after_every_change(session: Session, deck: Deck) -> None:
    deck_id = deck_id_of(session, deck.key)
    for name, change in CHANGES.items():
        before = kept_deck(session, deck_id)
        change(session)
        after = kept_deck(session, deck_id)
        assert told(after) == stored(session, deck_id), name
        assert told(after) != told(before), name
        assert kept_deck(session, deck_id) is after


def test_a_page_of_a_kept_deck_reads_no_facts_again(session: Session, deck: Deck) -> None:
    sent: list[str] = []
    fact_page(session, deck.key, FactFilter("lisbon"))
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: sent.append(args[2]))
    assert fact_page(session, deck.key, FactFilter("lisbon")).total == 3
    assert bulk.table(session, deck.key, TableFilter(sort="answer")).total == 26
    assert not [one for one in sent if "fact.value" in one]


def test_what_a_transaction_changes_itself_is_seen_in_it_and_kept_by_nobody(
    session: Session, deck: Deck
) -> None:
    deck_id = deck_id_of(session, deck.key)

    def note() -> str:
        return kept_deck(session, deck_id).deck.fact_by_key["motto"].note

    def change(text: str) -> None:
        session.get_one(DeckRow, deck_id).revision += 1
        session.get_one(FactRow, number(session, FactRow, "motto")).note = text

    assert note() == ""
    with writing(session):
        change("Half done")
        assert note() == "Half done"
        session.rollback()
    with writing(session):  # it gets the revision that was never stored
        change("Done")
    assert note() == "Done"


def test_a_deck_in_the_place_of_a_deleted_one_is_not_taken_for_it(session: Session) -> None:
    first = made_deck()
    import_deck(session, first, NOW)
    assert fact_page(session, first.key, FactFilter()).total == 26
    assert decks.index_of(session, deck_id_of(session, first.key)).facts
    delete_deck(session, first.key)
    import_deck(session, replace(first, facts=first.facts[::-1][:3]), NOW)
    assert fact_page(session, first.key, FactFilter()).total == 3
    assert len(decks.index_of(session, deck_id_of(session, first.key)).facts) == 3


def test_so_many_facts_are_kept_and_the_last_deck_always(
    session: Session, deck: Deck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_decks, "MOST_KEPT", 30)
    import_deck(session, replace(deck, key="second"), NOW)
    first, second = (deck_id_of(session, key) for key in (deck.key, "second"))
    kept = kept_deck(session, first)
    assert kept_deck(session, first) is kept
    other = kept_deck(session, second)
    assert kept_deck(session, second) is other
    assert kept_deck(session, first) is not kept
