"""Questions as `factdeck questions` prints them: plain data, one object a question."""

from collections.abc import Iterator
from typing import Any

from app.core.errors import NotFound
from app.core.facts import Fact
from app.core.questions import DeckIndex, Question, QuestionType, questions_of
from app.core.sentences import say
from app.core.values import dump_value


class NothingToAsk(NotFound):
    """A fact that the deck does not have, or a type that there is not, was asked for by name."""


def listed(
    index: DeckIndex, seed: int, fact_key: str | None = None, question_type: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield every question of every published fact, or of one fact or type.

    Raises NothingToAsk for a name that is unknown: a slip of the pen is no empty deck.
    """
    if fact_key is not None and fact_key not in index.deck.fact_by_key:
        raise NothingToAsk(say("The deck has no fact {fact}.", fact=fact_key))
    if question_type is not None and question_type not in set(QuestionType):
        types = ", ".join(QuestionType)
        raise NothingToAsk(say("{type} is not one of {types}.", type=question_type, types=types))
    for fact in index.facts:
        if fact_key in {None, fact.key}:
            for question in questions_of(index, fact, seed):
                if question_type in {None, str(question.type)}:
                    yield row_of(fact, question)


def row_of(fact: Fact, question: Question) -> dict[str, Any]:
    """Return one question as plain data; pairs of left and right as keys for matching."""
    keys: list[Any] = list(question.keys)
    if question.type is QuestionType.MATCHING:
        keys = [list(pair) for pair in zip(question.prompts, question.keys, strict=True)]
    evidence = fact.evidence
    pictures = {"pictures": [one.name for one in question.asked_with]} if question.pictures else {}
    return {
        "fact": fact.key,
        "type": str(question.type),
        "direction": str(question.direction),
        "stem": question.stem,
        "options": list(question.options),
        "keys": keys,
        "value": dump_value(fact.value),
        "stance": str(fact.stance),
        "according_to": fact.attribution or None,
        "evidence": {"source": evidence.source, "quote": evidence.quote} if evidence else None,
        **pictures,
    }
