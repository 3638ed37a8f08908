"""Candidates of long articles: `python -m benchmarks.proposals`. Ratios show whether it is linear.

Hostile texts too: no full stops, nothing but numbers, capitals or quotation marks.
"""

import json
import time
from pathlib import Path

from app.core.facts import Relation
from app.core.proposals import Context, candidates
from app.core.starter import STARTER_RELATIONS
from app.core.values import Entity

CORPUS = Path(__file__).parent.parent / "tests" / "corpora" / "proposals.jsonl"
SIZES = (25_000, 50_000, 100_000)


def article() -> str:
    """Return sentences of many fields, one paragraph each."""
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    return "\n\n".join(json.loads(line)["sentence"] for line in lines) + "\n\n"


TEXTS = {
    "article": article(),
    "no full stop": "the quick brown Fox met Ada Brook and ",
    "numbers": "1 to 2 and 3-4 5,000 ",
    "capitals": "Ada Of The De La ",
    "quotes": '"said, "the ',
    "dots": "U.S. ",
    "one line": "x",
}
CONTEXT = Context(
    entities=[Entity(f"Thing {n}", f"t{n}") for n in range(2000)],
    relations=[
        Relation(f"r{n}", say=f"{{subject}} was made{n} by {{value}}.", value_kind="entity")
        for n in range(60)
    ],
    starters=STARTER_RELATIONS,
)


def main() -> None:
    """Print seconds for each text and size, with 2,000 entities, 60 relations and the library."""
    for name, text in TEXTS.items():
        took = []
        for size in SIZES:
            long = (text * (size // len(text) + 1))[:size]
            began = time.perf_counter()
            found = candidates(long, CONTEXT)
            took.append(time.perf_counter() - began)
        print(name, len(found), [round(one, 3) for one in took], f"x{took[-1] / took[0]:.1f}")


if __name__ == "__main__":
    main()
