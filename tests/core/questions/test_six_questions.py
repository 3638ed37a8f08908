"""A fact with an entity as its value gives six questions, in any deck of twenty facts or more."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.facts import Deck, Fact, Relation
from app.core.lint import Severity, check_question
from app.core.questions import DeckIndex, Question, QuestionType, mark, questions_of
from app.core.questions.families import family_of, well_known
from app.core.questions.question import Chosen, Typed
from app.core.values import Entity, EntityValue

KNOWN_KINDS = ("city", "largest city", "country", "author", "founder", "river", "language", "firm")
ODD_KINDS = ("anthem", "motto", "shade")
SYLLABLES = "ba ke li mo nu ra se ti vo ya dro gri pel sto zun wim".split()  # noqa: SIM905


def name(number: int) -> str:
    """Return a made-up name of two words that no other number shares."""
    first, second = (
        [SYLLABLES[(number + add) // 16**at % 16] for at in range(4)] for add in (0, 9)
    )
    return f"{''.join(first).title()}n {''.join(second[::-1]).title()}k"


@st.composite
def decks(draw: st.DrawFn) -> Deck:
    """Draw a deck of entity facts: many relations or few, kinds known and odd, plain facts too."""
    facts: list[Fact] = []
    entities: list[Entity] = []
    sizes = draw(st.lists(st.integers(1, 6), min_size=4, max_size=24))
    while sum(sizes) < 20:
        sizes.append(draw(st.integers(1, 6)))
    for at, size in enumerate(sizes):
        kind = draw(st.sampled_from((*KNOWN_KINDS, *ODD_KINDS)))
        inverse = draw(st.booleans())
        relation = Relation(
            f"r{at}",
            f"What is the {kind} number {at} of {{subject}}?",
            f"What has the {kind} number {at} {{value}}?" if inverse else "",
            f"The {kind} number {at} of {{subject}} is {{value}}.",
        )
        plain = draw(st.booleans())
        for row in range(size):
            number = len(entities)
            value = Entity(name(7 * number + 1), f"e{number}", kind)
            subject = Entity(name(7 * number + 4), f"e{number + 1}", "place")
            entities += [value, subject]
            key = f"f{at}-{row}"
            facts.append(
                Fact(
                    key,
                    EntityValue(value),
                    ask=f"What is number {number}?",
                    say=f"{{value}} is number {number}.",
                )
                if plain
                else Fact(key, EntityValue(value), subject, relation)
            )
    return Deck("d", "D", entities=tuple(entities), facts=tuple(facts))


def distinct(made: list[Question]) -> set[tuple[str, str, str]]:
    return {(one.type, one.direction, one.stem) for one in made}


def rivals_of(deck: Deck, fact: Fact) -> int:
    """Count what may stand beside a fact's value: its kind or family, or what is well known."""
    assert isinstance(fact.value, EntityValue)
    kind = fact.value.entity.kind
    family = family_of(kind)
    alike = [
        one
        for one in deck.entities
        if one.kind == kind or (family and family_of(one.kind) == family)
    ]
    return len(alike) - 1 + len(well_known(kind, with_the=False, capital=True))


@given(decks(), st.integers(0, 1000))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_fact_with_two_rivals_or_an_inverse_gives_six(deck: Deck, seed: int) -> None:
    index = DeckIndex(deck)
    for fact in deck.facts:
        made = questions_of(index, fact, seed)
        if rivals_of(deck, fact) >= 2 or fact.ask_inverse_template:
            assert len(distinct(made)) >= 6, (fact, [one.type for one in made])
        else:
            assert len(distinct(made)) >= 3
        for question in made:
            errors = [one for one in check_question(question) if one.severity is Severity.ERROR]
            assert not errors, (question, errors)
            if question.type is QuestionType.MULTIPLE_CHOICE:
                assert mark(question, Chosen(question.keys)).correct
            if question.type in {QuestionType.CLOZE, QuestionType.SHORT_ANSWER}:
                assert mark(question, Typed(question.keys[0])).correct


def alone(kind: str, value: str, ask: str, language: str = "en", **more: bool) -> Deck:
    """Return a deck of twenty facts in which one value is the only one of its kind."""
    many = more.get("many", False)
    relation = Relation("it", ask, "", "The answer for {subject} is {value}.", many=many)
    land = Entity("Ruritania", "land", "land")
    answer = Entity(value, "answer", kind)
    colours = [Entity(f"Shade {letter}", letter, "shade") for letter in "ABCDEFGHIJKLMNOPQRS"]
    paint = Relation("paint", "What is under {subject}?", "", "Under {subject} is {value}.")
    things = [Entity(f"Door {one.key}", f"door-{one.key}", "door") for one in colours]
    facts = [
        Fact(thing.key, EntityValue(colour), thing, paint)
        for thing, colour in zip(things, colours, strict=True)
    ]
    entities = (land, answer, *colours, *things)
    fact = Fact("alone", EntityValue(answer), land, relation)
    return Deck("d", "D", language=language, entities=entities, facts=(fact, *facts))


@pytest.mark.parametrize(
    ("kind", "value", "ask"),
    [
        ("capital", "Strelsau", "What is the capital of {subject}?"),
        ("longest river", "the Elphe", "What is the longest river of {subject}?"),
        ("currency", "the florin", "What is the currency of {subject}?"),
        ("president", "Rudolf Rassendyll", "Who is the president of {subject}?"),
        ("founder of the party", "Rupert Hentzau", "Who founded the party of {subject}?"),
        ("", "Ruritanian", "Which language is spoken in {subject}?"),
    ],
)
def test_a_value_alone_in_its_deck_stands_among_well_known_ones(
    kind: str, value: str, ask: str
) -> None:
    deck = alone(kind, value, ask)
    for seed in range(6):
        made = questions_of(DeckIndex(deck), deck.facts[0], seed)
        assert len(distinct(made)) == 6
        choice = next(one for one in made if one.type is QuestionType.MULTIPLE_CHOICE)
        assert {option.startswith("the ") for option in choice.options} == {
            value.startswith("the ")
        }


@pytest.mark.parametrize("many", [True, False])
def test_what_is_only_well_known_is_no_wrong_answer_where_several_are_right(many: bool) -> None:  # noqa: FBT001
    deck = alone("neighbour country", "Grustark", "What borders {subject}?", many=many)
    types = Counter(one.type for one in questions_of(DeckIndex(deck), deck.facts[0], 1))
    assert (QuestionType.MULTIPLE_CHOICE in types) is not many


def test_a_kind_that_nothing_is_known_of_gives_three_rather_than_poor_ones() -> None:
    deck = alone("anthem", "Hail the Hills", "What is the anthem of {subject}?")
    made = questions_of(DeckIndex(deck), deck.facts[0], 1)
    assert [one.type for one in made] == [
        QuestionType.CLOZE,
        QuestionType.SHORT_ANSWER,
        QuestionType.FLASHCARD,
    ]


def test_the_names_of_another_deck_serve_unless_the_passage_names_them() -> None:
    deck = alone("anthem", "Hail the Hills", "What is the anthem of {subject}?")
    songs = tuple(Entity(f"Song of {one}", one, "anthem") for one in ("Ash", "Elm", "Oak"))
    index = DeckIndex(deck, [Deck("other", "Other", entities=songs)])
    assert len(distinct(questions_of(index, deck.facts[0], 1))) == 6
    noted = Fact(
        **{
            **{slot: getattr(deck.facts[0], slot) for slot in Fact.__slots__},
            "note": "Earlier it was the Song of Ash or the Song of Elm.",
        }
    )
    options = [
        option
        for one in questions_of(DeckIndex(deck, [index_deck(songs)]), noted, 1)
        for option in one.options
    ]
    assert "Song of Ash" not in options


def index_deck(entities: tuple[Entity, ...]) -> Deck:
    return Deck("other", "Other", entities=entities)


def test_questions_are_matched_to_answers_of_one_kind() -> None:
    people = [Entity(one, one, "author") for one in ("Ann Ash", "Bo Birch", "Cy Cole")]
    facts = tuple(
        Fact(f"f{at}", EntityValue(one), ask=f"Who wrote book {at}?", say=f"{{value}} wrote {at}.")
        for at, one in enumerate(people)
    )
    index = DeckIndex(Deck("d", "D", entities=tuple(people), facts=facts))
    made = next(
        one for one in questions_of(index, facts[0], 1) if one.type is QuestionType.MATCHING
    )
    assert made.stem == "Match each question with its answer."
    assert dict(zip(made.prompts, made.keys, strict=True)) == {
        f"Who wrote book {at}?": one.name for at, one in enumerate(people)
    }
