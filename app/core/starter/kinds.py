"""What a relation of the starter library is."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.facts import Relation, relation_label
from app.core.values import ValueKind


class Topic(StrEnum):
    """What a relation is about: how the library is laid out."""

    PEOPLE = "People and organisations"
    WORKS = "Works and inventions"
    PLACES = "Places"
    EVENTS = "Events"
    AMOUNTS = "Amounts"
    IDEAS = "Things and ideas"


@dataclass(frozen=True, slots=True)
class StarterRelation:
    """A relation of the library. Cues are lower case and whole words."""

    key: str
    topic: Topic
    value_kind: ValueKind
    ask: str
    say: str
    ask_inverse: str = ""
    many: bool = False
    cues: tuple[str, ...] = ()
    inverse_cues: tuple[str, ...] = ()
    of_people: bool = True
    """Whether its subject may be a person: nobody contains eleven patents."""

    @property
    def relation(self) -> Relation:
        """The relation as a deck has it."""
        return Relation(
            self.key, self.ask, self.ask_inverse, self.say, str(self.value_kind), self.many
        )

    @property
    def label(self) -> str:
        """The key as people read it: founded by."""
        return relation_label(self.key)
