"""The key stands anywhere among its options (A11): chi-square over hundreds of questions.

The mutant that must fail: options in the order in which they were found.
"""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from app.core.questions import DeckIndex, Direction, Question, QuestionType, ask
from app.interchange.deck_file import read_deck

SEEDS = Path(__file__).parents[3] / "seed_data"
WANTED = 500
CRITICAL = {2: 10.83, 3: 13.82, 4: 16.27, 5: 18.47}
"""Chi-square at p = 0.001 for so many places (one degree of freedom less)."""


def questions(question_type: QuestionType) -> list[Question]:
    deck = read_deck((SEEDS / "deepseek.yaml").read_text(encoding="utf-8"))
    index, made = DeckIndex(deck), []
    for seed in range(WANTED):
        for fact in index.facts:
            found = ask(index, fact, question_type, Direction.FORWARD, seed)
            if found is not None:
                made.append(found)
            if len(made) >= WANTED:
                return made
    return made


@pytest.mark.parametrize("question_type", [QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE])
def test_the_place_of_the_key_tells_nothing(question_type: QuestionType) -> None:
    if question_type is QuestionType.TRUE_FALSE:
        keys = Counter(one.keys[0] for one in questions(question_type))
        assert chi_square(list(keys.values())) < CRITICAL[2], keys
        return
    places: dict[int, Counter[int]] = defaultdict(Counter)
    for one in questions(question_type):
        places[len(one.options)][one.options.index(one.keys[0])] += 1
    assert sum(sum(found.values()) for found in places.values()) == WANTED
    for count, found in places.items():
        assert chi_square([found[at] for at in range(count)]) < CRITICAL[count], (count, found)


def chi_square(counts: list[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((one - expected) ** 2 / expected for one in counts)
