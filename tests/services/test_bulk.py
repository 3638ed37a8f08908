"""Bulk changes: published only when sound, tagged, moved and deleted with nothing lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.facts import Deck, Status
from app.core.values import Entity, SetValue, TextValue
from app.models.content import DeckRow, EntityRow, FactRevision, FactRow, RelationRow
from app.models.database import writing
from app.models.learning import Memory
from app.services import bulk, decks, moving, wordings
from app.services.bulk import Chosen, NothingChosen, TableFilter
from app.services.revisions import By
from app.services.rewriting import DeckChanged, FlawedChange
from app.services.wordings import NothingToReplace, Search

NOW = 1_763_900_000
BY = By(None, NOW + 60)


def pick(session: Session, *keys: str, deck: str = "harbours") -> list[Chosen]:
    rows = session.scalars(
        select(FactRow)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .where(DeckRow.key == deck, FactRow.key.in_(keys))
    )
    return [Chosen(row.id, row.revision) for row in rows]


def facts_of(session: Session, deck: str = "harbours") -> dict[str, Status]:
    return {fact.key: fact.status for fact in decks.export_deck(session, deck).facts}


def test_the_table_is_narrowed_sorted_and_paged(session: Session, deck: Deck) -> None:
    whole = bulk.table(session, "harbours", TableFilter())
    assert whole.total == len(deck.facts) == 26
    assert [row.key for row in whole.rows] == [fact.key for fact in deck.facts]
    assert bulk.table(session, "harbours", TableFilter(query="porto CRANES")).total == 1
    assert bulk.table(session, "harbours", TableFilter(tag="money")).rows[0].key == "cost"
    assert bulk.table(session, "harbours", TableFilter(relation="opened")).total == 8
    assert bulk.table(session, "harbours", TableFilter(stance="reported")).total == 1
    assert bulk.table(session, "harbours", TableFilter(status="draft")).total == 0
    by_answer = bulk.table(session, "harbours", TableFilter(sort="answer")).rows
    assert [row.answer for row in by_answer] == sorted(row.answer for row in by_answer)
    assert whole.tags == ("money",)
    many = replace(deck, facts=tuple(replace(deck.facts[0], key=f"f{at}") for at in range(60)))
    decks.import_deck(session, replace(many, key="many"), NOW)
    assert [len(bulk.table(session, "many", TableFilter(), page).rows) for page in (1, 2, 9)] == [
        50,
        10,
        10,
    ]


def test_flawed_facts_are_not_published_and_sound_ones_are(session: Session, deck: Deck) -> None:
    drafts = tuple(replace(one, status=Status.DRAFT) for one in deck.facts)
    bad = replace(drafts[-1], ask="No question mark")
    decks.import_deck(session, replace(deck, facts=(*drafts[:-1], bad)), NOW)
    chosen = pick(session, "opened_0", "motto", "cranes_0")
    done = bulk.set_status(session, "harbours", chosen, Status.PUBLISHED, (BY, False))
    assert done.done == 2
    assert [one.text for one in done.refused] == ["The harbour's motto is Ships before sheds."]
    assert "question mark" in done.refused[0].reasons[0]
    status = facts_of(session)
    assert (status["opened_0"], status["motto"]) == (Status.PUBLISHED, Status.DRAFT)
    anyway = bulk.set_status(
        session, "harbours", pick(session, "motto"), Status.PUBLISHED, (BY, True)
    )
    assert (anyway.done, anyway.refused) == (1, ())


def test_every_changed_fact_gets_a_revision_and_the_deck_one(session: Session, deck: Deck) -> None:
    before = session.scalars(select(DeckRow.revision)).one()
    chosen = pick(session, "opened_0", "opened_1")
    done = bulk.set_status(session, deck.key, chosen, Status.RETIRED, (BY, False))
    assert (done.done, done.unchanged) == (2, 0)
    again = bulk.set_status(
        session, deck.key, pick(session, "opened_0", "opened_1"), Status.RETIRED, (BY, False)
    )
    assert (again.done, again.unchanged) == (0, 2)
    assert session.scalars(select(DeckRow.revision)).one() == before + 1
    kept = session.scalars(select(FactRevision).where(FactRevision.revision == 2)).all()
    assert {(one.body["key"], one.body["status"]) for one in kept} == {
        ("opened_0", "retired"),
        ("opened_1", "retired"),
    }
    back = bulk.set_status(session, deck.key, pick(session, "opened_0"), Status.DRAFT, (BY, False))
    assert back.done == 1


def test_a_fact_that_changed_since_it_was_ticked_is_left_alone(
    session: Session, deck: Deck
) -> None:
    chosen = pick(session, "opened_0", "opened_1")
    bulk.change_tags(session, deck.key, pick(session, "opened_0"), (["new"], []), BY)
    done = bulk.set_status(session, deck.key, chosen, Status.RETIRED, (BY, False))
    assert (done.done, done.unchanged) == (1, 0)
    assert done.refused[0].reasons == (bulk.CHANGED,)
    with pytest.raises(NothingChosen):
        bulk.set_status(session, deck.key, [], Status.RETIRED, (BY, False))
    with pytest.raises(NothingChosen):
        bulk.set_status(session, deck.key, [Chosen(10**9, 1)], Status.RETIRED, (BY, False))


def test_tags_come_and_go(session: Session, deck: Deck) -> None:
    chosen = pick(session, "cost", "motto")
    done = bulk.change_tags(session, deck.key, chosen, (["money", "quay"], []), BY)
    assert (done.done, done.unchanged) == (2, 0)
    tags = {fact.key: fact.tags for fact in decks.export_deck(session, deck.key).facts}
    assert tags["cost"] == tags["motto"] == ("money", "quay")
    gone = bulk.change_tags(
        session, deck.key, pick(session, "cost", "opened_0"), ([], ["money"]), BY
    )
    assert (gone.done, gone.unchanged) == (1, 1)
    many = [f"tag {at}" for at in range(21)]
    full = bulk.change_tags(session, deck.key, pick(session, "cost"), (many, []), BY)
    assert (full.done, len(full.refused)) == (0, 1)
    with pytest.raises(Refused):
        bulk.change_tags(session, deck.key, pick(session, "cost"), ([], []), BY)
    with pytest.raises(Refused):
        bulk.change_tags(session, deck.key, pick(session, "cost"), (["x" * 101], []), BY)


def test_only_drafts_that_nobody_was_asked_are_deleted(session: Session, deck: Deck) -> None:
    draft = replace(deck.facts[0], key="draft", status=Status.DRAFT)
    decks.import_deck(session, replace(deck, facts=(draft,)), NOW)
    done = bulk.delete_drafts(session, deck.key, pick(session, "draft", "opened_1"))
    assert (done.done, len(done.refused)) == (1, 1)
    assert "only drafts" in done.refused[0].reasons[0]
    assert "draft" not in facts_of(session)
    assert "opened_1" in facts_of(session)


def other_deck(deck: Deck) -> Deck:
    """A deck with a Lisbon of its own, a relation that only shares its key, the same article."""
    lisbon = Entity("LISBON", "lis", "city", ("Lisboa",))
    cranes = replace(deck.relations[1], ask="How many lifts has {subject}?")
    sources = (replace(deck.sources[0], key="other-almanac"),)
    clash = replace(
        deck.facts[0], subject=lisbon, relation=deck.relations[0], key="opened_0", evidence=None
    )
    return Deck(
        "other",
        "Other",
        sources=sources,
        entities=(lisbon,),
        relations=(deck.relations[0], cranes),
        facts=(clash,),
    )


def test_moved_facts_keep_their_memory_and_bring_what_they_need(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    decks.import_deck(session, other_deck(deck), NOW)
    learner = new_learner()
    moving_id = pick(session, "cranes_0")[0].fact_id
    with writing(session):
        session.add(
            Memory(
                user_id=learner,
                fact_id=moving_id,
                deck_id=decks.deck_id_of(session, "harbours"),
                stability_days=3.0,
                difficulty=5.0,
                reviews=1,
                lapses=0,
                last_type="cloze",
                last_review_epoch_s=NOW,
                due_epoch_s=NOW + 9,
                first_study_day=1,
                last_study_day=1,
            )
        )
    chosen = pick(session, "opened_0", "cranes_0", "flagship_0")
    done = moving.move(session, "harbours", chosen, "other", (BY, False))
    assert (done.done, done.refused) == (3, ())
    after = decks.export_deck(session, "other")
    assert {fact.key for fact in after.facts} == {
        "opened_0",
        "opened_0-2",
        "cranes_0",
        "flagship_0",
    }
    moved = after.fact_by_key["opened_0-2"]
    assert moved.subject is not None
    assert (moved.subject.key, moved.subject.aliases) == ("lis", ("Lisboa", "Lisbon Town"))
    assert moved.evidence is not None
    assert moved.evidence.source == "other-almanac"
    assert {one.key for one in after.relations} == {"opened", "cranes", "cranes_2", "flagship"}
    assert "opened_0" not in facts_of(session)
    row = session.get_one(FactRow, moving_id)
    assert session.get_one(DeckRow, row.deck_id).key == "other"
    session.expire_all()
    memory = session.get_one(Memory, (learner, moving_id))
    assert (memory.stability_days, memory.deck_id) == (3.0, row.deck_id)
    newest = session.scalars(
        select(FactRevision).where(FactRevision.fact_id == moving_id, FactRevision.revision == 2)
    ).one()
    assert newest.body["moved_from"] == "harbours"
    lis = session.scalars(select(EntityRow).where(EntityRow.key == "lis")).one()
    assert lis.revision == 2
    with pytest.raises(Refused):
        moving.move(session, "other", pick(session, "cranes_0", deck="other"), "other", (BY, False))
    with pytest.raises(NotFound):
        moving.move(session, "other", pick(session, "cranes_0", deck="other"), "none", (BY, False))


def test_a_fact_that_would_contradict_another_stays_in_its_deck(
    session: Session, deck: Deck
) -> None:
    there = other_deck(deck)
    clash = replace(there.facts[0], value=deck.facts[3].value)
    decks.import_deck(session, replace(there, facts=(clash,)), NOW)
    chosen = pick(session, "opened_0", "motto")
    done = moving.move(session, "harbours", chosen, "other", (BY, False))
    assert (done.done, len(done.refused)) == (1, 1)
    assert "another answer" in done.refused[0].reasons[0]
    assert "opened_0" in facts_of(session)
    forced = moving.move(session, "harbours", pick(session, "opened_0"), "other", (BY, True))
    assert forced.done == 1


def test_sets_and_texts_move_too(session: Session, deck: Deck) -> None:
    lisbon, porto = deck.entities[:2]
    pair = replace(deck.facts[-1], key="pair", value=SetValue((lisbon, porto)))
    decks.import_deck(session, replace(deck, facts=(pair,)), NOW)
    decks.import_deck(session, Deck("empty", "Empty"), NOW)
    moving.move(session, "harbours", pick(session, "pair", "motto"), "empty", (BY, True))
    after = decks.export_deck(session, "empty").fact_by_key
    assert after["pair"].value == SetValue((lisbon, porto))
    assert after["motto"].value == TextValue("Ships before sheds", ("ships first",))


def test_wordings_are_replaced_where_they_were_ticked(session: Session, deck: Deck) -> None:
    search = Search("harbour", "port")
    seen = wordings.preview(session, deck.key, search)
    assert {(one.what, one.name, one.field) for one in seen.changes} == {
        ("relation", "opened", "ask"),
        ("relation", "opened", "say"),
        ("relation", "cranes", "say"),
        ("fact", "motto", "ask"),
        ("fact", "motto", "say"),
    }
    assert seen.errors == ()
    ids = ["relation/opened/ask", "fact/motto/ask"]
    done = wordings.apply(session, deck.key, search, (seen.deck_revision, ids), (BY, False))
    assert done == 2
    after = decks.export_deck(session, deck.key)
    assert after.relations[0].ask == "When was the port of {subject} opened?"
    assert after.relations[0].say == deck.relations[0].say
    assert after.fact_by_key["motto"].ask == "What is the port's motto?"
    assert session.scalars(select(RelationRow.revision).order_by(RelationRow.id)).first() == 2
    assert session.scalars(select(DeckRow.revision)).one() == seen.deck_revision + 1
    with pytest.raises(DeckChanged):
        wordings.apply(
            session, deck.key, search, (seen.deck_revision, ["fact/motto/say"]), (BY, False)
        )


@pytest.mark.parametrize(
    ("search", "count"),
    [
        (Search("HARBOUR", "x"), 5),
        (Search("HARBOUR", "x", match_case=True), 0),
        (Search("harbo", "x"), 5),
        (Search("harbo", "x", whole_words=True), 0),
        (Search("harbour", "x", whole_words=True), 5),
        (Search(".", "x"), 6),
        (Search("harbour", r"\1"), 5),
    ],
)
def test_what_is_found_is_what_was_typed(
    session: Session, deck: Deck, search: Search, count: int
) -> None:
    assert len(wordings.preview(session, deck.key, search).changes) == count


def test_a_replacement_that_breaks_facts_is_made_only_on_purpose(
    session: Session, deck: Deck
) -> None:
    search = Search("opened?", "opened")
    seen = wordings.preview(session, deck.key, search)
    assert {one.rule for one in seen.errors} == {"not-a-question"}
    wanted = (seen.deck_revision, [one.id for one in seen.changes])
    with pytest.raises(FlawedChange):
        wordings.apply(session, deck.key, search, wanted, (BY, False))
    assert wordings.apply(session, deck.key, search, wanted, (BY, True)) == 1
    with pytest.raises(NothingToReplace):
        wordings.apply(session, deck.key, search, wanted, (BY, True))
    with pytest.raises(NothingToReplace):
        wordings.preview(session, deck.key, Search("", "x"))
