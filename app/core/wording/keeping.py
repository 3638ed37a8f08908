"""Texts of facts that are kept, since each of a fact's questions needs the same ones again."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from app.core.facts import Fact

KEPT_TEXTS = 20_000
"""Of each function: what 10,000 facts ask for in turn; 6,000 were emptied too often for them."""
Rest = ParamSpec("Rest")
Text = TypeVar("Text")


def kept(
    made: Callable[Concatenate[Fact, Rest], Text],
) -> Callable[Concatenate[Fact, Rest], Text]:
    """Keep what a function makes of a fact, by which fact it is and not by what it says.

    To hash a fact and to compare it with an equal one takes longer than most looks-up. Each fact
    is kept beside its text: its number then stays its own.
    """
    texts: dict[Any, tuple[Fact, Text]] = {}

    @wraps(made)
    def looked_up(fact: Fact, /, *rest: Rest.args, **named: Rest.kwargs) -> Text:
        call = (id(fact), *rest, *named.items())
        found = texts.get(call)
        if found is None:
            if len(texts) >= KEPT_TEXTS:
                texts.clear()
            texts[call] = found = fact, made(fact, *rest, **named)
        return found[1]

    return looked_up
