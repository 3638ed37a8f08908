"""The day's limits, the order of what is due, backlogs, pauses, going ahead, dates, clocks."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.core.memory import retrievability
from app.core.planning import NewOrder, study_day
from app.core.questions.codec import load_question
from app.core.questions.telling import told_by
from app.models.database import writing
from app.models.learning import Memory, Review, ShownQuestion
from app.models.people import User
from app.services import answering, checking, ledger, study
from app.services.sessions import learner_of
from tests.services.test_amendments import clean
from tests.services.test_answering import right, wrong
from tests.services.test_memory_events import rebuilt, snapshot, wishing
from tests.services.test_study import facts_apart, work

NOW = 1_763_900_000
DAY_S = 86_400


def learned(session: Session, learner: int, deck: Deck, at: int = NOW) -> list[str]:
    """Study a whole deck once."""
    return work(session, learner, study.start(session, learner, deck.key, at), at, set())


def test_no_more_due_facts_are_asked_a_day_than_the_learner_wants(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=8), facts_apart(session)
    learned(session, learner, deck)
    study.save_wishes(session, learner, wishing(study.wishes(session, learner), reviews_per_day=3))
    later = NOW + 60 * DAY_S
    today = study.today(session, learner, None, later)
    assert (today.due, today.backlog) == (3, 5)
    token = study.start(session, learner, deck.key, later)
    asked = work(session, learner, token, later, {2})
    assert len(set(asked)) == 3
    assert len(asked) == 4
    after = study.today(session, learner, None, later + 60)
    assert (after.due, after.backlog, after.later_today) == (0, 5, 0)
    assert study.today(session, learner, None, later + DAY_S).due == 3


def test_the_facts_that_are_best_saved_are_asked_first(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=8), facts_apart(session)
    learned(session, learner, deck)
    later = NOW + 90 * DAY_S
    with writing(session):
        for at, memory in enumerate(session.scalars(select(Memory).order_by(Memory.fact_id))):
            memory.stability_days = 3.0 + (at * 5) % 8
    recalls = {
        memory.fact_id: retrievability(memory.stability_days, 90)
        for memory in session.scalars(select(Memory))
    }
    token = study.start(session, learner, deck.key, later)
    work(session, learner, token, later, set())
    asked = session.scalars(
        select(Review.fact_id).where(Review.session_token == token).order_by(Review.number)
    ).all()
    told = [recalls[fact_id] for fact_id in asked]
    assert told == sorted(told, reverse=True)
    assert len(set(told)) > 3


def test_new_facts_can_come_mixed_and_always_in_the_same_way(
    session: Session, new_learner: Callable[..., int]
) -> None:
    deck = facts_apart(session)
    orders = []
    for _ in range(3):
        learner = new_learner(new_per_day=8)
        wished = study.wishes(session, learner)
        mixed = replace(wished, preferences=replace(wished.preferences, new_order=NewOrder.MIXED))
        study.save_wishes(session, learner, mixed)
        orders.append(tuple(learned(session, learner, deck)))
    keys = tuple(fact.key for fact in deck.facts)
    assert all(sorted(order) == sorted(keys) for order in orders)
    assert len({keys, *orders}) == 4


def test_no_question_of_a_session_comes_after_one_that_has_told_its_answer(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    """But for a few at the end, when nothing else is left to ask."""
    learner = new_learner(new_per_day=26)
    token = study.start(session, learner, deck.key, NOW)
    work(session, learner, token, NOW, set())
    bodies = session.scalars(
        select(ShownQuestion.body)
        .where(ShownQuestion.session_token == token)
        .order_by(ShownQuestion.position)
    ).all()
    assert len(bodies) == 26
    badly = [
        position
        for position, body in enumerate(bodies)
        if told_by(bodies[:position]).tells(load_question(body))
    ]
    assert all(position > 20 for position in badly), badly


def test_a_fact_comes_once_a_session_unless_it_was_missed(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=20)
    token = study.start(session, learner, deck.key, NOW)
    asked = Counter(work(session, learner, token, NOW, {2, 5}))
    assert sorted(asked.values())[-3:] == [1, 2, 2]


def test_a_backlog_is_spread_over_the_coming_days_and_nothing_is_forgotten_of_it(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=8), facts_apart(session)
    learned(session, learner, deck)
    study.save_wishes(session, learner, wishing(study.wishes(session, learner), reviews_per_day=3))
    later = NOW + 60 * DAY_S
    before = {one.fact_id: one.stability_days for one in session.scalars(select(Memory))}
    assert study.reschedule(session, learner, later) == 5
    who = learner_of(session, learner)
    days = Counter(
        max(0, who.day(one.due_epoch_s) - who.day(later)) for one in session.scalars(select(Memory))
    )
    assert days == {0: 3, 1: 3, 2: 2}
    assert study.today(session, learner, None, later).backlog == 0
    assert {one.fact_id: one.stability_days for one in session.scalars(select(Memory))} == before
    assert clean(session, learner)
    stored = snapshot(session, learner)
    assert rebuilt(session, learner) == stored
    assert study.reschedule(session, learner, later) == 0


def test_a_pause_asks_nothing_and_coming_back_brings_no_pile(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=8), facts_apart(session)
    learned(session, learner, deck)
    study.save_wishes(session, learner, wishing(study.wishes(session, learner), reviews_per_day=2))
    begun = study.start(session, learner, deck.key, NOW + 9 * DAY_S)
    for _ in range(2):
        study.pause(session, learner, NOW + 9 * DAY_S)
    assert study.next_question(session, learner, begun, NOW + 9 * DAY_S) is None
    later = NOW + 60 * DAY_S
    today = study.today(session, learner, None, later)
    assert (today.due, today.new_left, today.paused) == (0, 0, True)
    with pytest.raises(study.Paused):
        study.start(session, learner, deck.key, later)
    assert study.come_back(session, learner, later) == 6
    assert study.come_back(session, learner, later) == 0
    after = study.today(session, learner, None, later)
    assert (after.due, after.backlog, after.paused) == (2, 0, False)
    assert clean(session, learner)


def test_studying_ahead_asks_what_is_due_soon_whatever_the_limit(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=8), facts_apart(session)
    learned(session, learner, deck)
    study.save_wishes(session, learner, wishing(study.wishes(session, learner), reviews_per_day=0))
    tomorrow = NOW + DAY_S
    token = study.start(session, learner, deck.key, tomorrow)
    assert study.next_question(session, learner, token, tomorrow) is None
    ahead = study.start(session, learner, deck.key, tomorrow, ahead_days=30)
    asked = work(session, learner, ahead, tomorrow, set())
    assert sorted(asked) == sorted(fact.key for fact in deck.facts)
    again = study.start(session, learner, deck.key, tomorrow, ahead_days=30)
    assert study.next_question(session, learner, again, tomorrow) is None
    assert clean(session, learner)


def test_before_a_date_facts_come_back_in_time(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=8), facts_apart(session)
    at = NOW
    learned(session, learner, deck)
    target = learner_of(session, learner).day(NOW) + 30
    study.save_deck_wishes(session, learner, deck.key, (None, target), NOW)
    for _ in range(40):
        token = study.start(session, learner, deck.key, at)
        work(session, learner, token, at, set())
        at += DAY_S
        if learner_of(session, learner).day(at) == target:
            break
    recalls = [
        retrievability(one.stability_days, target - one.last_study_day)
        for one in session.scalars(select(Memory))
    ]
    assert min(recalls) > 0.95
    with pytest.raises(study.NotPossible):
        study.save_deck_wishes(session, learner, deck.key, (0.99, None), NOW)


def test_a_day_that_has_passed_is_refused_but_may_stay_when_it_passes(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(), facts_apart(session)
    today = learner_of(session, learner).day(NOW)
    for gone in (today - 1, 1):
        with pytest.raises(study.DayIsOver, match="has passed"):
            study.save_deck_wishes(session, learner, deck.key, (0.9, gone), NOW)
    assert study.deck_wishes(session, learner, deck.key, NOW).target_day is None
    study.save_deck_wishes(session, learner, deck.key, (None, today), NOW)
    assert not study.deck_wishes(session, learner, deck.key, NOW).is_over
    later = NOW + 2 * DAY_S
    assert study.deck_wishes(session, learner, deck.key, later).is_over
    study.save_deck_wishes(session, learner, deck.key, (0.8, today), later)
    kept = study.deck_wishes(session, learner, deck.key, later)
    assert (kept.desired_retention, kept.target_day) == (0.8, today)


def test_a_date_set_late_moves_what_would_fade_before_it_and_spreads_it(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=8), facts_apart(session)
    learned(session, learner, deck)
    for days in (3, 12):
        at = NOW + days * DAY_S
        work(session, learner, study.start(session, learner, deck.key, at, 99), at, set())
    today = learner_of(session, learner).day(NOW + 12 * DAY_S)
    now = NOW + 12 * DAY_S + 60
    zone = learner_of(session, learner).zone

    def days_due() -> list[int]:
        return [study_day(one.due_epoch_s, zone) for one in session.scalars(select(Memory))]

    target = min(days_due()) - 2  # all of them would come after it, and fade before
    moved = study.save_deck_wishes(session, learner, deck.key, (None, target), now)
    assert moved == len(days_due())
    assert all(today < day < target for day in days_due())
    assert len(set(days_due())) == moved, "no day has to carry them all"
    assert study.save_deck_wishes(session, learner, deck.key, (None, target), now) == 0
    assert clean(session, learner)


def test_a_decks_own_retention_shortens_its_intervals(
    session: Session, new_learner: Callable[..., int]
) -> None:
    deck = facts_apart(session)
    mean_days = []
    for retention in (0.97, None, 0.75):
        learner = new_learner(new_per_day=8)
        study.save_deck_wishes(session, learner, deck.key, (retention, None), NOW)
        learned(session, learner, deck)
        later = NOW + 20 * DAY_S
        work(session, learner, study.start(session, learner, deck.key, later), later, set())
        dues = session.scalars(select(Memory.due_epoch_s).where(Memory.user_id == learner))
        mean_days.append(sum(due - later for due in dues) / 8 / DAY_S)
    assert mean_days[0] < mean_days[1] / 2
    assert mean_days[2] > mean_days[1] * 1.5


def test_an_easy_weekday_is_left_alone(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=26)
    loads = (100, 100, 100, 100, 100, 100, 0)
    wished = study.wishes(session, learner)
    kept = replace(wished, preferences=replace(wished.preferences, weekday_loads=loads))
    study.save_wishes(session, learner, kept)
    for days in (0, 5, 25):
        learned(session, learner, deck, NOW + days * DAY_S)
    who = learner_of(session, learner)
    asked = select(Memory.due_epoch_s).where(Memory.reviews == 3)
    due = Counter(map(who.day, session.scalars(asked)))
    assert due.total() > 15
    assert len(due) >= 6, due
    assert [day for day in due if day % 7 == 0] == []
    assert max(due.values()) - min(due.values()) <= 2, due
    none = replace(wished, preferences=replace(wished.preferences, weekday_loads=(0,) * 7))
    with pytest.raises(study.NotPossible):
        study.save_wishes(session, learner, none)


@pytest.mark.parametrize("jump_days", [-3, 1500, -9000])
def test_a_clock_that_jumps_breaks_no_state(
    session: Session, new_learner: Callable[..., int], jump_days: int
) -> None:
    learner, deck = new_learner(new_per_day=2), facts_apart(session)
    at = NOW
    for step in range(12):
        jumped = at + (jump_days * DAY_S if step in {4, 5} else 0)
        token = study.start(session, learner, deck.key, jumped)
        for _ in range(4):
            shown = study.next_question(session, learner, token, at)
            if shown is None:
                break
            question = answering.shown(session, learner, shown).question
            given = wrong(question) if step % 3 == 1 else right(question)
            told = answering.answer(session, learner, shown, given, jumped, 100)
            assert told.due_epoch_s is not None
            assert told.due_epoch_s > jumped
        at += 2 * DAY_S
    for memory in session.scalars(select(Memory)):
        assert 0 < memory.stability_days < 5000
        assert 1 <= memory.difficulty <= 10
        assert memory.last_study_day >= memory.first_study_day
    numbers = session.scalars(select(Review.number).order_by(Review.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))
    [warning] = checking.warnings(session)
    assert "the clock went back" in warning
    assert ledger.check_learner(session, learner) == []


def test_moving_to_another_zone_changes_no_past_day(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=3, time_zone="Pacific/Auckland"), facts_apart(session)
    learned(session, learner, deck)
    before = snapshot(session, learner)
    with writing(session):
        session.get_one(User, learner).time_zone = "America/Los_Angeles"
    assert snapshot(session, learner) == before
    assert clean(session, learner)
    learned(session, learner, deck, NOW + 600)
    assert clean(session, learner)
