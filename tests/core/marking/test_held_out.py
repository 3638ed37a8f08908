"""Responses that were judged by hand before the rules were run on them.

Round 1 was written before they were mended, the others after: docs/decisions.md (78) has the rates
of each first run. What is still marked otherwise than by hand stays in the file.
"""

import json
from pathlib import Path

import pytest

from app.core.grading import grade_line

HELD_OUT = Path(__file__).parents[2] / "corpora" / "responses_held_out.jsonl"
ROWS = [json.loads(line) for line in HELD_OUT.read_text().splitlines()]
MOST_REJECTED = 0.035
MOST_ACCEPTED = 0.005


def rate(*, correct: bool) -> float:
    """Return the share of right or wrong responses that are not marked so."""
    judged = [row for row in ROWS if row["correct"] is correct]
    missed = [row for row in judged if grade_line(json.dumps(row))["correct"] is not correct]
    return len(missed) / len(judged)


def test_few_right_answers_are_refused() -> None:
    assert rate(correct=True) <= MOST_REJECTED


def test_hardly_a_wrong_answer_is_taken() -> None:
    assert rate(correct=False) <= MOST_ACCEPTED


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("methane", "ethane"),
        ("friction", "fiction"),
        ("sodium chloride", "sodium chlorite"),
        ("Björk", "Bjorn"),
        ("Seoul", "soul"),
        ("$5 million", "$50 million"),
        ("$5 million", "€5 million"),
        ("the right to remain silent", "no right to remain silent"),
        ("it dissolves", "it doesn't dissolve"),
        ("Serena Williams", "Venus Williams"),
        ("Serena Williams", "V. Williams"),
        ("John F. Kennedy", "John F. Kerry"),
        ("World Health Organization", "World Organization"),
        ("Mexico", "Mexico City"),
        ("Lake Victoria", "Queen Victoria"),
        ("General Motors", "Motors"),
        ("three years", "three"),
        ("state", "station"),
        ("Nashville, Tennessee", "Tennessee"),
        ("Nashville, Tennessee", "Nashville, Indiana"),
        ("Paris", "Paris, Texas"),
        ("Jordan", "the River Jordan"),
    ],
)
def test_another_thing_is_not_a_way_to_write_it(name: str, response: str) -> None:
    line = {"value": {"kind": "text", "text": name}, "response": response}
    assert not grade_line(json.dumps(line))["correct"]


def test_words_behind_a_known_acronym_must_be_its_own() -> None:
    value = {"kind": "entity", "name": "European Court of Human Rights", "aliases": ["ECHR"]}
    for response, right in (("ECHR", True), ("European Convention on Human Rights", False)):
        assert grade_line(json.dumps({"value": value, "response": response}))["correct"] is right
