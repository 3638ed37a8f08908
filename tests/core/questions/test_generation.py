"""Every question of the seeded deck keeps the rules of item writing."""

from pathlib import Path

import pytest

from app.core.facts import Fact, Stance
from app.core.questions import (
    QUESTION_TYPES,
    DeckIndex,
    Direction,
    Question,
    QuestionType,
    questions_of,
)
from app.core.questions import mark as mark_question
from app.core.questions.codec import (
    dump_question,
    dump_response,
    load_question,
    load_response,
)
from app.core.questions.question import Chosen, Matched, Ordered, Response, SelfRated, Typed
from app.interchange.deck_file import read_deck

SEED_DATA = Path(__file__).parents[3] / "seed_data"
DECKS = sorted(path.stem for path in SEED_DATA.glob("*.yaml"))


def questions(deck_key: str, seed: int = 1) -> list[tuple[Fact, Question]]:
    index = DeckIndex(read_deck((SEED_DATA / f"{deck_key}.yaml").read_text()))
    return [
        (fact, question) for fact in index.facts for question in questions_of(index, fact, seed)
    ]


def right_response(question: Question) -> Response:
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


@pytest.mark.parametrize("deck_key", DECKS)
def test_the_right_answer_is_marked_right(deck_key: str) -> None:
    for _, question in questions(deck_key):
        mark = mark_question(question, right_response(question))
        assert mark.correct, (question.stem, question.keys, mark)


@pytest.mark.parametrize("deck_key", DECKS)
def test_every_option_is_offered_once_and_holds_the_key(deck_key: str) -> None:
    for _, question in questions(deck_key):
        folded = [option.casefold() for option in question.options]
        assert len(set(folded)) == len(folded)
        if question.type in {QuestionType.MULTIPLE_CHOICE, QuestionType.MULTIPLE_SELECT}:
            assert set(question.keys) <= set(question.options)
            assert len(question.options) >= len(question.keys) + 2


@pytest.mark.parametrize("deck_key", DECKS)
def test_no_wrong_option_is_marked_right(deck_key: str) -> None:
    for _, question in questions(deck_key):
        if question.type is QuestionType.MULTIPLE_CHOICE:
            for option in set(question.options) - set(question.keys):
                assert not mark_question(question, Chosen((option,))).correct


@pytest.mark.parametrize("deck_key", DECKS)
def test_stems_are_whole_sentences_of_readable_length(deck_key: str) -> None:
    for _, question in questions(deck_key):
        stem = question.stem
        assert 10 <= len(stem) <= 300
        assert not stem[0].islower(), stem
        assert ".." not in stem
        assert "{" not in stem, stem
        assert "  " not in stem
        if question.type is QuestionType.CLOZE:
            assert stem.count("_____") == 1


@pytest.mark.parametrize("deck_key", DECKS)
def test_a_claim_is_never_asked_as_if_it_were_true(deck_key: str) -> None:
    for fact, question in questions(deck_key):
        if fact.stance is not Stance.STATED:
            assert fact.attribution.casefold() in question.stem.casefold(), question.stem


@pytest.mark.parametrize("deck_key", DECKS)
def test_the_same_seed_gives_the_same_questions(deck_key: str) -> None:
    assert questions(deck_key, 7) == questions(deck_key, 7)
    assert questions(deck_key, 7) != questions(deck_key, 8)


@pytest.mark.parametrize("deck_key", DECKS)
def test_a_stored_question_comes_back_equal(deck_key: str) -> None:
    for _, question in questions(deck_key):
        assert load_question(dump_question(question)) == question
        response = right_response(question)
        assert load_response(dump_response(response)) == response


def test_a_fact_asks_each_type_and_direction_at_most_once() -> None:
    for deck_key in DECKS:
        seen = [(fact.key, one.type, one.direction) for fact, one in questions(deck_key)]
        assert len(seen) == len(set(seen))


def test_the_seeded_decks_bring_every_type() -> None:
    types = {one.type for deck_key in DECKS for _, one in questions(deck_key)}
    assert types >= set(QUESTION_TYPES)


def test_an_entity_fact_with_a_relation_gives_six_questions() -> None:
    made = questions("deepseek")
    founder = [one for fact, one in made if fact.key == "deepseek-founder"]
    assert len(founder) >= 6
    assert {one.direction for one in founder} == set(Direction)


def test_true_false_is_balanced_over_many_seeds() -> None:
    keys = [
        one.keys[0]
        for seed in range(8)
        for _, one in questions("deepseek", seed)
        if one.type is QuestionType.TRUE_FALSE
    ]
    assert 0.4 < keys.count("True") / len(keys) < 0.6


def test_the_two_reported_costs_never_stand_against_each_other() -> None:
    for seed in range(10):
        for fact, question in questions("deepseek", seed):
            if fact.key == "reported-cost" and question.type is QuestionType.MULTIPLE_CHOICE:
                assert not any("under" in option for option in question.options)


@pytest.mark.parametrize("deck_key", DECKS)
@pytest.mark.parametrize("seed", range(6))
def test_true_and_false_are_balanced_for_each_seed(deck_key: str, seed: int) -> None:
    keys = [
        one.keys[0] for _, one in questions(deck_key, seed) if one.type is QuestionType.TRUE_FALSE
    ]
    assert 0.42 <= keys.count("True") / len(keys) <= 0.58


def test_the_place_of_the_key_tells_nothing() -> None:
    places: list[float] = []
    for seed in range(40):
        for _, one in questions("deepseek", seed):
            if one.type is QuestionType.MULTIPLE_CHOICE and len(one.options) == 4:
                places.append(one.options.index(one.keys[0]))
    for place in range(4):
        assert abs(places.count(place) / len(places) - 0.25) < 0.05


def test_dated_facts_late_in_a_deck_are_put_in_order_too() -> None:
    ordered = {fact.key for fact, one in questions("planets") if one.type is QuestionType.ORDERING}
    assert {"mariner-9-launch", "new-horizons-launch"} <= ordered
