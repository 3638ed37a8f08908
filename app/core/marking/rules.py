"""Rules by which two texts are one answer, tried only where both can be meant by them.

Most names and most responses have nothing that a given rule is about: no "of", no comma, no number.
What each text can be meant by is found once and kept, so that many names cost little more than one.
"""

from collections.abc import Callable
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
        self._rules = rules
        self._always = sum(1 << at for at, rule in enumerate(rules) if rule.of_text is _anything)
        self._asked: dict[Condition, int] = {}
        for at, rule in enumerate(rules):
            if rule.of_text is not _anything:
                self._asked[rule.of_text] = self._asked.get(rule.of_text, 0) | 1 << at
        self._for_text = lru_cache(maxsize=5000)(self._allowed_by_text)
        self._for_both = lru_cache(maxsize=5000)(self._allowed_by_name)

    def any_holds(self, name: str, text: str) -> bool:
        """Whether one of the rules holds between a right answer's name and a text."""
        return any(rule(name, text) for rule in self._for_both(name, self._for_text(text)))

    def _allowed_by_text(self, text: str) -> int:
        """Return the places of the rules that a text allows, a bit for each."""
        allowed = self._always
        for condition, places in self._asked.items():
            if condition(text):
                allowed |= places
        return allowed

    def _allowed_by_name(self, name: str, places: int) -> tuple[Holds, ...]:
        """Return those rules of some places that a name allows, each once.

        Most texts allow the same few: of a name no more is read than they need.
        """
        allowed = [
            rule.holds
            for at, rule in enumerate(self._rules)
            if places >> at & 1 and (rule.of_name is _anything or rule.of_name(name))
        ]
        return tuple(dict.fromkeys(allowed))
