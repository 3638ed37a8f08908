"""Texts of facts that are kept, since each of a fact's questions needs the same ones again."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

from app.core.facts import Fact

KEPT_FACTS = 2000
Rest = ParamSpec("Rest")
Text = TypeVar("Text")


def kept(
    made: Callable[Concatenate[Fact, Rest], Text],
) -> Callable[Concatenate[Fact, Rest], Text]:
    """Keep what a function makes of a fact; equal facts of two languages are kept apart."""

    @lru_cache(maxsize=KEPT_FACTS)
    def once(_language: str, fact: Fact, *rest: Rest.args, **named: Rest.kwargs) -> Text:
        return made(fact, *rest, **named)

    @wraps(made)
    def looked_up(fact: Fact, /, *rest: Rest.args, **named: Rest.kwargs) -> Text:
        return once(fact.language, fact, *rest, **named)  # type: ignore[arg-type]  # all frozen

    return looked_up
