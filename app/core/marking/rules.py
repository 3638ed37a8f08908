"""Rules by which two texts are one answer, tried only where both can be meant by them.

Most names and most responses have nothing that a given rule is about: no "of", no comma, no number.
What each text can be meant by is found once and kept, so that many names cost little more than one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

Holds = Callable[[str, str], bool]
Condition = Callable[[str], object]


def _anything(_text: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, and what a name and a text must have for it to hold: necessary, not enough."""

    holds: Holds
    of_name: Condition = _anything
    of_text: Condition = _anything


def either(holds: Holds, condition: Condition) -> tuple[Rule, Rule]:
    """Return a rule that holds only where the name or the text meets a condition."""
    return Rule(holds, of_name=condition), Rule(holds, of_text=condition)


class RuleBook:
    """Rules of which those are tried that both texts allow."""

    def __init__(self, *rules: Rule) -> None:
        self._rules = tuple(rule.holds for rule in rules)
        self._for_name = _allowed(rule.of_name for rule in rules)
        self._for_text = _allowed(rule.of_text for rule in rules)
        self._at = lru_cache(maxsize=5000)(self._found)

    def any_holds(self, name: str, text: str) -> bool:
        """Whether one of the rules holds between a right answer's name and a text."""
        tried = self._at(self._for_name(name) & self._for_text(text))
        return any(rule(name, text) for rule in tried)

    def _found(self, bits: int) -> tuple[Holds, ...]:
        """Return the rules whose bits are set, each once."""
        found = (rule for at, rule in enumerate(self._rules) if bits >> at & 1)
        return tuple(dict.fromkeys(found))


def _allowed(conditions: Iterable[Condition]) -> Callable[[str], int]:
    """Return a function that gives the conditions which hold for a text, a bit for each."""
    bit_of = [(condition, 1 << at) for at, condition in enumerate(conditions)]
    found = [one for one in bit_of if one[0] is not _anything]
    always = sum(bit for condition, bit in bit_of if condition is _anything)

    @lru_cache(maxsize=5000)
    def bits(text: str) -> int:
        return always + sum(bit for condition, bit in found if condition(text))

    return bits
