"""Values in the house style, and grammar that fits what is filled in."""

import pytest

from app.core.facts import Fact, Relation, Stance
from app.core.values import Entity, EntityValue, TextValue, parse_value
from app.core.wording import (
    BLANK,
    article_for,
    attributed,
    display,
    fact_text,
    fill,
    inverse_stem,
    stem,
    tidy,
)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ({"kind": "money", "amount": "5580000", "currency": "USD"}, "US$5.58 million"),
        (
            {"kind": "money", "amount": "6000000", "currency": "USD", "bound": "less_than"},
            "under US$6 million",
        ),
        ({"kind": "money", "amount": "1200", "currency": "CHF"}, "CHF 1200"),
        ({"kind": "money", "amount": "3e12", "currency": "EUR"}, "€3 trillion"),
        ({"kind": "number", "amount": "50000", "unit": "chips"}, "50,000 chips"),
        ({"kind": "number", "amount": "12756", "unit": "km"}, "12,756 km"),
        ({"kind": "number", "amount": "0.5", "unit": "%"}, "0.5%"),
        ({"kind": "number", "amount": "-173", "unit": "°C"}, "-173 °C"),
        ({"kind": "number", "amount": "1234567"}, "1,234,567"),
        ({"kind": "range", "low": "20", "high": "50", "unit": "times"}, "20 to 50 times"),
        (
            {"kind": "range", "low": "1e6", "high": "2e6", "unit": "USD"},
            "US$1 million to US$2 million",
        ),
        ({"kind": "date", "date": "2025-01-20"}, "20 January 2025"),
        ({"kind": "date", "date": "2023-03"}, "March 2023"),
        ({"kind": "date", "date": "2022", "part": "late"}, "late 2022"),
        ({"kind": "set", "items": ["A", "B", "C"]}, "A, B and C"),
    ],
)
def test_values_are_shown_in_the_house_style(raw: dict[str, object], shown: str) -> None:
    assert display(parse_value(raw)) == shown


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("AI startup", "an"),
        ("quantitative hedge fund", "a"),
        ("hour", "an"),
        ("honest broker", "an"),
        ("unit", "a"),
        ("university", "a"),
        ("uninhabited island", "an"),
        ("European city", "a"),
        ("umbrella", "an"),
        ("one-off", "a"),
        ("FBI agent", "an"),
        ("UN body", "a"),
        ("8-bit chip", "an"),
        ("12-inch disk", "a"),
        (BLANK, "a/an"),
    ],
)
def test_the_article_fits_what_follows(text: str, article: str) -> None:
    assert article_for(text) == article


def test_a_template_takes_its_article_from_what_is_filled_in() -> None:
    assert fill("{subject} is a {value}.", "X", "AI startup") == "X is an AI startup."
    assert fill("an {value} made it", "X", "unit") == "A unit made it"
    assert fill("Is it a {value}?", "X", BLANK) == f"Is it a/an {BLANK}?"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("United Kingdom", "What is the capital of the United Kingdom?"),
        ("Netherlands", "What is the capital of the Netherlands?"),
        ("Cook Islands", "What is the capital of the Cook Islands?"),
        ("France", "What is the capital of France?"),
        ("the Moon", "What is the capital of the Moon?"),
        (
            "Haiti and the Dominican Republic",
            "What is the capital of Haiti and the Dominican Republic?",
        ),
        ("United Airlines", "What is the capital of United Airlines?"),
    ],
)
def test_names_that_go_with_the_get_it(name: str, sentence: str) -> None:
    assert fill("What is the capital of {subject}?", name, "") == sentence
    assert "the the" not in fill("In the {subject} it rains.", name, "").casefold()


def test_sentences_are_tidied() -> None:
    assert tidy("who  is it??") == "Who is it??"
    assert tidy("it was Apple Inc..") == "It was Apple Inc."
    assert tidy("iPhone sales rose.") == "iPhone sales rose."
    assert tidy("The Times's chief") == "The Times' chief"


def test_a_claim_names_its_claimant_once() -> None:
    relation = Relation(
        "holds", "How much does {subject} hold?", "Who holds {value}?", "{subject} holds {value}."
    )
    fact = Fact(
        "k",
        TextValue("gold"),
        Entity("Firm", "firm"),
        relation,
        Stance.CLAIMED,
        Entity("Ann Lee", "ann"),
    )
    assert stem(fact) == "According to Ann Lee, how much does Firm hold?"
    assert inverse_stem(fact) == "According to Ann Lee, who holds gold?"
    assert fact_text(fact) == "Ann Lee claimed: Firm holds gold."
    assert attributed(fact, "Ann Lee says that it is so.") == "Ann Lee says that it is so."
    plain = Fact("p", EntityValue(Entity("Rome")), ask="which city is it?")
    assert stem(plain) == "Which city is it?"
    assert fact_text(plain) == "Which city is it? Rome"
