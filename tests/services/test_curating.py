"""Decks are made, described and deleted, and each has its own curators."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.core.errors import NotAllowed, NotFound
from app.core.facts import Deck
from app.services import accounts, curating, decks, study
from app.services.accounts import Person, PersonChange
from app.services.curating import NoSuchCurator, Thing
from app.services.decks import DeckHead, StaleHead, StudiedDeck

NOW = 1_763_900_000


@pytest.fixture
def curator(session: Session) -> Callable[[str], Person]:
    def make(name: str) -> Person:
        email = f"{name}@b.example"
        made = accounts.sign_up(session, None, email, "correct horse battery", 1)
        change = PersonChange(is_curator=True, is_admin=False, active=True)
        accounts.change_person(session, made.id, change)
        return accounts.person_by_id(session, made.id)

    return make


def test_who_makes_a_deck_curates_it_and_nobody_else(
    session: Session, deck: Deck, curator: Callable[[str], Person]
) -> None:
    ann, bea = curator("ann"), curator("bea")
    first = decks.create_deck(session, DeckHead("Öresund: the link"), ann.id)
    second = decks.create_deck(session, DeckHead("Öresund: the link"), bea.id)
    assert (first, second) == ("öresund-the-link", "öresund-the-link-2")
    assert curating.own_decks(session, ann) == {first}
    curating.check(session, ann, Thing(first))
    for thing in (Thing(second), Thing(deck.key), Thing(fact_id=1), Thing(entity_id=1)):
        with pytest.raises(NotAllowed, match="do not curate"):
            curating.check(session, ann, thing)
    curating.check(session, ann, Thing("no-such-deck"))
    curating.check(session, ann, Thing())


def test_curators_are_added_by_address_and_taken_away(
    session: Session, deck: Deck, curator: Callable[[str], Person]
) -> None:
    ann = curator("ann")
    accounts.sign_up(session, None, "learner@b.example", "correct horse battery", 1)
    for _ in range(2):
        curating.appoint(session, deck.key, " Ann@b.example ")
    assert [one.email for one in curating.curators_of(session, deck.key)] == ["ann@b.example"]
    for address in ("learner@b.example", "nobody@b.example", ""):
        with pytest.raises(NoSuchCurator):
            curating.appoint(session, deck.key, address)
    curating.dismiss(session, deck.key, ann.id)
    assert curating.curators_of(session, deck.key) == []
    assert curating.own_decks(session, ann) == frozenset()
    with pytest.raises(NotFound):
        curating.appoint(session, "no-such-deck", "ann@b.example")


def test_a_learner_whom_a_deck_was_given_edits_nothing(session: Session, deck: Deck) -> None:
    made = accounts.sign_up(session, None, "l@b.example", "correct horse battery", 1)
    curating.give_decks(session, made.id, {deck.key})
    with pytest.raises(NotAllowed):
        curating.check(session, made, Thing(deck.key))


def test_a_studied_deck_stays_and_an_untouched_one_goes(
    session: Session, deck: Deck, learner: int, curator: Callable[[str], Person]
) -> None:
    made = decks.create_deck(session, DeckHead("Passing"), curator("ann").id)
    opened = decks.head_of(session, made).fingerprint
    decks.describe_deck(session, made, DeckHead("Passed", "Soon gone.", "de"), opened)
    for late in (opened, ""):
        with pytest.raises(StaleHead) as stale:
            decks.describe_deck(session, made, DeckHead("Mine"), late)
        assert stale.value.theirs.title == "Passed"
    assert decks.head_of(session, made) == DeckHead("Passed", "Soon gone.", "de")
    decks.delete_deck(session, made)
    with pytest.raises(NotFound):
        decks.head_of(session, made)
    study.start(session, learner, deck.key, NOW)
    with pytest.raises(StudiedDeck, match="retire"):
        decks.delete_deck(session, deck.key)
    assert decks.deck_card(session, deck.key).facts
