"""Relations worded with their questions in view, merged, taken from the library."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Relation, Status
from app.core.merging import CannotMerge
from app.core.starter import STARTER_RELATIONS
from app.core.values import ValueProblem
from app.models.content import DeckRow, RelationRevision, RelationRow
from app.services import decks, relations
from app.services.relations import UsedRelation
from app.services.revisions import By, StaleRevision
from app.services.rewriting import DeckChanged, FlawedChange

NOW = 1_763_900_000
BY = By(None, NOW + 60)


@pytest.fixture
def ids(session: Session, deck: Deck) -> dict[str, int]:
    rows = {row.key: row.id for row in session.scalars(select(RelationRow))}
    return {one.key: rows[one.key] for one in deck.relations}


def test_a_wording_is_seen_on_real_facts_before_it_is_stored(session: Session, deck: Deck) -> None:
    cranes = next(one for one in deck.relations if one.key == "cranes")
    seen = relations.preview(session, "harbours", replace(cranes, ask="Cranes of {subject}?"))
    assert not seen.is_example
    assert len(seen.facts) + seen.more == 8
    stems = {question.stem for fact in seen.facts for question in fact.questions}
    assert "Cranes of Lisbon?" in stems
    assert seen.errors == ()
    broken = relations.preview(session, "harbours", replace(cranes, ask="Cranes of {subject}"))
    assert {one.rule for one in broken.errors} == {"not-a-question"}
    assert any(one.rule == "not-a-question" for one in broken.facts[0].findings)
    assert next(one for one in decks.export_deck(session, "harbours").relations) in deck.relations


@pytest.mark.parametrize("kind", ["", "entity", "text", "number", "money", "range", "date", "set"])
def test_a_relation_without_facts_is_seen_on_an_example(
    session: Session, deck: Deck, kind: str
) -> None:
    new = Relation("new", "What of {subject}?", "", "{subject} has {value}.", kind)
    seen = relations.preview(session, deck.key, new)
    assert seen.is_example
    assert any(one.stem == "What of Lisbon?" for one in seen.facts[0].questions)


def test_a_wording_that_breaks_published_facts_is_stored_only_on_purpose(
    session: Session, deck: Deck, ids: dict[str, int]
) -> None:
    bad = Relation("x", "Cranes of {subject}", "", "{subject} has {value}.")
    with pytest.raises(FlawedChange) as refused:
        relations.revise(session, ids["cranes"], 1, bad, (BY, False))
    assert {one.rule for one in refused.value.findings} == {"not-a-question"}
    assert relations.revise(session, ids["cranes"], 1, bad, (BY, True)) == 2
    row = session.get_one(RelationRow, ids["cranes"])
    assert (row.key, row.ask) == ("cranes", "Cranes of {subject}")
    with pytest.raises(StaleRevision):
        relations.revise(session, ids["cranes"], 1, bad, (BY, True))
    for field, worse in (
        ("ask", replace(bad, ask="")),
        ("ask", replace(bad, ask="How many?")),
        ("ask_inverse", replace(bad, ask_inverse="What?")),
        ("say", replace(bad, say="No value.")),
    ):
        with pytest.raises(ValueProblem) as problem:
            relations.revise(session, ids["cranes"], 2, worse, (BY, True))
        assert problem.value.field == field
    assert deck.relations


def test_facts_follow_a_merge_of_relations(
    session: Session, deck: Deck, ids: dict[str, int]
) -> None:
    by_key = {one.key: one for one in deck.relations}
    made = relations.create(
        session,
        "harbours",
        "Lead ship",
        Relation("", "Which ship leads {subject}?", "", "{value} leads {subject}.", "entity"),
        BY,
    )
    with pytest.raises(ValueProblem):
        relations.create(session, "harbours", "lead  SHIP", by_key["flagship"], BY)
    seen = relations.merge_preview(session, made, ids["flagship"])
    assert len(seen.changes) == 8
    assert seen.changes[0].before == "The flagship of Lisbon is Ship Lisbon."
    assert seen.changes[0].after == "Ship Lisbon leads Lisbon."
    with pytest.raises(DeckChanged):
        relations.merge(session, made, ids["flagship"], seen.deck_revision - 1, BY)
    assert relations.merge(session, made, ids["flagship"], seen.deck_revision, BY) == 8
    after = decks.export_deck(session, "harbours")
    assert [one.key for one in after.relations] == ["opened", "cranes", "lead_ship"]
    fact = after.fact_by_key["flagship_0"]
    assert fact.relation is not None
    assert fact.relation.key == "lead_ship"
    assert fact.relation.ask_inverse == by_key["flagship"].ask_inverse


def test_relations_of_different_answers_stay_apart(
    session: Session, deck: Deck, ids: dict[str, int]
) -> None:
    assert deck.relations
    relations.add_starters(session, "harbours", ["cost", "capital"], BY)
    by_key = {row.key: row.id for row in session.scalars(select(RelationRow))}
    with pytest.raises(CannotMerge):
        relations.merge_preview(session, by_key["cost"], by_key["capital"])
    with pytest.raises(CannotMerge):
        relations.merge_preview(session, ids["cranes"], ids["cranes"])


def test_the_library_is_added_once_with_its_first_revisions(session: Session, deck: Deck) -> None:
    before = session.scalars(select(DeckRow.revision)).one()
    keys = [one.key for one in STARTER_RELATIONS]
    assert relations.add_starters(session, deck.key, keys, BY) == len(keys)
    assert session.scalars(select(DeckRow.revision)).one() == before + 1
    assert relations.add_starters(session, deck.key, keys, BY) == 0
    assert session.scalars(select(DeckRow.revision)).one() == before + 1
    assert all(one.is_there for one in relations.offered(session, deck.key))
    stored = session.scalars(select(RelationRow).where(RelationRow.key == "founded_by")).one()
    kept = session.scalars(
        select(RelationRevision).where(RelationRevision.relation_id == stored.id)
    ).one()
    assert kept.body["ask"] == stored.ask == "Who founded {subject}?"
    with pytest.raises(NotFound):
        relations.add_starters(session, deck.key, ["no_such"], BY)


def test_only_a_relation_without_facts_is_deleted(
    session: Session, deck: Deck, ids: dict[str, int]
) -> None:
    with pytest.raises(UsedRelation):
        relations.delete_relation(session, ids["cranes"], 1)
    relations.add_starters(session, deck.key, ["cost"], BY)
    cost = next(one for one in relations.relation_list(session, deck.key).relations if not one.uses)
    with pytest.raises(StaleRevision):
        relations.delete_relation(session, cost.id, 2)
    assert relations.delete_relation(session, cost.id, 1) == deck.key
    with pytest.raises(NotFound):
        relations.open_relation(session, cost.id)


def test_a_relation_shows_its_facts(session: Session, deck: Deck, ids: dict[str, int]) -> None:
    opened = relations.open_relation(session, ids["flagship"])
    assert len(opened.uses) == 8
    assert {one.status for one in opened.uses} == {Status.PUBLISHED}
    assert [one.name for one in opened.others] == ["cranes", "opened"]
    assert deck.title == opened.deck_title
