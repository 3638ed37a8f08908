"""Wording for a relation that a table names but gives no question: plain, and right English."""

import re

_NO_NOUN = re.compile(
    r"(?:^(?:is|was|are|were|has|had|have|does|did|can) )"
    r"|(?:^\w+(?:ed|[^su]s)$)|(?:\b(?:by|in|on|at|of|to|from|with|for|as|into|than)$)",
    re.IGNORECASE,
)
"""Labels that "the … of" does not fit: founded by, is made of, discovered."""


def default_ask(label: str) -> str:
    """Return a question: "What is the capital of …?", or one that quotes the label."""
    label = label.replace("_", " ")
    if _NO_NOUN.search(label):
        return f"How does this go on: {{subject}} {label} …?"
    return f"What is the {label} of {{subject}}?"


def default_say(label: str) -> str:
    """Return a statement in the same words."""
    label = label.replace("_", " ")
    if _NO_NOUN.search(label):
        return f"This is so: {{subject}} {label} {{value}}."
    return f"The {label} of {{subject}} is {{value}}."
