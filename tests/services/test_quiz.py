"""A quiz spreads over facts and types, counts once, and can be resumed and repeated."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck
from app.core.questions import Direction, Question, QuestionType
from app.core.questions.question import Chosen, Response, Typed
from app.core.questions.telling import tells_another
from app.services import answering, decks, quiz
from app.services.sessions import NothingToAsk

NOW = 1_763_900_000


def questions(session: Session, learner: int, token: str, response: Response | None) -> int:
    """Answer all; None answers multiple choice right. Returns how many there were."""
    asked = 0
    while (shown := quiz.next_question(session, learner, token, NOW)) is not None:
        question = answering.shown(session, learner, shown).question
        given = response or Chosen(question.keys)
        answering.answer(session, learner, shown, given, NOW + asked, 10)
        asked += 1
    return asked


def test_a_quiz_has_as_many_questions_as_wanted_of_distinct_facts(
    session: Session, deck: Deck, learner: int
) -> None:
    token = quiz.start(session, learner, deck.key, 12, [], NOW)
    assert questions(session, learner, token, Typed("?")) == 12
    told = quiz.result(session, learner, token)
    assert len({one.shown.question.fact_key for one in told.answers}) == 12
    kinds = {one.shown.question.type for one in told.answers}
    assert len(kinds) >= 4
    assert QuestionType.FLASHCARD not in kinds
    assert [one.shown.position for one in told.answers] == list(range(1, 13))
    assert told.finished
    assert (told.correct, told.points, told.total) == (0, 0, 12)
    assert told.max_points >= 12


def test_only_chosen_types_are_asked(session: Session, deck: Deck, learner: int) -> None:
    wanted = [QuestionType.MULTIPLE_CHOICE]
    token = quiz.start(session, learner, deck.key, 5, wanted, NOW)
    assert questions(session, learner, token, None) == 5
    told = quiz.result(session, learner, token)
    assert {one.shown.question.type for one in told.answers} == set(wanted)
    assert told.correct == 5
    assert told.points == told.max_points == 5
    assert told.seconds == 4
    assert "quiz" in told.answers[0].why_due


def test_a_quiz_can_be_resumed_where_it_was_left(
    session: Session, deck: Deck, learner: int
) -> None:
    token = quiz.start(session, learner, deck.key, 3, [], NOW)
    first = quiz.next_question(session, learner, token, NOW)
    assert first is not None
    assert quiz.next_question(session, learner, token, NOW) == first
    answering.answer(session, learner, first, Typed("?"), NOW, 1)
    (left,) = quiz.resumable(session, learner, NOW)
    assert (left.session_token, left.answered, left.total) == (token, 1, 3)
    assert not quiz.result(session, learner, token).finished
    questions(session, learner, token, Typed("?"))
    assert quiz.resumable(session, learner, NOW) == []


def test_a_quiz_can_be_repeated_with_what_was_missed(
    session: Session, deck: Deck, learner: int
) -> None:
    token = quiz.start(session, learner, deck.key, 4, [QuestionType.MULTIPLE_CHOICE], NOW)
    first = quiz.next_question(session, learner, token, NOW)
    assert first is not None
    missed = answering.answer(session, learner, first, Chosen(()), NOW, 1)
    questions(session, learner, token, None)
    repeated = quiz.again(session, learner, token, NOW)
    (left,) = quiz.resumable(session, learner, NOW)
    assert (left.session_token, left.total) == (repeated, 1)
    shown = quiz.next_question(session, learner, repeated, NOW)
    assert shown is not None
    page = answering.shown(session, learner, shown)
    assert page.question.fact_key == missed.shown.question.fact_key


def test_nothing_missed_cannot_be_repeated(session: Session, deck: Deck, learner: int) -> None:
    token = quiz.start(session, learner, deck.key, 1, [QuestionType.MULTIPLE_CHOICE], NOW)
    questions(session, learner, token, None)
    with pytest.raises(NothingToAsk, match="Nothing was missed"):
        quiz.again(session, learner, token, NOW)


def test_a_deck_without_facts_is_refused(session: Session, learner: int) -> None:
    decks.import_deck(session, Deck("bare", "Bare"), NOW)
    with pytest.raises(NothingToAsk, match="no published facts"):
        quiz.start(session, learner, "bare", 5, [], NOW)
    with pytest.raises(NotFound):
        quiz.start(session, learner, "nowhere", 5, [], NOW)


def test_types_that_no_fact_has_are_refused(session: Session, deck: Deck, learner: int) -> None:
    lone = Deck("lone", "Lone", facts=(deck.fact_by_key["motto"],))
    decks.import_deck(session, lone, NOW)
    with pytest.raises(NothingToAsk, match="chosen types"):
        quiz.start(session, learner, "lone", 5, [QuestionType.MATCHING], NOW)
    assert quiz.resumable(session, learner, NOW) == []


def test_the_quiz_of_somebody_else_is_not_found(
    session: Session, deck: Deck, learner: int, new_learner: Callable[..., int]
) -> None:
    token = quiz.start(session, learner, deck.key, 3, [], NOW)
    other = new_learner()
    for use in (quiz.next_question, quiz.again):
        with pytest.raises(NotFound):
            use(session, other, token, NOW)
    with pytest.raises(NotFound):
        quiz.result(session, other, token)


@pytest.mark.parametrize("count", [0, -1, 101])
def test_a_quiz_has_a_sensible_number_of_questions(
    session: Session, deck: Deck, learner: int, count: int
) -> None:
    with pytest.raises(NothingToAsk, match="between 1 and 100"):
        quiz.start(session, learner, deck.key, count, [], NOW)


def test_a_question_that_tells_anothers_answer_is_seen() -> None:
    def question(stem: str, key: str, kind: QuestionType = QuestionType.SHORT_ANSWER) -> Question:
        return Question("f", kind, Direction.FORWARD, stem, (key,))

    founder = question("Who founded DeepSeek?", "Liang Wenfeng")
    fund = question("Which fund did Liang Wenfeng co-found?", "High-Flyer")
    city = question("In which city was it founded?", "Hangzhou")
    assert tells_another(fund, [city, founder])
    assert tells_another(founder, [fund])
    assert not tells_another(city, [founder, fund])
    statement = question("True or false? It is true.", "True", QuestionType.TRUE_FALSE)
    assert not tells_another(statement, [question("Is it True?", "x")])
