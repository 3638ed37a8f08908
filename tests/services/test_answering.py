"""An answer is marked, logged, remembered and scored once, whatever happens around it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck
from app.core.memory import LoggedRating, Rating, replay
from app.core.planning import day_start_epoch_s, study_day
from app.core.questions import Question, QuestionType
from app.core.questions.question import Chosen, Matched, Ordered, Response, SelfRated, Typed
from app.models.learning import DailyTotal, LearningSession, Memory, Review
from app.models.people import User
from app.services import answering, ledger, quiz, study
from app.services.feedback import span

NOW = 1_763_900_000


def right(question: Question) -> Response:
    """A response that earns full credit."""
    match question.type:
        case QuestionType.CLOZE | QuestionType.SHORT_ANSWER:
            return Typed(question.keys[0])
        case QuestionType.ORDERING:
            return Ordered(question.keys)
        case QuestionType.MATCHING:
            return Matched(question.keys)
        case QuestionType.FLASHCARD:
            return SelfRated(3)
        case _:
            return Chosen(question.keys)


def wrong(question: Question) -> Response:
    """A response that earns nothing."""
    match question.type:
        case QuestionType.FLASHCARD:
            return SelfRated(1)
        case QuestionType.MATCHING:
            return Matched(("",) * len(question.prompts))
        case QuestionType.CLOZE | QuestionType.SHORT_ANSWER:
            return Typed("qqqq")
        case _:
            return Chosen(())


def first_study_question(session: Session, learner: int, deck: Deck) -> str:
    token = study.next_question(session, learner, study.start(session, learner, deck.key, NOW), NOW)
    assert token is not None
    return token


def test_a_shown_question_comes_back_as_it_was_shown(
    session: Session, deck: Deck, learner: int
) -> None:
    token = first_study_question(session, learner, deck)
    page = answering.shown(session, learner, token)
    assert (page.kind, page.deck_key, page.position, page.total) == ("study", deck.key, 1, None)
    assert page == answering.shown(session, learner, token)
    assert not page.answered


def test_a_right_answer_is_remembered_and_scored(
    session: Session, deck: Deck, learner: int
) -> None:
    token = first_study_question(session, learner, deck)
    question = answering.shown(session, learner, token).question
    told = answering.answer(session, learner, token, right(question), NOW, 4000)
    assert told.mark.correct
    assert told.rating == Rating.GOOD
    assert told.points > 0
    assert told.shown.answered
    assert told.response == right(question)
    assert told.due_epoch_s is not None
    today = study_day(NOW, ZoneInfo("UTC"))
    assert told.due_epoch_s >= day_start_epoch_s(today + 1, ZoneInfo("UTC"))
    assert told.evidence is not None
    assert told.evidence.quote.endswith("opened its harbour to ships.")
    assert told.evidence.before == "Long ago, "
    assert told.evidence.after == " Then it grew."
    assert told.evidence.author == "Ada Quill"
    assert session.get_one(User, learner).score == told.points * 10
    assert not told.changed_since


def test_a_missed_fact_is_due_again_the_same_day(
    session: Session, deck: Deck, learner: int
) -> None:
    token = first_study_question(session, learner, deck)
    question = answering.shown(session, learner, token).question
    told = answering.answer(session, learner, token, wrong(question), NOW, 4000)
    assert told.rating == Rating.AGAIN
    assert told.points == 0
    assert told.due_epoch_s == NOW + answering.RELEARN_S
    assert "today" in told.why_due
    assert study.today(session, learner, deck.key, NOW).later_today == 1


def test_an_answer_sent_twice_is_counted_once(session: Session, deck: Deck, learner: int) -> None:
    token = first_study_question(session, learner, deck)
    question = answering.shown(session, learner, token).question
    first = answering.answer(session, learner, token, right(question), NOW, 4000)
    second = answering.answer(session, learner, token, wrong(question), NOW + 5, 10)
    assert second == first == answering.feedback(session, learner, token)
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert session.get_one(Memory, (learner, session.scalars(select(Review)).one().fact_id)).reviews


def test_thirty_two_answers_at_once_are_one_review(
    engine: Engine, session: Session, deck: Deck, learner: int
) -> None:
    token = first_study_question(session, learner, deck)
    response = right(answering.shown(session, learner, token).question)
    session.rollback()

    def send(_: int) -> answering.Feedback:
        with Session(engine) as own:
            return answering.answer(own, learner, token, response, NOW, 1000)

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(send, range(32)))
    assert len({one.points for one in told}) == 1
    assert all(one == told[0] for one in told)
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    total = session.scalars(select(DailyTotal)).one()
    assert (total.reviews, total.correct, total.new_facts) == (1, 1, 1)
    assert session.get_one(User, learner).score == total.points == told[0].points * 10


def test_thirty_two_last_answers_at_once_finish_a_quiz_once(
    engine: Engine, session: Session, deck: Deck, learner: int
) -> None:
    quiz_token = quiz.start(session, learner, deck.key, 3, [], NOW)
    for at in range(2):
        shown = quiz.next_question(session, learner, quiz_token, NOW)
        assert shown is not None
        answering.answer(session, learner, shown, Typed("?"), NOW + at, 10)
        assert not quiz.result(session, learner, quiz_token).finished
    last = quiz.next_question(session, learner, quiz_token, NOW)
    assert last is not None
    session.rollback()

    def send(at: int) -> answering.Feedback:
        with Session(engine) as own:
            return answering.answer(own, learner, last, Typed("?"), NOW + 9 + at, 10)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(32)))
    assert all(one == answers[0] for one in answers)
    told = quiz.result(session, learner, quiz_token)
    assert (told.finished, len(told.answers)) == (True, 3)
    assert session.scalar(select(func.count()).select_from(Review)) == 3
    ended = session.get_one(LearningSession, (learner, quiz_token)).finished_epoch_s
    again = answering.answer(session, learner, last, Typed("late"), NOW + 900, 10)
    assert again.response == Typed("?")
    session.expire_all()
    assert session.get_one(LearningSession, (learner, quiz_token)).finished_epoch_s == ended


def test_a_page_of_last_week_counts_once_and_as_of_now(
    session: Session, deck: Deck, learner: int
) -> None:
    token = first_study_question(session, learner, deck)
    response = right(answering.shown(session, learner, token).question)
    later = NOW + 7 * 86_400
    first = answering.answer(session, learner, token, response, later, 4000)
    assert first.due_epoch_s is not None
    assert first.due_epoch_s > later
    assert session.scalars(select(DailyTotal.study_day)).one() == study_day(later, ZoneInfo("UTC"))
    assert answering.answer(session, learner, token, response, later + 86_400, 10) == first
    assert session.scalar(select(func.count()).select_from(Review)) == 1


def test_the_question_of_somebody_else_is_not_found(
    session: Session, deck: Deck, learner: int, new_learner: Callable[..., int]
) -> None:
    token = first_study_question(session, learner, deck)
    other = new_learner()
    with pytest.raises(NotFound):
        answering.shown(session, other, token)
    with pytest.raises(NotFound):
        answering.answer(session, other, token, Typed("x"), NOW, 1)
    with pytest.raises(NotFound):
        answering.feedback(session, learner, token)
    assert session.scalar(select(func.count()).select_from(Review)) == 0


def test_replaying_the_log_gives_the_stored_memory_and_score(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(time_zone="Asia/Tokyo", new_per_day=6)
    at = NOW
    for day in range(5):
        at = NOW + day * 86_400 * 2
        token = study.start(session, learner, deck.key, at)
        for step in range(14):
            question_token = study.next_question(session, learner, token, at)
            if question_token is None:
                break
            question = answering.shown(session, learner, question_token).question
            response = wrong(question) if step % 4 == 1 else right(question)
            answering.answer(session, learner, question_token, response, at, 1500)
            at += 30
    logs: dict[int, list[LoggedRating]] = {}
    reviews = session.scalars(select(Review).order_by(Review.number)).all()
    assert len(reviews) > 20
    for review in reviews:
        logs.setdefault(review.fact_id, []).append(
            LoggedRating(review.reviewed_epoch_s, review.study_day, Rating(review.rating))
        )
    for memory in session.scalars(select(Memory)):
        state = replay(logs.pop(memory.fact_id))
        assert state is not None
        assert (state.stability_days, state.difficulty, state.last_review_epoch_s) == (
            memory.stability_days,
            memory.difficulty,
            memory.last_review_epoch_s,
        )
    assert logs == {}
    assert session.get_one(User, learner).score == sum(review.points for review in reviews)
    totals = session.scalars(select(DailyTotal)).all()
    assert sum(total.points for total in totals) == sum(review.points for review in reviews)
    assert max(total.new_facts for total in totals) <= 6
    assert ledger.check_learner(session, learner) == []


def test_a_fact_earns_points_once_a_day(session: Session, deck: Deck, learner: int) -> None:
    for _ in range(2):
        token = quiz.start(session, learner, deck.key, 26, [QuestionType.SHORT_ANSWER], NOW)
        while (open_token := quiz.next_question(session, learner, token, NOW)) is not None:
            question = answering.shown(session, learner, open_token).question
            answering.answer(session, learner, open_token, right(question), NOW, 100)
    earned = session.execute(
        select(Review.fact_id)
        .where(Review.points > 0)
        .group_by(Review.fact_id)
        .having(func.count() > 1)
    ).all()
    assert earned == []
    assert session.scalar(select(func.count()).select_from(Memory)) == 0


def test_an_answer_needs_few_queries(session: Session, deck: Deck, learner: int) -> None:
    token = first_study_question(session, learner, deck)
    page = answering.shown(session, learner, token)
    sent: list[str] = []
    bind = session.get_bind()
    # PostgreSQL looks at the fact once more, behind its commit: writers there do not queue.
    most = 8 if bind.dialect.name == "sqlite" else 9

    def count(*args: object) -> None:
        sent.append(str(args[2]))

    event.listen(bind, "before_cursor_execute", count)
    answering.take(session, learner, page, right(page.question), NOW, 1)
    event.remove(bind, "before_cursor_execute", count)
    statements = [one for one in sent if not one.startswith(("PRAGMA", "BEGIN"))]
    assert len(statements) <= most, "\n".join(statements)


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day"), (31, "31 days"), (60, "2 months"), (800, "2 years")]
)
def test_a_span_is_told_in_fitting_units(days: int, words: str) -> None:
    assert span(days) == words
