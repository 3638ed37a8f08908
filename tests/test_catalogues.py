"""The catalogues are whole: every message of the code is translated, its places kept."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from app.core.sentences import Sentence, say, say_many
from app.languages import FOLDER, LANGUAGES, in_language, translations

ROOT = Path(__file__).parents[1]
OTHERS = sorted(set(LANGUAGES) - {"en"})
PLACES = re.compile(r"%\(\w+\)s|%%|(?<!\{)\{\w+[^{}]*\}|\{\{\w+\}\}|</?\w+[^>]*>")


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def messages(of: Catalog) -> list[Message]:
    return [one for one in of if one.id]


def ids(of: Catalog) -> set[str | tuple[str, ...]]:
    return {tuple(one.id) if one.pluralizable else one.id for one in messages(of)}


def places(text: str) -> list[str]:
    return sorted(PLACES.findall(text))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make messages` finds in the code now."""
    found = re.search(r"pybabel --quiet extract (.*?)--no-location", makefile(), re.DOTALL)
    assert found
    options = found[1].replace("\\\n", " ").split()
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    subprocess.run([*command, *options, "-o", str(target), "app"], cwd=ROOT, check=True)  # noqa: S603 ours
    return catalogue(target)


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_message_of_the_code_is_in_the_template(extracted: Catalog) -> None:
    """`make messages` brings both up to the code."""
    assert ids(extracted) == ids(catalogue(FOLDER / "messages.pot"))


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(extracted: Catalog, language: str) -> None:
    whole = catalogue(FOLDER / language / "LC_MESSAGES" / "messages.po")
    assert ids(extracted) == ids(whole)
    for one in messages(whole):
        said = one.string if one.pluralizable else (one.string,)
        assert all(said), f"not translated: {one.id}"
        assert not one.fuzzy, one.id


@pytest.mark.parametrize("language", OTHERS)
def test_places_and_tags_are_those_of_the_english(language: str) -> None:
    for one in messages(catalogue(FOLDER / language / "LC_MESSAGES" / "messages.po")):
        english = one.id if one.pluralizable else (one.id,)
        said = one.string if one.pluralizable else (one.string,)
        wanted = [places(text) for text in english]
        assert all(places(text) in wanted for text in said), one.id


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_that_was_stored_is_found_again_by_its_wording(language: str) -> None:
    """Whatever stands in its places; braces that are shown are no places."""
    checked = 0
    for one in messages(catalogue(FOLDER / language / "LC_MESSAGES" / "messages.po")):
        text = one.id if isinstance(one.id, str) else ""
        names = re.findall(r"(?<!\{)\{(\w+)\}", text)
        if not names or "%(" in text or "{{" in text or re.search(r"\{\w+:", text):
            continue
        stored = str.__str__(text.format_map({name: f"Ω{name}Ω" for name in names}))
        said = in_language(language, stored)
        assert all(f"Ω{name}Ω" in said for name in names), text
        checked += 1
    assert checked > 80


GERMAN_WORDS = {
    r"decks?": "Stapel",
    r"facts?": "Fakt",
    r"passages?": "Textstelle",
    r"tags?": "Schlagw",
    r"leech(?:es)?": "Lernbremse",
    r"cloze": "Lückentext",
    r"flashcards?": "Lernkarte",
    r"entit(?:y|ies)": "Entität",
    r"relations?": "Beziehung",
    r"stance": "Einstufung",
    r"stem": "Fragetext",
    r"leaderboard": "Rangliste",
    r"schedules?": "Zeitpl",
    r"drafts?": "Entw",
    r"stability": "Stabilität",
    r"study session": "Lernrunde",
    r"reports?": "[Mm]eld",
    r"reviews?": "Wiederholung",
}
"""Words of the glossary, and what German says for each (docs/translating.md)."""
OTHER_GLOSSARIES = re.compile("XML|workbook|anchors and tags")
"""Messages about formats, whose entities and tags are not ours."""


def test_german_has_one_word_for_each_of_the_glossary() -> None:
    for one in messages(catalogue(FOLDER / "de" / "LC_MESSAGES" / "messages.po")):
        english = one.id if isinstance(one.id, str) else one.id[0]
        german = one.string if isinstance(one.string, str) else one.string[0]
        read = re.sub(r"%\(\w+\)s|<[^>]*>|\{[^}]*\}", "", english)
        if OTHER_GLOSSARIES.search(read):
            continue
        for word, wanted in GERMAN_WORDS.items():
            if re.search(rf"\b{word}\b", read, re.IGNORECASE):
                assert re.search(wanted, german), (english, german)
        assert not re.search(r"\bDeck|\b(?:Ihnen|Ihrem|Ihren)\b", german), german


def test_a_sentence_is_said_in_another_language_with_its_values() -> None:
    kept = say("{hits} of {total} pairs are right.", hits=2, total=3)
    assert kept == "2 of 3 pairs are right."
    assert type(str(kept)) is Sentence
    assert in_language("de", kept) == in_language("de", "2 of 3 pairs are right.")
    assert in_language("de", kept) == "2 von 3 Paaren sind richtig."
    assert in_language("en", kept) is kept


def test_figures_in_a_sentence_are_written_as_its_language_writes_them() -> None:
    """Also those of a sentence that was stored as text."""
    rows = say("At most {most_rows:,} rows can be imported at once.", most_rows=100_000)
    share = say("{share:.0%} of {keys} true/false questions are true.", share=0.6, keys=5)
    busy = say("The database was busy for {waited:.0f} seconds. Please send it again.", waited=5.2)
    told = {
        rows: "Höchstens 100.000 Zeilen können auf einmal importiert werden.",
        share: "60\xa0% von 5 Wahr-oder-falsch-Fragen sind wahr.",
        busy: "Die Datenbank war 5 Sekunden lang beschäftigt. Bitte sende es noch einmal.",
    }
    for english, german in told.items():
        assert in_language("de", english) == german
        assert in_language("de", str.__str__(english)) == german


def test_numbers_choose_their_wording() -> None:
    days = [say_many("1 day", "{number} days", number) for number in (1, 2)]
    assert days == ["1 day", "2 days"]
    assert [in_language("de", one) for one in days] == ["1 Tag", "2 Tagen"]


def test_text_that_is_no_sentence_of_ours_stays() -> None:
    assert in_language("de", "The moon is a harsh mistress") == "The moon is a harsh mistress"


def test_english_costs_no_catalogue() -> None:
    assert type(translations("en")).__name__ == "NullTranslations"


BARE_CHOICE = re.compile(r"\{\{[^{}]*?(?<![_(\w])\"([a-z][a-z ]+)\" if [^{}]*\}\}")
SHOWN_BY_SCRIPT = re.compile(r"\b(?:textContent|innerText|title|placeholder) = (.*)")
BROUGHT_ALONG = re.compile(
    r"\b(?:querySelector|words|counted|replace|made)\([^()]*(?:\([^()]*\))?[^()]*\)"
)


def said_by(script: str) -> list[str]:
    """Return the words that a script shows of its own: literals, without what it puts into them."""
    shown = (BROUGHT_ALONG.sub("", line) for line in SHOWN_BY_SCRIPT.findall(script))
    return [
        text
        for line in shown
        for text in re.findall(r"[\"`'“]([^\"`']*)[\"`']", re.sub(r"\$\{[^{}]*\}", "", line))
        if re.search(r"[A-Za-z]{3,}", re.sub(r"\$\{.*", "", text))
    ]


def test_templates_choose_between_no_words_that_nobody_has_wrapped() -> None:
    """As text: `{{ "answer" if … else "answers" }}` stays English in every language."""
    found = [
        (path.name, match[0])
        for path in sorted((ROOT / "app" / "templates").rglob("*.html"))
        for match in BARE_CHOICE.finditer(re.sub(r"<[^>]*>", "", path.read_text("utf-8")))
    ]
    assert found == []
    assert BARE_CHOICE.search('{{ "answer" if count == 1 else "answers" }}')


def test_scripts_show_only_words_that_their_page_brings_along() -> None:
    scripts = sorted((ROOT / "app" / "static" / "js").rglob("*.js"))
    assert scripts
    assert {one.name: said_by(one.read_text("utf-8")) for one in scripts} == {
        one.name: [] for one in scripts
    }
    assert said_by('count.textContent = ticked ? `${ticked} ticked` : "";') == [" ticked"]
