"""Paper: in the deck's language and from its side, whole on its cards, front and back in place."""

import html
import re
from pathlib import Path

import html5lib
import pytest

from app.core.facts import Deck, Fact
from app.core.questions import DeckIndex
from app.core.values import TextValue
from app.interchange.deck_file import read_deck
from app.interchange.printing import CARDS_A_SHEET, Styling, print_cards, print_quiz

DECKS = Path(__file__).parents[1] / "corpora" / "decks"
SEEDED = Path(__file__).parents[2] / "seed_data" / "deepseek.yaml"


def index_of(path: Path) -> DeckIndex:
    return DeckIndex(read_deck(path.read_text(encoding="utf-8")))


def plain(texts: list[str]) -> DeckIndex:
    facts = tuple(
        Fact(f"f{at}", TextValue(text), ask=f"Which is {at}?") for at, text in enumerate(texts)
    )
    return DeckIndex(Deck("d", "D", facts=facts))


@pytest.mark.parametrize(
    ("deck", "reader", "side", "told"),
    [
        ("german.yaml", "en", "ltr", ["Datum:", "Lösungen", ">Wahr<", ">Falsch<"]),
        ("arabic.yaml", "de", "rtl", ["Datum:", "Lösungen", ">Wahr<", 'lang="de" dir="ltr"']),
        ("arabic.yaml", "en", "rtl", ["Date:", "Answer key", ">True<", 'lang="en" dir="ltr"']),
    ],
)
def test_our_words_on_paper_speak_the_decks_language_or_its_readers(
    deck: str, reader: str, side: str, told: list[str]
) -> None:
    page = print_quiz(index_of(DECKS / deck), Styling(reader=reader), seed=1)
    assert html5lib.HTMLParser(strict=True).parse(page) is not None
    assert re.search(rf'<html lang="\w+(?:-\w+)?" dir="{side}">', page)
    assert [one for one in told if one not in page] == []


def test_who_says_so_stands_on_the_back_and_ours_is_said_in_german() -> None:
    english = print_cards(index_of(SEEDED), Styling())
    assert "Reported by the article" in english
    german = print_cards(index_of(DECKS / "german.yaml"), Styling())
    assert "Beidseitig drucken" in german
    assert "Print on" not in german


def test_the_backs_lie_behind_their_fronts_when_the_sheet_is_turned_over() -> None:
    """Over the long edge left and right change places; the last sheet may be half empty."""
    count = CARDS_A_SHEET + 3
    page = print_cards(plain([f"answer {at}" for at in range(count)]), Styling())
    sheets = [
        re.findall(r'<div class="card"[^>]*>(.*?)</div>', one)
        for one in re.findall(r"<section[^>]*>(.*?)</section>", page)
    ]
    assert [len(one) for one in sheets] == [8, 8, 3, 4]
    for fronts, backs in (sheets[:2], sheets[2:]):
        for at, front in enumerate(fronts):
            number = re.findall(r"\d+", front)[0]
            assert f"answer {number}<" in backs[at ^ 1]


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("short", "card"),
        ("a word and " * 20, "card long"),
        ("漢字" * 60, "card long"),
        ("a word and " * 40, "card long longer"),
        ("a word and " * 80, "card long longer longest"),
    ],
)
def test_a_long_answer_has_smaller_letters_so_that_it_is_whole(text: str, classes: str) -> None:
    page = print_cards(plain([text.strip()]), Styling())
    assert f'<div class="{classes}"><p><strong>{html.escape(text.strip())}' in page


def test_a_match_has_each_prompt_beside_its_box_and_its_letter_in_the_key() -> None:
    page = print_quiz(index_of(SEEDED), Styling(), count=60, seed=4)
    pairs = re.findall(r"<li><span>([^<]+)</span> <span class=\"box\"></span></li>", page)
    assert len(pairs) >= 3
    assert all(f"{prompt} → " in page for prompt in pairs)
