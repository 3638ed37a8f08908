"""Values in questions as readers of the deck's language write them."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.lint import lint_deck, lint_fact
from app.core.questions import DeckIndex, Question, QuestionType, mark, questions_of
from app.core.questions.codec import dump_question, load_question
from app.core.questions.question import Typed
from app.core.values import (
    Bound,
    DatePart,
    DateValue,
    Entity,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    Value,
)
from app.core.wording import display
from app.interchange.deck_file import read_deck

DECK = Path(__file__).parents[2] / "corpora" / "decks" / "german_values.yaml"
INDEX = DeckIndex(read_deck(DECK.read_text(encoding="utf-8")))
QUESTIONS = [
    question
    for fact in INDEX.facts
    for seed in (1, 2)
    for question in questions_of(INDEX, fact, seed)
]
ENGLISH = re.compile(
    r"million|billion|\bunder\b|\bto\b|\blate\b|\bearly\b|January|March|US\$|€|\d,\d{3}\b|\d\.\d\d?\b"
)


def said(question: Question) -> list[str]:
    return [question.stem, question.statement, *question.options, *question.keys]


def test_a_german_deck_writes_no_value_in_english() -> None:
    assert not [text for one in QUESTIONS for text in said(one) if ENGLISH.search(text)]
    whole = "\n".join(text for one in QUESTIONS for text in said(one))
    for text in (
        *("5,58 Mio. US-Dollar", "12.500 Euro", "2,4 Mrd. Euro", "unter 6 Mio. Euro"),
        *("am 20. Januar 1925", "im Januar 1952", "wurde Ende 2022 verkauft", "Anfang 2019"),
        *("50.000 Chips", "8849 Spulen", "20 bis 50 Leute", "2,5 Mal", "25 %"),
    ):
        assert text in whole, text


def test_its_options_are_of_one_style_and_no_rule_finds_anything() -> None:
    assert lint_deck(INDEX) == []
    kinds = {one.fact_key for one in QUESTIONS if one.type is QuestionType.MULTIPLE_CHOICE}
    assert {"muehle-tag", "muehle-kosten", "weberei-spulen", "muehle-rad", "strom"} <= kinds


def test_every_key_of_it_is_right_also_after_storing() -> None:
    for question in QUESTIONS:
        if question.type in {QuestionType.CLOZE, QuestionType.SHORT_ANSWER}:
            kept = load_question(dump_question(question))
            assert kept == question
            assert mark(kept, Typed(question.keys[0])).correct, question


def test_a_passage_supports_a_value_in_its_own_language() -> None:
    fact = INDEX.deck.fact_by_key["muehle-kosten"]
    assert fact.evidence is not None
    for quote, supports in (
        ("Der Umbau der Mühle kostete 5,58 Mio. Dollar.", True),
        ("Der Umbau der Mühle kostete 5.580.000 Dollar.", True),
        ("Der Umbau der Mühle kostete 55,8 Mio. Dollar.", False),
        ("Der Umbau der Mühle kostete 5.58.", True),
    ):
        told = replace(fact, evidence=replace(fact.evidence, quote=quote))
        rules = {one.rule for one in lint_fact(INDEX, told)}
        assert ("value-not-in-quote" not in rules) is supports, quote


def test_a_month_in_a_passage_is_known_in_its_language() -> None:
    fact = INDEX.deck.fact_by_key["druckerei-tag"]
    assert fact.evidence is not None
    for quote, supports in (("Eröffnet im Januar.", True), ("Eröffnet im Juni.", False)):
        told = replace(fact, evidence=replace(fact.evidence, quote=quote))
        rules = {one.rule for one in lint_fact(INDEX, told)}
        assert ("value-not-in-quote" not in rules) is supports


MONEY = MoneyValue(Decimal(5580000), "USD", Bound.LESS_THAN)
SPAN = RangeValue(Decimal(1_000_000), Decimal(2_500_000), "EUR")
NAMES = SetValue((Entity("A"), Entity("B"), Entity("C")))
LATE = DateValue(2022, part=DatePart.LATE)


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (MONEY, "en-GB", "under US$5.58 million"),
        (MONEY, "de-CH", "unter 5,58 Mio. US-Dollar"),
        (MONEY, "fr", "moins de 5,58 millions $US"),
        (MONEY, "es", "menos de 5,58 millones US$"),
        (MONEY, "ja", "< $558万"),
        (MONEY, "x-none", "< 5\u202f580\u202f000 USD"),
        (MoneyValue(Decimal("0.1"), "EUR"), "de", "0,10 Euro"),
        (MoneyValue(Decimal(12500), "EUR"), "fr", "12\u202f500 €"),
        (NumberValue(Decimal("1.4E9"), "people"), "sv", "1,4 miljarder people"),
        (NumberValue(Decimal(25), "%"), "ja", "25%"),
        (
            RangeValue(Decimal(1_000_000), Decimal(2_500_000), "EUR"),
            "de",
            "1 Mio. bis 2,5 Mio. Euro",
        ),
        (DateValue(2025, 1, 20), "es", "20 de enero de 2025"),
        (DateValue(2025, 1, 20), "ja", "2025年1月20日"),
        (DateValue(2025, 1), "fr", "janvier 2025"),
        (LATE, "fr", "fin 2022"),
        (LATE, "pt", "set. – dez. de 2022"),
        (LATE, "x-none", "2022-09/2022-12"),
        (DateValue(2022, 3, part=DatePart.EARLY), "x-none", "2022-03-01/2022-03-10"),
        (DateValue(2022, 3, part=DatePart.EARLY), "de", "Anfang März 2022"),
        (NAMES, "de", "A, B und C"),
        (NAMES, "x-none", "A, B, C"),
    ],
)
def test_a_value_is_written_as_its_language_does(value: Value, language: str, text: str) -> None:
    assert display(value, language) == text
