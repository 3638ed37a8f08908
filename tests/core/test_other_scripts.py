"""Decks in Arabic and Japanese, answers in these and in Hebrew: asked and marked fairly."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from app.core import lint
from app.core.facts import Deck
from app.core.grading import grade_line
from app.core.languages import direction
from app.core.questions import DeckIndex, QuestionType, mark, questions_of
from app.core.questions.codec import dump_question, load_question
from app.core.questions.question import Typed
from app.core.wording import join_choices, join_names
from app.interchange import deck_file

DECKS = Path(__file__).parents[1] / "corpora" / "decks"
ARTICLE = re.compile(r"\b(?:a|an|the) _____|_____ (?:a|an|the)\b", re.IGNORECASE)


@pytest.fixture(params=["arabic", "japanese"])
def deck(request: pytest.FixtureRequest) -> Deck:
    return deck_file.read_deck((DECKS / f"{request.param}.yaml").read_text(encoding="utf-8"))


def test_a_deck_in_another_script_is_asked_in_many_ways_without_a_finding(deck: Deck) -> None:
    index = DeckIndex(deck)
    types = {one.type for fact in deck.facts for one in questions_of(index, fact, 1)}
    assert types >= {
        QuestionType.MULTIPLE_CHOICE,
        QuestionType.TRUE_FALSE,
        QuestionType.CLOZE,
        QuestionType.SHORT_ANSWER,
        QuestionType.MATCHING,
        QuestionType.FLASHCARD,
    }
    errors = [one for one in lint.lint_deck(index) if one.severity == "error"]
    assert errors == []


def test_nothing_english_is_put_into_its_sentences(deck: Deck) -> None:
    index = DeckIndex(deck)
    for fact in deck.facts:
        for question in questions_of(index, fact, 1):
            assert not ARTICLE.search(question.stem)
            assert not re.search("[\u3002\uff01\uff1f\u061f][.!?]", question.stem)
            assert not re.search("[\u3002\uff01\uff1f\u061f][.!?]", question.statement)
            if question.type in {QuestionType.CLOZE, QuestionType.SHORT_ANSWER}:
                assert not re.search("[a-z]", question.stem)


def test_every_key_is_right_also_decomposed_and_after_storing(deck: Deck) -> None:
    index = DeckIndex(deck)
    for fact in deck.facts:
        for question in questions_of(index, fact, 1):
            if question.type not in {QuestionType.CLOZE, QuestionType.SHORT_ANSWER}:
                continue
            kept = load_question(json.loads(json.dumps(dump_question(question))))
            assert kept == question
            for form in ("NFC", "NFD", "NFKC"):
                given = Typed(unicodedata.normalize(form, question.keys[0]))
                assert mark(question, given).correct, question.keys


def test_the_file_comes_back_equal(deck: Deck) -> None:
    assert deck_file.read_deck(deck_file.write_deck(deck, "yaml")) == deck


NILE = {"kind": "entity", "name": "النيل", "aliases": ["نهر النيل"]}
LENGTH = {"kind": "number", "amount": "6650", "unit": "كيلومترا"}
ANDO = {"kind": "entity", "name": "安藤百福", "aliases": ["あんどうももふく", "Andō Momofuku"]}
KARAOKE = {"kind": "entity", "name": "カラオケ"}
YEAR = {"kind": "date", "date": "1958"}
DAY = {"kind": "date", "date": "2025-01-20"}
TEL_AVIV = {"kind": "entity", "name": "תל אביב"}


@pytest.mark.parametrize(
    ("value", "response", "is_right"),
    [
        (NILE, "النِّيل", True),
        (NILE, "النــيل", True),
        (NILE, "نهر النيل", True),
        (NILE, "دجلة", False),
        (LENGTH, "٦٦٥٠", True),
        (LENGTH, "٦٬٦٥٠ كيلومترا", True),
        (LENGTH, "۶۶۵۰", True),
        (LENGTH, "٦٦٥١", False),
        (ANDO, "安藤 百福", True),
        (ANDO, "アンドウモモフク", True),
        (ANDO, "ｱﾝﾄﾞｳﾓﾓﾌｸ", True),
        (ANDO, "Ando Momofuku", True),
        (ANDO, "御木本幸吉", False),
        (ANDO, "安藤百", False),
        (KARAOKE, "からおけ", True),
        (KARAOKE, "ガラオケ", False),
        (YEAR, "1958年", True),
        (YEAR, "１９５８年", True),
        (YEAR, "١٩٥٨", True),
        (YEAR, "سنة ١٩٥٨", True),
        (YEAR, "1959年", False),
        (DAY, "2025年1月20日", True),
        (DAY, "2025年1月21日", False),
        (TEL_AVIV, "תֵּל־אָבִיב", True),
        (TEL_AVIV, "חיפה", False),
    ],
)
def test_answers_are_marked_by_what_they_say(
    value: dict[str, object],
    response: str,
    is_right: bool,  # noqa: FBT001 a case of the table
) -> None:
    told = grade_line(json.dumps({"value": value, "response": response}))
    assert told["correct"] is is_right


@pytest.mark.parametrize(
    ("language", "side"),
    [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa", "rtl"),
        ("az-Arab", "rtl"),
        ("en", "ltr"),
        ("ja", "ltr"),
        ("ks-Deva", "ltr"),
        ("ar-Latn", "ltr"),
        ("zh-Hant-TW", "ltr"),
        ("de-1996", "ltr"),
        ("", "auto"),
    ],
)
def test_a_language_is_written_from_its_side(language: str, side: str) -> None:
    assert direction(language) == side


@pytest.mark.parametrize(
    ("language", "both", "either"),
    [
        ("en", "A, B and C", "A, B or C"),
        ("de", "A, B und C", "A, B oder C"),
        ("ja", "A、B、C", "A、B、またはC"),
        ("tlh", "A, B, C", "A / B / C"),
    ],
)
def test_names_are_joined_as_the_language_joins_them(language: str, both: str, either: str) -> None:
    names = ["A", "B", "C"]
    assert join_names(names, language) == both
    assert join_choices(names, language) == either
    odd = ["Salt and Pepper", "This or That"]
    assert all(name in join_names(odd, language) for name in odd)
