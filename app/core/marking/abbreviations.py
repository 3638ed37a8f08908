"""Names with a word cut short at a full stop: Mass. Institute of Technology, Amazon Riv.

Formulas with a nought for the letter O are here too: H20 can only be meant for H2O.
"""

import re

from app.core.marking.normalise import clean, folded, has_digit

SHORTEST_CUT = 3
_FORMULA = re.compile(r"(?:[A-Z][a-z]?\d*){2,}")


def cut_short(name: str, text: str) -> bool:
    """Whether a text is the name with one word or more abbreviated by a full stop.

    At least one word must be there in full, and an abbreviation has three letters or more:
    alone "Aust." could be Austria as well as Australia.
    """
    if "." not in text:
        return False
    left, right = folded(name).split(), folded(text).split()
    if left and right and left[0] == "the" and right[0] != "the":
        left = left[1:]
    if len(left) != len(right):
        return False
    cut = [word for word, typed in zip(left, right, strict=True) if word != typed]
    return 0 < len(cut) < len(left) and all(
        typed.endswith(".") and len(typed) > SHORTEST_CUT and word.startswith(typed[:-1])
        for word, typed in zip(left, right, strict=True)
        if word != typed
    )


def nought_for_o(name: str, text: str) -> bool:
    """Whether a chemical formula was typed with a nought where it has the letter O."""
    formula = clean(name)
    if "O" not in formula or not _FORMULA.fullmatch(formula) or not has_digit(formula):
        return False
    typed = clean(text).upper()
    return len(formula) == len(typed) and all(
        one == other or (one == "O" and other == "0")
        for one, other in zip(formula.upper(), typed, strict=True)
    )
