"""What a proposer is given and what it gives back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from app.core.facts import Fact, Relation, Stance
from app.core.values import DateValue, Entity, Value


class SpanKind(StrEnum):
    """What was recognised in a run of a sentence."""

    AMOUNT = "amount"
    DATE = "date"
    NAME = "name"
    NEW_NAME = "new_name"
    REPORTING = "reporting"


@dataclass(frozen=True, slots=True)
class Span:
    """A recognised run: `start` and `end` count characters of its sentence.

    An amount or date brings its value, a name its entity (without a key where it is new).
    """

    start: int
    end: int
    kind: SpanKind
    value: Value | None = None
    entity: Entity | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands in its text, in characters."""

    text: str
    start: int
    end: int


class StarterRelation(Protocol):
    """A general relation that any deck may take over, with phrases that give it away."""

    @property
    def relation(self) -> Relation:
        """The relation as a deck would have it."""

    @property
    def cues(self) -> tuple[str, ...]:
        """Phrases between subject and value that speak for it: "was founded by"."""

    @property
    def inverse_cues(self) -> tuple[str, ...]:
        """Phrases between value and subject: "founded"."""

    @property
    def of_people(self) -> bool:
        """Whether its subject may be a person."""


@dataclass(frozen=True)
class Context:
    """What is known around a sentence: the deck's things, the source's own date and publisher.

    `before` is the text just before it, for "it" and "he"; `seen` are words that the whole
    article capitalises inside sentences.
    """

    entities: Sequence[Entity] = ()
    relations: Sequence[Relation] = ()
    starters: Sequence[StarterRelation] = ()
    facts: Sequence[Fact] = ()
    source: str = ""
    publisher: str = ""
    published: DateValue | None = None
    before: str = ""
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A fact as a sentence suggests it; nothing is stored before a person has looked at it.

    `subject` and `according_to` are names (with `subject_kind` where the deck does not know the
    subject), `relation` is a key ("" for a plain fact, whose
    question a person has to word). `starter` is set where the relation is not yet the deck's.
    """

    quote: str
    value: Value | None = None
    subject: str = ""
    subject_kind: str = ""
    relation: str = ""
    starter: Relation | None = None
    stance: Stance = Stance.STATED
    according_to: str = ""
    as_of: DateValue | None = None
    ask: str = ""
    say: str = ""
    spans: tuple[Span, ...] = ()

    @property
    def to_word(self) -> bool:
        """Whether a person still has to word the question."""
        return not self.relation and not self.ask


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that could become a fact, with how much it carries and what covers it."""

    sentence: Sentence
    proposal: Proposal
    score: float
    covered_by: tuple[str, ...] = field(default=())


class Proposer(Protocol):
    """The door: rules stand behind it today, and a language model could tomorrow."""

    def propose(self, sentence: str, context: Context) -> Proposal:
        """Return the fact that a sentence suggests."""

    def candidates(self, text: str, context: Context) -> tuple[Candidate, ...]:
        """Return a text's sentences, those that carry most first."""
