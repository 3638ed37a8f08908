"""A shared quiz asks everybody the same, compares the answers, and tells nobody too early."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from app.core.errors import NotAllowed, NotFound, Refused
from app.core.facts import Deck
from app.core.marking import Mark, Verdict
from app.core.questions import Question, QuestionType
from app.core.questions.question import Chosen, Response, Typed
from app.models.content import FactRow
from app.models.database import writing
from app.models.learning import Review
from app.models.people import User
from app.models.sharing import QuizEntry, SharedQuiz
from app.services import accounts, amendments, answering, personal_data, quiz, sharing
from app.services.sharing import BadOrigin, QuizClosed, TakesNoPart, Wanted
from app.services.sharing.joining import BadName, NameTaken, QuizFull

from .conftest import NOW

HOUR = 3_600
PHRASE = "correct horse battery"
STORED, KEY, UNKNOWN = "x", "k" * 32, "other"
CHOICE = (QuestionType.MULTIPLE_CHOICE,)


@pytest.fixture
def owner(new_learner: Callable[..., int]) -> int:
    return new_learner(email="owner@b.example", password=STORED, display_name="O")


@pytest.fixture
def shared(session: Session, deck: Deck, owner: int) -> tuple[int, str]:
    """The number and the secret of a quiz of six multiple choice questions, open for an hour."""
    wanted = Wanted(deck.key, "Friday", 6, CHOICE, NOW + HOUR)
    return sharing.make(session, owner, wanted, NOW)


def answer_all(
    session: Session, learner: int, token: str, give: Callable[[Question], Response], at: int = NOW
) -> list[Question]:
    """Answer what is left, a second after another; return the questions."""
    asked = []
    while (shown := quiz.next_question(session, learner, token, at)) is not None:
        question = answering.shown(session, learner, shown).question
        asked.append(question)
        answering.answer(session, learner, shown, give(question), at + len(asked), 10)
    return asked


def right(question: Question) -> Response:
    return Chosen(question.keys)


def wrong(question: Question) -> Response:
    return Chosen((next(one for one in question.options if one not in question.keys),))


def test_a_quiz_that_closed_a_year_ago_is_forgotten_and_its_answers_stay(
    session: Session, shared: tuple[int, str], learner: int
) -> None:
    answer_all(session, learner, sharing.join(session, shared[1], learner, "A", NOW), right)
    sharing.forget_old(session, NOW + HOUR + 366 * 86_400)
    assert session.get(SharedQuiz, shared[0]) is not None
    sharing.forget_old(session, NOW + HOUR + 366 * 86_400 + 1)
    session.expire_all()
    assert session.get(SharedQuiz, shared[0]) is None
    assert session.scalars(select(QuizEntry)).all() == []
    assert len(session.scalars(select(Review).where(Review.user_id == learner)).all()) == 6


@pytest.mark.writes_rows
def test_everybody_is_asked_the_same_also_after_the_facts_were_edited(
    session: Session, shared: tuple[int, str], learner: int, new_learner: Callable[..., int]
) -> None:
    _, secret = shared
    first = answer_all(session, learner, sharing.join(session, secret, learner, "A", NOW), right)
    with writing(session):
        for fact in session.scalars(select(FactRow)):
            fact.revision, fact.status = fact.revision + 1, "retired"
    late = new_learner()
    token = sharing.join(session, secret, late, "B", NOW + 5)
    assert answer_all(session, late, token, right, NOW + 5) == first
    assert len(first) == 6


def test_results_are_seen_once_one_has_finished_and_never_an_address(
    session: Session, shared: tuple[int, str], owner: int, new_learner: Callable[..., int]
) -> None:
    quiz_id, secret = shared
    anna, ben, cleo = (
        new_learner(),
        new_learner(email="ben@b.example", password=STORED),
        new_learner(),
    )
    of_anna = sharing.join(session, secret, anna, "Anna", NOW)
    of_ben = sharing.join(session, secret, ben, "Ben", NOW)
    sharing.join(session, secret, cleo, "Cleo", NOW)
    answer_all(session, anna, of_anna, right)
    for _ in range(2):
        shown = quiz.next_question(session, ben, of_ben, NOW)
        assert shown
        question = answering.shown(session, ben, shown).question
        answering.answer(session, ben, shown, wrong(question), NOW + 9, 10)
    before = sharing.board(session, ben, quiz_id, NOW)
    assert [one.name for one in before.standings] == ["Ben"]
    assert (before.people, before.stems, before.sees_all) == (3, (), False)
    answer_all(session, ben, of_ben, wrong, NOW + 20)
    after = sharing.board(session, ben, quiz_id, NOW)
    assert [(one.name, one.correct, one.seconds) for one in after.standings] == [
        ("Anna", 6, 6),
        ("Ben", 0, 24),
    ]
    assert after.standings[0].credits == (1.0,) * 6
    assert after.standings[0].points == after.max_points == 6
    assert len(after.stems) == 6
    assert [one.name for one in sharing.board(session, cleo, quiz_id, NOW).standings] == ["Cleo"]
    whole = sharing.board(session, owner, quiz_id, NOW)
    assert [one.name for one in whole.standings] == ["Anna", "Ben", "Cleo"]
    assert "@" not in str([whole, after])
    with pytest.raises(NotFound):
        sharing.board(session, new_learner(), quiz_id, NOW)


def test_points_compare_whatever_was_earned_elsewhere_that_day(
    session: Session, deck: Deck, shared: tuple[int, str], learner: int
) -> None:
    token = quiz.start(session, learner, deck.key, 26, CHOICE, NOW)
    answer_all(session, learner, token, right)
    answer_all(
        session, learner, sharing.join(session, shared[1], learner, "A", NOW), right, NOW + 60
    )
    assert sharing.board(session, learner, shared[0], NOW).standings[0].points == 6


def test_what_one_says_of_ones_own_answer_is_no_result(
    session: Session, deck: Deck, owner: int, learner: int
) -> None:
    wanted = Wanted(deck.key, "T", 3, (QuestionType.SHORT_ANSWER,), NOW + HOUR)
    quiz_id, secret = sharing.make(session, owner, wanted, NOW)
    token = sharing.join(session, secret, learner, "A", NOW)
    answer_all(session, learner, token, lambda _: Typed("no idea"))
    answered = session.scalars(select(Review.token)).all()
    for one in answered:
        amendments.i_was_right(session, learner, one, NOW + 9)
        with pytest.raises(NotAllowed):
            amendments.undo(session, learner, one, NOW + 9)
    assert sharing.board(session, learner, quiz_id, NOW).standings[0].correct == 0


def test_what_a_curator_lets_count_is_a_result(
    session: Session, deck: Deck, owner: int, learner: int
) -> None:
    wanted = Wanted(deck.key, "T", 3, (QuestionType.SHORT_ANSWER,), NOW + HOUR)
    quiz_id, secret = sharing.make(session, owner, wanted, NOW)
    token = sharing.join(session, secret, learner, "A", NOW)
    answer_all(session, learner, token, lambda _: Typed("no idea"))
    first = session.scalars(select(Review.token).order_by(Review.number)).all()[0]
    with writing(session):
        accepted = Mark(1, Verdict.EQUIVALENT, "It counts from now on.")
        amendments.remark(session, learner, first, accepted, NOW + 9)
    amendments.i_guessed(session, learner, first, NOW + 10)
    (told,) = sharing.board(session, learner, quiz_id, NOW).standings
    assert (told.correct, told.points, told.credits[0]) == (1, 3, 1)


def test_it_closes_at_its_time_and_what_comes_later_is_not_compared(
    session: Session, shared: tuple[int, str], owner: int, learner: int
) -> None:
    quiz_id, secret = shared
    token = sharing.join(session, secret, learner, "A", NOW)
    shown = quiz.next_question(session, learner, token, NOW)
    assert shown
    sharing.close(session, owner, quiz_id, NOW + 10)
    sharing.close(session, owner, quiz_id, NOW + 20)
    question = answering.shown(session, learner, shown).question
    answering.answer(session, learner, shown, right(question), NOW + 11, 10)
    told = sharing.board(session, learner, quiz_id, NOW + 12)
    assert told.closes_epoch_s == NOW + 10
    assert told.is_closed
    assert told.sees_all
    assert told.standings[0].credits == (None,) * 6
    with pytest.raises(QuizClosed):
        quiz.next_question(session, learner, token, NOW + 12)
    with pytest.raises(QuizClosed):
        sharing.join(session, secret, owner, "B", NOW + 12)


def test_joining_twice_is_joining_once_and_names_are_told_apart(
    session: Session, shared: tuple[int, str], learner: int, new_learner: Callable[..., int]
) -> None:
    _, secret = shared
    token = sharing.join(session, secret, learner, " Zoë  K ", NOW)
    assert sharing.join(session, secret, learner, "Other", NOW) == token
    other = new_learner()
    for name in ("Zoë K", "zoë k", "Zo\u0065\u0308 K", "Zo\u200bë K", "Zoë K\ufe0f", "Zo\u034fë K"):
        with pytest.raises(NameTaken):
            sharing.join(session, secret, other, name, NOW)
    unseen = ("", "  ", "\u200b", "\u2060\ufeff", "\u3164", "\u2800", "\u0301", "\U000e0041\ufe0f")
    for name in (*unseen, "me@b.example", "x" * 41):
        with pytest.raises(BadName):
            sharing.join(session, secret, other, name, NOW)
    with pytest.raises(NotFound):
        sharing.join(session, "guessed", other, "B", NOW)


def test_a_name_is_taken_once_by_many_at_once(
    engine: Engine, shared: tuple[int, str], new_learner: Callable[..., int]
) -> None:
    people = [new_learner() for _ in range(6)]
    joined: list[int] = []

    def join(user_id: int) -> None:
        with Session(engine) as own:
            try:
                sharing.join(own, shared[1], user_id, "Anna", NOW)
            except NameTaken:
                return
            joined.append(user_id)

    threads = [threading.Thread(target=join, args=(one,)) for one in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(joined) == 1


def test_its_owner_takes_people_off_and_changes_the_address(
    session: Session, shared: tuple[int, str], owner: int, learner: int
) -> None:
    quiz_id, secret = shared
    token = sharing.join(session, secret, learner, "A", NOW)
    with pytest.raises(NotFound):
        sharing.remove(session, learner, quiz_id, learner, NOW)
    sharing.remove(session, owner, quiz_id, learner, NOW)
    with pytest.raises(NotFound):
        sharing.remove(session, owner, quiz_id, learner, NOW)
    with pytest.raises(TakesNoPart):
        quiz.next_question(session, learner, token, NOW)
    with pytest.raises(TakesNoPart):
        sharing.join(session, secret, learner, "A", NOW)
    with pytest.raises(NotFound):
        sharing.board(session, learner, quiz_id, NOW)
    assert sharing.board(session, owner, quiz_id, NOW).people == 0
    with pytest.raises(NotFound):
        sharing.new_address(session, learner, quiz_id)
    with pytest.raises(NotFound):
        sharing.close(session, learner, quiz_id, NOW)
    fresh = sharing.new_address(session, owner, quiz_id)
    with pytest.raises(NotFound):
        sharing.invitation(session, secret, None, NOW)
    assert sharing.invitation(session, fresh, learner, NOW).title == "Friday"
    stored = session.scalar(select(SharedQuiz.secret_sha256))
    assert fresh not in str(stored)


def test_only_accounts_share_and_within_bounds(
    session: Session, deck: Deck, owner: int, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = Wanted(deck.key, "T", 3, (), NOW + HOUR)
    with pytest.raises(NotAllowed):
        sharing.make(session, learner, wanted, NOW)
    for closes in (NOW, NOW - 1, NOW + 400 * 86_400):
        with pytest.raises(Refused):
            sharing.make(session, owner, Wanted(deck.key, "T", 3, (), closes), NOW)
    with pytest.raises(Refused):
        sharing.make(
            session, owner, Wanted(deck.key, "T", 3, (QuestionType.FLASHCARD,), NOW + 9), NOW
        )
    monkeypatch.setattr("app.services.sharing.making.MOST_OPEN", 1)
    monkeypatch.setattr("app.services.sharing.joining.MOST_PEOPLE", 0)
    _, secret = sharing.make(session, owner, wanted, NOW)
    with pytest.raises(sharing.TooManyShared):
        sharing.make(session, owner, wanted, NOW)
    with pytest.raises(QuizFull):
        sharing.join(session, secret, learner, "A", NOW)
    assert [one.title for one in sharing.own(session, owner, deck.key)] == ["T"]
    assert sharing.own(session, owner, "nowhere") == []


@pytest.mark.writes_rows
def test_a_deleted_fact_leaves_its_place_empty(
    session: Session, shared: tuple[int, str], learner: int
) -> None:
    quiz_id, secret = shared
    found = session.get_one(SharedQuiz, quiz_id)
    gone = found.questions[1]["fact"]
    with writing(session):
        session.execute(delete(FactRow).where(FactRow.id == gone))
    token = sharing.join(session, secret, learner, "A", NOW)
    assert len(answer_all(session, learner, token, right)) == 5
    told = sharing.board(session, learner, quiz_id, NOW).standings[0]
    assert told.credits == (1, None, 1, 1, 1, 1)
    with writing(session):
        session.execute(delete(FactRow))
    with pytest.raises(Refused):
        sharing.join(session, secret, found.user_id, "B", NOW)


def test_leaving_takes_the_name_off_and_keeps_answers_for_statistics(
    session: Session, shared: tuple[int, str]
) -> None:
    leaver = accounts.sign_up(session, None, "x@b.example", PHRASE, NOW)
    token = sharing.join(session, shared[1], leaver.id, "Xenia", NOW)
    answer_all(session, leaver.id, token, right)
    personal_data.delete_account(session, leaver, PHRASE, keep_answers=True)
    assert session.scalars(select(QuizEntry)).all() == []
    assert len(session.scalars(select(Review)).all()) == 6


@pytest.mark.parametrize("keep_answers", [True, False])
def test_an_owner_who_leaves_takes_the_quiz_along_and_nobodys_answers(
    session: Session, deck: Deck, learner: int, *, keep_answers: bool
) -> None:
    """In the middle of it: whoever takes part goes on, as in a quiz of their own."""
    leaver = accounts.sign_up(session, None, "x@b.example", PHRASE, NOW)
    wanted = Wanted(deck.key, "Friday", 3, CHOICE, NOW + HOUR)
    quiz_id, secret = sharing.make(session, leaver.id, wanted, NOW)
    token = sharing.join(session, secret, learner, "Anna", NOW)
    seat = sharing.take_seat(session, secret, "Guest", KEY, NOW)
    assert quiz.next_question(session, learner, token, NOW)
    personal_data.delete_account(session, leaver, PHRASE, keep_answers=keep_answers)
    for gone in (
        lambda: sharing.invitation(session, secret, None, NOW),
        lambda: sharing.board(session, learner, quiz_id, NOW),
        lambda: sharing.seat_of(session, seat, KEY),
    ):
        with pytest.raises(NotFound):
            gone()
    assert len(answer_all(session, learner, token, right)) == 3
    assert quiz.result(session, learner, token).correct == 3


def test_of_two_without_points_who_has_tried_stands_first(
    session: Session, shared: tuple[int, str], learner: int, new_learner: Callable[..., int]
) -> None:
    quiz_id, secret = shared
    for name, who in (("Asleep", new_learner()), ("Tried", learner)):
        token = sharing.join(session, secret, who, name, NOW)
    shown = quiz.next_question(session, learner, token, NOW)
    assert shown
    question = answering.shown(session, learner, shown).question
    answering.answer(session, learner, shown, wrong(question), NOW + 5, 10)
    told = sharing.board(session, learner, quiz_id, NOW + HOUR)
    assert [(one.name, one.seconds) for one in told.standings] == [("Tried", 5), ("Asleep", 0)]


def test_a_seat_within_another_site_is_signed_and_of_one_quiz(
    session: Session, shared: tuple[int, str], owner: int, learner: int
) -> None:
    quiz_id, secret = shared
    seat = sharing.take_seat(session, secret, "Guest", KEY, NOW)
    found = sharing.seat_of(session, seat, KEY)
    assert found.quiz_id == quiz_id
    user_id, number, signature = seat.split(".")
    before = set(session.scalars(select(User.id)))
    with pytest.raises(NameTaken):
        sharing.take_seat(session, secret, "guest", KEY, NOW)
    assert set(session.scalars(select(User.id))) == before
    sharing.join(session, secret, learner, "A", NOW)
    forged = (f"{learner}.{number}.{signature}", f"{user_id}.9.{signature}", "", ".", "é.é.é")
    for one in forged:
        with pytest.raises(NotFound):
            sharing.seat_of(session, one, KEY)
    with pytest.raises(NotFound):
        sharing.seat_of(session, seat, "j" * 32)
    sharing.remove(session, owner, quiz_id, found.user_id, NOW)
    with pytest.raises(TakesNoPart):
        sharing.seat_of(session, seat, KEY)


def test_sites_are_named_by_their_origin_alone(
    session: Session, deck: Deck, shared: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz_id, secret = shared
    assert sharing.frames_of(session, secret=secret) == []
    for typed in (
        "https://School.example/",
        "https://school.example:443",
        "https://bücher.example",
    ):
        sharing.allow_origin(session, deck.key, typed)
    named = ["https://school.example", "https://xn--bcher-kva.example"]
    assert sharing.origins_of(session, deck.key) == named
    assert sharing.frames_of(session, secret=secret) == named
    assert sharing.frames_of(session, quiz_id=quiz_id) == named
    assert sharing.frames_of(session, secret=UNKNOWN) == []
    sharing.forbid_origin(session, deck.key, named[1])
    assert sharing.origins_of(session, deck.key) == named[:1]
    monkeypatch.setattr("app.services.sharing.embedding.MOST_ORIGINS", 1)
    with pytest.raises(BadOrigin):
        sharing.allow_origin(session, deck.key, "https://b.example")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "*",
        "https://*",
        "https://*.example",
        "http://school.example",
        "https://school.example/page",
        "https://school.example?x",
        "https://school.example#x",
        "https://u@school.example",
        "https://school.example:0",
        "https://school.example:x",
        "https://school.example; script-src *",
        "https://school.example 'self'",
        "https://school.example\r\nX: y",
        "https://-a.example",
        "https://a..example",
        "https://example",
        "https://[::1]",
        "javascript:alert(1)",
        "data:text/html,x",
        "//school.example",
        "https://" + "a" * 64 + ".example",
        "https://" + ".".join(["a" * 60] * 5),
        "null",
        "'self'",
        "https://[v1.a]",
        "https://0x7f.1",
        "https://2130706433.1",
        "https://school.example.",
        "https://a\u200db.example",
    ],
)
def test_what_is_no_site_is_refused(typed: str) -> None:
    with pytest.raises(BadOrigin):
        sharing.origin_of(typed)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://βόλος.example", "https://xn--nxasmm1c.example"),
        ("https://school\u3002example", "https://school.example"),
        ("https://xn--n3h.example", "https://xn--n3h.example"),
        ("https://10.0.0.5:8443", "https://10.0.0.5:8443"),
    ],
)
def test_a_site_is_the_one_that_browsers_ask_and_no_other(typed: str, asked: str) -> None:
    """By the rules of 2003 straße is strasse, and a stranger could show what the school may."""
    assert sharing.origin_of(typed) == asked


def test_a_page_may_be_tried_on_ones_own_machine() -> None:
    assert sharing.origin_of("http://localhost:8001") == "http://localhost:8001"
    assert sharing.origin_of("http://127.0.0.1:80") == "http://127.0.0.1"
