"""What the sentences of whole articles are proposed to be about, and by which relation."""

import json
from pathlib import Path

import pytest

from app.core.proposals import Context, candidates
from app.core.starter import STARTER_RELATIONS
from app.core.values import DateValue

CORPUS = Path(__file__).parents[2] / "corpora" / "proposed_articles.json"
ARTICLES = json.loads(CORPUS.read_text(encoding="utf-8"))
CONTEXT = Context(starters=STARTER_RELATIONS, published=DateValue(2025, 1, 29))


@pytest.mark.parametrize("held_out", [False, True])
def test_subject_and_relation_are_right_nine_times_in_ten(
    held_out: bool,  # noqa: FBT001 pytest's own way
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`held_out` articles were written after the rules: the first run on them, before anything was
    mended, gave 18 of 22 subjects and 21 of 22 relations right; two more (a theatre, coffee) after
    the rules for later sentences gave 19 of 24 and 23 of 24. Of 30 sentences in the active voice
    ("active: " and business, science, culture) 3 had a relation before there were rules for them
    and 14 with the first ones; of 32 written after the last ones 9 and 25, one of them wrong.
    """
    subjects = relations = count = 0
    for article in (one for one in ARTICLES if one["held_out"] is held_out):
        made = {one.sentence.text: one.proposal for one in candidates(article["text"], CONTEXT)}
        for fact in article["facts"]:
            proposal = next(one for text, one in made.items() if text.startswith(fact["begins"]))
            subjects += proposal.subject == fact["subject"]
            relations += proposal.relation == fact["relation"]
            count += 1
    with capsys.disabled():
        print(f"\n  of {count}: subjects {subjects}, relations {relations}")  # noqa: T201 the figures are the point
    assert count >= 20
    assert subjects >= 0.9 * count
    assert relations >= 0.95 * count
