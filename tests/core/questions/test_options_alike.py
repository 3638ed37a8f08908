"""Options of one question are of one kind, unit and style, in every deck and seed."""

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from app.core.facts import Deck, Fact, Relation
from app.core.lint import check_question, lint_deck
from app.core.questions import DeckIndex, QuestionType, questions_of
from app.core.questions.families import family_of
from app.core.questions.question import Question
from app.core.questions.telling import tells_another
from app.core.questions.true_false import FALSE, TRUE
from app.core.values import DateValue, Entity, EntityValue, NumberValue, RangeValue
from app.core.wording import stem
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


def made_by(album: str, maker: Entity) -> Fact:
    return Fact(album, EntityValue(maker), Entity(album, album, "album"), MADE)


MADE = Relation("made", "Who made the album {subject}?", say="{subject} was made by {value}.")
LIVED = Relation("lived", "Who lived in {subject}?", say="{value} lived in {subject}.")


def test_no_band_stands_among_people_that_a_question_asks_for() -> None:
    """Whatever their names look like: Pink Floyd is none, and Dr. Seuss is one."""
    people = [Entity(name, name, "person") for name in ("Dr. Seuss", "Marvin Gaye", "Prince")]
    bands = [Entity(name, name, "band") for name in ("The Beatles", "Pink Floyd", "Radiohead")]
    facts = [made_by(f"Album {at}", one) for at, one in enumerate([*people[1:], *bands])]
    facts += [
        Fact(f"lived{at}", EntityValue(one), Entity(f"Town {at}", f"town{at}", "city"), LIVED)
        for at, one in enumerate(people)
    ]
    things = {one.name: one for fact in facts for one in (fact.subject, fact.value.entity)}  # type: ignore[union-attr]
    deck = Deck(
        "music",
        "Music",
        entities=tuple(things.values()),
        relations=(MADE, LIVED),
        facts=tuple(facts),
    )
    index = DeckIndex(deck)
    kinds = {entity.name: entity.kind for entity in deck.entities}
    found = choices(index)
    assert found
    for question in found:
        assert len({kinds[option] for option in question.options}) == 1, question


@pytest.mark.parametrize(
    ("ask", "is_dated"),
    [
        ("How many people live in {subject}?", True),
        ("Who coaches {subject}?", True),
        ("How many people speak {subject}?", True),
        ("How many people lived in {subject}?", False),
        ("Who coached {subject}?", False),
    ],
)
def test_what_is_asked_in_the_present_is_asked_as_of_a_day(ask: str, *, is_dated: bool) -> None:
    relation = Relation("now", ask, say="{value} in {subject}.")
    town = Entity("Springfield", "springfield", "city")
    fact = Fact(
        "now", NumberValue(Decimal(114394), "people"), town, relation, as_of=DateValue(2020)
    )
    assert stem(fact).startswith("As of 2020") is is_dated
