"""What other decks lend as wrong answers, and what their published facts know to be right.

A name from another deck may be right by a fact of that deck, and so may a name or an amount of
this one. What the other decks tell is gathered by name, once per state of the decks.
"""

from collections import defaultdict
from collections.abc import Sequence

from app.core.facts import Deck, Fact
from app.core.questions.families import ByKind
from app.core.questions.looks import names_in
from app.core.values import Entity, Value
from app.core.wording import stem

_NONE: frozenset[str] = frozenset()


class Elsewhere:
    """The entities of other decks that this one does not have, and all that those decks tell."""

    def __init__(self, deck: Deck, others: Sequence[Deck] = ()) -> None:
        own = {name.casefold() for entity in deck.entities for name in entity.names}
        lent = {
            one.name: one
            for other in others
            for one in other.entities
            if own.isdisjoint(map(str.casefold, one.names))
        }
        self.entities = ByKind()
        for entity in lent.values():
            self.entities.add(entity)
        self._together: dict[str, set[str]] = defaultdict(set)
        self._by_subject: dict[str, list[Fact]] = defaultdict(list)
        self._by_stem: dict[str, list[Value]] = defaultdict(list)
        for other in others:
            for fact in other.published:
                self._gather(fact)

    def _gather(self, fact: Fact) -> None:
        self._by_stem[_plain(stem(fact))].append(fact.value)
        if fact.subject is None:
            return
        subject = [name.casefold() for name in fact.subject.names]
        values = [name.casefold() for name in names_in(fact.value)]
        for name in subject:
            self._by_subject[name].append(fact)
            self._together[name].update(values)
        for name in values:
            self._together[name].update(subject)

    def partners(self, entity: Entity) -> frozenset[str]:
        """Return the names, folded, that a fact of another deck joins with an entity."""
        told = (self._together.get(name.casefold(), _NONE) for name in entity.names)
        return frozenset().union(*told)

    def right_values(self, fact: Fact) -> list[Value]:
        """Return what answers a fact's question by the facts of other decks.

        Those are facts that are asked in the same words, and those of its subject by its relation.
        """
        asked = _plain(stem(fact))
        names = fact.subject.names if fact.subject and fact.relation else ()
        of_subject = (one for name in names for one in self._by_subject.get(name.casefold(), ()))
        same = [one.value for one in of_subject if _same_relation(fact, one)]
        return same + self._by_stem.get(asked, []) if asked else same

    def right_subjects(self, fact: Fact) -> list[Entity]:
        """Return the subjects that have a fact's value by the facts of other decks."""
        names = {name.casefold() for name in names_in(fact.value)}
        told = {subject for name in names for subject in self._together.get(name, ())}
        facts = (other for subject in told for other in self._by_subject.get(subject, ()))
        return [
            other.subject
            for other in facts
            if other.subject is not None
            and _same_relation(fact, other)
            and not names.isdisjoint(map(str.casefold, names_in(other.value)))
        ]


def _plain(question: str) -> str:
    return question.casefold().strip(" ?.!")


def _same_relation(one: Fact, other: Fact) -> bool:
    """Whether two facts of two decks ask for the same thing: by key, or by their wording."""
    if one.relation is None or other.relation is None:
        return False
    same_words = bool(one.ask_template) and _plain(one.ask_template) == _plain(other.ask_template)
    return one.relation.key == other.relation.key or same_words
