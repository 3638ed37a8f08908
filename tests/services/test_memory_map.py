"""The memory map: passages as strong as their weakest fact, and studying what fades."""

import pytest
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.core.questions.question import SelfRated
from app.models.learning import LearningSession, Memory
from app.services import answering, memory_map, study
from app.services.memory_map import Level, level_of
from app.services.sessions import NothingToAsk

NOW = 1_763_900_000
DAY_S = 86_400
KEY = "almanac"


def learn(session: Session, learner: int, deck: Deck, count: int, now: int = NOW) -> None:
    token = study.start(session, learner, deck.key, now)
    for _ in range(count):
        shown = study.next_question(session, learner, token, now)
        assert shown is not None
        answering.answer(session, learner, shown, SelfRated(3), now, 10)


def test_nobody_and_somebody_new_see_the_article_unshaded(
    session: Session, deck: Deck, learner: int
) -> None:
    for user in (None, learner):
        shown = memory_map.memory_map(session, user, deck.key, KEY, NOW)
        assert shown.learned == 0
        assert {one.recall for one in shown.facts} == {None}
        assert len(shown.facts) == sum(one.evidence is not None for one in deck.facts)
    with pytest.raises(NothingToAsk, match="study its deck first"):
        memory_map.start_fading(session, learner, deck.key, KEY, NOW)


def test_a_passage_is_shaded_by_recall_now(session: Session, deck: Deck, learner: int) -> None:
    learn(session, learner, deck, 12)
    fresh = memory_map.memory_map(session, learner, deck.key, KEY, NOW)
    assert 0 < fresh.learned < len(fresh.facts)
    for one in fresh.facts:
        assert one.level is (Level.NEW if one.recall is None else Level.STRONG)
    late = memory_map.memory_map(session, learner, deck.key, KEY, NOW + 400 * DAY_S)
    known = [one for one in late.facts if one.recall is not None]
    assert all(0 < (one.recall or 0) < 0.9 for one in known)
    by_number = {one.number: one for one in late.facts}
    marked = [one for part in late.paragraphs for one in part if one.numbers]
    assert marked
    for piece in marked:
        assert piece.level == by_number[piece.numbers[0]].level
    other = memory_map.memory_map(session, None, deck.key, KEY, NOW)
    assert other.learned == 0


def test_what_fades_is_studied_however_far_off_it_is_due_and_nothing_else(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck, 12)
    at = NOW + 2 * DAY_S
    shown = memory_map.memory_map(session, learner, deck.key, KEY, at)
    known = {one.fact_id for one in shown.facts if one.recall is not None}
    token = memory_map.start_fading(session, learner, deck.key, KEY, at)
    plan = session.get_one(LearningSession, (learner, token)).plan
    assert set(plan) <= known
    asked = set()
    while (one := study.next_question(session, learner, token, at)) is not None:
        page = answering.shown(session, learner, one)
        asked.add(page.question.fact_key)
        answering.answer(session, learner, one, SelfRated(3), at, 10)
    keys = {one.key for one in deck.facts}
    assert len(asked) == len(plan)
    assert asked <= keys
    due = session.get_one(Memory, (learner, plan[0]), populate_existing=True)
    assert due.due_epoch_s > at


def test_what_was_gone_through_today_is_not_asked_again(
    session: Session, deck: Deck, learner: int
) -> None:
    learn(session, learner, deck, 12)
    with pytest.raises(NothingToAsk, match="gone through these today"):
        memory_map.start_fading(session, learner, deck.key, KEY, NOW + 60)


@pytest.mark.parametrize(
    ("recall", "level"),
    [
        (None, "new"),
        (1.0, "strong"),
        (0.9, "strong"),
        (0.89, "fading"),
        (0.4, "weak"),
        (0.0, "lost"),
    ],
)
def test_levels(recall: float | None, level: str) -> None:
    assert level_of(recall) == level
