"""How options give the key away without knowledge: by length, by figures, by an echo of the stem.

Generation leaves such questions out; lint finds them in what people write.
Source: Haladyna, Downing and Rodriguez, A review of multiple-choice item-writing guidelines
(Applied Measurement in Education 15, 2002).
"""

import re
from collections.abc import Sequence

from app.core.marking.normalise import words

MAX_RATIO = 1.33
"""How much longer than the longest distractor a key of LONG_KEY_WORDS words may be."""
LONG_KEY_WORDS = 4
CLANG_LETTERS = 5
"""Shorter words occur everywhere and give nothing away."""
FEWEST_WRONG = 2


def stands_out_by_length(key: str, wrong: Sequence[str]) -> bool:
    """Whether a key of four words or more is much longer than every distractor."""
    long_enough = len(key.split()) >= LONG_KEY_WORDS
    return long_enough and len(key) > MAX_RATIO * max(map(len, wrong), default=len(key))


def alone_in_figures(key: str, wrong: Sequence[str]) -> bool:
    """Whether the key alone has figures, or alone has none."""
    if len(wrong) < FEWEST_WRONG:
        return False
    return {_has_figures(option) for option in wrong} == {not _has_figures(key)}


def _has_figures(text: str) -> bool:
    return bool(re.search(r"\d", text))


def echo(stem: str, key: str, wrong: Sequence[str]) -> str:
    """Return a telling word that the stem shares with the key and no distractor has, or ""."""
    elsewhere = {word for option in wrong for word in words(option)}
    shared = set(words(key)) & set(words(stem)) - elsewhere
    return min((word for word in shared if len(word) >= CLANG_LETTERS), default="")


def gives_itself_away(stem: str, key: str, wrong: Sequence[str]) -> bool:
    """Whether any of these tells the key from its distractors."""
    return (
        stands_out_by_length(key, wrong)
        or alone_in_figures(key, wrong)
        or bool(echo(stem, key, wrong))
    )
