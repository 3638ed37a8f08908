"""Questions speak their deck's language: German in German decks, signs where we have no words."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.facts import Fact, Stance
from app.core.lint import lint_deck
from app.core.questions import DeckIndex, QuestionType, questions_of
from app.core.wording import as_dated, attributed, dated, statement, stem
from app.interchange.deck_file import read_deck

DECKS = Path(__file__).parents[2] / "corpora" / "decks"
ENGLISH = re.compile(
    r"\b(?:True|False|Which|What|gap|fits|order|Match|answer|According|claimed|reported|As of|By|"
    r"January|earliest|name|year)\b"
)


def stems(name: str) -> list[str]:
    index = DeckIndex(read_deck((DECKS / f"{name}.yaml").read_text(encoding="utf-8")))
    return [one.stem for fact in index.facts for one in questions_of(index, fact, 1)]


@pytest.mark.parametrize("name", ["german", "japanese", "arabic"])
def test_no_english_stands_around_the_words_of_another_language(name: str) -> None:
    assert not [one for one in stems(name) if ENGLISH.search(one)]
    index = DeckIndex(read_deck((DECKS / f"{name}.yaml").read_text(encoding="utf-8")))
    assert lint_deck(index) == []


def test_a_german_deck_is_asked_in_german() -> None:
    asked = stems("german")
    for start in (
        "Wahr oder falsch? Am Fluss die Donau liegt Linz.",
        "Was passt in die Lücke (Stadt)? ",
        "Was gehört zusammen? Welche Stadt liegt am Fluss …?",
        "Welche Reihenfolge stimmt, das Kleinste zuerst? ",
        "Was sagt das Amt? Stand 15. Januar 2024: Wie viele Einwohner hat Linz?",
        "Das Amt hat berichtet: Stand 15. Januar 2024: Linz hat _____.",
    ):
        assert [one for one in asked if one.startswith(start)], start


def of_deck(language: str) -> Fact:
    deck = read_deck((DECKS / "german.yaml").read_text(encoding="utf-8"))
    told = replace(deck, language=language)
    return told.fact_by_key["linz-einwohner"]


@pytest.mark.parametrize(
    ("language", "question", "claim"),
    [
        ("de", "Was sagt das Amt? Stand 15. Januar 2024: ", "Das Amt hat behauptet: "),
        ("fr", "Das Amt: (15 janvier 2024) ", "Das Amt: "),
    ],
)
def test_equal_facts_of_two_languages_are_worded_apart(
    language: str, question: str, claim: str
) -> None:
    english, other = of_deck("en"), of_deck(language)
    assert english == other
    assert stem(english).startswith("According to das Amt, ")
    assert stem(other).startswith(question)
    assert attributed(replace(other, stance=Stance.CLAIMED), "…").startswith(claim)


def test_a_date_is_told_where_a_language_says_that_things_change() -> None:
    assert as_dated(of_deck("de")) == "15. Januar 2024"
    past = replace(of_deck("de"), ask="Wie viele Einwohner zählte {subject}?")
    assert dated(past, "Satz.") == "Satz."
    assert statement(of_deck("pl")).startswith("(15 stycznia 2024) ")


def test_every_type_has_its_words_in_each_language() -> None:
    types = {
        one.type
        for name in ("german", "japanese")
        for index in [DeckIndex(read_deck((DECKS / f"{name}.yaml").read_text(encoding="utf-8")))]
        for fact in index.facts
        for one in questions_of(index, fact, 1)
    }
    assert types >= set(QuestionType) - {QuestionType.MULTIPLE_SELECT}
