"""The question engine: `make bench`. Ratios within one run, since machines are shared and noisy."""

import gc
import json
import resource
import statistics
import time
from pathlib import Path
from random import Random

from app.core.facts import Deck, Fact, Relation
from app.core.grading import grade_line
from app.core.lint import lint_deck
from app.core.marking import mark_value
from app.core.marking.normalise import squeezed
from app.core.questions import DeckIndex, Direction, QuestionType, ask, questions_of
from app.core.values import DateValue, Entity, EntityValue, Value
from app.workers import settle_garbage
from benchmarks.hostile import pairs

CORPUS = Path(__file__).parent.parent / "tests" / "corpora" / "responses.jsonl"
MADE = Relation(
    "made_in",
    "When was {subject} made?",
    "What was made in {value}?",
    "{subject} was made in {value}.",
)
KIN = Relation(
    "kin",
    "Which is the kin of {subject}?",
    "Whose kin is {value}?",
    "The kin of {subject} is {value}.",
)
SYLLABLES = [
    "ba",
    "ke",
    "li",
    "mo",
    "nu",
    "ra",
    "se",
    "ti",
    "vo",
    "zu",
    "pal",
    "dor",
    "mir",
    "tan",
    "gel",
    "hus",
]


def large_deck(facts: int) -> Deck:
    """Return a deck of facts about made-up things, half with dates and half with names."""
    rng = Random(facts)
    names = {"".join(rng.choices(SYLLABLES, k=4)).capitalize() for _ in range(facts * 2)}
    entities = [Entity(name, name.lower(), "thing") for name in sorted(names)[:facts]]
    rng.shuffle(entities)
    made = []
    for at, entity in enumerate(entities):
        dated = DateValue(1000 + at % 900, 1 + at % 12)
        named = EntityValue(entities[(at * 31 + 7) % len(entities)])
        made.append(Fact(f"f{at}", dated if at % 2 else named, entity, MADE if at % 2 else KIN))
    return Deck(
        "large", "Large", entities=tuple(entities), relations=(MADE, KIN), facts=tuple(made)
    )


def timed_generation(facts: int) -> tuple[float, int, DeckIndex]:
    """Return seconds and number of all questions of a deck, and its index."""
    deck = large_deck(facts)
    started = time.perf_counter()
    index = DeckIndex(deck)
    count = sum(len(questions_of(index, fact, 1)) for fact in index.facts)
    return time.perf_counter() - started, count, index


def dearest() -> tuple[float, str, float, int]:
    """Return the CPU milliseconds of the dearest hostile response and the label of its fact.

    Nothing that was read before is kept but what one other response to the fact leaves. Each pair
    is tried once; of the dearest thirty the smallest of five counts, which leaves out what else
    the machine does: it is slow for seconds at a time, so each is tried again after all others.
    The dearest with its fact unread as well follows, and how many were tried.
    """
    caches = [one for one in gc.get_objects() if isinstance(one, type(squeezed))]
    settle_garbage()  # as `factdeck serve` does; what is frozen would not be listed above
    tried = list(pairs(Random(3)))
    once = [(_marking(caches, *pair[1:]), at) for at, pair in enumerate(tried)]
    dear = [tried[at] for _, at in sorted(once, reverse=True)[:30]]

    def smallest(*, unread: bool) -> list[float]:
        rounds = [[_marking(caches, *pair[1:], unread=unread) for pair in dear] for _ in range(5)]
        return [min(times) for times in zip(*rounds, strict=True)]

    known, cold = smallest(unread=False), smallest(unread=True)
    return max(known), dear[known.index(max(known))][0], max(cold), len(tried)


def _marking(caches: list, value: Value, response: str, *, unread: bool = False) -> float:
    """Return the CPU milliseconds of one marking after all that was kept is forgotten."""
    for cache in caches:
        cache.cache_clear()
    if not unread:
        mark_value(value, "something else")
    started = time.process_time()
    mark_value(value, response)
    return (time.process_time() - started) * 1000


def print_marking() -> None:
    """Print what marking costs: the corpus, and what is dear."""
    times = []
    for line in CORPUS.read_text().splitlines():
        started = time.perf_counter()
        grade_line(line)
        times.append((time.perf_counter() - started) * 1000)
    print(f"marking one response, median:   {statistics.median(times):6.3f} ms (wanted < 0.2 ms)")
    print(f"marking one response, slowest:  {max(times):6.3f} ms of {len(times)}")
    long_line = json.dumps({"value": {"kind": "text", "text": "yes"}, "response": "a" * 5000})
    started = time.perf_counter()
    grade_line(long_line)
    print(f"marking 5,000 characters:       {(time.perf_counter() - started) * 1000:6.3f} ms")
    known, label, unread, tried = dearest()
    print(f"marking the dearest of {tried:,}:   {known:6.3f} ms CPU (wanted < 2 ms; {label})")
    print(f"  its fact read for the first:  {unread:6.3f} ms CPU")


def main() -> None:
    """Print a table of what was measured."""
    small, count, _ = timed_generation(1_000)
    large, many, index = timed_generation(10_000)
    print(f"every question of  1,000 facts: {small:6.2f} s  ({count:,} questions; wanted < 2 s)")
    print(f"every question of 10,000 facts: {large:6.2f} s  ({many:,} questions)")
    print(f"growth for ten times the facts: {large / small:6.1f} x  (wanted < 12 x)")
    started = time.perf_counter()
    for at in range(500):
        fact = index.facts[at * 13 % len(index.facts)]
        ask(index, fact, list(QuestionType)[at % 8], Direction.FORWARD, at)
    one = (time.perf_counter() - started) / 500 * 1000
    print(f"one question, 10,000 facts:     {one:6.3f} ms (wanted < 1 ms)")
    print_marking()
    started = time.process_time()
    lint_deck(DeckIndex(large_deck(1_000)), 1)
    print(f"lint of 1,000 facts:            {time.process_time() - started:6.2f} s CPU")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory at its peak:             {peak:6d} MB (wanted < 500 MB)")


if __name__ == "__main__":
    main()
