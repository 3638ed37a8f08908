"""A deck comes out of the database as it went in; only changes make revisions."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Status
from app.core.values import DatePart, DateValue, TextValue
from app.models.content import DeckRow, FactRevision, FactRow
from app.models.mapping import UnknownReference, read_date, write_date
from app.services import decks
from tests.services.conftest import made_deck

NOW = 1_763_900_000


def test_a_stored_deck_comes_back_equal(session: Session) -> None:
    deck = made_deck()
    report = decks.import_deck(session, deck, NOW)
    assert (report.new, report.changed, report.unchanged) == (len(deck.facts), 0, 0)
    assert decks.export_deck(session, deck.key) == deck


def test_importing_the_same_deck_again_changes_nothing(session: Session) -> None:
    deck = made_deck()
    decks.import_deck(session, deck, NOW)
    report = decks.import_deck(session, deck, NOW + 1)
    assert (report.new, report.changed, report.unchanged) == (0, 0, len(deck.facts))
    assert session.scalars(select(DeckRow.revision)).one() == 1


def test_a_changed_fact_gets_a_revision_and_those_left_out_stay(session: Session) -> None:
    deck = made_deck()
    decks.import_deck(session, deck, NOW)
    before = decks.index_of(session, decks.deck_id_of(session, deck.key))
    motto = replace(deck.fact_by_key["motto"], value=TextValue("Sheds before ships"))
    report = decks.import_deck(session, replace(deck, facts=(motto,)), NOW + 1)
    assert (report.new, report.changed, report.unchanged) == (0, 1, 0)
    after = decks.index_of(session, decks.deck_id_of(session, deck.key))
    assert after is not before
    assert after is decks.index_of(session, decks.deck_id_of(session, deck.key))
    assert len(after.facts) == len(before.facts)
    assert after.deck.fact_by_key["motto"].value == motto.value
    revisions = session.scalars(
        select(FactRevision.revision)
        .join(FactRow, FactRow.id == FactRevision.fact_id)
        .where(FactRow.key == "motto")
    ).all()
    assert sorted(revisions) == [1, 2]


def test_a_fact_that_refers_to_nothing_is_refused_and_nothing_is_stored(session: Session) -> None:
    deck = made_deck()
    with pytest.raises(UnknownReference, match="'opened_0'"):
        decks.import_deck(session, replace(deck, entities=deck.entities[1:]), NOW)
    assert decks.deck_list(session) == []


def test_a_deck_card_counts_published_facts(session: Session) -> None:
    deck = made_deck()
    retired = replace(deck.facts[0], status=Status.RETIRED)
    decks.import_deck(session, replace(deck, facts=(retired, *deck.facts[1:])), NOW)
    (card,) = decks.deck_list(session)
    assert (card.key, card.facts, card.sources) == ("harbours", 25, 1)
    assert decks.deck_card(session, "harbours") == card
    with pytest.raises(NotFound):
        decks.deck_card(session, "nowhere")


@pytest.mark.parametrize(
    "date", [None, DateValue(1969), DateValue(2025, 1, 20), DateValue(2022, part=DatePart.LATE)]
)
def test_a_stored_date_reads_back_equal(date: DateValue | None) -> None:
    assert read_date(write_date(date)) == date
