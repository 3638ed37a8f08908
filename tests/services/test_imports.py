"""Imports undone, and what was learned elsewhere taken in and taken back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.advancing import Steps
from app.core.errors import NotFound
from app.core.facts import Deck, Status
from app.core.values import DateValue, Entity
from app.interchange.apkg import read_apkg
from app.interchange.deck_file import write_deck
from app.models.content import EntityRow, FactRow
from app.models.database import writing
from app.models.imports import ImportRecord
from app.models.learning import Memory, MemoryEvent, Notice, Review
from app.models.people import User
from app.services import (
    checking,
    decks,
    exporting,
    importing,
    imports,
    ledger,
    memory_events,
    packages,
)
from app.services.importing import Imported, Upload
from app.services.imports import AlreadyUndone, Origin
from app.services.learned import Learning, PastReview, prepare, take_in
from app.services.revisions import By

NOW = 1_763_900_000
DAY_S = 86_400


def bring(session: Session, learner: int, deck: Deck, into: str = "") -> Imported:
    upload = Upload(write_deck(deck).encode(), "deck.yaml", into)
    looked = importing.look_at(session, learner, upload, NOW)
    return importing.apply(session, learner, looked.token, NOW)


def changed(deck: Deck) -> Deck:
    """Another title, an alias, an answer changed, a fact and an entity new."""
    first, second, *rest = deck.facts
    city = Entity("Narvik", "narvik", "city")
    renamed = replace(deck.entities[0], aliases=("Lisboa",))
    new = replace(second, key="new-fact", subject=city)
    return replace(
        deck,
        title="Ports",
        entities=(renamed, *deck.entities[1:], city),
        facts=(replace(first, value=DateValue(1801)), replace(second, note="N"), *rest, new),
    )


def differing(session: Session) -> list[str]:
    """Whatever of any learner is not as the log gives it."""
    session.expire_all()
    ids = session.scalars(select(User.id)).all()
    return [line for one in ids for line in ledger.check_learner(session, one)]


def remembered(session: Session, learner: int) -> int:
    counted = select(func.count()).select_from(Memory).where(Memory.user_id == learner)
    return session.scalar(counted) or 0


def fact_id(session: Session, key: str) -> int:
    return session.scalars(select(FactRow.id).where(FactRow.key == key)).one()


def test_undoing_an_import_gives_the_deck_back_as_it_was(
    session: Session, deck: Deck, learner: int, new_learner: Callable[..., int]
) -> None:
    other = new_learner()
    memory_events.mark_known(session, other, fact_id(session, "opened_0"), NOW)
    before = decks.export_deck(session, deck.key)
    done = bring(session, learner, changed(deck))
    (listed,) = imports.past_imports(session, deck.key)
    assert (listed.new, listed.changed, listed.undone_epoch_s) == (1, 2, None)
    assert listed.file_name == "deck.yaml"
    undone = imports.undo(session, done.record_id, By(learner, NOW + 5))
    assert (undone.deleted, undone.retired, undone.restored, undone.kept) == (1, 0, 2, ())
    assert decks.export_deck(session, deck.key) == before
    told = session.scalars(select(Notice.body).where(Notice.user_id == other)).all()
    assert {body["new"] for body in told} == {"1801", "1800"}
    assert imports.past_imports(session, deck.key)[0].undone_epoch_s == NOW + 5
    with pytest.raises(AlreadyUndone):
        imports.undo(session, done.record_id, By(learner, NOW + 6))
    with pytest.raises(NotFound):
        imports.undo(session, 999, By(learner, NOW))
    assert differing(session) == []


def test_a_deck_that_came_with_the_import_goes_with_it(
    session: Session, deck: Deck, learner: int
) -> None:
    done = bring(session, learner, replace(deck, key="fresh"))
    undone = imports.undo(session, done.record_id, By(learner, NOW))
    assert (undone.deck_key, undone.deleted) == ("", 26)
    with pytest.raises(NotFound):
        decks.export_deck(session, "fresh")
    assert session.scalar(select(func.count()).select_from(ImportRecord)) == 0


def test_what_was_asked_meanwhile_is_retired_and_keeps_its_answers(
    session: Session, deck: Deck, learner: int
) -> None:
    done = bring(session, learner, changed(deck))
    memory_events.mark_known(session, learner, fact_id(session, "new-fact"), NOW)
    undone = imports.undo(session, done.record_id, By(learner, NOW + 5))
    assert (undone.deleted, undone.retired) == (0, 1)
    after = decks.export_deck(session, deck.key)
    assert after.fact_by_key["new-fact"].status is Status.RETIRED
    assert session.scalar(select(func.count()).where(EntityRow.key == "narvik")) == 1
    assert remembered(session, learner) == 1
    assert differing(session) == []


def test_what_was_edited_since_stays_as_edited(session: Session, deck: Deck, learner: int) -> None:
    done = bring(session, learner, changed(deck))
    edited = decks.export_deck(session, deck.key)
    mine = [
        replace(fact, note="Mine") if fact.key in {"cranes_0", "new-fact"} else fact
        for fact in edited.facts
    ]
    decks.import_deck(session, replace(edited, facts=tuple(mine)), NOW)
    undone = imports.undo(session, done.record_id, By(learner, NOW + 5))
    assert (undone.deleted, undone.restored) == (0, 1)
    assert set(undone.kept) == {"cranes_0", "new-fact"}
    after = decks.export_deck(session, deck.key)
    assert {after.fact_by_key[key].note for key in undone.kept} == {"Mine"}
    assert after.fact_by_key["opened_0"] == deck.fact_by_key["opened_0"]


def test_an_import_of_the_command_line_is_undone_from_the_browser(
    session: Session, deck: Deck, learner: int
) -> None:
    origin = Origin("facts.csv", "table")
    imports.import_deck(session, changed(deck), origin, By(None, NOW))
    (listed,) = imports.past_imports(session, deck.key)
    assert (listed.by, listed.file_name) == ("", "facts.csv")
    imports.undo(session, listed.id, By(learner, NOW))
    assert decks.export_deck(session, deck.key) == deck


LOG = (
    PastReview(1, NOW - 40 * DAY_S, 3, 3, 5000),
    PastReview(2, NOW - 37 * DAY_S, 1, 0, 6000),
    PastReview(3, NOW - 36 * DAY_S, 3, 40, 7000),
)


def learn(session: Session, learner: int, *wanted: Learning) -> dict[str, object]:
    deck_id = decks.deck_id_of(session, "harbours")
    with writing(session):
        prepared = prepare(session, learner, wanted, NOW, Steps())
        return take_in(session, learner, deck_id, prepared, NOW, Steps())


def memory_of(session: Session, learner: int, key: str) -> Memory:
    return session.get_one(Memory, (learner, fact_id(session, key)), populate_existing=True)


@pytest.mark.usefixtures("deck")
def test_reviews_and_memories_from_elsewhere_join_the_log(session: Session, learner: int) -> None:
    due = NOW + 4 * DAY_S
    told = learn(
        session,
        learner,
        Learning("opened_0", LOG, due, 40, 33.25, 6.125),
        Learning("opened_1", LOG[:1], due, 3),
        Learning("opened_2", (), due, 12, is_suspended=True),
        Learning("nowhere", LOG),
    )
    assert (told["reviews"], told["facts"], told["left"]) == (4, 3, 1)
    exact = memory_of(session, learner, "opened_0")
    assert (exact.stability_days, exact.difficulty) == (33.25, 6.125)
    assert (exact.due_epoch_s, exact.reviews, exact.lapses) == (due, 3, 1)
    assert exact.last_review_epoch_s == LOG[-1].at_epoch_s
    replayed = memory_of(session, learner, "opened_1")
    assert (replayed.due_epoch_s, replayed.reviews) == (due, 1)
    assert 1 < replayed.stability_days < 5
    converted = memory_of(session, learner, "opened_2")
    assert (converted.stability_days, converted.state) == (12, 1)
    numbers = session.scalars(select(Review.reviewed_epoch_s).order_by(Review.number)).all()
    assert numbers == sorted(numbers)
    user = session.get_one(User, learner, populate_existing=True)
    assert (user.reviews, user.score) == (4, 0)
    assert differing(session) == []
    assert checking.warnings(session) == []


@pytest.mark.usefixtures("deck")
def test_a_memory_of_ones_own_is_not_overwritten(session: Session, learner: int) -> None:
    memory_events.mark_known(session, learner, fact_id(session, "opened_0"), NOW)
    mine = memory_of(session, learner, "opened_0").stability_days
    told = learn(session, learner, Learning("opened_0", LOG, NOW, 40, 33.25, 6.125))
    assert (told["reviews"], told["left"]) == (0, 1)
    assert memory_of(session, learner, "opened_0").stability_days == mine


@pytest.fixture
def packaged(session: Session, deck: Deck, learner: int) -> bytes:
    """The deck as a package with what the learner knows of two facts."""
    learn(
        session,
        learner,
        Learning("opened_0", LOG, NOW + 4 * DAY_S, 40, 33.25, 6.125),
        Learning("cranes_0", LOG, NOW + 9 * DAY_S, 45, 21.5, 4.25, is_suspended=True),
    )
    return exporting.my_apkg(session, learner, deck.key, NOW)


def test_a_schedule_goes_to_anki_and_comes_back_the_same(
    session: Session, deck: Deck, learner: int, packaged: bytes, new_learner: Callable[..., int]
) -> None:
    other = new_learner()
    looked = importing.look_at(session, other, Upload(packaged, "mine.apkg", deck.key), NOW)
    assert looked.is_package
    page = packages.opened(session, other, looked.token)
    assert (page.facts, page.refused, page.reviews) == (26, 0, 6)
    mapping = {one.id: one.mapping for one in page.types}
    packages.map_fields(session, other, looked.token, mapping, with_learning=True)
    seen = importing.review(session, other, looked.token)
    assert (seen.sections[0].new, seen.sections[0].changed, seen.learning) == ((), (), 2)
    assert not seen.is_empty
    done = importing.apply(session, other, looked.token, NOW)
    for key in ("opened_0", "cranes_0"):
        mine, theirs = (memory_of(session, one, key) for one in (learner, other))
        assert (mine.stability_days, mine.difficulty) == (theirs.stability_days, theirs.difficulty)
        assert (mine.reviews, mine.lapses, mine.state) == (
            theirs.reviews,
            theirs.lapses,
            theirs.state,
        )
        assert abs(mine.due_epoch_s - theirs.due_epoch_s) < DAY_S
    assert differing(session) == []
    imports.undo(session, done.record_id, By(other, NOW + 9))
    assert remembered(session, other) == 0
    assert remembered(session, learner) == 2
    for table in (Review, MemoryEvent):
        counted = select(func.count()).select_from(table).where(table.user_id == other)
        assert session.scalar(counted) == 0
    assert decks.export_deck(session, deck.key) == deck
    assert differing(session) == []


def test_answers_given_after_the_import_outlive_its_undoing(
    session: Session, deck: Deck, packaged: bytes, new_learner: Callable[..., int]
) -> None:
    other = new_learner()
    looked = importing.look_at(session, other, Upload(packaged, "mine.apkg", deck.key), NOW)
    page = packages.opened(session, other, looked.token)
    mapping = {one.id: one.mapping for one in page.types}
    packages.map_fields(session, other, looked.token, mapping, with_learning=True)
    done = importing.apply(session, other, looked.token, NOW)
    memory_events.mark_known(session, other, fact_id(session, "opened_3"), NOW + 5)
    imports.undo(session, done.record_id, By(other, NOW + 9))
    assert remembered(session, other) == 1
    assert memory_of(session, other, "opened_3").stability_days == 365
    assert differing(session) == []


def test_the_package_of_a_deck_without_a_schedule_has_none(
    session: Session, deck: Deck, packaged: bytes
) -> None:
    plain = exporting.export_file(session, deck.key, "apkg", NOW)
    assert read_apkg(plain).reviews == 0
    assert read_apkg(packaged).reviews == 6
