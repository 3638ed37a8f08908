"""Wrong values for a fact, by the kind of its own."""

from decimal import Decimal
from random import Random

from app.core.facts import Fact
from app.core.questions.distractors.entities import POOL, entity_distractors
from app.core.questions.distractors.neighbours import WANTED, neighbours
from app.core.questions.distractors.rightness import right_values
from app.core.questions.index import DeckIndex
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
        for value in right_values(index, fact)
        for text in (display(value), *(value.accept if isinstance(value, TextValue) else ()))
    }
    pool: dict[str, Value] = {}
    for other in index.around(fact, 400):
        text = display(other.value)
        alike = max(len(text), 1) * LENGTH_RATIO >= len(fact.value.text)
        if isinstance(other.value, TextValue) and text.casefold() not in right and alike:
            pool.setdefault(text.casefold(), other.value)
    near = list(pool.values())[:POOL]
    return rng.sample(near, min(WANTED, len(near)))
