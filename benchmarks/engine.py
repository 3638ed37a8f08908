"""The question engine: `make bench`. Ratios within one run, since machines are shared and noisy."""

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
from app.core.questions import DeckIndex, Direction, QuestionType, ask, questions_of
from app.core.values import DateValue, Entity, EntityValue, SetValue

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
HOSTILE = ("King - ... ", "St , it is 5e4 and ", "\u65e5\u672c, not II or ", "New Berkeley 1969 ")
"""Pieces of responses that cost much: parts of lists that are nearly names, in any script."""
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


def slowest_list() -> float:
    """Return the CPU milliseconds of the dearest of some hostile responses to a set of 27."""
    names = [f"{one} {two} King" for one in ("New", "Old", "Great") for two in SYLLABLES[:9]]
    value = SetValue(tuple(map(Entity, names)))
    mark_value(value, "something else")
    typed = [(piece * size)[:size] for piece in HOSTILE for size in (60, 140, 300, 500, 5000)]
    typed += [", ".join(f"{name[:-1]}h" for name in names), ", ".join(f"Xq{one}" for one in names)]
    times = []
    for response in typed:
        started = time.process_time()
        mark_value(value, response)
        times.append((time.process_time() - started) * 1000)
    return max(times)


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
    times = []
    for line in CORPUS.read_text().splitlines():
        started = time.perf_counter()
        grade_line(line)
        times.append((time.perf_counter() - started) * 1000)
    slowest = max(times)
    print(f"marking one response, median:   {statistics.median(times):6.3f} ms (wanted < 0.2 ms)")
    print(f"marking one response, slowest:  {slowest:6.3f} ms of {len(times)}")
    long_line = json.dumps({"value": {"kind": "text", "text": "yes"}, "response": "a" * 5000})
    started = time.perf_counter()
    grade_line(long_line)
    print(f"marking 5,000 characters:       {(time.perf_counter() - started) * 1000:6.3f} ms")
    print(f"marking a hostile list, worst:  {slowest_list():6.3f} ms CPU (wanted < 2 ms)")
    started = time.process_time()
    lint_deck(DeckIndex(large_deck(1_000)), 1)
    print(f"lint of 1,000 facts:            {time.process_time() - started:6.2f} s CPU")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory at its peak:             {peak:6d} MB (wanted < 500 MB)")


if __name__ == "__main__":
    main()
