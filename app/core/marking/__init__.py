"""Marking of typed responses: `mark_value` is the door, with a module per value kind."""

from collections.abc import Sequence
from dataclasses import replace

from app.core.marking.amounts import mark_money, mark_number
from app.core.marking.dates import mark_date
from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import MAX_RESPONSE, clean
from app.core.marking.people import PERSON_KINDS, is_person_kind
from app.core.marking.ranges import mark_range
from app.core.marking.sets import mark_set
from app.core.marking.text import mark_names
from app.core.marking.tongues import tongue_of
from app.core.sentences import Sentence, say
from app.core.values import (
    DateValue,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.core.wording import ENGLISH, display, is_english

__all__ = ["PERSON_KINDS", "Mark", "Verdict", "is_person_kind", "mark_value"]


def mark_value(
    value: Value, response: str, rivals: Sequence[str] = (), language: str = ENGLISH
) -> Mark:
    """Mark what was typed against a value; `rivals` are names that no typo may reach.

    Both are read as the language writes them (a tag of BCP 47), and the mark speaks of the value
    as it does. Never raises. A response of over MAX_RESPONSE characters is no answer.
    """
    if not response.strip():
        return Mark(0.0, Verdict.WRONG, say("Nothing was typed."))
    if len(response) > MAX_RESPONSE or len(clean(response)) > MAX_RESPONSE:
        return Mark(0.0, Verdict.WRONG, say("That is too long for an answer."))
    if is_english(language):
        mark = _marked(value, response, rivals)
        is_shown = not mark.correct and _is_shown(response, display(value))
        return Mark(1.0, Verdict.EXACT, say("That is right.")) if is_shown else mark
    shown, tongue = display(value, language), tongue_of(language)
    if _is_shown(response, shown):
        return Mark(1.0, Verdict.EXACT, say("That is right."))
    if tongue is not None and tongue.denies(value, response):
        return Mark(0.0, Verdict.WRONG, say("The answer is {value}.", value=shown))
    if tongue is not None:
        value, response = tongue.value(value), tongue.response(value, response)
    mark = _marked(value, response, rivals)
    if isinstance(mark.why, Sentence) and "value" in mark.why.values:
        return replace(mark, why=mark.why.again(value=shown))
    return mark


def _is_shown(response: str, shown: str) -> bool:
    """Whether a response is the answer as it is shown, which is always right."""
    return clean(response).casefold() == clean(shown).casefold()


def _marked(value: Value, response: str, rivals: Sequence[str]) -> Mark:
    match value:
        case EntityValue(entity):
            is_person = is_person_kind(entity.kind)
            return mark_names(entity.names, response, rivals, is_person=is_person)
        case TextValue(text=text, accept=accept):
            return mark_names((text, *accept), response, rivals)
        case SetValue():
            return mark_set(value, response)
        case DateValue():
            return mark_date(value, response)
        case _:
            return _mark_amount(value, response)


def _mark_amount(value: NumberValue | MoneyValue | RangeValue, response: str) -> Mark:
    if isinstance(value, NumberValue):
        return mark_number(value, response)
    if isinstance(value, MoneyValue):
        return mark_money(value, response)
    return mark_range(value, response)
