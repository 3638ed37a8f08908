"""From a sentence to a fact: `propose` for one, `candidates` for a whole article.

Always a proposal: a person looks at it, changes it and publishes it, or does not. A language
model could stand behind the same two functions (see `Proposer`).
"""

from bisect import bisect_left
from dataclasses import replace

from app.core.proposals.defined import defined_in
from app.core.proposals.earlier import Earlier, with_earlier
from app.core.proposals.names import capitalised_inside
from app.core.proposals.proposal import (
    Candidate,
    Context,
    Proposal,
    Proposer,
    Sentence,
    Span,
    SpanKind,
    StarterRelation,
)
from app.core.proposals.ranking import COVERED, Cover, covering, covers, score
from app.core.proposals.reading import Prepared, recognise
from app.core.proposals.rules import propose_from
from app.core.proposals.sentences import split

__all__ = [
    "Candidate",
    "Context",
    "Proposal",
    "Proposer",
    "Sentence",
    "Span",
    "SpanKind",
    "StarterRelation",
    "candidates",
    "propose",
]


def propose(sentence: str, context: Context) -> Proposal:
    """Return the fact that a sentence suggests. Never raises."""
    known, earlier = with_earlier(context)
    first = next(split(sentence), None)
    if first is None:
        return Proposal(sentence)
    prepared = Prepared.of(known, defined_in([context.before, sentence]))
    found = propose_from(recognise(first.text, prepared, earlier.told), prepared, earlier)
    return replace(found, quote=sentence.strip())


def candidates(text: str, context: Context) -> tuple[Candidate, ...]:
    """Return a text's sentences, those that carry most first and covered ones last.

    Never raises; the time it takes grows with the text, not with its square.
    """
    sentences = [*split(text)]
    seen = context.seen | capitalised_inside(sentence.text for sentence in sentences)
    named = defined_in(sentence.text for sentence in sentences)
    prepared = Prepared.of(replace(context, seen=seen), named)
    passages = covers(text, context.facts, context.source)
    made, earlier = [], Earlier()
    for sentence in sentences:
        read = recognise(sentence.text, prepared, earlier.told)
        proposal = propose_from(read, prepared, earlier)
        earlier = earlier.then(read)
        facts = covering(sentence, _near(sentence, passages))
        rank = score(sentence, proposal) + (COVERED if facts else 0.0)
        made.append(Candidate(sentence, proposal, rank, facts))
    return tuple(sorted(made, key=lambda one: (-one.score, one.sentence.start)))


def _near(sentence: Sentence, passages: tuple[Cover, ...]) -> tuple[Cover, ...]:
    """Return the passages that begin before a sentence ends; those far behind it are left out."""
    stop = bisect_left(passages, sentence.end, key=lambda one: one.start)
    return passages[max(0, stop - MOST_OVERLAPPING) : stop]


MOST_OVERLAPPING = 200
"""Passages beginning before a sentence that are looked at: facts of one sentence are few."""
