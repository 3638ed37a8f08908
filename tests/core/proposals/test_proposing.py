"""Proposals by what a deck knows: names, relations, passages, the sentences before."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.facts import Deck, Evidence, Fact, Relation, Stance, Status
from app.core.marking import mark_value
from app.core.proposals import Context, SpanKind, candidates, propose
from app.core.starter import STARTER_RELATIONS
from app.core.values import DateValue, Entity, EntityValue, TextValue
from app.core.wording import display
from app.interchange.deck_file import read_deck

SEED_DATA = Path(__file__).parents[3] / "seed_data"
FOUNDED = Relation(
    "founded_by",
    "Who founded {subject}?",
    "What did {value} found?",
    "{subject} was founded by {value}.",
    "entity",
    many=True,
)
CAPITAL = Relation("capital", "?", "?", "The capital of {subject} is {value}.", "entity")
VELA = Entity("Vela Motors", "vela", "organisation", ("Vela",))
NORA = Entity("Nora Lindgren", "nora", "person")
KNOWN = Context(entities=(VELA, NORA), relations=(FOUNDED, CAPITAL), published=DateValue(2025, 1))


@dataclass(frozen=True)
class Starter:
    relation: Relation
    cues: tuple[str, ...]
    inverse_cues: tuple[str, ...] = ()
    of_people: bool = True


def told(sentence: str, context: Context = KNOWN) -> tuple[str, str, str]:
    made = propose(sentence, context)
    return made.subject, made.relation, display(made.value) if made.value else ""


@pytest.mark.parametrize(
    ("sentence", "subject", "relation", "value"),
    [
        ("Vela was founded by Nora Lindgren.", "Vela Motors", "founded_by", "Nora Lindgren"),
        ("Nora Lindgren founded Vela Motors.", "Vela Motors", "founded_by", "Nora Lindgren"),
        ("The capital of Freedonia is Sylvan.", "Freedonia", "capital", "Sylvan"),
        ("Sylvan, the capital of Freedonia, lies inland.", "Freedonia", "capital", "Sylvan"),
        ("Vela Motors sold 4,000 cars.", "Vela Motors", "", "4000 cars"),
    ],
)
def test_a_relation_is_known_by_the_words_of_its_statement(
    sentence: str, subject: str, relation: str, value: str
) -> None:
    assert told(sentence) == (subject, relation, value)


def test_a_plain_fact_brings_its_sentence_with_a_gap_and_no_question() -> None:
    made = propose("Vela Motors sold 4,000 cars in {Oslo}.", KNOWN)
    assert made.say == "Vela Motors sold {value} in Oslo."
    assert made.ask == ""
    assert made.to_word
    assert not propose("Vela was founded by Nora Lindgren.", KNOWN).to_word


def test_of_several_founders_the_next_one_is_proposed() -> None:
    sentence = "Nora Lindgren and Emil Holm founded Vela Motors."
    emil = Entity("Emil Holm", "emil", "person")
    entities = (*KNOWN.entities, emil)
    found = {told(sentence, Context(entities, KNOWN.relations))[2]}
    for one in (NORA, emil):
        fact = Fact("f", EntityValue(one), VELA, FOUNDED)
        found.add(told(sentence, Context(entities, KNOWN.relations, facts=(fact,)))[2])
        assert told(sentence, Context(entities, KNOWN.relations, facts=(fact,)))[2] != one.name
    assert found == {"Nora Lindgren", "Emil Holm"}


def test_a_starter_relation_is_proposed_by_its_cues_and_marked_as_new() -> None:
    seat = Relation("seat", "Where is {subject}?", "", "{subject} is based in {value}.", "entity")
    starter = Starter(seat, ("has its headquarters in",))
    made = propose(
        "Vela has its headquarters in Bergen.", Context(KNOWN.entities, starters=(starter,))
    )
    assert (made.subject, made.relation, made.starter) == ("Vela Motors", "seat", seat)
    assert made.value == EntityValue(Entity("Bergen", kind="place"))
    own = propose(
        "Vela has its headquarters in Bergen.",
        Context(KNOWN.entities, relations=(seat,), starters=(starter,)),
    )
    assert own.relation == "seat"
    assert own.starter is None


def test_a_general_relation_of_the_deck_is_still_known_by_its_phrases_alone() -> None:
    """Once it had joined the deck, every sentence with "contained" in it was taken for one."""
    general = {one.key: one for one in STARTER_RELATIONS}
    contains, ended = (general[key].relation for key in ("contains", "ended_on"))
    in_deck = Context(KNOWN.entities, relations=(contains, ended), starters=STARTER_RELATIONS)
    assert not propose("Water below Bergen contained 40 mg of cobalt.", in_deck).relation
    assert not propose("Nora Lindgren will stay to the end of 2025.", in_deck).relation
    assert propose("Vela contains 40 pumps.", in_deck).relation == "contains"


LIBRARY = tuple(
    Starter(Relation(key, "?", "", say, kind), cues, inverse)
    for key, say, kind, cues, inverse in (
        ("founded_by", "{subject} was founded by {value}.", "entity", (), ("founded",)),
        ("employs", "{subject} employs {value}.", "number", ("employed", "employs"), ()),
        ("head", "The head of {subject} is {value}.", "entity", (), (", the head of",)),
        ("signed", "{subject} was signed in {value}.", "entity", ("was signed in",), ()),
    )
)


@pytest.mark.parametrize(
    ("sentence", "told_of"),
    [
        ("Nora Lindgren founded Vela Motors.", ("Vela Motors", "founded_by", "Nora Lindgren")),
        ("Vela was founded in Bergen.", ("Vela Motors", "", "Bergen")),
        ("Vela employed 450 workers.", ("Vela Motors", "employs", "450 workers")),
        (
            "As the Courier wrote, the old mine employed 450 workers.",
            ("the old mine", "employs", "450 workers"),
        ),
        ("The old mine of Vela employed 450 workers.", ("Vela Motors", "", "450 workers")),
        ("According to Nora Lindgren, Oslo employed 45 cooks.", ("Oslo", "employs", "45 cooks")),
        ("According to Nora Lindgren, the firm employed 45 cooks.", ("", "", "45 cooks")),
        ("The city of Bergen employed 450 workers.", ("Bergen", "employs", "450 workers")),
        ("As the Courier wrote, the firm employed 45 cooks.", ("Courier", "", "45 cooks")),
        ("Vela showed signs of growth in Bergen.", ("Vela Motors", "", "Bergen")),
        (
            "Nora Lindgren, the head of Vela, claimed that the firm grew.",
            ("Vela Motors", "head", "Nora Lindgren"),
        ),
    ],
)
def test_general_relations_want_their_own_phrase_with_names_on_the_right_sides(
    sentence: str, told_of: tuple[str, str, str]
) -> None:
    assert told(sentence, Context(KNOWN.entities, starters=LIBRARY)) == told_of


def test_what_is_told_about_the_claimant_is_not_claimed_itself() -> None:
    sentence = "Nora Lindgren, the head of Vela, claimed that {}."
    context = Context(KNOWN.entities, starters=LIBRARY)
    aside = propose(sentence.format("the firm grew"), context)
    assert (aside.relation, aside.stance, aside.according_to) == ("head", Stance.STATED, "")
    figure = propose(sentence.format("it sold 4,000 cars"), context)
    assert figure.relation == ""
    assert (figure.stance, figure.according_to) == (Stance.CLAIMED, "Nora Lindgren")


ARTICLES = (
    (
        """The common swift spends most of its life in the air. Nobody knew how long until 2016.

Researchers at Lund University found that some swifts stayed up for 10 months. A swift weighs about
40 grams and covers up to 570 km a day. It is a beautiful sight!

"We were amazed," said Anders Holm, who led the study. Subscribe to our newsletter for more.""",
        "570 km a day",
        "Subscribe",
    ),
    (
        """Match report

Northgate United beat Ashford 3-1 on Saturday. The winner came late. Striker Leo Marsh has scored
21 goals this season, more than anybody else in the league. What a season it has been?

The club paid $4.5 million for Marsh in July 2023. According to the Ashford Post, he wants to
leave.""",
        "$4.5 million",
        "What a season",
    ),
    (
        """The Treaty of Brenn was signed on 4 May 1721. It ended a war of nine years. Few mourned.

Queen Ottilie of Brenn gave up three provinces: Marl, Osten and Kirr. Historians dispute that she
was forced to. The war had cost between 30,000 and 50,000 lives.""",
        "between 30,000 and 50,000",
        "Few mourned",
    ),
)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The Treaty of Brenn was signed by Queen Ottilie.", ["Treaty of Brenn", "Ottilie"]),
        ("In Paris Dr. Ada Brook met J. R. Holm.", ["Paris", "Ada Brook", "J. R. Holm"]),
        ("Swifts fly. Monday came.", []),
        ("The Bank of England's governor left NASA.", ["Bank of England", "NASA"]),
        ("American and Chinese firms compete.", []),
        ("Ludwig van Beethoven lived in Bonn.", ["Ludwig van Beethoven", "Bonn"]),
        ("Apollo 11 used old keys.", ["Apollo 11"]),
        ("He paid US$5 or 5 US dollars.", []),
    ],
)
def test_new_names_are_known_by_their_capitals_in_context(sentence: str, names: list[str]) -> None:
    spans = propose(sentence, Context()).spans
    found = [sentence[one.start : one.end] for one in spans if one.kind is SpanKind.NEW_NAME]
    assert found == names


@pytest.mark.parametrize(("text", "best", "worst"), ARTICLES)
def test_of_articles_of_any_field_the_telling_sentences_come_first(
    text: str, best: str, worst: str
) -> None:
    found = [one.sentence.text for one in candidates(text, Context(source="s"))]
    assert any(best in one for one in found[:3]), found
    assert worst in found[-1] or worst in found[-2], found


def test_it_and_he_stand_for_what_was_spoken_of_before() -> None:
    before = "Vela Motors is a maker of cars. Nora Lindgren leads the firm."
    context = Context(KNOWN.entities, before=before)
    assert propose("It employs 500 people.", context).subject == "Vela Motors"
    assert propose("She was born in 1970.", context).subject == "Nora Lindgren"
    assert propose("It employs 500 people.", Context()).subject == ""


def test_who_said_it_is_carried_on_by_a_pronoun_and_else_the_article_says_it() -> None:
    before = "Nora Lindgren claimed that the car flies."
    context = Context(KNOWN.entities, before=before, publisher="The Courier")
    made = propose("She said it costs $9,000.", context)
    assert (made.stance, made.according_to) == (Stance.REPORTED, "Nora Lindgren")
    alone = propose("Reportedly it costs $9,000.", context)
    assert alone.according_to == "The Courier"


def test_the_date_of_an_amount_is_its_own_or_the_articles() -> None:
    assert propose("Vela employs 500 people.", KNOWN).as_of == DateValue(2025, 1)
    made = propose("As of March 2024 the firm employs 500 people.", KNOWN)
    assert made.as_of == DateValue(2024, 3)
    assert propose("Vela sold 500 cars.", KNOWN).as_of is None
    assert propose("The Rhine is 1,230 km long.", KNOWN).as_of is None


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("The box weighs 300 pounds.", "300 pounds"),
        ("The box cost 300 pounds.", "£300"),
        ("Two in five pupils walk.", ""),
        ("Three out of four of them agreed.", ""),
        ("30 out of 100 walk.", ""),
        ("Sales fell from 420 units to 310 units.", "310 units"),
        ("Prices of 20 to 30 euros are usual.", "€20 to €30"),
        ("They met on 5 March.", "5 March 2024"),
        ("They met on 5 January.", "5 January 2025"),
        ("They will meet on 5 March.", "5 March 2025"),
    ],
)
def test_figures_mean_what_their_words_say(sentence: str, answer: str) -> None:
    made = propose(sentence, Context(published=DateValue(2025, 1, 29)))
    assert (display(made.value) if made.value else "") == answer


def test_what_was_recognised_can_be_highlighted() -> None:
    text = "According to Nora Lindgren, Vela paid $3 million to Emil Holm in May 2020."
    found = {(text[one.start : one.end], one.kind) for one in propose(text, KNOWN).spans}
    assert found == {
        ("According to ", SpanKind.REPORTING),
        ("Nora Lindgren", SpanKind.NAME),
        ("Vela", SpanKind.NAME),
        ("$3 million", SpanKind.AMOUNT),
        ("Emil Holm", SpanKind.NEW_NAME),
        ("May 2020", SpanKind.DATE),
    }


def test_covered_sentences_come_last_and_retired_facts_cover_nothing() -> None:
    text = "Vela Motors sold 4,000 cars.\n\nThe sun shone on the hills that day."
    quoting = Fact("f", TextValue("4,000 cars"), evidence=Evidence("s", "Vela Motors sold 4,000"))
    first, last = candidates(text, Context(source="s", facts=(quoting,)))
    assert last.covered_by == ("f",)
    assert first.covered_by == ()
    retired = Fact("f", quoting.value, evidence=quoting.evidence, status=Status.RETIRED)
    for context in (Context(source="s", facts=(retired,)), Context(source="z", facts=(quoting,))):
        assert not any(one.covered_by for one in candidates(text, context))


@pytest.mark.parametrize("name", ["deepseek", "planets", "places"])
def test_the_best_candidates_of_our_own_articles_are_those_that_facts_rest_on(name: str) -> None:
    deck = read_deck((SEED_DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    source = deck.sources[0]
    bare = Context(deck.entities, deck.relations, source=source.key)
    found = candidates(source.text, bare)
    quoted = {fact.evidence.quote for fact in deck.facts if fact.evidence}
    best = found[: len(found) // 2]
    shared = [
        one for one in best if any(one.sentence.text in q or q in one.sentence.text for q in quoted)
    ]
    assert len(shared) >= 0.85 * len(best)
    all_covered = candidates(source.text, Context(facts=deck.facts, source=source.key))
    assert sum(bool(one.covered_by) for one in all_covered) >= 0.8 * len(found)


@pytest.mark.parametrize("name", ["planets", "places"])
def test_a_relation_is_proposed_rightly_for_passages_that_are_held_out(name: str) -> None:
    deck = read_deck((SEED_DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    proposed = right = 0
    for quote in {fact.evidence.quote for fact in deck.facts if fact.evidence}:
        made = propose(quote, _without(deck, quote))
        wanted = {
            fact.relation.key
            for fact in deck.facts
            if fact.evidence and fact.evidence.quote == quote and fact.relation
        }
        proposed += bool(made.relation)
        right += made.relation in wanted
    assert proposed >= 30
    assert right >= 0.95 * proposed


def _without(deck: Deck, quote: str) -> Context:
    rest = tuple(one for one in deck.facts if not one.evidence or one.evidence.quote != quote)
    return Context(deck.entities, deck.relations, STARTER_RELATIONS, rest)


WORDS = (
    "US$5.58 million|20 to 50|between|and|3-4|in 1969|late 2022|said|claimed|that|by|denied|each|"
    "Nora Lindgren|Vela's|U.S.|Dr.|,|.|{value}|{|is a|The|two|hundred|%|€|1e400|0000|It|-|–|"
    "44 BC|according to|founded by|31 February 2020|without evidence"
)
SCRAPS = [*WORDS.split("|"), "9" * 60, '"', "\x00", "\ud800", "\n\n", "\u00b2", "\u0663"]


@given(st.lists(st.one_of(st.sampled_from(SCRAPS), st.text(max_size=6)), max_size=40))
def test_no_text_makes_it_raise(parts: list[str]) -> None:
    text = " ".join(parts)
    propose(text, KNOWN)
    for one in candidates(text, KNOWN):
        for span in one.proposal.spans:
            assert 0 <= span.start < span.end <= len(one.sentence.text)


@given(
    st.sampled_from(["", "about ", "less than ", "at least ", "up to ", "more than "]),
    st.one_of(
        st.integers(13, 10**7).map(lambda n: f"{n:,}"),
        st.decimals(1, 999, places=2).map(str),
        st.sampled_from(["fifty-two", "3.2 million", "two hundred", "1.5 billion", "seventeen"]),
    ),
    st.sampled_from(
        [" km", "%", " people", " US dollars", " euros", " hours", " GW", " solar panels"]
    ),
)
def test_an_amount_is_read_as_marking_reads_it(limit: str, number: str, unit: str) -> None:
    text = f"The plant needs {limit}{number}{unit} in all."
    value = propose(text, Context()).value
    assert value is not None, text
    assert mark_value(value, f"{limit}{number}{unit}").correct, (text, value)
