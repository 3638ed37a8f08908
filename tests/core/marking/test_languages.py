"""Responses in the language of a German, French or Spanish deck, judged by hand."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.grading import grade_line
from app.core.marking import mark_value
from app.core.values import (
    Bound,
    DatePart,
    DateValue,
    Entity,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.core.wording import display

CORPUS = Path(__file__).parents[2] / "corpora" / "responses_languages.jsonl"
ROWS = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
VALUES: tuple[Value, ...] = (
    MoneyValue(Decimal(5580000), "USD", Bound.LESS_THAN),
    MoneyValue(Decimal("14.5"), "EUR"),
    NumberValue(Decimal(50_000), "chips"),
    NumberValue(Decimal("6.022E23")),
    NumberValue(Decimal("-3.5"), "°C"),
    NumberValue(Decimal(25), "%"),
    RangeValue(Decimal(20), Decimal(50), "km"),
    RangeValue(Decimal(1_000_000), Decimal(2_500_000), "USD"),
    DateValue(2025, 1, 20),
    DateValue(2023, 3),
    DateValue(1969),
    DateValue(2022, part=DatePart.LATE),
    DateValue(2022, 3, part=DatePart.EARLY),
    SetValue((Entity("Ann"), Entity("Ben"), Entity("Cy"))),
)


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row['language']}-{row['response'][:24]}" for row in ROWS]
)
def test_the_mark_is_the_one_a_reader_of_that_language_gives(row: dict[str, Any]) -> None:
    mark = grade_line(json.dumps(row))
    assert mark["correct"] is row["correct"], mark


@pytest.mark.parametrize("language", ["de-AT", "fr", "es", "ja", "ar", "ru", "zh-Hant", "x-none"])
def test_what_a_question_shows_as_its_answer_is_right(language: str) -> None:
    for value in VALUES:
        shown = display(value, language)
        assert mark_value(value, shown, language=language).correct, shown


@given(
    amount=st.decimals("0.01", "99999999", places=2), other=st.decimals("0.01", "9999", places=2)
)
def test_a_german_amount_is_right_and_no_other_is(amount: Decimal, other: Decimal) -> None:
    value = NumberValue(amount.normalize() + 0, "km")
    assert mark_value(value, display(value, "de"), language="de").correct
    wrong = NumberValue(other.normalize() + 0, "km")
    if abs(wrong.amount - value.amount) > value.amount / 100:
        assert not mark_value(value, display(wrong, "de"), language="de").correct


def test_the_sentence_writes_the_value_as_the_question_did() -> None:
    money = MoneyValue(Decimal(5580000), "USD")
    mark = mark_value(money, "6 Mio. Dollar", language="de")
    assert mark.why == "The answer is 5,58 Mio. US-Dollar."
    day = mark_value(DateValue(2025, 1, 20), "Januar 2025", language="de")
    assert day.why == "Right as far as it goes; more exactly 20. Januar 2025."


def test_a_line_of_grade_needs_a_language_that_is_a_text() -> None:
    line = {"value": {"kind": "text", "text": "x"}, "response": "x", "language": 3}
    assert "error" in grade_line(json.dumps(line))


@pytest.mark.parametrize("language", ["", "de", "xx-unknown", "e", "-", "de_DE", "日本語"])
def test_no_tag_makes_marking_raise(language: str) -> None:
    for value in VALUES:
        mark_value(value, "20. Jan. 2025 oder 5,58 Mio.", language=language)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        *(
            ("de", said)
            for said in ("nicht {}", "kein {}", "ohne {}", "es ist nicht {}", "{} nicht")
        ),
        *(("fr", said) for said in ("pas {}", "jamais {}", "ce n'est pas {}", "tout sauf {}")),
        *(("es", said) for said in ("no {}", "nunca {}", "todo menos {}")),
        *(("it", said) for said in ("non {}", "mai {}")),
    ],
)
def test_what_is_said_not_to_be_the_answer_is_not(language: str, said: str) -> None:
    for name in ("Marie Curie", "Berlin"):
        assert not mark_value(TextValue(name), said.format(name), language=language).credit


def test_an_answer_may_deny_something_itself() -> None:
    assert mark_value(TextValue("nicht genug Geld"), "Nicht genug Geld!", language="de").correct
    assert mark_value(TextValue("Sans-Souci"), "sans souci", language="fr").correct
