"""Studying without a network: what is taken along, and what becomes of answers that come late."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Status
from app.core.memory import retrievability
from app.core.planning import study_day
from app.core.questions import Question, QuestionType
from app.core.questions.codec import dump_question
from app.core.replaying import Answered, in_order
from app.interchange.deck_file import read_deck
from app.models.content import FactRow
from app.models.database import writing
from app.models.learning import (
    SUSPENDED,
    DailyTotal,
    LearningSession,
    Memory,
    MemoryEvent,
    Notice,
    Review,
    ShownQuestion,
)
from app.models.people import User
from app.services import (
    amendments,
    answering,
    checking,
    decks,
    ledger,
    memory_events,
    offline,
    quiz,
    study,
)
from app.services.answering import LateAnswer
from app.services.offline import OLDEST_ANSWER_DAYS, QUESTIONS, TakenAlong
from app.services.sessions import lock_learner
from tests.services.test_answering import right, wrong
from tests.services.test_corrections import corrected, number_of, save

NOW = 1_763_900_000
HOUR_S, DAY_S = 3_600, 86_400
UTC = ZoneInfo("UTC")
PLANETS = Path(__file__).parents[2] / "seed_data" / "planets.yaml"


@pytest.fixture
def begun(session: Session, deck: Deck, learner: int) -> int:
    """A learner who has begun the deck of harbours."""
    study.start(session, learner, deck.key, NOW)
    return learner


def packed(
    session: Session, learner: int, now: int, held: tuple[str, ...] = ()
) -> list[TakenAlong]:
    return list(offline.pack(session, learner, held, now).questions)


def one_about(session: Session, learner: int, fact_id: int, now: int) -> TakenAlong:
    """What another device takes along about a fact."""
    return next(one for one in packed(session, learner, now) if one.fact_id == fact_id)


def late(taken: TakenAlong, at: int, response: Callable[..., object] = right) -> LateAnswer:
    return LateAnswer(response(taken.question), at, 1_000)  # type: ignore[arg-type]


def is_clean(session: Session, learner: int) -> bool:
    session.expire_all()
    found = ledger.check_learner(session, learner) + checking.warnings(session)
    assert found == []
    return not found


def standing(session: Session, learner: int) -> object:
    """What follows from the log whatever order it arrived in; due dates are drawn by number."""
    session.expire_all()
    memories = session.scalars(select(Memory).where(Memory.user_id == learner))
    days = session.scalars(select(DailyTotal).where(DailyTotal.user_id == learner))
    return (
        {
            one.fact_id: (
                round(one.stability_days, 6),
                round(one.difficulty, 6),
                one.last_review_epoch_s,
                one.reviews,
                one.lapses,
                one.last_type,
                one.first_study_day,
                one.last_study_day,
            )
            for one in memories
        },
        {one.study_day: ledger.tally_of(one) for one in days},
        session.get_one(User, learner).score,
    )


def test_nothing_is_taken_along_of_decks_that_were_never_begun(
    session: Session,
    deck: Deck,  # noqa: ARG001 it is there to be begun
    learner: int,
) -> None:
    assert packed(session, learner, NOW) == []
    assert session.scalar(select(func.count()).select_from(LearningSession)) == 0


def test_new_facts_are_taken_along_within_the_days_limit(session: Session, begun: int) -> None:
    taken = packed(session, begun, NOW)
    assert len(taken) == 10
    assert len({one.fact_id for one in taken}) == 10
    assert {(one.deck_title, one.language, one.due_epoch_s) for one in taken} == {
        ("Harbours", "en", None)
    }
    owners = session.scalars(select(LearningSession).where(LearningSession.is_offline)).all()
    assert len(owners) == 1


def test_due_facts_come_first_and_those_due_soon_last(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=2)
    token = study.start(session, learner, deck.key, NOW)
    for at in range(2):
        shown = study.next_question(session, learner, token, NOW + at)
        assert shown is not None
        question = answering.shown(session, learner, shown).question
        response = wrong(question) if at else right(question)
        answering.answer(session, learner, shown, response, NOW + at, 1_000)
    taken = packed(session, learner, NOW + HOUR_S)
    missed = session.scalar(
        select(Memory.fact_id).where(Memory.lapses == 0, Memory.due_epoch_s < NOW + HOUR_S)
    )
    assert taken[0].fact_id == missed
    assert all(one.due_epoch_s is not None and one.due_epoch_s > NOW + HOUR_S for one in taken[1:])
    tomorrow = packed(session, learner, NOW + DAY_S)
    assert [one.due_epoch_s is None for one in tomorrow].count(True) == 2


def test_fifty_questions_at_most_and_paused_learners_take_none(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=500)
    study.start(session, learner, deck.key, NOW)
    assert len(packed(session, learner, NOW)) <= min(QUESTIONS, len(deck.facts))
    study.pause(session, learner, NOW)
    assert packed(session, learner, NOW) == []


def test_fifty_questions_are_there_where_a_deck_has_them(
    session: Session, new_learner: Callable[..., int]
) -> None:
    """Also on a second device, and when the first asks again it holds them already."""
    decks.import_deck(session, read_deck(PLANETS.read_text(encoding="utf-8")), NOW)
    learner = new_learner(new_per_day=500)
    study.start(session, learner, "planets", NOW)
    taken = packed(session, learner, NOW)
    assert len({one.fact_id for one in taken}) == len(taken) == QUESTIONS
    again = offline.pack(session, learner, [one.token for one in taken], NOW + HOUR_S)
    assert (len(again.order), again.questions) == (QUESTIONS, ())
    assert len(packed(session, learner, NOW + HOUR_S)) == QUESTIONS


def test_what_a_device_holds_stays_and_nothing_is_put_up_twice_for_it(
    session: Session, begun: int
) -> None:
    first = packed(session, begun, NOW)
    held = tuple(one.token for one in first)
    again = offline.pack(session, begun, held, NOW + 60)
    assert again.order == held
    assert again.questions == ()


def test_what_a_device_holds_is_replaced_when_its_fact_has_changed_or_been_answered(
    session: Session, begun: int
) -> None:
    first = packed(session, begun, NOW)
    edited = next(one.fact_id for one in first if one.fact_id == number_of(session))
    save(session, corrected())
    done = next(one for one in first if one.fact_id != edited)
    offline.answer(session, begun, done.token, late(done, NOW + 60), NOW + 60)
    again = offline.pack(session, begun, [one.token for one in first], NOW + 120)
    new = {one.token for one in again.questions}
    assert set(again.order) - new == {
        one.token for one in first if one.fact_id not in {edited, done.fact_id}
    }
    assert edited in {one.fact_id for one in again.questions}
    assert done.fact_id not in {one.fact_id for one in again.questions if one.due_epoch_s is None}


def test_a_pack_for_another_device_has_questions_of_its_own(session: Session, begun: int) -> None:
    one, other = packed(session, begun, NOW), packed(session, begun, NOW)
    assert {a.token for a in one}.isdisjoint(b.token for b in other)
    assert {a.fact_id for a in one} == {b.fact_id for b in other}
    sessions = session.scalar(select(func.count()).where(LearningSession.is_offline))
    assert sessions == 1


def test_questions_that_lie_on_devices_are_bounded(
    session: Session, begun: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "MOST_OPEN", 15)
    kept = [packed(session, begun, NOW + at) for at in range(3)]
    open_tokens = set(session.scalars(select(ShownQuestion.token)))
    assert len(open_tokens) == 15
    assert {one.token for one in kept[-1]} <= open_tokens
    later = NOW + (OLDEST_ANSWER_DAYS + 1) * DAY_S
    packed(session, begun, later)
    assert set(session.scalars(select(ShownQuestion.token))).isdisjoint(open_tokens)


def test_a_late_answer_counts_for_when_it_was_given(session: Session, begun: int) -> None:
    taken = packed(session, begun, NOW)[0]
    answered, arrives = NOW + 5 * HOUR_S, NOW + 3 * DAY_S
    came = offline.answer(session, begun, taken.token, late(taken, answered), arrives)
    assert came.counted
    memory = session.scalars(select(Memory)).one()
    assert memory.last_review_epoch_s == answered
    day = session.scalars(select(DailyTotal)).one()
    assert day.study_day == study_day(answered, UTC)
    assert (day.reviews, day.new_facts) == (1, 1)
    assert is_clean(session, begun)
    assert answering.feedback(session, begun, taken.token).shown.answered


def test_a_late_answer_sent_again_is_counted_once(session: Session, begun: int) -> None:
    taken = packed(session, begun, NOW)[0]
    given = late(taken, NOW + 60)
    first = offline.answer(session, begun, taken.token, given, NOW + DAY_S)
    again = offline.answer(
        session, begun, taken.token, late(taken, NOW + 90, wrong), NOW + 2 * DAY_S
    )
    assert (first.counted, again.counted) == (True, False)
    assert first.credit == again.credit
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert is_clean(session, begun)


def test_a_question_answered_otherwise_on_two_devices_has_two_answers(
    session: Session, deck: Deck, begun: int
) -> None:
    """Both went on with one study session; one of them lost its network in the middle of it."""
    token = study.start(session, begun, deck.key, NOW)
    shown = study.next_question(session, begun, token, NOW)
    assert shown is not None
    question = answering.shown(session, begun, shown).question
    here, there = (NOW + 60, wrong(question)), (NOW + HOUR_S, right(question))
    answering.answer(session, begun, shown, there[1], there[0], 900)
    given = LateAnswer(here[1], here[0], 900)
    came = offline.answer(session, begun, shown, given, NOW + DAY_S)
    again = offline.answer(session, begun, shown, given, NOW + 2 * DAY_S)
    assert (came.counted, again.counted) == (True, False)
    assert came.token == again.token != shown
    same = offline.answer(session, begun, shown, LateAnswer(there[1], NOW, 900), NOW + DAY_S)
    assert (same.counted, same.token) == (False, shown)
    kept = session.execute(select(Review.reviewed_epoch_s, Review.credit).order_by(Review.number))
    assert [tuple(one) for one in kept] == [(there[0], 1), (here[0], 0)]
    memory = session.scalars(select(Memory)).one()
    assert (memory.reviews, memory.last_review_epoch_s) == (2, there[0])
    assert answering.feedback(session, begun, came.token).response == here[1]
    assert is_clean(session, begun)


def test_thirty_two_copies_of_a_late_answer_at_once_are_one_review(
    engine: Engine, session: Session, begun: int
) -> None:
    taken = packed(session, begun, NOW)[0]
    given = late(taken, NOW + 60)

    def send(_: int) -> offline.Arrived:
        with Session(engine) as own:
            return offline.answer(own, begun, taken.token, given, NOW + DAY_S)

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(send, range(32)))
    assert sum(one.counted for one in came) == 1
    assert len({one.credit for one in came}) == 1
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert is_clean(session, begun)


@pytest.mark.parametrize(
    ("told", "counts"),
    [(NOW - 40 * DAY_S, NOW), (NOW + 40 * DAY_S, NOW + DAY_S), (-5, NOW), (2**62, NOW + DAY_S)],
)
def test_a_devices_clock_is_believed_between_showing_and_arriving(
    session: Session, begun: int, told: int, counts: int
) -> None:
    taken = packed(session, begun, NOW)[0]
    offline.answer(session, begun, taken.token, late(taken, told), NOW + DAY_S)
    assert session.scalars(select(Review.reviewed_epoch_s)).one() == counts
    assert is_clean(session, begun)


def test_an_answer_of_long_ago_is_refused(session: Session, begun: int) -> None:
    taken = packed(session, begun, NOW)[0]
    arrives = NOW + (OLDEST_ANSWER_DAYS + 2) * DAY_S
    with pytest.raises(offline.TooOld):
        offline.answer(session, begun, taken.token, late(taken, NOW + 60), arrives)
    assert session.scalar(select(func.count()).select_from(Review)) == 0


def test_another_learners_question_takes_no_answer(
    session: Session, begun: int, new_learner: Callable[..., int]
) -> None:
    taken = packed(session, begun, NOW)[0]
    with pytest.raises(NotFound):
        offline.answer(session, new_learner(), taken.token, late(taken, NOW), NOW)


GIVEN = (
    (1 * HOUR_S, right),
    (30 * HOUR_S, wrong),
    (31 * HOUR_S, right),
    (4 * DAY_S, right),
)
"""Answers about one fact on four devices: when, after NOW, and how."""


@pytest.mark.parametrize("arrival", list(permutations(range(4)))[::3])
def test_in_whatever_order_answers_arrive_they_count_in_the_order_in_which_they_were_given(
    session: Session,
    deck: Deck,
    new_learner: Callable[..., int],
    arrival: tuple[int, ...],
) -> None:
    outcomes, asked = [], None
    for order in (range(4), arrival):
        learner = new_learner()
        study.start(session, learner, deck.key, NOW)
        fact = session.scalars(select(FactRow.id).order_by(FactRow.position)).first()
        assert fact is not None
        devices = [one_about(session, learner, fact, NOW) for _ in GIVEN]
        asked = asked or devices[0].question
        devices = [with_question(session, learner, one, asked) for one in devices]
        for which in order:
            after, how = GIVEN[which]
            taken = devices[which]
            came = offline.answer(
                session, learner, taken.token, late(taken, NOW + after, how), NOW + 9 * DAY_S
            )
            assert came.counted
            assert is_clean(session, learner)
        outcomes.append(standing(session, learner))
    assert outcomes[0] == outcomes[1]


def with_question(
    session: Session, learner: int, taken: TakenAlong, question: Question
) -> TakenAlong:
    """Give a device the same question as others, under its own token."""
    with writing(session):
        session.get_one(ShownQuestion, (learner, taken.token)).body = dump_question(question)
    return replace(taken, question=question)


def test_an_answer_on_another_device_and_a_late_one_from_before_both_count(
    session: Session, deck: Deck, begun: int
) -> None:
    """The late answer was given first: the fact was new then, and known to the other device."""
    taken = one_about(session, begun, number_of(session), NOW)
    token = study.start(session, begun, deck.key, NOW)
    shown = study.next_question(session, begun, token, NOW)
    assert shown is not None
    page = answering.shown(session, begun, shown)
    assert page.fact_id == taken.fact_id
    online_at = NOW + 2 * DAY_S
    answering.answer(session, begun, shown, right(page.question), online_at, 900)
    before = session.get_one(Memory, (begun, taken.fact_id)).stability_days
    offline.answer(session, begun, taken.token, late(taken, NOW + HOUR_S), NOW + 3 * DAY_S)
    assert is_clean(session, begun)
    memory = session.get_one(Memory, (begun, taken.fact_id))
    assert memory.reviews == 2
    assert memory.last_review_epoch_s == online_at
    assert memory.first_study_day == study_day(NOW + HOUR_S, UTC)
    assert memory.stability_days > before
    assert memory.due_epoch_s > online_at + DAY_S
    days = {one.study_day: one for one in session.scalars(select(DailyTotal))}
    first, second = (days[study_day(at, UTC)] for at in (NOW + HOUR_S, online_at))
    assert (first.new_facts, first.due_facts) == (1, 0)
    assert (second.new_facts, second.due_facts, second.passed) == (0, 1, 1)
    reviews = session.scalars(select(Review).order_by(Review.number)).all()
    assert [one.reviewed_epoch_s for one in reviews] == [online_at, NOW + HOUR_S]
    assert reviews[1].predicted is None


def test_a_late_answer_says_what_was_predicted_before_it(session: Session, begun: int) -> None:
    devices = [one_about(session, begun, number_of(session), NOW) for _ in range(3)]
    given = (NOW, NOW + 9 * DAY_S, NOW + 4 * DAY_S)
    for taken, at in zip(devices, given, strict=True):
        offline.answer(session, begun, taken.token, late(taken, at), NOW + 10 * DAY_S)
    first, _, between = session.scalars(select(Review).order_by(Review.number)).all()
    assert first.stability_days is not None
    assert between.predicted == pytest.approx(retrievability(first.stability_days, 4))
    assert is_clean(session, begun)


def test_undoing_what_a_late_answer_has_moved_gives_back_what_was_before(
    session: Session, begun: int
) -> None:
    early, later = (one_about(session, begun, number_of(session), NOW) for _ in range(2))
    arrives = NOW + 3 * DAY_S
    offline.answer(session, begun, later.token, late(later, NOW + 2 * DAY_S), arrives)
    due = session.get_one(Memory, (begun, later.fact_id)).due_epoch_s
    alone = standing(session, begun)
    offline.answer(session, begun, early.token, late(early, NOW + 60, wrong), arrives)
    assert standing(session, begun) != alone
    amendments.undo(session, begun, early.token, arrives + 60)
    assert standing(session, begun) == alone
    assert session.get_one(Memory, (begun, later.fact_id)).due_epoch_s == due
    assert is_clean(session, begun)
    amendments.as_marked(session, begun, early.token, arrives + 90)
    amendments.undo(session, begun, later.token, arrives + 120)
    memory = session.get_one(Memory, (begun, later.fact_id))
    assert memory.last_review_epoch_s == NOW + 60
    assert is_clean(session, begun)


def test_an_undone_answer_keeps_its_place_for_late_ones(session: Session, begun: int) -> None:
    first, second, third = (one_about(session, begun, number_of(session), NOW) for _ in range(3))
    arrives = NOW + 3 * DAY_S
    offline.answer(session, begun, second.token, late(second, NOW + DAY_S, wrong), arrives)
    amendments.undo(session, begun, second.token, arrives + 1)
    offline.answer(session, begun, third.token, late(third, NOW + 2 * DAY_S), arrives + 2)
    offline.answer(session, begun, first.token, late(first, NOW + 60), arrives + 3)
    amendments.as_marked(session, begun, second.token, arrives + 4)
    assert is_clean(session, begun)
    events = ledger.events_of(session, begun, first.fact_id)[first.fact_id]
    answers = [one.at_epoch_s for one in in_order(events) if isinstance(one, Answered)]
    assert answers == [NOW + 60, NOW + DAY_S, NOW + 2 * DAY_S]


def test_what_is_set_aside_elsewhere_can_still_be_answered_here(
    session: Session, begun: int
) -> None:
    taken = one_about(session, begun, number_of(session), NOW)
    memory_events.suspend(session, begun, taken.fact_id, NOW + 2 * HOUR_S)
    offline.answer(session, begun, taken.token, late(taken, NOW + HOUR_S), NOW + DAY_S)
    memory = session.get_one(Memory, (begun, taken.fact_id))
    assert (memory.reviews, memory.state) == (1, SUSPENDED)
    assert is_clean(session, begun)


def test_a_late_lapse_can_make_a_leech_and_undoing_it_takes_that_back(
    session: Session, begun: int
) -> None:
    fact = number_of(session)
    devices = [one_about(session, begun, fact, NOW) for _ in range(11)]
    for day, taken in enumerate(devices[:-2]):
        how = wrong if 0 < day < 8 else right
        given = late(taken, NOW + day * DAY_S, how)
        offline.answer(session, begun, taken.token, given, NOW + 20 * DAY_S)
    assert session.get_one(Memory, (begun, fact)).lapses == 7
    last = devices[-1]
    given = late(last, NOW + 7 * DAY_S + HOUR_S, wrong)
    offline.answer(session, begun, last.token, given, NOW + 20 * DAY_S)
    memory = session.get_one(Memory, (begun, fact))
    assert (memory.lapses, memory.state) == (8, SUSPENDED)
    assert is_clean(session, begun)
    amendments.undo(session, begun, last.token, NOW + 20 * DAY_S)
    assert session.get_one(Memory, (begun, fact)).state != SUSPENDED
    assert is_clean(session, begun)


def corrections_of(session: Session, learner: int) -> tuple[int, int]:
    session.expire_all()
    events = select(func.count()).where(MemoryEvent.kind == "corrected")
    notices = select(func.count()).where(Notice.user_id == learner)
    return session.scalar(events) or 0, session.scalar(notices) or 0


@pytest.mark.parametrize("hours", [1, 30])
def test_an_old_question_answered_before_or_after_its_correction_is_corrected_once(
    session: Session, begun: int, hours: int
) -> None:
    """The correction of this test comes after 24 hours; the fact had been learned before."""
    first, taken = (one_about(session, begun, number_of(session), NOW) for _ in range(2))
    offline.answer(session, begun, first.token, late(first, NOW), NOW)
    save(session, corrected())
    arrives = NOW + 3 * DAY_S
    offline.answer(session, begun, taken.token, late(taken, NOW + hours * HOUR_S), arrives)
    restarts, notices = corrections_of(session, begun)
    assert (restarts, notices) == (1 if hours == 1 else 2, 1)
    told = answering.feedback(session, begun, taken.token)
    assert told.mark.correct
    assert told.changed_since
    assert is_clean(session, begun)


def test_a_retired_fact_is_still_marked_as_it_was_shown(session: Session, begun: int) -> None:
    taken = one_about(session, begun, number_of(session), NOW)
    save(session, replace(corrected("1800"), status=Status.RETIRED))
    came = offline.answer(session, begun, taken.token, late(taken, NOW + 60), NOW + 2 * DAY_S)
    assert came.credit == 1
    assert is_clean(session, begun)


def test_an_answer_to_an_open_quiz_question_arrives_as_well(
    session: Session, deck: Deck, learner: int
) -> None:
    token = quiz.start(session, learner, deck.key, 1, [QuestionType.CLOZE], NOW)
    shown = quiz.next_question(session, learner, token, NOW)
    assert shown is not None
    question = answering.shown(session, learner, shown).question
    given = LateAnswer(right(question), NOW + 60, 900)
    assert offline.answer(session, learner, shown, given, NOW + DAY_S).counted
    assert quiz.result(session, learner, token).finished
    assert session.scalars(select(Memory)).all() == []
    assert is_clean(session, learner)


def test_what_a_guest_answered_offline_stands_in_its_place_in_the_account(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    account, guest = new_learner(), new_learner()
    for one in (account, guest):
        study.start(session, one, deck.key, NOW)
    mine = one_about(session, account, number_of(session), NOW)
    offline.answer(session, account, mine.token, late(mine, NOW + 60), NOW + 120)
    early, later = (one_about(session, guest, number_of(session), NOW) for _ in range(2))
    arrives = NOW + 3 * DAY_S
    offline.answer(session, guest, later.token, late(later, NOW + 2 * DAY_S), arrives)
    offline.answer(session, guest, early.token, late(early, NOW + DAY_S, wrong), arrives)
    with writing(session):
        for one in (account, guest):
            lock_learner(session, one)
        ledger.move_log(session, guest, account)
        ledger.rebuild(session, account)
    assert is_clean(session, account)
    events = ledger.events_of(session, account, mine.fact_id)[mine.fact_id]
    answers = [one.at_epoch_s for one in in_order(events) if isinstance(one, Answered)]
    assert answers == [NOW + 60, NOW + DAY_S, NOW + 2 * DAY_S]
