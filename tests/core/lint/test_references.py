"""Each rule of the linter says why it is there and where that is published, on its page too."""

from pathlib import Path

import pytest

from app.core.lint import DECK_RULES, FACT_RULES, QUESTION_RULES
from app.core.lint.reference import reason_of

PAGE = (Path(__file__).parents[3] / "docs" / "item_writing.md").read_text("utf-8")
FEWEST_WORDS = 6
LINES = [
    *((r.name, str(r.severity), reason_of(r.check), r.reference) for r in FACT_RULES),
    *((r.name, str(r.severity), reason_of(r.check), r.reference) for r in QUESTION_RULES),
    *((r.name, "warning", r.reason, r.reference) for r in DECK_RULES),
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_a_rule_has_a_reason_and_a_published_reference(line: tuple[str, str, str, str]) -> None:
    name, severity, reason, reference = line
    assert len(reason.split()) >= FEWEST_WORDS, name
    assert reference.strip(), name
    assert f"| `{name}` | {severity} | {reason} | {reference} |" in PAGE


def test_the_page_names_no_rule_that_is_gone() -> None:
    told = {row.split("`")[1] for row in PAGE.splitlines() if row.startswith("| `")}
    assert told == {line[0] for line in LINES}
