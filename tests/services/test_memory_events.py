"""Burying, suspending, resetting, knowing, leeches: all of it survives a rebuild from the log."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck
from app.core.replaying import ChangeKind
from app.models.content import FactRow
from app.models.database import writing
from app.models.learning import SUSPENDED, DailyTotal, HeldFact, Memory, MemoryEvent
from app.services import amendments, answering, ledger, leeches, memory_events, study
from app.services.memory_events import Change
from app.services.sessions import lock_learner
from tests.services.test_amendments import answered, asked_first, clean, snapshot
from tests.services.test_answering import right, wrong

NOW = 1_763_900_000
DAY_S = 86_400


def fact_id_of(session: Session, key: str) -> int:
    return session.scalars(select(FactRow.id).where(FactRow.key == key)).one()


def next_fact(session: Session, learner: int, token: str, now: int) -> str | None:
    shown = study.next_question(session, learner, token, now)
    return answering.shown(session, learner, shown).question.fact_key if shown else None


def rebuilt(session: Session, learner: int) -> object:
    with writing(session):
        lock_learner(session, learner)
        ledger.rebuild(session, learner)
    return snapshot(session, learner)


def test_a_new_fact_can_be_buried_until_tomorrow(
    session: Session, deck: Deck, learner: int
) -> None:
    token = study.start(session, learner, deck.key, NOW)
    first = next_fact(session, learner, token, NOW)
    assert first is not None
    fact_id = fact_id_of(session, first)
    assert memory_events.bury(session, learner, fact_id, NOW) == token
    assert next_fact(session, learner, token, NOW) != first
    assert session.get(HeldFact, (learner, fact_id)) is not None
    assert clean(session, learner)
    later = study.start(session, learner, deck.key, NOW + DAY_S)
    assert next_fact(session, learner, later, NOW + DAY_S) == first


def test_a_suspended_fact_is_not_asked_until_it_is_resumed(
    session: Session, deck: Deck, learner: int
) -> None:
    shown = asked_first(session, deck, learner)
    fact_id = session.scalars(select(Memory.fact_id)).one()
    memory_events.suspend(session, learner, fact_id, NOW + 5)
    far = NOW + 90 * DAY_S
    assert study.today(session, learner, None, far).due == 0
    assert [one.why for one in leeches.set_aside(session, learner, far)[0]] == ["suspended"]
    assert clean(session, learner)
    before = snapshot(session, learner)
    assert rebuilt(session, learner) == before
    memory_events.resume(session, learner, fact_id, far)
    assert study.today(session, learner, None, far).due == 1
    assert clean(session, learner)
    assert answering.feedback(session, learner, shown).mark.correct


def test_a_reset_fact_is_new_again_and_its_log_remains(
    session: Session, deck: Deck, learner: int
) -> None:
    asked_first(session, deck, learner)
    fact_id = session.scalars(select(Memory.fact_id)).one()
    memory_events.reset(session, learner, fact_id, NOW + 5)
    assert session.get(Memory, (learner, fact_id)) is None
    total = session.scalars(select(DailyTotal)).one()
    assert (total.reviews, total.new_facts) == (1, 1)
    assert clean(session, learner)
    asked_first(session, deck, learner)
    assert session.get_one(Memory, (learner, fact_id)).reviews == 1
    assert session.scalars(select(DailyTotal.new_facts)).one() == 2
    assert clean(session, learner)


def test_a_fact_known_already_comes_back_in_about_a_year(
    session: Session, deck: Deck, learner: int
) -> None:
    fact_id = fact_id_of(session, deck.facts[0].key)
    memory_events.mark_known(session, learner, fact_id, NOW)
    memory = session.get_one(Memory, (learner, fact_id))
    assert memory.stability_days == memory_events.KNOWN_DAYS
    assert 330 * DAY_S < memory.due_epoch_s - NOW < 400 * DAY_S
    assert session.scalars(select(DailyTotal)).all() == []
    assert clean(session, learner)
    token = study.start(session, learner, deck.key, NOW)
    assert next_fact(session, learner, token, NOW) != deck.facts[0].key
    due = memory.due_epoch_s + DAY_S
    other = study.start(session, learner, deck.key, due)
    shown = study.next_question(session, learner, other, due)
    assert shown is not None
    question = answering.shown(session, learner, shown).question
    answering.answer(session, learner, shown, right(question), due, 10)
    assert clean(session, learner)


def test_a_corrected_fact_is_learned_again_by_those_who_knew_it(
    session: Session, deck: Deck, learner: int
) -> None:
    asked_first(session, deck, learner)
    known = session.scalars(select(Memory.fact_id)).one()
    strange = fact_id_of(session, deck.facts[-1].key)
    with writing(session):
        learner_row = lock_learner(session, learner)
        for fact_id in (known, strange):
            change = Change(ChangeKind.CORRECTED, due_epoch_s=NOW + 60)
            memory_events.record(session, learner_row, fact_id, change, NOW + 60)
    memory = session.get_one(Memory, (learner, known))
    assert memory.stability_days < 1
    assert memory.due_epoch_s == NOW + 60
    assert session.get(Memory, (learner, strange)) is None
    assert clean(session, learner)


def test_a_leech_is_set_aside_and_told_to_its_curators(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=1)
    wished = study.wishes(session, learner)
    few = wishing(wished, leech_lapses=3)
    study.save_wishes(session, learner, few)
    token = study.start(session, learner, deck.key, NOW)
    at, last = NOW, ""
    for step in range(4):
        shown = study.next_question(session, learner, token, at)
        assert shown is not None
        question = answering.shown(session, learner, shown).question
        answering.answer(session, learner, shown, wrong(question), at, 100)
        assert session.scalars(select(Memory)).one().lapses == step
        at, last = at + 700, shown
    memory = session.scalars(select(Memory)).one()
    assert memory.state == SUSPENDED
    assert [one.why for one in leeches.set_aside(session, learner, at)[0]] == ["leech"]
    assert [(one.fact_id, one.learners) for one in leeches.hard_facts(session, deck.key)] == [
        (memory.fact_id, 1)
    ]
    assert clean(session, learner)
    assert study.today(session, learner, None, at + 90 * DAY_S).due == 0
    amendments.i_was_right(session, learner, last, at)
    assert session.scalars(select(Memory)).one().state != SUSPENDED
    assert clean(session, learner)


def wishing(wished: study.StudyWishes, **changes: int) -> study.StudyWishes:
    return replace(wished, preferences=replace(wished.preferences, **changes))


@pytest.mark.parametrize(("lapses", "caught"), [(7, False), (8, True), (10, False), (12, True)])
def test_a_leech_is_caught_at_its_threshold_and_each_half_after(
    lapses: int,
    caught: bool,  # noqa: FBT001 a row of the table above
) -> None:
    assert leeches.is_leech(lapses, 8) is caught


def test_undoing_an_answer_leaves_what_was_set_aside_before(
    session: Session, deck: Deck, learner: int
) -> None:
    token = study.start(session, learner, deck.key, NOW)
    given = answered(session, learner, token, NOW, set(), 3)
    fact_id = fact_id_of(session, deck.facts[9].key)
    memory_events.suspend(session, learner, fact_id, NOW + 100)
    before = snapshot(session, learner)
    amendments.undo(session, learner, given[2], NOW + 200)
    amendments.as_marked(session, learner, given[2], NOW + 201)
    assert snapshot(session, learner) == before
    assert session.get(HeldFact, (learner, fact_id)) is not None
    assert clean(session, learner)


def test_a_fact_that_does_not_exist_is_not_found(session: Session, learner: int) -> None:
    for change in (
        memory_events.bury,
        memory_events.suspend,
        memory_events.resume,
        memory_events.reset,
        memory_events.mark_known,
    ):
        with pytest.raises(NotFound):
            change(session, learner, 987_654, NOW)


def test_a_studied_fact_put_off_is_listed_and_comes_back_early_as_it_was(
    session: Session, deck: Deck, learner: int
) -> None:
    asked_first(session, deck, learner)
    memory = session.scalars(select(Memory)).one()
    fact_id, due, late = memory.fact_id, memory.due_epoch_s, memory.due_epoch_s + 5
    memory_events.bury(session, learner, fact_id, late)
    assert study.today(session, learner, None, late).due == 0
    ([listed], _) = leeches.set_aside(session, learner, late)
    assert (listed.fact_id, listed.why) == (fact_id, "buried")
    assert listed.until_epoch_s is not None
    assert leeches.set_aside(session, learner, listed.until_epoch_s) == ([], 0)
    memory_events.resume(session, learner, fact_id, late + 60)
    assert session.scalars(select(Memory.due_epoch_s)).one() == due
    assert study.today(session, learner, None, late + 60).due == 1
    assert leeches.set_aside(session, learner, late + 60) == ([], 0)
    assert clean(session, learner)
    before = snapshot(session, learner)
    assert rebuilt(session, learner) == before


def test_not_today_brings_no_fact_nearer_and_is_meant_for_missed_ones_too(
    session: Session, deck: Deck, learner: int
) -> None:
    asked_first(session, deck, learner)
    memory = session.scalars(select(Memory)).one()
    with writing(session):
        memory.due_epoch_s = far = NOW + 30 * DAY_S
    # The row alone was moved, so only the event is looked at here.
    memory_events.bury(session, learner, memory.fact_id, NOW + 5)
    kept = select(MemoryEvent.due_epoch_s).where(MemoryEvent.kind == "buried")
    assert session.scalars(kept).one() == far


def test_a_missed_fact_that_is_put_off_is_not_asked_again_today(
    session: Session, deck: Deck, learner: int
) -> None:
    token = study.start(session, learner, deck.key, NOW)
    shown = study.next_question(session, learner, token, NOW)
    assert shown is not None
    question = answering.shown(session, learner, shown).question
    answering.answer(session, learner, shown, wrong(question), NOW, 100)
    fact_id = fact_id_of(session, question.fact_key)
    memory_events.bury(session, learner, fact_id, NOW + 5)
    asked = []
    for _ in range(12):
        following = study.next_question(session, learner, token, NOW + 9)
        if following is None:
            break
        page = answering.shown(session, learner, following)
        asked.append(page.fact_id)
        answering.answer(session, learner, following, right(page.question), NOW + 9, 100)
    assert len(asked) == 9
    assert fact_id not in asked


def test_of_very_many_facts_set_aside_some_are_shown_and_all_are_counted(
    session: Session, deck: Deck, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leeches, "MOST_SHOWN", 3)
    facts = session.scalars(select(FactRow.id).order_by(FactRow.id).limit(5)).all()
    for fact_id in facts:
        memory_events.suspend(session, learner, fact_id, NOW)
    shown, count = leeches.set_aside(session, learner, NOW + 1)
    assert (len(shown), count) == (3, 5)
    assert [one.fact_id for one in shown] == list(facts[:3])
    assert {(one.deck_key, one.deck_title, one.why) for one in shown} == {
        (deck.key, deck.title, "suspended")
    }
    assert all(one.statement for one in shown)
