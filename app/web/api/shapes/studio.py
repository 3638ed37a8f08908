"""Decks, facts and what they refer to, as they go over the wire."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from app.core.values import MAX_TEXT
from app.web.api.shapes.base import Data, Instant, Named, Page, PageQuery, Shape, Short, Text, Told
from app.web.base import cleaned

LARGEST_PICTURE = 13_400_000
"""Characters of a picture of 10 MB in base64."""


class FactsQuery(PageQuery):
    """Facts that contain every word of `q`, of one status."""

    q: Short = ""
    status: Literal["", "draft", "published", "retired"] = ""


class DeckOut(Told):
    """A deck at a glance; `facts` counts the published ones."""

    key: str
    title: str
    description: str
    facts: int
    sources: int


class DeckPage(Page[DeckOut]):
    """Decks."""


class FactListed(Told):
    """A fact in a list."""

    id: int
    key: str
    text: str
    answer: str
    status: str
    stance: str
    tags: list[str]


class FactPage(Page[FactListed]):
    """Facts of a deck."""


class PictureIn(Shape):
    """A picture of a fact: a new one, one that it has (by its `name`), or a new one in its place.

    `content` is the file in base64: PNG, JPEG, GIF or WebP of 10 MB at most. `alt` says what it
    shows, and `side` when. `gone` takes the one that is there away.
    """

    name: Annotated[str, Field(max_length=60)] = ""
    content: Annotated[str, Field(max_length=LARGEST_PICTURE)] = ""
    alt: Annotated[str, BeforeValidator(cleaned), Field(max_length=MAX_TEXT)] = ""
    side: Literal["question", "answer"] = "answer"
    gone: bool = False


class FactIn(Shape):
    """A fact as it is typed: entities by name or key, the value as in deck files.

    A picture that is not in `pictures` stays as it is.
    """

    value: Data
    subject: Short = ""
    relation: Short = ""
    stance: Literal["stated", "reported", "claimed", "disputed"] = "stated"
    according_to: Short = ""
    as_of: Short = ""
    source: Short = ""
    quote: Text = ""
    ask: Text = ""
    ask_inverse: Text = ""
    say: Text = ""
    note: Text = ""
    tags: Annotated[list[Short], Field(max_length=50)] = []
    pictures: Annotated[list[PictureIn], Field(max_length=16)] = []
    status: Literal["draft", "published", "retired"] = "draft"
    override: bool = False
    """Publish it although it has lint errors."""


class FactOut(Told):
    """A fact with its revision, which is its ETag too; `fact` is as in deck files."""

    id: int
    deck: str
    revision: int
    fact: dict[str, Any]


class EntityIn(Shape):
    """An entity's names and kind."""

    name: Named
    kind: Short = ""
    aliases: Annotated[list[Named], Field(max_length=100)] = []
    anyway: bool = False
    """Rename it although published facts get lint errors by it."""


class EntityOut(Told):
    """A named thing of a deck."""

    id: int
    deck: str
    revision: int
    key: str
    name: str
    kind: str
    aliases: list[str]


class PartListed(Told):
    """An entity or relation in a list, with how many facts use it."""

    id: int
    key: str
    name: str
    uses: int


class PartPage(Page[PartListed]):
    """Entities or relations of a deck."""


class RelationOut(Told):
    """How subject and value belong together, with its wording."""

    id: int
    deck: str
    revision: int
    key: str
    ask: str
    ask_inverse: str
    say: str
    value_kind: str
    many: bool


class RelationIn(Shape):
    """A relation's wording: {subject} and {value} stand for the names."""

    ask: Text
    ask_inverse: Text = ""
    say: Text = ""
    value_kind: Literal["", "entity", "text", "number", "money", "range", "date", "set"] = ""
    many: bool = False
    anyway: bool = False
    """Store it although published facts get lint errors by it."""


class NewRelationIn(RelationIn):
    """A relation to be added; its key is made of its name."""

    name: Named


class SourceHead(Shape):
    """An article and what is known of it; `published` is a date, a month or a year."""

    title: Named
    text: Annotated[str, BeforeValidator(cleaned), Field(min_length=1, max_length=1_000_000)]
    publisher: Short = ""
    url: Annotated[str, BeforeValidator(cleaned), Field(max_length=2000)] = ""
    published: Short = ""
    licence: Short = ""


class NewSourceIn(SourceHead):
    """An article to be added."""

    again: bool = False
    """Add it although the deck has one with this text."""


class SourceIn(SourceHead):
    """An article as it is to be, and what was decided about passages of facts, by number."""

    seen: Annotated[list[int], Field(max_length=10_000)] | None = None
    """The facts that are decided on: those that the 409 named."""
    taken: Annotated[list[int], Field(max_length=10_000)] | None = None
    drafted: Annotated[list[int], Field(max_length=10_000)] | None = None


class SourceOut(Told):
    """An article that facts rest on."""

    key: str
    title: str
    author: str
    publisher: str
    url: str
    published: str
    licence: str
    text: str


class SourceList(Told):
    """A deck's sources, in order."""

    items: list[SourceOut]


class ChangeOut(Told):
    """One field before and after."""

    field: str
    before: str
    after: str


class RevisionOut(Told):
    """What one change made of a thing."""

    revision: int
    changed: Instant
    by: str
    changes: list[ChangeOut]


class RevisionList(Told):
    """Changes, newest first."""

    items: list[RevisionOut]
