"""Entities merged, renamed, found alike: facts follow, revisions tell, nothing is guessed."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Fact, Relation, Stance
from app.core.merging import CannotMerge
from app.core.values import Entity, EntityValue, SetValue, ValueProblem
from app.models.content import DeckRow, EntityRow, FactRevision, FactRow
from app.services import decks, entities
from app.services.entities import UsedEntity
from app.services.revisions import By, StaleRevision
from app.services.rewriting import DeckChanged, FlawedChange

NOW = 1_763_900_000
BY = By(None, NOW + 60)

OWNS = Relation("owns", "What does {subject} own?", "Who owns {value}?", "{subject} owns {value}.")
MADE = Relation("made", "Who made {subject}?", say="{subject} was made by {value}.")
ACME = Entity("Acme", "acme", "company", ("Acme Works",))
ACME_LTD = Entity("Acme Ltd", "acme-ltd", "", ("ACME",))
BOLT = Entity("Bolt", "bolt", "company")
CLAMP = Entity("Clamp 100", "clamp-100", "tool")
CLAMP_2 = Entity("Clamp 200", "clamp-200", "tool")


def shop() -> Deck:
    facts = (
        Fact("owns-clamp", EntityValue(CLAMP), ACME, OWNS),
        Fact("owns-clamp-too", EntityValue(CLAMP), ACME_LTD, OWNS),
        Fact("owns-other", EntityValue(CLAMP_2), BOLT, OWNS),
        Fact("made-clamp", SetValue((ACME, ACME_LTD)), CLAMP, MADE),
        Fact(
            "made-other",
            EntityValue(BOLT),
            CLAMP_2,
            MADE,
            stance=Stance.CLAIMED,
            according_to=ACME_LTD,
        ),
    )
    things = (ACME, ACME_LTD, BOLT, CLAMP, CLAMP_2)
    return Deck("shop", "Shop", entities=things, relations=(OWNS, MADE), facts=facts)


@pytest.fixture
def ids(session: Session) -> dict[str, int]:
    decks.import_deck(session, shop(), NOW)
    return entities.entity_ids(session, "shop")


def revision_of(session: Session) -> int:
    return session.scalars(select(DeckRow.revision).where(DeckRow.key == "shop")).one()


def test_a_merge_takes_subjects_answers_and_sayers_along(
    session: Session, ids: dict[str, int]
) -> None:
    seen = entities.merge_preview(session, ids["acme"], ids["acme-ltd"])
    assert {one.key for one in seen.changes} == {"owns-clamp-too", "made-clamp", "made-other"}
    assert seen.becomes == ("Acme Works", "Acme Ltd")
    assert seen.problems == ()
    assert "made-clamp" in seen.notes[0]
    assert [{one.text for one in pair} for pair in seen.twins] == [{"Acme owns Clamp 100."}]
    revision = revision_of(session)
    assert entities.merge(session, ids["acme"], ids["acme-ltd"], seen.deck_revision, BY) == 3
    after = decks.export_deck(session, "shop")
    facts = after.fact_by_key
    one = replace(ACME, aliases=("Acme Works", "Acme Ltd"))
    assert facts["owns-clamp-too"].subject == one
    assert facts["made-clamp"].value == SetValue((one,))
    assert facts["made-other"].according_to == one
    assert ACME_LTD.key not in {entity.key for entity in after.entities}
    assert revision_of(session) == revision + 1
    kept = session.execute(
        select(FactRow.key, FactRow.revision, FactRevision.body)
        .join(FactRevision, FactRevision.fact_id == FactRow.id)
        .where(FactRevision.revision == 2)
    ).all()
    assert {row.key for row in kept} == {"owns-clamp-too", "made-clamp", "made-other"}
    assert session.get_one(EntityRow, ids["acme"]).revision == 2


def test_a_merge_that_makes_a_fact_answer_itself_is_refused(
    session: Session, ids: dict[str, int]
) -> None:
    seen = entities.merge_preview(session, ids["acme"], ids["clamp-100"])
    assert any("owns-clamp " in one for one in seen.problems)
    with pytest.raises(CannotMerge):
        entities.merge(session, ids["acme"], ids["clamp-100"], seen.deck_revision, BY)
    assert len(decks.export_deck(session, "shop").entities) == 5
    with pytest.raises(CannotMerge):
        entities.merge_preview(session, ids["acme"], ids["acme"])
    with pytest.raises(NotFound):
        entities.merge_preview(session, ids["acme"], 10**9)


def test_a_merge_goes_by_what_was_previewed(session: Session, ids: dict[str, int]) -> None:
    seen = entities.merge_preview(session, ids["acme"], ids["acme-ltd"])
    entities.revise(session, ids["bolt"], 1, Entity("Bolts", kind="company"), (BY, False))
    with pytest.raises(DeckChanged):
        entities.merge(session, ids["acme"], ids["acme-ltd"], seen.deck_revision, BY)


def test_entities_of_two_decks_stay_apart(session: Session, ids: dict[str, int]) -> None:
    decks.import_deck(session, replace(shop(), key="other"), NOW)
    other = entities.entity_ids(session, "other")["acme"]
    with pytest.raises(CannotMerge):
        entities.merge_preview(session, ids["acme"], other)
    with pytest.raises(CannotMerge):
        entities.merge(session, ids["acme"], other, revision_of(session), BY)


def test_the_list_is_searched_narrowed_and_tells_what_looks_alike(
    session: Session, ids: dict[str, int]
) -> None:
    listed = entities.entity_list(session, "shop")
    assert [one.entity.name for one in listed.entities][:2] == ["Acme", "Acme Ltd"]
    assert {one.entity.key: one.uses for one in listed.entities} == {
        "acme": 2,
        "acme-ltd": 3,
        "bolt": 2,
        "clamp-100": 3,
        "clamp-200": 2,
    }
    alike = {one.entity.key: one.alike for one in listed.entities}
    assert alike["acme"] == "Acme Ltd"
    assert alike["clamp-100"] == ""  # another figure is another thing
    assert listed.kinds == ("company", "tool")
    assert entities.entity_list(session, "shop", "WORKS").total == 1
    assert entities.entity_list(session, "shop", kind="tool").total == 2
    assert entities.entity_list(session, "shop", kind="").total == 1
    assert entities.entity_list(session, "shop", page=99).page == 1
    opened = entities.open_entity(session, ids["acme-ltd"])
    roles = {use.text: use.roles for use in opened.uses}
    assert roles["Acme Ltd claimed: Clamp 200 was made by Bolt."] == ("said by",)
    assert sorted(roles.values()) == [("answer",), ("said by",), ("subject",)]
    assert [one.name for one in opened.alike] == ["Acme"]


def test_a_name_that_breaks_a_published_question_is_stored_only_on_purpose(
    session: Session, ids: dict[str, int]
) -> None:
    clashing = Entity("Acme", kind="company")  # which owns something else
    with pytest.raises(FlawedChange):
        entities.revise(session, ids["bolt"], 1, clashing, (BY, False))
    assert entities.revise(session, ids["bolt"], 1, clashing, (BY, True)) == 2
    with pytest.raises(StaleRevision):
        entities.revise(session, ids["bolt"], 1, Entity("Bolt"), (BY, False))
    with pytest.raises(ValueProblem):
        entities.revise(session, ids["bolt"], 2, Entity(" "), (BY, False))


def test_only_what_no_fact_names_is_deleted(session: Session, ids: dict[str, int]) -> None:
    with pytest.raises(UsedEntity):
        entities.delete_entity(session, ids["bolt"], 1)
    deck = replace(shop(), entities=(*shop().entities, Entity("Spare", "spare")))
    decks.import_deck(session, deck, NOW)
    spare = entities.entity_ids(session, "shop")["spare"]
    with pytest.raises(StaleRevision):
        entities.delete_entity(session, spare, 7)
    assert entities.delete_entity(session, spare, 1) == "shop"
    assert "spare" not in entities.entity_ids(session, "shop")


def test_an_entity_is_found_by_any_of_its_names(session: Session, ids: dict[str, int]) -> None:
    assert entities.entity_called(session, "shop", " acme WORKS ") == ids["acme"]
    with pytest.raises(NotFound):
        entities.entity_called(session, "shop", "nobody")
