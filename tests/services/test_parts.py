"""Entities, relations and notices: revisions kept, stale edits refused, people told once."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Relation
from app.core.values import Entity, ValueProblem
from app.models.content import DeckRow, EntityRevision, EntityRow, RelationRow
from app.models.database import writing
from app.services import notices, parts
from app.services.decks import import_deck
from app.services.notices import NoticeKind
from app.services.revisions import By, NoSuchRevision, StaleRevision

NOW = 1_763_900_000


def entity_id(session: Session, key: str = "lisbon") -> int:
    found = session.scalar(select(EntityRow.id).where(EntityRow.key == key))
    assert found is not None
    return found


def test_an_imported_entity_has_its_first_revision(session: Session, deck: Deck) -> None:
    (first,) = parts.entity_history(session, entity_id(session))
    assert first.revision == 1
    assert ("name", "", "Lisbon") in first.changes
    assert len(session.scalars(select(EntityRevision)).all()) == len(deck.entities)


@pytest.mark.usefixtures("deck")
def test_a_renamed_entity_keeps_what_it_was_called_and_can_go_back(
    session: Session, learner: int
) -> None:
    number, by = entity_id(session), By(learner, NOW + 5)
    decks_before = session.scalar(select(DeckRow.revision))
    assert parts.revise_entity(session, number, 1, Entity("Lisboa", "x", "city"), by) == 2
    newest = parts.entity_history(session, number)[0]
    assert newest.changes == (("name", "Lisbon", "Lisboa"), ("aliases", "Lisbon Town", ""))
    assert session.scalar(select(DeckRow.revision)) == (decks_before or 0) + 1
    assert parts.revert_entity(session, number, 2, 1, by) == 3
    opened = parts.open_entity(session, number)
    assert (opened.thing.name, opened.thing.aliases) == ("Lisbon", ("Lisbon Town",))
    assert opened.thing.key == "lisbon"
    assert len(parts.entity_history(session, number)) == 3


@pytest.mark.usefixtures("deck")
def test_saving_an_entity_as_it_is_makes_no_revision(session: Session, learner: int) -> None:
    number = entity_id(session)
    same = parts.open_entity(session, number).thing
    assert parts.revise_entity(session, number, 1, same, By(learner, NOW)) == 1
    assert len(parts.entity_history(session, number)) == 1


@pytest.mark.usefixtures("deck")
def test_a_stale_edit_of_an_entity_or_relation_is_refused(session: Session, learner: int) -> None:
    number, by = entity_id(session), By(learner, NOW)
    parts.revise_entity(session, number, 1, Entity("Lisboa"), by)
    with pytest.raises(StaleRevision, match="entity") as stale:
        parts.revise_entity(session, number, 1, Entity("Olisipo"), by)
    assert stale.value.theirs.name == "Lisboa"
    assert stale.value.revision == 2
    relation = session.scalar(select(RelationRow.id).where(RelationRow.key == "cranes"))
    assert relation is not None
    parts.revise_relation(session, relation, 1, Relation("cranes", ask="How many?"), by)
    with pytest.raises(StaleRevision, match="relation"):
        parts.revert_relation(session, relation, 1, 1, by)
    assert parts.revert_relation(session, relation, 2, 1, by) == 3
    assert "{subject}" in parts.open_relation(session, relation).thing.ask
    several = Relation("cranes", many=True)
    assert parts.revise_relation(session, relation, 3, several, by) == 4
    assert ("many", "no", "yes") in parts.relation_history(session, relation)[0].changes
    assert parts.revert_relation(session, relation, 4, 1, by) == 5
    assert [one.revision for one in parts.relation_history(session, relation)] == [5, 4, 3, 2, 1]


@pytest.mark.usefixtures("deck")
def test_what_is_not_there_is_refused(session: Session, learner: int) -> None:
    number, by = entity_id(session), By(learner, NOW)
    with pytest.raises(NotFound):
        parts.open_entity(session, 10**9)
    with pytest.raises(NotFound):
        parts.revise_relation(session, 10**9, 1, Relation("x"), by)
    with pytest.raises(NoSuchRevision):
        parts.revert_entity(session, number, 1, 7, by)
    with pytest.raises(ValueProblem):
        parts.revise_entity(session, number, 1, Entity(" "), by)


def test_an_import_keeps_revisions_of_what_it_changes_only(session: Session, deck: Deck) -> None:
    changed = (Entity("Lisboa", "lisbon", "city"), *deck.entities[1:])
    made = Deck(deck.key, deck.title, deck.description, "en", deck.sources, changed, deck.relations)
    import_deck(session, made, NOW + 9)
    assert [one.revision for one in parts.entity_history(session, entity_id(session))] == [2, 1]
    assert len(parts.entity_history(session, entity_id(session, "porto"))) == 1


def test_notices_are_told_until_they_are_seen(session: Session, learner: int) -> None:
    with writing(session):
        for text in ("first", "second"):
            notices.tell(session, learner, NoticeKind.REMARKED, None, {"text": text}, NOW)
    assert [one.body["text"] for one in notices.unseen(session, learner)] == ["first", "second"]
    notices.mark_seen(session, learner, NOW, [1])
    assert [one.number for one in notices.unseen(session, learner)] == [2]
    notices.mark_seen(session, learner, NOW)
    assert notices.unseen(session, learner) == []
    assert [(one.number, one.seen) for one in notices.news(session, learner)] == [
        (2, True),
        (1, True),
    ]
