"""Responses as people type them, marked by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.grading import grade_line

CORPUS = Path(__file__).parents[2] / "corpora" / "responses.jsonl"
ROWS = [json.loads(line) for line in CORPUS.read_text().splitlines()]


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row['value']['kind']}-{row['response'][:24]}" for row in ROWS]
)
def test_the_mark_is_the_one_a_person_gives(row: dict[str, Any]) -> None:
    mark = grade_line(json.dumps(row))
    assert mark["correct"] is row["correct"], mark
