"""Facts and what they are made of: frozen, free of storage. A `Deck` holds them all together."""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from app.core.values import DateValue, Entity, Value


class Stance(StrEnum):
    """Who stands behind a fact: the source itself, or somebody it names."""

    STATED = "stated"
    REPORTED = "reported"
    CLAIMED = "claimed"
    DISPUTED = "disputed"


class Status(StrEnum):
    """Where a fact is in its life; only published ones are asked."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Side(StrEnum):
    """When a picture is shown: with the question, or only with the answer."""

    QUESTION = "question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a fact. `name` is made of its file's content, `alt` says what it shows."""

    name: str
    side: Side = Side.ANSWER
    alt: str = ""


def relation_label(key: str) -> str:
    """Return a relation's key as people read it: founded by."""
    return key.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Relation:
    """How a subject and a value belong together, with its wording templates.

    Templates contain `{subject}` and `{value}`; `say` is a statement, the others questions.
    `many` says that one subject may have several values.
    """

    key: str
    ask: str = ""
    ask_inverse: str = ""
    say: str = ""
    value_kind: str = ""
    many: bool = False

    @property
    def label(self) -> str:
        """The key as people read it."""
        return relation_label(self.key)


@dataclass(frozen=True, slots=True)
class Source:
    """An article. Paragraphs of `text` are parted by blank lines."""

    key: str
    title: str
    text: str
    publisher: str = ""
    url: str = ""
    published: DateValue | None = None
    licence: str = ""
    author: str = ""


def find_passage(text: str, quote: str) -> tuple[int, int] | None:
    """Return where a quotation stands in a text, however its lines are broken; None if nowhere."""
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    words = quote.split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return found.span() if found else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passage that proves a fact: an exact quotation from a source, by the source's key."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Subject + relation + value, with who says so, when, and the passage that proves it.

    A plain fact has neither subject nor relation and brings its own `ask` (and `say`).
    """

    key: str
    value: Value
    subject: Entity | None = None
    relation: Relation | None = None
    stance: Stance = Stance.STATED
    according_to: Entity | str | None = None
    as_of: DateValue | None = None
    evidence: Evidence | None = None
    status: Status = Status.PUBLISHED
    ask: str = ""
    ask_inverse: str = ""
    say: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    language: str = field(default="en", compare=False)
    """Its deck's, a tag of BCP 47: what questions say of their own is said in it."""

    def __hash__(self) -> int:
        """Hash by the key alone: facts are looked up among their wordings over and over."""
        return hash(self.key)

    @property
    def attribution(self) -> str:
        """The name of who says so, or nothing."""
        who = self.according_to
        return who.name if isinstance(who, Entity) else (who or "")

    @property
    def asked_with(self) -> tuple[str, ...]:
        """The names of the pictures that are part of the question."""
        return tuple(one.name for one in self.pictures if one.side is Side.QUESTION)

    @property
    def ask_template(self) -> str:
        """The question's wording: the fact's own, else its relation's."""
        return self.ask or (self.relation.ask if self.relation else "")

    @property
    def ask_inverse_template(self) -> str:
        """The inverse question's wording: the fact's own, else its relation's."""
        return self.ask_inverse or (self.relation.ask_inverse if self.relation else "")

    @property
    def say_template(self) -> str:
        """The statement's wording: the fact's own, else its relation's."""
        return self.say or (self.relation.say if self.relation else "")


@dataclass(frozen=True)
class Deck:
    """A set of facts that a learner studies, with all that they refer to, in file order."""

    key: str
    title: str
    description: str = ""
    language: str = "en"
    sources: tuple[Source, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    facts: tuple[Fact, ...] = field(default=())

    def __post_init__(self) -> None:
        """Let the facts know their language."""
        if any(fact.language != self.language for fact in self.facts):
            told = tuple(replace(fact, language=self.language) for fact in self.facts)
            object.__setattr__(self, "facts", told)

    @cached_property
    def published(self) -> tuple[Fact, ...]:
        """The facts that are asked."""
        return tuple(fact for fact in self.facts if fact.status is Status.PUBLISHED)

    @cached_property
    def source_by_key(self) -> dict[str, Source]:
        """The sources by key."""
        return {source.key: source for source in self.sources}

    @cached_property
    def fact_by_key(self) -> dict[str, Fact]:
        """The facts by key."""
        return {fact.key: fact for fact in self.facts}
