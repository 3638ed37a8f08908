"""Marking of sets: any order, any separator; each missing or wrong name costs its share."""

import re

from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import clean, without_padding
from app.core.marking.text import PERSON_KINDS, mark_names, same
from app.core.values import SetValue
from app.core.wording import display

_SEPARATORS = re.compile(r"\s*(?:[,;/|\n+&]|\band\b|\bas well as\b)\s*", re.IGNORECASE)


def mark_set(value: SetValue, response: str) -> Mark:
    """Mark the names that were given, each counted once."""
    listed = re.sub(r"(?:^|\s)(?:\d+[.)]|[-*•])\s+", ";", response)
    text = without_padding(clean(listed.replace("\n", ";")))
    if re.search(r"\bor\b", text, re.IGNORECASE):
        return Mark(0.0, Verdict.WRONG, "Give the answers, not several to choose from.")
    parts = [name for part in _SEPARATORS.split(text) if part for name in _parted(value, part)]
    left = list(value.items)
    slips, fuzzy = 0, False
    for part in parts:
        others = [name for item in value.items for name in item.names]
        marks = {
            item.name: mark_names(
                item.names,
                part,
                [other for other in others if other not in item.names],
                is_person=item.kind.casefold() in PERSON_KINDS,
            )
            for item in left
        }
        hit = next((item for item in left if marks[item.name].correct), None)
        if hit is None:
            slips += 1
        else:
            fuzzy = fuzzy or marks[hit.name].verdict is Verdict.TYPO
            left.remove(hit)
    return _mark(value, len(value.items) - len(left), slips, fuzzy=fuzzy)


def _parted(value: SetValue, part: str) -> list[str]:
    """Part "earth venus" at its spaces, where that gives names of the set and nothing else."""
    names = [name for item in value.items for name in item.names]
    left, found = part.split(), []
    while left:
        for length in range(len(left), 0, -1):
            head = " ".join(left[:length])
            if any(same(name, head) for name in names):
                found.append(head)
                left = left[length:]
                break
        else:
            return [part]
    return found


def _mark(value: SetValue, hits: int, slips: int, *, fuzzy: bool) -> Mark:
    total = len(value.items)
    credit = max(0.0, (hits - slips) / total)
    if credit >= 1:
        verdict = Verdict.TYPO if fuzzy else Verdict.EQUIVALENT
        return Mark(1.0, verdict, f"All of them: {display(value)}.")
    if credit > 0:
        return Mark(round(credit, 2), Verdict.PARTIAL, f"{hits} of {total}: {display(value)}.")
    return Mark(0.0, Verdict.WRONG, f"The answer is {display(value)}.")
