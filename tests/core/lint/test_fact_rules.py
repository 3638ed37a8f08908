"""Each rule about facts finds its flaw, and leaves a sound fact alone."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.facts import Deck, Evidence, Fact, Relation, Source, Stance, Status
from app.core.lint import FACT_RULES, Finding, lint_deck, lint_fact
from app.core.lint.deck import shared_names
from app.core.questions import DeckIndex
from app.core.values import (
    Bound,
    DatePart,
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.interchange.deck_file import read_deck

SEED_DATA = Path(__file__).parents[3] / "seed_data"
DEEPSEEK = Entity("DeepSeek", "deepseek", "organisation")
LIANG = Entity("Liang Wenfeng", "liang", "person", ("Wenfeng Liang",))
WANG = Entity("Alexandr Wang", "wang", "person")
FOUNDER = Relation(
    "founder",
    "Who founded {subject}?",
    "Which firm did {value} found?",
    "{subject} was founded by {value}.",
)
BRIEF = Source(
    "brief", "The brief", "DeepSeek was founded\nby Liang Wenfeng.\n\nIt is in Hangzhou."
)
SOUND = Fact(
    "founder",
    EntityValue(LIANG),
    DEEPSEEK,
    FOUNDER,
    evidence=Evidence("brief", "DeepSeek was founded by Liang Wenfeng."),
)


def index_of(*facts: Fact) -> DeckIndex:
    entities = (DEEPSEEK, LIANG, WANG)
    return DeckIndex(
        Deck("d", "D", sources=(BRIEF,), entities=entities, relations=(FOUNDER,), facts=facts)
    )


def rules_broken(fact: Fact, *others: Fact) -> set[str]:
    found = lint_fact(index_of(fact, *others), fact)
    return {finding.rule for finding in found if not finding.type}


def test_a_sound_fact_passes_every_rule() -> None:
    assert rules_broken(SOUND) == set()


OTHER = replace(SOUND, key="other", value=EntityValue(WANG))
FLAWED: list[tuple[str, tuple[Fact, ...]]] = [
    ("missing-evidence", (replace(SOUND, evidence=None),)),
    ("quote-not-found", (replace(SOUND, evidence=Evidence("brief", "Liang Wenfeng did it.")),)),
    ("quote-not-found", (replace(SOUND, evidence=Evidence("gone", "Liang Wenfeng")),)),
    ("value-not-in-quote", (replace(SOUND, evidence=Evidence("brief", "It is in Hangzhou.")),)),
    ("missing-attribution", (replace(SOUND, stance=Stance.CLAIMED),)),
    ("contradiction", (SOUND, OTHER)),
    ("ambiguous-stem", (SOUND, OTHER)),
    ("question-wording", (replace(SOUND, relation=None),)),
    ("question-wording", (replace(SOUND, ask="Was it {value}?"),)),
    ("question-wording", (replace(SOUND, ask="Who founded {firm}?"),)),
    ("question-wording", (replace(SOUND, subject=None),)),
    ("inverse-wording", (replace(SOUND, ask_inverse="Did {value} found {subject}?"),)),
    ("statement-wording", (replace(SOUND, say="{subject} has a founder."),)),
]


@pytest.mark.parametrize(("rule", "facts"), FLAWED)
def test_a_rule_finds_its_flaw(rule: str, facts: tuple[Fact, ...]) -> None:
    assert rule in rules_broken(*facts)


def test_every_rule_has_a_flawed_example() -> None:
    assert {rule.name for rule in FACT_RULES} == {rule for rule, _ in FLAWED}


CLEAN: list[tuple[str, tuple[Fact, ...]]] = [
    ("missing-evidence", (SOUND,)),
    ("quote-not-found", (replace(SOUND, evidence=Evidence("brief", "DeepSeek was  founded")),)),
    ("value-not-in-quote", (replace(SOUND, evidence=Evidence("brief", "by Liang Wenfeng.")),)),
    (
        "missing-attribution",
        (replace(SOUND, stance=Stance.REPORTED, according_to="Example News"),),
    ),
    ("contradiction", (SOUND, replace(OTHER, subject=Entity("Alibaba")))),
    ("ambiguous-stem", (SOUND, replace(OTHER, subject=Entity("Alibaba")))),
    ("question-wording", (replace(SOUND, ask="Who founded {subject} in 2023?"),)),
    ("inverse-wording", (replace(SOUND, ask_inverse="Which firm did Mr Liang found?"),)),
    ("statement-wording", (replace(SOUND, say="{subject} is the work of Liang Wenfeng."),)),
]
"""Near misses: what a rule is about, but done well."""


@pytest.mark.parametrize(("rule", "facts"), CLEAN)
def test_a_rule_leaves_a_near_miss_alone(rule: str, facts: tuple[Fact, ...]) -> None:
    assert rule not in rules_broken(*facts)


def test_every_rule_has_a_near_miss() -> None:
    assert {rule.name for rule in FACT_RULES} == {rule for rule, _ in CLEAN}


def test_a_relation_with_many_values_is_neither_contradiction_nor_ambiguity() -> None:
    many = replace(FOUNDER, many=True)
    facts = [replace(fact, relation=many) for fact in (SOUND, OTHER)]
    assert not rules_broken(*facts) & {"contradiction", "ambiguous-stem"}


def test_another_claimant_or_another_date_is_no_contradiction() -> None:
    claimed = replace(OTHER, stance=Stance.CLAIMED, according_to="A newspaper")
    later = replace(OTHER, as_of=DateValue(2026))
    assert "contradiction" not in rules_broken(SOUND, claimed)
    assert "contradiction" not in rules_broken(SOUND, later)


def test_values_that_can_both_hold_are_no_contradiction() -> None:
    exact = replace(SOUND, value=MoneyValue(Decimal(5_580_000), "USD"))
    bound = replace(OTHER, value=MoneyValue(Decimal(6_000_000), "USD", Bound.LESS_THAN))
    assert not rules_broken(exact, bound) & {"contradiction", "ambiguous-stem"}


def test_a_draft_is_checked_against_what_is_published() -> None:
    assert "contradiction" in rules_broken(replace(OTHER, status=Status.DRAFT), SOUND)


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (EntityValue(LIANG), "It was Wenfeng Liang."),
        (TextValue("patents"), "They share patents."),
        (TextValue("an office", ("premises",)), "They share premises."),
        (NumberValue(Decimal(50_000), "chips"), "some 50,000 chips"),
        (NumberValue(Decimal(3)), "three of them"),
        (MoneyValue(Decimal(5_580_000), "USD"), "the reported US$5.58 million"),
        (RangeValue(Decimal(20), Decimal(50), "times"), "20 to 50 times cheaper"),
        (DateValue(2025, 1, 20), "on 20 January"),
        (DateValue(2022, part=DatePart.LATE), "in late 2022"),
        (SetValue((LIANG, WANG)), "Liang Wenfeng met Alexandr Wang"),
    ],
)
def test_a_quotation_with_the_value_supports_it(value: Value, quote: str) -> None:
    supported = replace(SOUND, value=value, evidence=Evidence("brief", quote))
    assert "value-not-in-quote" not in rules_broken(supported)


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (NumberValue(Decimal(50)), "some 50,000 chips"),
        (NumberValue(Decimal(5)), "15 of them, or 5.5"),
        (RangeValue(Decimal(20), Decimal(50)), "20 times cheaper"),
        (DateValue(2025, 1, 20), "in March 2023"),
        (SetValue((LIANG, WANG)), "Liang Wenfeng alone"),
    ],
)
def test_a_quotation_without_the_value_is_found(value: Value, quote: str) -> None:
    unsupported = replace(SOUND, value=value, evidence=Evidence("brief", quote))
    assert "value-not-in-quote" in rules_broken(unsupported)


def deck_findings(*entities: Entity) -> list[Finding]:
    deck = Deck("d", "D", sources=(BRIEF,), entities=entities, facts=(SOUND,))
    return [finding for finding in lint_deck(DeckIndex(deck)) if not finding.fact]


def test_near_equal_names_and_unused_entities_are_told_once() -> None:
    found = deck_findings(DEEPSEEK, LIANG, Entity("Deep Seek", "deep-seek"))
    assert {(finding.rule, finding.field) for finding in found} == {
        ("duplicate-entity", "deep-seek"),
        ("orphan-entity", "deep-seek"),
    }


def test_codes_that_differ_in_a_figure_and_short_names_are_no_duplicates() -> None:
    names = ["Nvidia H100", "Nvidia H800", "Iran", "Iraq"]
    found = deck_findings(*(Entity(name, name) for name in names))
    assert not [finding for finding in found if finding.rule == "duplicate-entity"]


def test_retired_facts_are_left_alone() -> None:
    retired = replace(SOUND, evidence=None, status=Status.RETIRED)
    assert not [f for f in lint_deck(index_of(retired)) if f.rule == "missing-evidence"]


@pytest.mark.parametrize("path", sorted(SEED_DATA.glob("*.yaml")), ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_seeded_deck_is_clean(path: Path, seed: int) -> None:
    assert lint_deck(DeckIndex(read_deck(path.read_text())), seed) == []


def test_a_name_that_two_things_go_by_is_told() -> None:
    lima = Entity("Lima", "lima", "city", ("City of Kings",))
    bean = Entity("Butter bean", "bean", "plant", ("LIMA", "Madagascar bean"))
    found = list(shared_names(Deck("d", "D", entities=(lima, bean))))
    assert [(one.rule, one.field) for one in found] == [("shared-name", "bean")]
    assert "'LIMA' is a name of 'Lima' and of 'Butter bean'." in found[0].message
    other = Entity("Oslo", "oslo", "city", ("Kristiania", "Oslo"))
    assert list(shared_names(Deck("d", "D", entities=(lima, other)))) == []
