"""Letting another answer count: what it is added to, whom else it would name, who gains by it.

Only names and texts can take one. Amounts, dates and ranges are compared as what they mean: a
response that is refused there says another amount, or says it in a way that marking should learn.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.core.errors import Conflict, Refused
from app.core.facts import Deck, Fact
from app.core.marking.sameness import same
from app.core.questions import DeckIndex, Direction, Question
from app.core.questions.short_answer import answers
from app.core.sentences import say
from app.core.values import Entity, EntityValue, SetValue, TextValue, Value

LONGEST = 200


class CannotAccept(Refused):
    """A kind of answer that takes no other wording; the message says why and what to do."""


class NamesAnother(Conflict):
    """The answer is a name of other things too; it needs to be said that it is meant."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(say("That is also a name of {names}.", names=" and of ".join(names)))
        self.names = names


@dataclass(frozen=True, slots=True)
class Addition:
    """One more answer: an alias of the entity with a key, or another wording of a text."""

    accepted: str
    entity_key: str = ""
    text: str = ""

    def extend(self, value: Value) -> Value:
        """Return a value with the answer among its names, where it is the one meant."""
        match value:
            case EntityValue(entity):
                return EntityValue(self._named(entity))
            case SetValue(items=items):
                return SetValue(tuple(map(self._named, items)))
            case TextValue(text=text, accept=accept) if text == self.text:
                return TextValue(text, tuple(dict.fromkeys((*accept, self.accepted))))
            case _:
                return value

    def extend_question(self, question: Question) -> Question:
        """Return a shown question as it would have been marked with this answer among the right.

        Where the answer was a rival's name, somebody has decided that it is this one's as well.
        """
        extended = tuple(map(self.extend, question.answers))
        if extended == question.answers:
            return question
        rivals = tuple(rival for rival in question.rivals if not same(rival, self.accepted))
        return replace(question, answers=extended, rivals=rivals)

    def concerns(self, value: Value) -> bool:
        """Whether a value gains a name by it, or would if it had not got it already."""
        match value:
            case EntityValue(entity):
                return bool(self.entity_key) and entity.key == self.entity_key
            case SetValue(items=items):
                return bool(self.entity_key) and any(one.key == self.entity_key for one in items)
            case TextValue(text=text):
                return bool(self.text) and text == self.text
            case _:
                return False

    def _named(self, entity: Entity) -> Entity:
        if not self.entity_key or entity.key != self.entity_key or self.accepted in entity.names:
            return entity
        return replace(entity, aliases=(*entity.aliases, self.accepted))


def addition_to(fact: Fact, direction: Direction, accepted: str) -> Addition:
    """Return what has to be added so that a fact takes an answer. Raises CannotAccept."""
    accepted = " ".join(accepted.split())
    if not accepted or len(accepted) > LONGEST:
        raise CannotAccept(
            say("An answer to accept has from 1 to {longest} characters.", longest=LONGEST)
        )
    if direction is Direction.INVERSE:
        return _to_subject(fact, accepted)
    match fact.value:
        case EntityValue(entity):
            return Addition(accepted, entity_key=entity.key)
        case TextValue(text=text):
            return Addition(accepted, text=text)
        case _:
            raise CannotAccept(why_not(fact.value))


def _to_subject(fact: Fact, accepted: str) -> Addition:
    if fact.subject is None:
        raise CannotAccept(say("This fact has no subject that could take another name."))
    return Addition(accepted, entity_key=fact.subject.key)


def why_not(value: Value) -> str:
    """Return why a value takes no other wording, and what to do; "" where it does."""
    match value:
        case EntityValue() | TextValue():
            return ""
        case SetValue():
            return say(
                "The answer is a set of names, and this response names several things at "
                "once. Give the one that is called differently an alias instead."
            )
        case _:
            return say(
                "The answer is a {kind}, which is compared as what it means and not by its "
                "wording. If the response is right, correct the fact, or give it a tolerance.",
                kind=value.kind,
            )


def names_another(deck: Deck, addition: Addition) -> tuple[str, ...]:
    """Return the deck's other entities that already go by this name, by their main names."""
    return tuple(
        entity.name
        for entity in deck.entities
        if entity.key != addition.entity_key
        and not (addition.text and same(entity.name, addition.text))
        and any(same(name, addition.accepted) for name in entity.names)
    )


def takers(index: DeckIndex, facts: Iterable[Fact], addition: Addition) -> list[Fact]:
    """Return the facts of which some typed question takes the answer, retired ones included."""
    return [fact for fact in facts if any(map(addition.concerns, _typed_answers(index, fact)))]


def _typed_answers(index: DeckIndex, fact: Fact) -> list[Value]:
    own: list[Value] = [fact.value]
    if fact.subject is not None:
        own.append(EntityValue(fact.subject))
    return [*own, *answers(index, fact, Direction.FORWARD)]
