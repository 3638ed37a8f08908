"""How much a sentence carries: what it could be asked about, and whether that is done already."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.facts import Fact, Status, find_passage
from app.core.proposals.proposal import Proposal, Sentence, SpanKind
from app.core.proposals.valued import weight

COVERED = -100.0
_WELL = range(40, 241)
_TOO_SHORT, _TOO_LONG = 25, 400
_POINTING = re.compile(r"^(?:It|He|She|They|This|That|These|Those|Its|His|Her|Their)\b")
_BOILERPLATE = re.compile(
    r"\b(?:cookies?|subscribe|newsletter|sign up|click here|all rights reserved|"
    r"copyright|advertisement|"
    r"read more|photograph:|share this|follow us)\b|^(?:by|photo|image|source)\b:?|©",
    re.IGNORECASE,
)


def score(sentence: Sentence, proposal: Proposal) -> float:
    """Return a sentence's rank: a specific value, names, a known relation, a handy length."""
    size = len(sentence.text)
    names = {
        span.entity.name
        for span in proposal.spans
        if span.entity and span.kind in {SpanKind.NAME, SpanKind.NEW_NAME}
    }
    found = weight(proposal.value) + 0.4 * min(len(names), 3)
    found += (3.0 if proposal.relation else 2.0 if proposal.ask else 0.0) + (
        0.5 if proposal.according_to else 0.0
    )
    found += (0.8 if proposal.subject else 0.0) + (1.0 if size in _WELL else 0.0)
    return found - _penalty(sentence.text, size, proposal)


def _penalty(text: str, size: int, proposal: Proposal) -> float:
    lost = 1.5 if size < _TOO_SHORT or size > _TOO_LONG else 0.0
    lost += 3.0 if text.rstrip("\"'”’)").endswith("?") else 0.0
    lost += 0.0 if text.rstrip("\"'”’)]»")[-1:] in ".!?\u2026\u3002\uff01\uff1f" else 2.0
    lost += 1.0 if _POINTING.match(text) and not proposal.subject else 0.0
    return lost + (4.0 if _BOILERPLATE.search(text) else 0.0)


@dataclass(frozen=True, slots=True)
class Cover:
    """A passage of a text that a fact rests on already."""

    start: int
    end: int
    fact: str


def covers(text: str, facts: Sequence[Fact], source: str) -> tuple[Cover, ...]:
    """Return the passages of a source that its facts quote; retired facts cover nothing."""
    found: dict[str, tuple[int, int] | None] = {}
    made: list[Cover] = []
    for fact in facts:
        evidence = fact.evidence
        if evidence is None or evidence.source != source or fact.status is Status.RETIRED:
            continue
        if evidence.quote not in found:
            found[evidence.quote] = find_passage(text, evidence.quote)
        span = found[evidence.quote]
        if span:
            made.append(Cover(*span, fact.key))
    return tuple(sorted(made, key=lambda one: (one.start, one.end)))


def covering(sentence: Sentence, passages: Sequence[Cover]) -> tuple[str, ...]:
    """Return the facts whose passage shares half of a sentence, or lies in it."""
    return tuple(
        one.fact
        for one in passages
        if one.start < sentence.end
        and sentence.start < one.end
        and _shared(sentence, one) * 2 >= min(sentence.end - sentence.start, one.end - one.start)
    )


def _shared(sentence: Sentence, one: Cover) -> int:
    return min(sentence.end, one.end) - max(sentence.start, one.start)
