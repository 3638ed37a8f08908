"""Corrections reach those who learned the old answer; replay and the stored memory agree."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.corrections import EditKind
from app.core.facts import Deck, Status
from app.core.memory import MemoryState, Rating, next_state
from app.core.questions.question import Typed
from app.core.values import ValueProblem
from app.models.content import DeckRow, FactCorrection, FactRow
from app.models.database import writing
from app.models.learning import SUSPENDED, Memory, MemoryEvent, Notice
from app.models.people import User
from app.services import answering, facts, ledger, notices, study
from app.services.decks import import_deck
from app.services.drafts import FactDraft
from app.services.facts import Edit
from app.services.sessions import lock_learner, open_session
from tests.services.test_answering import right

NOW = 1_763_900_000
DAY_S = 86_400
KEY = "opened_0"
"""The first fact of the deck: the first that a learner is asked."""


def number_of(session: Session, key: str = KEY) -> int:
    found = session.scalar(select(FactRow.id).where(FactRow.key == key))
    assert found is not None
    return found


def corrected(year: str = "1801", **fields: object) -> Edit:
    whole: dict[str, object] = {
        "value": {"kind": "date", "date": year},
        "subject": "Lisbon",
        "relation": "opened",
    }
    return Edit(None, FactDraft(**whole | fields), NOW + DAY_S, Status.PUBLISHED)  # type: ignore[arg-type]


def save(session: Session, edit: Edit, key: str = KEY) -> int:
    number = number_of(session, key)
    facts.revise(session, number, facts.open_fact(session, number).revision, edit)
    return number


def next_shown(session: Session, learner: int, deck: Deck, now: int) -> answering.ShownPage:
    token = study.next_question(session, learner, study.start(session, learner, deck.key, now), now)
    assert token is not None
    return answering.shown(session, learner, token)


def learn(session: Session, learner: int, deck: Deck, now: int = NOW) -> str:
    page = next_shown(session, learner, deck, now)
    answering.answer(session, learner, page.token, right(page.question), now, 1000)
    return page.question.fact_key


def memory_of(session: Session, learner: int, number: int) -> Memory:
    session.expire_all()
    return session.get_one(Memory, (learner, number))


def agree(session: Session, learner: int) -> None:
    assert ledger.check_learner(session, learner) == []
    before = [vars(row) for row in session.scalars(select(Memory)).all()]
    with writing(session):
        ledger.rebuild(session, learner)
    assert len(session.scalars(select(Memory)).all()) == len(before)
    assert ledger.check_learner(session, learner) == []


def test_a_correction_restarts_the_memory_of_those_who_know_the_fact(
    session: Session, deck: Deck, learner: int, new_learner: Callable[..., int]
) -> None:
    other = new_learner()
    assert learn(session, learner, deck) == KEY
    number = number_of(session)
    before = memory_of(session, learner, number)
    state = MemoryState(before.stability_days, before.difficulty, before.last_review_epoch_s)
    assert before.due_epoch_s > NOW + DAY_S
    save(session, corrected())
    after = memory_of(session, learner, number)
    expected = next_state(state, Rating.AGAIN, NOW + DAY_S, 1)
    assert after.stability_days == pytest.approx(expected.stability_days)
    assert after.difficulty == pytest.approx(expected.difficulty)
    assert after.due_epoch_s == NOW + DAY_S
    assert (after.reviews, after.lapses) == (1, 0)
    kept = session.scalars(select(FactCorrection)).one()
    assert (kept.old, kept.new, kept.revision) == ("1800", "1801", 2)
    assert [one.kind for one in notices.unseen(session, learner)] == ["correction"]
    assert notices.unseen(session, other) == []
    agree(session, learner)


def test_a_suspended_fact_stays_suspended_when_it_is_corrected(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck)
    number = number_of(session)
    with writing(session):
        session.add(
            MemoryEvent(
                user_id=learner,
                change=1,
                fact_id=number,
                kind="suspended",
                after_review=1,
                at_epoch_s=NOW,
                study_day=739_000,
            )
        )
        session.execute(update(Memory).values(state=SUSPENDED))
        session.execute(update(User).where(User.id == learner).values(changes=1))
    agree(session, learner)
    save(session, corrected())
    assert memory_of(session, learner, number).state == SUSPENDED
    agree(session, learner)


def test_the_story_is_told_once_before_the_next_question(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck)
    save(session, corrected())
    later = NOW + DAY_S + 60
    page = next_shown(session, learner, deck, later)
    assert page.question.fact_key == KEY
    (told,) = page.told
    assert (told.body["old"], told.body["new"]) == ("1800", "1801")
    assert told.created_epoch_s == NOW + DAY_S
    assert answering.shown(session, learner, page.token).told == page.told
    assert notices.unseen(session, learner) == []
    answering.answer(session, learner, page.token, Typed("?"), later, 10)
    agree(session, learner)
    again = next_shown(session, learner, deck, later + 3600)
    while again.question.fact_key != KEY:
        answering.answer(session, learner, again.token, right(again.question), later + 3600, 10)
        again = next_shown(session, learner, deck, later + 3600)
    assert again.told == ()


def test_who_read_the_news_still_meets_the_story_before_the_question(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck)
    save(session, corrected())
    notices.mark_seen(session, learner, NOW + DAY_S)
    assert next_shown(session, learner, deck, NOW + DAY_S + 60).told


def test_answers_and_corrections_in_any_order_replay_to_what_is_stored(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck)
    for turn in range(1, 5):
        now = NOW + turn * 3 * DAY_S
        edit = replace(corrected(str(1801 + turn)), at_epoch_s=now)
        save(session, edit)
        if turn != 3:  # twice corrected with no answer between
            learn(session, learner, deck, now - 7 * DAY_S)  # the clock went back
        agree(session, learner)
    assert session.scalar(select(func.count()).select_from(MemoryEvent)) == 4


@pytest.mark.parametrize(
    "fields",
    [
        {"note": "Since then."},
        {"ask": "In which year did the harbour of {subject} open?"},
        {"tags": ("old",)},
    ],
)
def test_an_edit_of_the_wording_moves_nobodys_schedule(
    session: Session, deck: Deck, learner: int, fields: dict[str, object]
) -> None:
    learn(session, learner, deck)
    number = number_of(session)
    before = memory_of(session, learner, number).due_epoch_s
    save(session, corrected("1800", **fields))
    assert memory_of(session, learner, number).due_epoch_s == before
    assert notices.unseen(session, learner) == []


def test_the_curator_decides_what_kind_of_edit_it_is(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck)
    save(session, replace(corrected("1802"), kind=EditKind.WORDING))
    assert notices.unseen(session, learner) == []
    with pytest.raises(ValueProblem) as refused:
        save(session, replace(corrected("1802"), kind=EditKind.CORRECTION))
    assert refused.value.field == "edit_kind"
    edit = corrected("1802", say="The harbour of {subject} first opened in {value}.")
    save(session, replace(edit, kind=EditKind.CORRECTION))
    (told,) = notices.unseen(session, learner)
    assert "first opened" in told.body["new"]


def test_a_draft_that_nobody_knows_needs_no_correction(session: Session, deck: Deck) -> None:
    draft = replace(corrected(), status=Status.DRAFT, kind=EditKind.WORDING)
    save(session, draft)
    save(session, replace(corrected("1850"), kind=EditKind.CORRECTION))
    assert session.scalars(select(FactCorrection)).all() == []
    save(session, corrected("1851"))
    assert len(session.scalars(select(FactCorrection)).all()) == 1
    assert deck.key


def test_a_superseded_fact_retires_and_its_successor_is_asked_first(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner, other = new_learner(new_per_day=1), new_learner(new_per_day=1)
    assert learn(session, learner, deck) == KEY
    edit = replace(corrected("1800"), kind=EditKind.SUPERSEDED, superseded_by="flagship_5")
    number = save(session, edit)
    row = session.get_one(FactRow, number)
    assert (row.status, row.superseded_by_id) == ("retired", number_of(session, "flagship_5"))
    (told,) = notices.unseen(session, learner)
    assert told.kind == "superseded"
    assert "1800" in told.body["old"]
    assert "Gdańsk" in told.body["new"]
    assert study.today(session, learner, deck.key, NOW).new_left == 1
    page = next_shown(session, learner, deck, NOW)  # its one new fact of the day is used up
    assert page.question.fact_key == "flagship_5"
    assert [one.kind for one in page.told] == ["superseded"]
    answering.answer(session, learner, page.token, right(page.question), NOW, 10)
    assert study.today(session, learner, deck.key, NOW).new_left == 0
    agree(session, learner)
    fresh = next_shown(session, other, deck, NOW)
    assert fresh.question.fact_key not in {KEY, "flagship_5"}
    assert fresh.told == ()


def test_superseding_what_nobody_knows_tells_nobody(session: Session, deck: Deck) -> None:
    edit = replace(corrected("1800"), kind=EditKind.SUPERSEDED, superseded_by="flagship_5")
    assert session.get_one(FactRow, save(session, edit)).superseded_by_id is not None
    assert session.scalars(select(Notice)).all() == []
    assert deck.key


def test_a_chain_of_successors_ends_at_the_newest(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck)
    edit = replace(corrected("1800"), kind=EditKind.SUPERSEDED, superseded_by="flagship_5")
    save(session, edit)
    second = FactDraft(
        value={"kind": "entity", "name": "Ship Gdańsk"}, subject="Gdańsk", relation="flagship"
    )
    save(
        session,
        replace(edit, draft=second, superseded_by="flagship_6"),
        "flagship_5",
    )
    assert next_shown(session, learner, deck, NOW).question.fact_key == "flagship_6"
    assert len(notices.news(session, learner)) == 2


def test_a_retired_fact_comes_back_with_its_schedule(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck)
    number = number_of(session)
    before = memory_of(session, learner, number).due_epoch_s
    edit = replace(corrected("1800"), kind=EditKind.SUPERSEDED, superseded_by="flagship_5")
    save(session, edit)
    save(session, corrected("1800"))
    assert session.get_one(FactRow, number).superseded_by_id is None
    assert memory_of(session, learner, number).due_epoch_s == before
    page = next_shown(session, learner, deck, before)
    assert page.question.fact_key == KEY


@pytest.mark.writes_rows
@pytest.mark.parametrize("key", ["", "nothing", KEY, "cost"])
def test_a_successor_is_another_published_fact_of_the_deck(
    session: Session, deck: Deck, key: str
) -> None:
    with writing(session):
        session.execute(update(FactRow).where(FactRow.key == "cost").values(status="draft"))
    with pytest.raises(ValueProblem) as refused:
        save(session, replace(corrected(), kind=EditKind.SUPERSEDED, superseded_by=key))
    assert refused.value.field == "superseded_by"
    assert session.get_one(FactRow, number_of(session)).status == "published"
    assert deck.key


def test_a_guests_corrections_come_along_to_the_account(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    guest, account = new_learner(), new_learner()
    for one in (guest, account):
        learn(session, one, deck)
    save(session, corrected())
    for one in (guest, account):
        learn(session, one, deck, NOW + 2 * DAY_S)
    save(session, replace(corrected("1805"), at_epoch_s=NOW + 3 * DAY_S))
    with writing(session):
        ledger.move_log(session, guest, account)
        ledger.rebuild(session, account)
    assert ledger.check_learner(session, account) == []
    assert session.scalar(select(func.count()).select_from(MemoryEvent)) == 4
    assert len(notices.news(session, account)) == 4


def test_thousands_of_learners_are_told_in_a_few_statements(session: Session, deck: Deck) -> None:
    number = number_of(session)
    many = 3000
    with writing(session):
        people = [
            {"fs_uniquifier": f"u{at}", "created_epoch_s": NOW, "reviews": 1} for at in range(many)
        ]
        session.execute(insert(User), people)
        memories = [
            {
                "user_id": user_id,
                "fact_id": number,
                "deck_id": 1,
                "stability_days": 3.0 + user_id % 50,
                "difficulty": 5.0,
                "last_review_epoch_s": NOW,
                "due_epoch_s": NOW + 9 * DAY_S,
                "reviews": 1,
                "lapses": 0,
                "last_type": "cloze",
                "first_study_day": 739_000,
                "last_study_day": 739_000,
            }
            for user_id in session.scalars(select(User.id))
        ]
        session.execute(insert(Memory), memories)
    sent: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: sent.append(args[2]))
    save(session, corrected())
    assert len(sent) < 60
    told = select(func.count()).select_from(Notice).where(Notice.body["new"].as_string() == "1801")
    assert session.scalar(told) == many
    moved = select(func.count()).select_from(Memory).where(Memory.due_epoch_s == NOW + DAY_S)
    assert session.scalar(moved) == many
    assert deck.key


def test_answers_during_a_correction_come_before_it_or_after_it(
    engine: Engine, deck: Deck, session: Session, new_learner: Callable[..., int]
) -> None:
    people = [new_learner() for _ in range(8)]
    tokens = {}
    for one in people:
        learn(session, one, deck)
        page = next_shown(session, one, deck, NOW + 5 * DAY_S)
        assert page.question.fact_key == KEY
        tokens[one] = page

    def respond(one: int) -> None:
        with Session(engine) as own:
            page = tokens[one]
            answering.answer(own, one, page.token, right(page.question), NOW + 5 * DAY_S, 10)

    def correct(year: int) -> None:
        with Session(engine) as own:
            save(own, corrected(str(year)))

    with ThreadPoolExecutor(9) as pool:
        jobs = [pool.submit(respond, one) for one in people[:4]]
        jobs.append(pool.submit(correct, 1801))
        jobs += [pool.submit(respond, one) for one in people[4:]]
        for job in jobs:
            job.result()
    session.rollback()  # what follows reads what the threads wrote
    for one in people:
        assert ledger.check_learner(session, one) == []
        assert memory_of(session, one, number_of(session)).reviews == 2
        assert len(notices.news(session, one)) == 1
    # An answer that came after the correction, to a question from before it, restarts once more.
    assert 8 <= (session.scalar(select(func.count()).select_from(MemoryEvent)) or 0) <= 16


def test_who_answers_an_old_question_after_the_correction_is_told_too(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner, knowing = new_learner(), new_learner()
    learn(session, knowing, deck)
    open_pages = {
        learner: next_shown(session, learner, deck, NOW),
        knowing: next_shown(session, knowing, deck, NOW + 5 * DAY_S),
    }
    save(session, corrected())
    assert notices.unseen(session, learner) == []
    later = NOW + 5 * DAY_S + 60
    for one, page in open_pages.items():
        assert page.question.fact_key == KEY
        for _ in range(2):  # sent twice, told once
            told = answering.answer(session, one, page.token, right(page.question), later, 10)
            assert told.mark.correct
            assert told.changed_since
        assert memory_of(session, one, number_of(session)).due_epoch_s == later
        agree(session, one)
        again = next_shown(session, one, deck, later + 60)
        assert again.question.fact_key == KEY
        assert [one.body["new"] for one in again.told] == ["1801"]
        assert len(notices.news(session, one)) == 1


def test_an_import_that_changes_an_answer_is_a_correction(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck)
    changed = replace(deck.facts[0], value=deck.facts[3].value)
    reworded = replace(deck.facts[1], note="New words.")
    import_deck(session, replace(deck, facts=(changed, reworded, *deck.facts[2:])), NOW + DAY_S)
    (told,) = notices.unseen(session, learner)
    assert (told.body["old"], told.body["new"]) == ("1800", "1807")
    assert len(session.scalars(select(FactCorrection)).all()) == 1
    agree(session, learner)


def test_a_correction_waits_for_an_answer_in_flight_and_does_not_hold_it_up(
    engine: Engine, deck: Deck, session: Session, learner: int
) -> None:
    learn(session, learner, deck)
    deck_id = session.scalars(select(DeckRow.id)).one()
    session.rollback()

    def correct() -> None:
        with Session(engine) as own:
            save(own, corrected())

    with ThreadPoolExecutor(1) as pool:
        with Session(engine) as answering_now, writing(answering_now):
            lock_learner(answering_now, learner)
            job = pool.submit(correct)
            time.sleep(0.7)
            assert not job.done()
            # The correction holds the deck by now; what only refers to it may still be written.
            open_session(answering_now, learner, deck_id, "study", NOW)
            answering_now.flush()
            one_more = update(User).where(User.id == learner).values(reviews=User.reviews + 1)
            answering_now.execute(one_more)
        job.result()
    # Behind the answer that it waited for.
    assert session.scalars(select(MemoryEvent.after_review)).one() == 2
