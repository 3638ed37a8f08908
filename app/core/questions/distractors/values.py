"""Wrong values for a fact, by the kind of its own."""

import re
from decimal import Decimal
from random import Random

from app.core.facts import Fact
from app.core.questions.distractors.entities import POOL, entity_distractors
from app.core.questions.distractors.neighbours import WANTED, neighbours, untrue
from app.core.questions.distractors.rightness import known_values
from app.core.questions.giveaways import shape
from app.core.questions.index import DeckIndex
from app.core.questions.looks import overlaps
from app.core.questions.scripts import same_script
from app.core.values import (
    DateValue,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    TextValue,
    Value,
)
from app.core.wording import display

LENGTH_RATIO = Decimal("1.33")
_FIGURES_FIRST = re.compile(r"\W?\d")


def _alike(key: str, text: str) -> bool:
    """Whether a text may stand beside the key: about as long, written alike, no part of it.

    What begins with figures, such as a score, wants the same pattern of figures: 3-2, 1-0.
    """
    if max(len(text), 1) * LENGTH_RATIO < len(key) or not same_script(key, text):
        return False
    one, other = f" {key.casefold()} ", f" {text.casefold()} "
    if one in other or other in one:
        return False
    figures = _FIGURES_FIRST.match(key) or _FIGURES_FIRST.match(text)
    return not figures or shape(key) == shape(text)


def untrue_values(index: DeckIndex, fact: Fact, rng: Random) -> list[Value]:
    """Return up to WANTED values that make a fact's statement false."""
    if isinstance(fact.value, NumberValue | MoneyValue | RangeValue | DateValue):
        return untrue(index, fact, rng)
    return value_distractors(index, fact, rng)


def value_distractors(index: DeckIndex, fact: Fact, rng: Random) -> list[Value]:
    """Return up to WANTED wrong values for a fact: none that is right, each said once."""
    if isinstance(fact.value, NumberValue | MoneyValue | RangeValue | DateValue):
        return neighbours(index, fact, rng)
    if isinstance(fact.value, EntityValue):
        entities = entity_distractors(index, fact, fact.value.entity, rng)
        return [EntityValue(entity) for entity in entities]
    return _texts(index, fact, rng)


def _texts(index: DeckIndex, fact: Fact, rng: Random) -> list[Value]:
    """Return other texts of the same relation, of like length."""
    if not isinstance(fact.value, TextValue) or fact.relation is None:
        return []
    right = {
        text.casefold()
        for value in known_values(index, fact)
        for text in (display(value), *(value.accept if isinstance(value, TextValue) else ()))
    }
    near: list[TextValue] = []
    for other in index.around(fact, 400):
        if not isinstance(other.value, TextValue) or other.ask_template != fact.ask_template:
            continue
        said = {text.casefold() for text in (other.value.text, *other.value.accept)}
        if said.isdisjoint(right) and _alike(fact.value.text, other.value.text):
            # None says what another says, too: who rules one out has ruled out both.
            if not any(overlaps(other.value.text, one.text) for one in near):
                near.append(other.value)
            if len(near) == POOL:
                break
    return rng.sample(near, min(WANTED, len(near)))
