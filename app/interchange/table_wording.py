"""Wording for a relation that a table names but gives no question: plain English, if stiff."""

import re

_PREPOSITION = r"(?:by|in|on|at|of|to|from|with|for|as|into|than)$"
_PARTICIPLE = re.compile(
    rf"^(?:\w+ed|\w+en|born|made|built|held|sold|led|won|found)\b.*\b{_PREPOSITION}", re.IGNORECASE
)
"""Founded by, written in: "… was" goes before it."""
_NO_NOUN = re.compile(
    rf"^(?:is|was|are|were|has|had|have|does|did|can) |^\w+(?:ed|[^su]s)$|\b{_PREPOSITION}",
    re.IGNORECASE,
)
"""Discovered, borders, is made of: "the … of" does not fit."""


def default_ask(label: str) -> str:
    """Return a question: "What is the capital of …?", or the start of a sentence to go on with."""
    label = _plain(label)
    if _NO_NOUN.search(label):
        return f"How does this go on: {{subject}} {label} …?"
    return f"What is the {label} of {{subject}}?"


def default_say(label: str) -> str:
    """Return a statement in the same words."""
    label = _plain(label)
    if _NO_NOUN.search(label):
        return f"{{subject}} {label} {{value}}."
    return f"The {label} of {{subject}} is {{value}}."


def _plain(label: str) -> str:
    label = label.replace("_", " ")
    return f"was {label}" if _PARTICIPLE.search(label) else label
