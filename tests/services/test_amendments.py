"""What becomes of an answer afterwards: state, totals and score are those of the amended log."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotAllowed, NotFound
from app.core.facts import Deck
from app.core.marking import Mark, Verdict
from app.core.memory import Rating
from app.core.questions import QuestionType
from app.models.database import writing
from app.models.learning import SUSPENDED, DailyTotal, Memory, Review, ReviewAmendment
from app.models.people import User
from app.services import accounts, amendments, answering, ledger, memory_events, quiz, study
from app.services.sessions import lock_learner, token_from
from tests.services.test_answering import right, wrong

NOW = 1_763_900_000
DAY_S = 86_400


def snapshot(session: Session, learner: int) -> object:
    """Everything that follows from a learner's log."""
    session.expire_all()
    memories = session.scalars(select(Memory).where(Memory.user_id == learner))
    days = session.scalars(select(DailyTotal).where(DailyTotal.user_id == learner))
    return (
        {
            one.fact_id: {
                column: getattr(one, column)
                for column in Memory.__table__.columns.keys()  # noqa: SIM118 a collection
                if column != "user_id"
            }
            for one in memories
        },
        {one.study_day: ledger.tally_of(one) for one in days},
        session.get_one(User, learner).score,
    )


def answered(
    session: Session, learner: int, token: str, at: int, misses: set[int], count: int
) -> list[str]:
    """Answer up to so many questions; return their tokens."""
    given: list[str] = []
    while len(given) < count:
        shown = study.next_question(session, learner, token, at + 20 * len(given))
        if shown is None:
            break
        question = answering.shown(session, learner, shown).question
        response = wrong(question) if len(given) in misses else right(question)
        answering.answer(session, learner, shown, response, at + 20 * len(given), 1500)
        given.append(shown)
    return given


def asked_first(session: Session, deck: Deck, learner: int, response: object = right) -> str:
    """Answer the first study question; return its token."""
    assert callable(response)
    token = study.start(session, learner, deck.key, NOW)
    shown = study.next_question(session, learner, token, NOW)
    assert shown is not None
    question = answering.shown(session, learner, shown).question
    answering.answer(session, learner, shown, response(question), NOW, 900)
    return shown


def clean(session: Session, learner: int) -> bool:
    return ledger.check_learner(session, learner) == []


def test_an_undone_answer_leaves_no_trace_in_what_follows_from_the_log(
    session: Session, deck: Deck, learner: int
) -> None:
    nothing = snapshot(session, learner)
    shown = asked_first(session, deck, learner)
    assert snapshot(session, learner) != nothing
    again = amendments.undo(session, learner, shown, NOW + 5)
    assert snapshot(session, learner) == nothing
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert clean(session, learner)
    assert again is not None
    first, second = (answering.shown(session, learner, one) for one in (shown, again))
    assert first.question == second.question
    assert not second.answered
    assert answering.feedback(session, learner, shown).amendment == "undone"


def test_a_second_click_on_undo_undoes_nothing_more(
    session: Session, deck: Deck, learner: int
) -> None:
    token = study.start(session, learner, deck.key, NOW)
    given = answered(session, learner, token, NOW, {1}, 3)
    first = amendments.undo(session, learner, given[-1], NOW + 100)
    before = snapshot(session, learner)
    assert amendments.undo(session, learner, given[-1], NOW + 101) == first
    assert snapshot(session, learner) == before
    assert session.scalar(select(func.count()).select_from(ReviewAmendment)) == 1


def test_a_log_holds_tokens_of_sixteen_characters(
    session: Session, deck: Deck, learner: int
) -> None:
    """Two in each review and one in its index: at 43 each they were a fifth of a database."""
    token = study.start(session, learner, deck.key, NOW)
    given = answered(session, learner, token, NOW, {1}, 4)
    copy = amendments.undo(session, learner, given[-1], NOW + 100)
    tokens = {token, copy, *given, token_from("a"), token_from("b")}
    assert {len(one or "") for one in tokens} == {16}
    assert len(tokens) == 8
    assert token_from("a") == token_from("a")


def test_eight_clicks_at_once_undo_one_answer(
    engine: Engine, session: Session, deck: Deck, learner: int
) -> None:
    token = study.start(session, learner, deck.key, NOW)
    given = answered(session, learner, token, NOW, {1}, 4)
    session.rollback()

    def click(_: int) -> str | None:
        with Session(engine) as own:
            return amendments.undo(own, learner, given[-1], NOW + 100)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(click, range(8)))) == 1
    assert session.scalar(select(func.count()).select_from(ReviewAmendment)) == 1
    assert session.scalars(select(DailyTotal.reviews)).one() == 3
    assert clean(session, learner)


def test_a_guests_amendments_and_held_facts_come_along_when_they_sign_in(
    session: Session, deck: Deck
) -> None:
    phrase = "correct horse battery"
    account = accounts.sign_up(session, None, "g@example.org", phrase, NOW)
    asked_first(session, deck, account.id)
    guest = accounts.make_guest(session, "t" * 40, NOW)
    token = study.start(session, guest.id, deck.key, NOW)
    given = answered(session, guest.id, token, NOW, {1}, 5)
    amendments.undo(session, guest.id, given[0], NOW + 300)
    amendments.i_guessed(session, guest.id, given[2], NOW + 301)
    known = session.scalars(select(Memory.fact_id).where(Memory.user_id == guest.id)).all()
    memory_events.suspend(session, guest.id, known[-1], NOW + 302)
    accounts.merge_guest(session, guest, account)
    assert clean(session, account.id)
    suspended = session.get_one(Memory, (account.id, known[-1]))
    assert suspended.state == SUSPENDED
    kinds = session.scalars(select(ReviewAmendment.kind).order_by(ReviewAmendment.change)).all()
    assert kinds == ["undone", "i_guessed"]
    amendments.as_marked(session, account.id, given[0], NOW + 400)
    assert clean(session, account.id)


def test_an_answer_sent_twice_does_not_cost_the_undo(
    session: Session, deck: Deck, learner: int
) -> None:
    nothing = snapshot(session, learner)
    shown = asked_first(session, deck, learner)
    question = answering.shown(session, learner, shown).question
    answering.answer(session, learner, shown, right(question), NOW + 1, 5)
    amendments.undo(session, learner, shown, NOW + 2)
    assert snapshot(session, learner) == nothing
    answering.answer(session, learner, shown, right(question), NOW + 3, 5)
    assert snapshot(session, learner) == nothing


@pytest.mark.parametrize("undone", [1, 7, 30])
def test_undoing_the_last_answers_gives_the_state_without_them(
    session: Session, deck: Deck, new_learner: Callable[..., int], undone: int
) -> None:
    learner = new_learner(new_per_day=8)
    rng = Random(undone)  # noqa: S311 a test's chance
    for day in range(3):
        at = NOW + day * 3 * DAY_S
        token = study.start(session, learner, deck.key, at)
        answered(session, learner, token, at, {rng.randrange(8) for _ in range(3)}, 20)
    at = NOW + 40 * DAY_S
    before = snapshot(session, learner)
    token = study.start(session, learner, deck.key, at)
    given = answered(session, learner, token, at, set(range(0, 18, 2)), undone)
    assert len(given) == undone
    assert snapshot(session, learner) != before
    for _ in given:
        amendments.undo_last(session, learner, token, at + 900)
        assert clean(session, learner)
    assert snapshot(session, learner) == before
    assert amendments.undo_last(session, learner, token, at + 901) is None


def test_an_undone_answer_of_long_ago_is_replayed_without(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner, twin = new_learner(new_per_day=1), new_learner(new_per_day=1)
    for one in (learner, twin):
        for day in (0, 30, 60):
            if one == twin and day == 30:
                continue
            at = NOW + day * DAY_S
            token = study.start(session, one, deck.key, at)
            shown = study.next_question(session, one, token, at)
            assert shown is not None
            question = answering.shown(session, one, shown).question
            given = wrong(question) if day == 30 else right(question)
            answering.answer(session, one, shown, given, at, 100)
            if day == 30:
                middle = shown
    assert amendments.undo(session, learner, middle, NOW + 70 * DAY_S) is None
    mine, others = (
        session.scalars(select(Memory).where(Memory.user_id == one).order_by(Memory.fact_id)).all()
        for one in (learner, twin)
    )
    assert (mine[0].stability_days, mine[0].difficulty) == (
        others[0].stability_days,
        others[0].difficulty,
    )
    assert (mine[0].reviews, mine[0].lapses) == (2, 0)
    assert abs(mine[0].due_epoch_s - others[0].due_epoch_s) <= 8 * DAY_S
    assert clean(session, learner)
    fact_id = mine[0].fact_id
    amendments.as_marked(session, learner, middle, NOW + 71 * DAY_S)
    assert clean(session, learner)
    assert session.get_one(Memory, (learner, fact_id)).lapses == 1


def test_saying_i_was_right_rates_good_and_earns_no_points(
    session: Session, deck: Deck, learner: int
) -> None:
    shown = asked_first(session, deck, learner, wrong)
    score = session.get_one(User, learner).score
    for _ in range(2):
        amendments.i_was_right(session, learner, shown, NOW + 9)
    told = answering.feedback(session, learner, shown)
    assert (told.rating, told.mark.credit, told.points) == (Rating.GOOD, 1, 0)
    assert told.due_epoch_s is not None
    assert told.due_epoch_s > NOW + DAY_S / 2
    assert session.get_one(User, learner).score == score
    total = session.scalars(select(DailyTotal)).one()
    assert (total.reviews, total.correct) == (1, 1)
    assert session.scalars(select(Memory)).one().due_epoch_s == told.due_epoch_s
    assert session.scalar(select(func.count()).select_from(ReviewAmendment)) == 1
    assert clean(session, learner)


def test_admitting_a_guess_brings_the_fact_again_and_costs_no_points(
    session: Session, deck: Deck, learner: int
) -> None:
    shown = asked_first(session, deck, learner)
    before = snapshot(session, learner)
    points = answering.feedback(session, learner, shown).points
    assert points > 0
    amendments.i_guessed(session, learner, shown, NOW + 9)
    told = answering.feedback(session, learner, shown)
    assert (told.rating, told.points, told.mark.credit) == (Rating.AGAIN, points, 1)
    assert told.due_epoch_s == NOW + 9 + answering.RELEARN_S
    assert study.missed_facts([(1, told.rating)]) == {1: 0}
    assert clean(session, learner)
    amendments.as_marked(session, learner, shown, NOW + 12)
    assert snapshot(session, learner) == before
    assert clean(session, learner)


def test_a_curators_new_mark_gives_the_points_too(
    session: Session, deck: Deck, learner: int
) -> None:
    token = quiz.start(session, learner, deck.key, 3, [QuestionType.SHORT_ANSWER], NOW)
    shown = quiz.next_question(session, learner, token, NOW)
    assert shown is not None
    question = answering.shown(session, learner, shown).question
    answering.answer(session, learner, shown, wrong(question), NOW, 100)
    mark = Mark(1, Verdict.EQUIVALENT, "A curator has let this count.")
    with writing(session):
        lock_learner(session, learner)
        amendments.remark(session, learner, shown, mark, NOW + 50)
    told = answering.feedback(session, learner, shown)
    assert (told.mark, told.points) == (mark, 3)
    assert session.get_one(User, learner).score == 30
    assert session.scalar(select(func.count()).select_from(Memory)) == 0
    assert clean(session, learner)


def test_undoing_what_earned_lets_a_later_answer_of_the_day_earn(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=1)
    shown = asked_first(session, deck, learner)
    token = quiz.start(session, learner, deck.key, 26, [QuestionType.SHORT_ANSWER], NOW)
    while (one := quiz.next_question(session, learner, token, NOW)) is not None:
        question = answering.shown(session, learner, one).question
        answering.answer(session, learner, one, right(question), NOW, 100)
    amendments.undo(session, learner, shown, NOW + 5)
    assert clean(session, learner)
    total = session.scalars(select(DailyTotal)).one()
    assert total.points == 26 * 30
    assert total.new_facts == 0


def test_a_quiz_answer_is_not_undone(session: Session, deck: Deck, learner: int) -> None:
    token = quiz.start(session, learner, deck.key, 1, [], NOW)
    shown = quiz.next_question(session, learner, token, NOW)
    assert shown is not None
    question = answering.shown(session, learner, shown).question
    answering.answer(session, learner, shown, right(question), NOW, 100)
    with pytest.raises(NotAllowed):
        amendments.undo(session, learner, shown, NOW)


def test_the_answer_of_somebody_else_is_not_found(
    session: Session, deck: Deck, learner: int, new_learner: Callable[..., int]
) -> None:
    shown = asked_first(session, deck, learner)
    before = snapshot(session, learner)
    for amend in (
        amendments.undo,
        amendments.i_was_right,
        amendments.i_guessed,
        amendments.as_marked,
    ):
        with pytest.raises(NotFound):
            amend(session, new_learner(), shown, NOW)
    assert snapshot(session, learner) == before


def test_an_amendment_costs_what_one_fact_costs_not_the_whole_log(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=20)
    token = study.start(session, learner, deck.key, NOW)
    given = answered(session, learner, token, NOW, set(), 20)
    rows: list[object] = []
    bind = session.get_bind()

    def count(*args: object) -> None:
        rows.append(args[2])

    event.listen(bind, "before_cursor_execute", count)
    amendments.undo(session, learner, given[3], NOW + 600)
    event.remove(bind, "before_cursor_execute", count)
    assert len(rows) < 40
    assert clean(session, learner)
    assert study.summary(session, learner, token).reviewed == 19


def test_a_rebuild_gives_what_the_answers_and_amendments_left(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=12, time_zone="Australia/Lord_Howe")
    rng = Random(4)  # noqa: S311 a test's chance
    for day in range(0, 60, 6):
        at = NOW + day * DAY_S
        token = study.start(session, learner, deck.key, at)
        misses = {rng.randrange(12) for _ in range(4)}
        for shown in answered(session, learner, token, at, misses, 16):
            if rng.random() < 0.4:
                amend = rng.choice(
                    [
                        amendments.undo,
                        amendments.i_was_right,
                        amendments.i_guessed,
                        amendments.as_marked,
                    ]
                )
                try:
                    amend(session, learner, shown, at + 900)
                except NotAllowed:
                    continue
    assert clean(session, learner)
    before = snapshot(session, learner)
    with writing(session):
        lock_learner(session, learner)
        ledger.rebuild(session, learner)
    assert snapshot(session, learner) == before
