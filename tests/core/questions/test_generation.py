"""Every question of the seeded deck keeps the rules of item writing."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.facts import Deck, Fact, Relation, Stance
from app.core.questions import (
    QUESTION_TYPES,
    DeckIndex,
    Direction,
    Question,
    QuestionType,
    ask,
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
from app.core.values import Entity, EntityValue
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


def test_no_two_questions_of_a_fact_read_the_same() -> None:
    for deck_key in DECKS:
        seen = [(fact.key, one.type, one.stem) for fact, one in questions(deck_key)]
        assert len(seen) == len(set(seen))


def test_the_seeded_decks_bring_every_type() -> None:
    types = {one.type for deck_key in DECKS for _, one in questions(deck_key)}
    assert types >= set(QUESTION_TYPES)


@pytest.mark.parametrize("deck_key", DECKS)
@pytest.mark.parametrize("seed", range(4))
def test_every_fact_with_an_entity_value_gives_six_questions(deck_key: str, seed: int) -> None:
    decks = {key: read_deck((SEED_DATA / f"{key}.yaml").read_text()) for key in DECKS}
    deck = decks.pop(deck_key)
    index = DeckIndex(deck, list(decks.values()))
    entity_facts = [fact for fact in index.facts if isinstance(fact.value, EntityValue)]
    made = {fact.key: len(questions_of(index, fact, seed)) for fact in entity_facts}
    assert not {fact: count for fact, count in made.items() if count < 6}


def test_plain_facts_and_relations_without_an_inverse_give_six_questions_too() -> None:
    cities = [Entity(name, name.lower(), "city") for name in ("Oslo", "Bergen", "Tromsø", "Bodø")]
    built = Relation("built", "Where was {subject} built?", "", "{subject} was built in {value}.")
    ships = [Entity(name, name.lower(), "ship") for name in ("Fram", "Maud", "Gjøa", "Belgica")]
    facts = [
        Fact(ship.key, EntityValue(city), ship, built)
        for ship, city in zip(ships, cities, strict=True)
    ]
    plain = Fact(
        "plain", EntityValue(cities[0]), ask="Where is the museum?", say="It is in {value}."
    )
    index = DeckIndex(Deck("d", "D", entities=(*cities, *ships), facts=(*facts, plain)))
    for fact in (*facts, plain):
        made = questions_of(index, fact, 3)
        assert len(made) >= 6, fact.key
        assert {one.direction for one in made} == {Direction.FORWARD}, "nobody wrote an inverse"


def test_a_choice_is_worded_as_a_question_and_as_a_gap_by_the_seed() -> None:
    index = DeckIndex(read_deck((SEED_DATA / "places.yaml").read_text()))
    fact = next(one for one in index.facts if one.key == "australia-capital")
    stems = {
        made.stem
        for seed in range(12)
        if (made := ask(index, fact, QuestionType.MULTIPLE_CHOICE, Direction.FORWARD, seed))
    }
    assert stems == {
        "What is the capital of Australia?",
        "Which city fits the gap? The capital of Australia is _____.",
    }


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


def test_two_subjects_with_one_value_are_both_right() -> None:
    relation = Relation(
        "capital",
        "What is the capital of {subject}?",
        "Of which is {value} the capital?",
        "{value} is the capital of {subject}.",
        "entity",
    )
    london, paris, rome, bern = (
        Entity(n, n.lower(), "city") for n in ("London", "Paris", "Rome", "Bern")
    )
    lands = [
        Entity(n, n.lower(), "country")
        for n in ("England", "United Kingdom", "France", "Italy", "Switzerland")
    ]
    pairs = zip(lands, (london, london, paris, rome, bern), strict=True)
    facts = tuple(Fact(land.key, EntityValue(city), land, relation) for land, city in pairs)
    index = DeckIndex(Deck("d", "D", entities=(*lands, london, paris, rome, bern), facts=facts))
    for seed in range(20):
        for one in questions_of(index, facts[0], seed):
            if one.direction is not Direction.INVERSE:
                continue
            if one.type in {QuestionType.CLOZE, QuestionType.SHORT_ANSWER}:
                assert set(one.keys) == {"England", "United Kingdom"}
                assert mark_question(one, Typed("the UK")).correct
                assert not mark_question(one, Typed("France")).correct
            if one.type is QuestionType.MULTIPLE_CHOICE:
                assert "United Kingdom" not in one.options


def test_an_alias_of_spaces_breaks_no_deck() -> None:
    text = (SEED_DATA / "places.yaml").read_text()
    deck = read_deck(text)
    odd = replace(deck.entities[0], aliases=(" ", "\u00a0"))
    index = DeckIndex(replace(deck, entities=(odd, *deck.entities[1:])))
    assert any(questions_of(index, fact, 1) for fact in index.facts)
