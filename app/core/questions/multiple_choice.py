"""One key among three or four options."""

from random import Random

from app.core.facts import Fact
from app.core.marking import Mark
from app.core.questions.building import (
    completion,
    question_for,
    right,
    says,
    stem_for,
    tells,
    wrong,
)
from app.core.questions.chance import Chance
from app.core.questions.distractors import size_of, subject_distractors, value_distractors
from app.core.questions.giveaways import disagrees, gives_itself_away, misfits, opening
from app.core.questions.index import DeckIndex
from app.core.questions.question import Chosen, Direction, Question, QuestionType, Response
from app.core.sentences import say
from app.core.values import EntityValue, SetValue, TextValue, Value
from app.core.wording import display

FEWEST = 2
"""Distractors; with fewer the question is left out rather than padded."""
DRAWS = 4
"""How often distractors are drawn anew when the key would stand out among them."""


def ask(index: DeckIndex, fact: Fact, direction: Direction, chance: Chance) -> Question | None:
    """Return the question, or None where it would be poor."""
    return _choice(index, fact, direction, stem_for(fact, direction), chance)


def complete(index: DeckIndex, fact: Fact, direction: Direction, chance: Chance) -> Question | None:
    """Return the same choice for the gap in the statement, or None where it would be poor."""
    return _choice(index, fact, direction, completion(fact, direction), chance)


def _choice(
    index: DeckIndex, fact: Fact, direction: Direction, text: str, chance: Chance
) -> Question | None:
    if not text or isinstance(fact.value, SetValue):
        return None
    key: Value = fact.value
    if direction is Direction.INVERSE:
        if fact.subject is None:
            return None
        key = EntityValue(fact.subject)
    shown = display(key, fact.language)
    if tells(fact, text, [key]) or misfits(text, shown) or disagrees(text, shown):
        return None
    rng = chance.own
    for _ in range(DRAWS):
        others = _fitting(fact, text, key, _others(index, fact, direction, rng))
        if len(others) < FEWEST:
            return None
        if not gives_itself_away(text, shown, [display(one, fact.language) for one in others]):
            return _question(fact, direction, text, [key, *others], rng)
    return None


def _fitting(fact: Fact, text: str, key: Value, drawn: list[Value]) -> list[Value]:
    """Return the options that can stand beside the key; of amounts all or none.

    With one of them gone the key would stand on one side more often than on the other.
    """
    form, folded = opening(display(key, fact.language)), text.casefold()
    others = [
        one for one in drawn if _stands_beside(text, folded, form, display(one, fact.language))
    ]
    return [] if len(others) < len(drawn) and _in_order(key) else others


def _stands_beside(text: str, folded: str, form: str, option: str) -> bool:
    """Whether an option can follow a stem, and begins in the grammatical form of the key."""
    if opening(option) != form or says(folded, option) or misfits(text, option):
        return False
    return not disagrees(text, option)


def _others(index: DeckIndex, fact: Fact, direction: Direction, rng: Random) -> list[Value]:
    if direction is Direction.FORWARD:
        return value_distractors(index, fact, rng)
    return [EntityValue(entity) for entity in subject_distractors(index, fact, rng)]


def _question(
    fact: Fact, direction: Direction, text: str, values: list[Value], rng: Random
) -> Question | None:
    keys = (display(values[0], fact.language),)
    how = QuestionType.MULTIPLE_CHOICE, direction
    options = tuple(display(value, fact.language) for value in ordered(values, rng))
    return question_for(fact, how, text, keys, options=options)


def ordered(values: list[Value], rng: Random) -> list[Value]:
    """Return options in the order of their showing: amounts and dates ascending, names shuffled."""
    if not _in_order(values[0]):
        rng.shuffle(values)
        return values
    return sorted(values, key=size_of)


def _in_order(value: Value) -> bool:
    """Whether options of a value's kind stand in ascending order."""
    return not isinstance(value, EntityValue | TextValue)


def mark(question: Question, response: Response) -> Mark:
    """Mark the option chosen."""
    if not isinstance(response, Chosen) or len(response.options) != 1:
        return wrong(say("Pick one of the options."))
    if response.options[0] in question.keys:
        return right()
    return wrong(say("The right answer is {keys}.", keys=question.keys[0]))
