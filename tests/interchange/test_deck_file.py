"""Deck files: equal after a round trip, refused whole with every problem named."""

from pathlib import Path

import pytest
import yaml

from app.interchange.deck_file import read_deck, write_deck
from app.interchange.loading import DeckFileRefused

SEED_DATA = Path(__file__).parents[2] / "seed_data"
DECKS = sorted(SEED_DATA.glob("*.yaml"))


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("file_format", ["yaml", "json"])
def test_a_written_deck_reads_back_equal(path: Path, file_format: str) -> None:
    deck = read_deck(path.read_text())
    written = write_deck(deck, file_format)
    assert read_deck(written) == deck
    assert write_deck(read_deck(written), file_format) == written


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.stem)
def test_every_quotation_stands_in_its_source(path: Path) -> None:
    deck = read_deck(path.read_text())
    assert len(deck.facts) >= 30
    for fact in deck.facts:
        assert fact.evidence is not None
        assert fact.evidence.quote in deck.source_by_key[fact.evidence.source].text


def test_all_problems_are_listed_with_their_lines() -> None:
    text = """format: factdeck/1
deck: {key: d, title: D}
entities:
  - {key: a, name: ''}
relations: []
facts:
  - {key: one, ask: 'What?', value: {kind: number, amount: many}}
  - {key: one, ask: 'What?', value: {kind: entity, entity: nobody}, stance: claimed}
  - {key: two, colour: red, value: {kind: text, text: x}, ask: 'Why?'}
"""
    with pytest.raises(DeckFileRefused) as refused:
        read_deck(text)
    found = {(problem.line, problem.field) for problem in refused.value.problems}
    assert (4, "entities[0].name") in found
    assert (7, "facts[0].value.amount") in found
    assert (8, "facts[1].value.entity") in found
    assert (8, "facts[1].according_to") in found
    assert (8, "facts[1].key") in found
    assert (9, "facts[2].colour") in found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "format: other/1",
        "[" * 100_000,
        "{" * 50_000,
        "a: &x [1]\nb: *x",
        "!!python/object/apply:os.system [ls]",
        "format: factdeck/1\ndeck: 7",
        "\x00",
        yaml.safe_dump({"format": "factdeck/1", "deck": {"key": "k" * 500, "title": "t"}}),
    ],
)
def test_hostile_files_are_refused(text: str) -> None:
    with pytest.raises(DeckFileRefused) as refused:
        read_deck(text)
    assert refused.value.problems


HEAD = "format: factdeck/1\ndeck: {key: d, title: D}\n"


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        (HEAD + "entities:\n  - {key: a, name: A, name: B}\n", 4, "name"),
        (HEAD + "deck: {key: e, title: E}\n", 3, "deck"),
        (HEAD + "entities:\n  - {key: a, name: !!str 5}\n", 4, "file"),
        (
            HEAD + 'entities:\n  - {key: a, name: A, aliases: ["\\x07"]}\n',
            4,
            "entities[0].aliases[0].aliases",
        ),
        (HEAD + "facts:\n  - {key: f, value: {kind: text, text: x}}\n", 4, "facts[0]"),
        (HEAD + 'sources:\n  - {key: s, title: S, text: "a\\0b"}\n', 4, "sources[0].text"),
    ],
)
def test_what_would_be_lost_silently_is_refused(text: str, line: int, field: str) -> None:
    with pytest.raises(DeckFileRefused) as refused:
        read_deck(text)
    assert (line, field) in {(one.line, one.field) for one in refused.value.problems}


def test_a_field_twice_in_json_is_refused() -> None:
    with pytest.raises(DeckFileRefused):
        read_deck('{"format": "factdeck/1", "deck": {"key": "d", "title": "A", "title": "B"}}')


@pytest.mark.parametrize("quote", ["", '"'])
def test_an_endless_amount_is_refused_at_its_line(quote: str) -> None:
    text = (
        "format: factdeck/1\ndeck: {key: d, title: D}\nfacts:\n- key: a\n  ask: How many?\n"
        f"  value:\n    kind: number\n    amount: {quote}{'9' * 5000}{quote}\n"
        "- {key: b, ask: When?, value: {kind: date, date: 2025-13-45}}\n"
    )
    with pytest.raises(DeckFileRefused) as refusal:
        read_deck(text)
    assert [one.line for one in refusal.value.problems] == [8, 9]
    assert "facts[0].value.amount" in str(refusal.value)
    assert "facts[1].value.date" in str(refusal.value)


def test_an_endless_amount_in_json_is_refused_by_its_field() -> None:
    text = '{"format": "factdeck/1", "deck": {"key": "d", "title": "D"}, "facts": [{"key": "a",'
    text += f'"ask": "How many?", "value": {{"kind": "number", "amount": {"9" * 6000}}}}}]}}'
    with pytest.raises(DeckFileRefused, match=r"facts\[0\]\.value\.amount"):
        read_deck(text)
