"""Many people saving at once: one wins each revision, nothing is lost, nobody meets a fault."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.facts import Deck, Status
from app.core.values import Entity
from app.models.content import DeckRow, EntityRow, FactRevision, FactRow
from app.models.database import writing
from app.models.learning import Review
from app.services import answering, fact_history, facts, parts, study
from app.services.decks import import_deck
from app.services.drafts import FactDraft
from app.services.fact_history import KeptFact
from app.services.facts import Edit
from app.services.revisions import By, NoSuchRevision, StaleRevision
from tests.services.test_answering import right

NOW = 1_763_900_000
SAVES, PEOPLE = 100, 16
DRAFT = FactDraft(
    value={"kind": "entity", "name": "Ship Lisbon"}, subject="Lisbon", relation="flagship"
)


def edit(status: Status = Status.PUBLISHED, **fields: object) -> Edit:
    return Edit(None, replace(DRAFT, **fields), NOW, status)  # type: ignore[arg-type]


def fact_id(session: Session, key: str = "flagship_0") -> int:
    found = session.scalar(select(FactRow.id).where(FactRow.key == key))
    assert found is not None
    return found


def test_a_hundred_simultaneous_saves_make_exactly_one_revision(
    engine: Engine, session: Session, deck: Deck
) -> None:
    number = fact_id(session)
    session.rollback()

    def save(at: int) -> str:
        with Session(engine) as own:
            try:
                facts.revise(own, number, 1, edit(note=f"by {at}"))
            except StaleRevision as stale:
                return "stale" if stale.theirs.note.startswith("by ") else "wrong"
        return "saved"

    with ThreadPoolExecutor(PEOPLE) as pool:
        said = Counter(pool.map(save, range(SAVES)))
    assert said == {"saved": 1, "stale": SAVES - 1}
    assert facts.open_fact(session, number).revision == 2
    assert [one.revision for one in fact_history.history(session, number)] == [2, 1]
    assert session.scalar(select(DeckRow.revision).where(DeckRow.key == deck.key)) == 2


def test_savers_who_open_it_again_lose_nothing(
    engine: Engine, session: Session, deck: Deck
) -> None:
    number = fact_id(session)
    session.rollback()

    def save(at: int) -> None:
        with Session(engine) as own:
            while True:
                opened = facts.open_fact(own, number)
                try:
                    facts.revise(own, number, opened.revision, edit(note=f"by {at}"))
                except StaleRevision:
                    continue
                return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(24)))
    kept = session.scalars(
        select(FactRevision).where(FactRevision.fact_id == number).order_by(FactRevision.revision)
    ).all()
    assert [one.revision for one in kept] == list(range(1, 26))
    assert {one.body["note"] for one in kept[1:]} == {f"by {at}" for at in range(24)}
    assert session.scalar(select(DeckRow.revision).where(DeckRow.key == deck.key)) == 25


def test_simultaneous_new_facts_have_keys_of_their_own(
    engine: Engine, session: Session, deck: Deck
) -> None:
    session.rollback()

    def create(at: int) -> int:
        with Session(engine) as own:
            return facts.create(own, deck.key, edit(Status.DRAFT, subject="Oslo", note=str(at)))

    with ThreadPoolExecutor(PEOPLE) as pool:
        made = list(pool.map(create, range(40)))
    assert len(set(made)) == 40
    rows = session.scalars(select(FactRow).where(FactRow.id.in_(made))).all()
    assert len({row.key for row in rows}) == 40
    assert len(session.scalars(select(EntityRow).where(EntityRow.name == "Oslo")).all()) == 1
    assert session.scalar(select(DeckRow.revision).where(DeckRow.key == deck.key)) == 41


def test_two_imports_of_one_new_deck_make_one_or_are_refused(
    engine: Engine, session: Session, deck: Deck
) -> None:
    session.rollback()

    def bring(_: int) -> str:
        with Session(engine) as own:
            try:
                import_deck(own, replace(deck, key="fresh"), NOW)
            except Refused:
                return "refused"
        return "stored"

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(bring, range(4)))
    assert "stored" in said
    assert len(session.scalars(select(DeckRow).where(DeckRow.key == "fresh")).all()) == 1


def test_simultaneous_renames_make_one_revision_each(
    engine: Engine, session: Session, deck: Deck
) -> None:
    number = session.scalar(select(EntityRow.id).where(EntityRow.key == deck.entities[0].key))
    assert number is not None
    session.rollback()

    def rename(at: int) -> bool:
        with Session(engine) as own:
            try:
                parts.revise_entity(own, number, 1, Entity(f"Name {at}"), By(None, NOW))
            except StaleRevision:
                return False
        return True

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert sum(pool.map(rename, range(40))) == 1
    assert len(parts.entity_history(session, number)) == 2


def test_a_fact_goes_back_to_what_it_was_as_a_new_revision(session: Session, deck: Deck) -> None:
    number = fact_id(session)
    first = facts.open_fact(session, number).fact
    facts.revise(session, number, 1, edit(note="Later.", tags=("ships",)))
    with pytest.raises(StaleRevision):
        fact_history.revert(session, number, 1, 1, By(None, NOW))
    with pytest.raises(NoSuchRevision):
        fact_history.revert(session, number, 2, 9, By(None, NOW))
    assert fact_history.revert(session, number, 2, 1, By(None, NOW)) == 3
    assert facts.open_fact(session, number).fact == first
    newest = fact_history.history(session, number)[0]
    assert ("note", "Later.", "") in newest.changes
    assert fact_history.revert(session, number, 3, 1, By(None, NOW)) == 3
    assert deck.key


@pytest.mark.parametrize("key", ["opened_0", "cranes_1", "cost", "motto"])
def test_every_kind_of_fact_goes_back_whole(session: Session, deck: Deck, key: str) -> None:
    number = fact_id(session, key)
    first = facts.open_fact(session, number).fact
    plain = edit(ask="Which?", value={"kind": "text", "text": "x"}, subject="", relation="")
    facts.revise(session, number, 1, replace(plain, override=True))
    fact_history.revert(session, number, 2, 1, By(None, NOW))
    assert facts.open_fact(session, number).fact == first
    assert deck.key


def test_only_drafts_that_nobody_was_asked_are_deleted(
    session: Session, deck: Deck, learner: int
) -> None:
    number = facts.create(session, deck.key, edit(Status.DRAFT))
    before = session.scalar(select(DeckRow.revision)) or 0
    with pytest.raises(StaleRevision):
        fact_history.delete_draft(session, number, 7)
    assert fact_history.delete_draft(session, number, 1) == deck.key
    assert session.get(FactRow, number) is None
    assert session.scalars(select(FactRevision).where(FactRevision.fact_id == number)).all() == []
    assert session.scalar(select(DeckRow.revision)) == before + 1
    published = fact_id(session, "flagship_1")
    with pytest.raises(KeptFact, match="published"):
        fact_history.delete_draft(session, published, 1)
    token = study.next_question(session, learner, study.start(session, learner, deck.key, NOW), NOW)
    assert token is not None
    page = answering.shown(session, learner, token)
    answering.answer(session, learner, token, right(page.question), NOW, 10)
    asked = fact_id(session, page.question.fact_key)
    facts.revise(session, asked, 1, edit(Status.DRAFT))
    with pytest.raises(KeptFact, match="asked before"):
        fact_history.delete_draft(session, asked, 2)
    assert session.scalars(select(Review)).one().fact_id == asked
    never = fact_id(session, "flagship_2")
    facts.revise(session, never, 1, edit(Status.DRAFT))
    fact_history.delete_draft(session, never, 2)


def test_deleting_at_once_is_done_once(engine: Engine, session: Session, deck: Deck) -> None:
    number = facts.create(session, deck.key, edit(Status.DRAFT))
    session.rollback()

    def delete(_: int) -> str:
        with Session(engine) as own:
            try:
                return fact_history.delete_draft(own, number, 1)
            except NotFound:
                return "gone"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(delete, range(8))) == {deck.key: 1, "gone": 7}
    with pytest.raises(NotFound):
        fact_history.kept_because(session, number)
    with pytest.raises(NotFound):
        facts.revise(session, number, 1, edit())


def test_a_revision_that_names_what_is_gone_is_shown_as_it_is_and_not_restored(
    session: Session, deck: Deck
) -> None:
    number = fact_id(session)
    facts.revise(session, number, 1, edit(note="Later."))
    with writing(session):
        first = session.scalars(
            select(FactRevision).where(FactRevision.fact_id == number, FactRevision.revision == 1)
        ).one()
        first.body = first.body | {"subject": "gone", "according_to": {"entity": "gone"}}
    began = fact_history.history(session, number)[-1]
    assert ("subject", "", "gone") in began.changes
    assert ("according to", "", "entity: gone") in began.changes
    with pytest.raises(Refused, match="gone"):
        fact_history.revert(session, number, 2, 1, By(None, NOW))
    assert facts.open_fact(session, number).revision == 2
    assert deck.key
