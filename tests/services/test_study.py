"""Study asks due facts first, then new ones, and missed ones again until they are right."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck, Fact
from app.core.values import TextValue
from app.services import answering, decks, study
from app.services.sessions import NothingToAsk
from tests.services.test_answering import right, wrong

NOW = 1_763_900_000
DAY_S = 86_400


def work(session: Session, learner: int, token: str, at: int, misses: set[int]) -> list[str]:
    """Answer until nothing is left, wrongly at the given positions; return the facts asked."""
    asked: list[str] = []
    while (shown := study.next_question(session, learner, token, at)) is not None:
        question = answering.shown(session, learner, shown).question
        asked.append(question.fact_key)
        response = wrong(question) if len(asked) in misses else right(question)
        answering.answer(session, learner, shown, response, at, 100)
        assert len(asked) < 60
    return asked


def test_new_facts_come_in_deck_order_up_to_the_days_number(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=4), facts_apart(session)
    token = study.start(session, learner, deck.key, NOW)
    assert study.today(session, learner, deck.key, NOW).new_left == 4
    asked = work(session, learner, token, NOW, set())
    assert asked == [fact.key for fact in deck.facts[:4]]
    after = study.today(session, learner, deck.key, NOW)
    assert (after.due, after.new_left, after.later_today, after.reviewed) == (0, 0, 0, 4)
    assert after.next_due_epoch_s is not None
    told = study.summary(session, learner, token)
    assert (told.reviewed, told.correct) == (4, 4)
    assert told.next_due_epoch_s == after.next_due_epoch_s


def facts_apart(session: Session) -> Deck:
    """A stored deck of facts that tell nothing of each other."""
    words = ("otter", "granite", "violin", "saffron", "comet", "lantern", "marble", "thistle")
    facts = tuple(
        Fact(f"apart_{at}", TextValue(word), ask=f"What was drawn from pot number {at}?")
        for at, word in enumerate(words)
    )
    made = Deck("apart", "Apart", facts=facts)
    decks.import_deck(session, made, NOW)
    return made


def test_a_missed_fact_comes_again_after_three_others(
    session: Session, new_learner: Callable[..., int]
) -> None:
    learner, deck = new_learner(new_per_day=6), facts_apart(session)
    token = study.start(session, learner, deck.key, NOW)
    asked = work(session, learner, token, NOW, {1})
    assert asked[0] == asked[4]
    assert len(asked) == 7


def test_a_missed_fact_comes_again_when_nothing_else_is_left(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=1)
    token = study.start(session, learner, deck.key, NOW)
    asked = work(session, learner, token, NOW, {1, 2})
    assert asked == [deck.facts[0].key] * 3


def test_due_facts_come_before_new_ones(session: Session, new_learner: Callable[..., int]) -> None:
    learner, deck = new_learner(new_per_day=2), facts_apart(session)
    first = work(session, learner, study.start(session, learner, deck.key, NOW), NOW, set())
    later = NOW + 30 * DAY_S
    assert study.today(session, learner, None, later).due == 2
    asked = work(session, learner, study.start(session, learner, deck.key, later), later, set())
    assert sorted(asked[:2]) == sorted(first)
    assert asked[2:] == [fact.key for fact in deck.facts[2:4]]


def test_an_open_question_stays_the_next_one(session: Session, deck: Deck, learner: int) -> None:
    token = study.start(session, learner, deck.key, NOW)
    first = study.next_question(session, learner, token, NOW)
    assert first == study.next_question(session, learner, token, NOW + 60)


def test_a_session_says_when_it_is_finished(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner(new_per_day=1)
    token = study.start(session, learner, deck.key, NOW)
    shown = study.next_question(session, learner, token, NOW)
    assert shown is not None
    question = answering.shown(session, learner, shown).question
    answering.answer(session, learner, shown, right(question), NOW, 1)
    assert not answering.feedback(session, learner, shown).session_finished
    assert study.next_question(session, learner, token, NOW) is None
    assert answering.feedback(session, learner, shown).session_finished


def test_the_session_of_somebody_else_is_not_found(
    session: Session, deck: Deck, learner: int, new_learner: Callable[..., int]
) -> None:
    token = study.start(session, learner, deck.key, NOW)
    other = new_learner()
    with pytest.raises(NotFound):
        study.next_question(session, other, token, NOW)
    with pytest.raises(NotFound):
        study.summary(session, other, token)


def test_a_deck_without_facts_is_refused(session: Session, learner: int) -> None:
    decks.import_deck(session, Deck("bare", "Bare"), NOW)
    with pytest.raises(NothingToAsk):
        study.start(session, learner, "bare", NOW)
