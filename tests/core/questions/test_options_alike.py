"""Options of one question are of one kind, unit and style, in every deck and seed."""

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from app.core.facts import Deck, Fact
from app.core.lint import check_question, lint_deck
from app.core.questions import DeckIndex, QuestionType, questions_of
from app.core.questions.families import family_of
from app.core.questions.question import Question
from app.core.questions.telling import tells_another
from app.core.questions.true_false import FALSE, TRUE
from app.core.values import RangeValue
from app.interchange.deck_file import read_deck
from app.services.quiz import draw

ROOT = Path(__file__).parents[3]
DECKS = sorted((*ROOT.glob("seed_data/*.yaml"), *ROOT.glob("tests/corpora/decks/*.yaml")))
STYLE_RULES = {"uneven-figures", "mixed-options", "unordered-figures", "overlapping-options"}
INDEXES = {path.stem: DeckIndex(read_deck(path.read_text(encoding="utf-8"))) for path in DECKS}
SEEDS = (1, 2, 3)


def choices(index: DeckIndex) -> list[Question]:
    return [
        question
        for fact in index.facts
        for seed in SEEDS
        for question in questions_of(index, fact, seed)
        if question.type in {QuestionType.MULTIPLE_CHOICE, QuestionType.MULTIPLE_SELECT}
    ]


@pytest.mark.parametrize("deck", INDEXES)
def test_names_beside_each_other_are_of_one_kind(deck: str) -> None:
    """Of one kind, or of kinds that may stand side by side: a capital among cities."""
    index = INDEXES[deck]
    kinds = {entity.name: entity.kind for entity in index.deck.entities}
    answers = {asked: {one.name for one in found} for asked, found in index.asked_alike.items()}
    for question in choices(index):
        known = [option for option in question.options if kinds.get(option)]
        families = {family_of(kinds[one]) or kinds[one] for one in known}
        asked_alike = any(names.issuperset(known) for names in answers.values())
        assert len(families) == 1 or not known or asked_alike, question


@pytest.mark.parametrize("deck", INDEXES)
def test_amounts_beside_each_other_are_written_alike(deck: str) -> None:
    for seed in SEEDS:
        found = [one for one in lint_deck(INDEXES[deck], seed) if one.rule in STYLE_RULES]
        assert found == []


@pytest.mark.parametrize("deck", ["deepseek", "places", "planets", "german_values"])
def test_no_question_of_a_quiz_gives_anothers_answer_away(deck: str) -> None:
    index = INDEXES[deck]
    types = set(QuestionType) - {QuestionType.FLASHCARD}
    for seed in range(6):
        rng = Random(seed)  # noqa: S311 which question comes is no secret
        drawn = draw(index, index.facts, 10, types, rng)
        assert len(drawn) == 10
        for at, question in enumerate(drawn):
            if question.keys not in {(TRUE,), (FALSE,)}:
                assert not tells_another(question, drawn[:at]), (question, drawn[:at])


RANGES = (("5", "7", True), ("7", "9", True), ("100", "150", True), ("1", "4", False))


@pytest.mark.parametrize(("low", "high", "has_choice"), RANGES)
def test_a_small_range_has_a_choice_where_others_fit_below_it(
    low: str,
    high: str,
    has_choice: bool,  # noqa: FBT001 a case of the table
) -> None:
    """With none below, as of 1 to 4, the key would be the smallest option each time.

    Those below are at least half as wide, or the key would be known by its width.
    """
    fact = Fact(
        "eggs", RangeValue(Decimal(low), Decimal(high), "eggs"), ask="How many does it lay?"
    )
    index = DeckIndex(Deck("birds", "Birds", facts=(fact,)))
    places = set()
    for seed in range(30):
        for question in questions_of(index, fact, seed):
            if question.type is QuestionType.MULTIPLE_CHOICE:
                places.add(question.options.index(question.keys[0]))
                assert not [one for one in check_question(question) if one.rule in STYLE_RULES]
    assert (len(places) > 2) is has_choice
