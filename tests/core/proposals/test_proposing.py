"""Proposals by what a deck knows: names, relations, passages, the sentences before."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.facts import Deck, Evidence, Fact, Relation, Stance, Status
from app.core.marking import mark_value
from app.core.proposals import Context, SpanKind, candidates, propose
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
    assert candidates(text, Context(source="s", facts=(retired,)))[0].covered_by == ()
    assert candidates(text, Context(source="other", facts=(quoting,)))[0].covered_by == ()


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
    return Context(deck.entities, deck.relations, facts=rest)


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
