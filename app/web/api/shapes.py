"""What goes over the wire: every request and response, from which the OpenAPI text is made."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from app.core.questions import QuestionType
from app.core.values import MAX_TEXT
from app.web.base import cleaned

ItemT = TypeVar("ItemT")
LARGEST_CONTENT = 31_000_000
"""Characters of a file in base64."""
LARGEST_PICTURE = 13_400_000
"""Characters of a picture of 10 MB in base64."""


def clean_deeply(given: object) -> object:
    """Return JSON data with every text cleaned as forms do it."""
    if isinstance(given, dict):
        return {str(cleaned(name)): clean_deeply(content) for name, content in given.items()}
    if isinstance(given, list):
        return [clean_deeply(one) for one in given]
    return cleaned(given)


Short = Annotated[str, BeforeValidator(cleaned), Field(max_length=200)]
Named = Annotated[str, BeforeValidator(cleaned), Field(min_length=1, max_length=200)]
Text = Annotated[str, BeforeValidator(cleaned), Field(max_length=5000)]
Data = Annotated[dict[str, Any], BeforeValidator(clean_deeply)]


class Shape(BaseModel):
    """What is sent; anything else in it is refused."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Told(BaseModel):
    """What is answered, made from the services' dataclasses."""

    model_config = ConfigDict(from_attributes=True)


def instant(at_epoch_s: int | None) -> str | None:
    """Return an instant in ISO 8601, UTC: 2025-11-23T12:13:20Z."""
    if at_epoch_s is None:
        return None
    return datetime.fromtimestamp(at_epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class FieldProblem(Told):
    """What is wrong with one part of what was sent."""

    field: str
    message: str


class Problem(Told):
    """An error, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[FieldProblem] = []


class PageQuery(Shape):
    """Which part of a list: `cursor` is what the page before told as `next`."""

    cursor: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class FactsQuery(PageQuery):
    """Facts that contain every word of `q`, of one status."""

    q: Short = ""
    status: Literal["", "draft", "published", "retired"] = ""


class Page(Told, Generic[ItemT]):
    """A part of a list, and the cursor of the next one; null at the end."""

    items: list[ItemT]
    next: str | None


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


class SessionIn(Shape):
    """A session to begin: `study` moves the schedule, `quiz` has `count` questions."""

    kind: Literal["study", "quiz"]
    deck: Short
    count: Annotated[int, Field(ge=1, le=100)] = 10
    types: Annotated[list[QuestionType], Field(max_length=8)] = []
    ahead_days: Annotated[int, Field(ge=0, le=30)] = 0


class SessionOut(Told):
    """A session that has begun."""

    session: str
    kind: str
    deck: str


class PictureOut(Told):
    """A picture, at an address of this site; `alt` says what it shows, where somebody has said."""

    url: str
    alt: str


class QuestionOut(Told):
    """A question as it is shown: never its key."""

    token: str
    session: str
    kind: str
    deck: str
    position: int
    total: int | None
    type: str
    stem: str
    options: list[str]
    prompts: list[str]
    hint: str
    answered: bool
    pictures: list[PictureOut]


class NextOut(Told):
    """The next question; null when all is done for now."""

    question: QuestionOut | None


class AnswerIn(Shape):
    """An answer: `options` (picked, put in order, or matched), `text` (typed) or `rating` (1 to 4).

    The question's token is the idempotency key: sent twice, it counts once; another answer is 409.
    """

    options: Annotated[list[Text], Field(max_length=20)] | None = None
    text: Annotated[str, BeforeValidator(cleaned), Field(max_length=500)] | None = None
    rating: Annotated[int, Field(ge=1, le=4)] | None = None
    response_ms: Annotated[int, Field(ge=0, le=3_600_000)] = 0


class EvidenceOut(Told):
    """The passage that proves a fact."""

    source_key: str
    source_title: str
    author: str
    publisher: str
    published: str
    url: str
    before: str
    quote: str
    after: str


class FeedbackOut(Told):
    """What is told about an answer that was given."""

    question: QuestionOut
    credit: float
    verdict: str
    why: str
    key: str
    statement: str
    note: str
    stance: str
    according_to: str
    points: float
    rating: int
    due: Instant | None
    why_due: str
    session_finished: bool
    evidence: EvidenceOut | None


class UndoOut(Told):
    """The token of the question that may be answered again; null for an older one."""

    question: str | None


class QuizOut(Told):
    """How a quiz went so far."""

    session: str
    deck: str
    points: float
    max_points: float
    correct: int
    total: int
    seconds: int
    finished: bool


class TodayQuery(Shape):
    """One deck, or all that are begun."""

    deck: Short = ""


class TodayOut(Told):
    """What today holds."""

    due: int
    new_left: int
    later_today: int
    reviewed: int
    backlog: int
    backlog_is_longer: bool
    """Whether more are due than were counted."""
    paused: bool
    next_due: Instant | None


class ScheduleQuery(Shape):
    """A page of 50 facts of one's schedule, of a deck or of all."""

    deck: Short = ""
    cursor: Annotated[str, Field(max_length=200)] = ""


class ScheduledOut(Told):
    """A fact in one's schedule; recall is the predicted share."""

    fact_id: int
    deck: str
    statement: str
    due: Instant | None
    stability_days: float | None
    recall: float | None
    reviews: int
    lapses: int


class SchedulePage(Page[ScheduledOut]):
    """One's schedule, first due first."""


class ScoreDayOut(Told):
    """A day in numbers."""

    label: str
    points: float
    reviews: int
    correct: int


class ProgressOut(Told):
    """All of one's work, and the last 30 days."""

    points: float
    reviews: int
    correct: int
    facts_studied: int
    facts_firm: int
    streak_days: int
    days: list[ScoreDayOut]


class PersonOut(Told):
    """Somebody with an account."""

    id: int
    email: str
    display_name: str
    roles: list[str]
    active: bool


class PersonList(Told):
    """People with accounts, by address."""

    items: list[PersonOut]


class ImportIn(Shape):
    """A file to be brought in, for a deck or ("") the one that it names; `content` is base64.

    `learning` takes reviews and memories along that an Anki package holds.
    """

    file_name: Named
    content: Annotated[str, Field(max_length=LARGEST_CONTENT)]
    deck: Short = ""
    drafts: bool = False
    learning: bool = False


class ImportDone(Told):
    """What an import stored; `id` undoes it."""

    id: int
    deck: str
    new: int
    changed: int
    reviews: int


class ImportUndone(Told):
    """What undoing an import did; facts in `kept` were edited since, and stay."""

    deck: str
    deleted: int
    retired: int
    restored: int
    kept: list[str]


class PartChanged(Told):
    """Something that the deck has and the file changes."""

    key: str
    changes: list[ChangeOut]


class SectionOut(Told):
    """What an import does to one kind of thing; `absent` ones are not in the file, and stay."""

    name: str
    new: list[str]
    changed: list[PartChanged]
    unchanged: int
    absent: int


class ImportJob(Told):
    """An import that waits for its owner: what it would do, before anything is stored.

    A large file is read aside: `state` is `coming`, `waiting` or `working` then, with `done` of
    `total` steps, and `failed` with `problems` where it cannot be read; the rest is told once it
    is `ready`. One that takes long to store or to undo is so again, and `done` at the end, with
    what was `stored` or `undone`; `ready` once more, with `problems`, where it was not stored.
    `stale`: the deck has changed since; commit it all the same, and it is compared anew first.
    """

    job: str
    state: str = "ready"
    done: int = 0
    total: int = 0
    problems: list[str] = []
    deck: str
    file_name: str
    encoding: str = ""
    new_deck: bool = False
    empty: bool = False
    stale: bool = False
    sections: list[SectionOut] = []
    corrections: int = 0
    learning: int = 0
    errors: list[FieldProblem] = []
    refused: list[str] = []
    stored: ImportDone | None = None
    undone: ImportUndone | None = None


class ExportIn(Shape):
    """A format that a deck is to be written in."""

    format: Short


class ExportJob(Told):
    """A deck that is written aside; `file` is where it is fetched once `state` is `done`."""

    job: str
    state: str
    deck: str
    format: str
    problems: list[str]
    file: str | None


class SharedQuizIn(Shape):
    """A quiz to be shared; it closes at an instant with its zone, within a year."""

    deck: Short
    title: Annotated[str, BeforeValidator(cleaned), Field(min_length=1, max_length=100)]
    count: Annotated[int, Field(ge=1, le=100)] = 10
    types: Annotated[list[QuestionType], Field(max_length=8)] = []
    closes: AwareDatetime


class SharedQuizMade(Told):
    """A shared quiz, with the address that is told this once; `secret` is the end of it."""

    id: int
    secret: str
    address: str


class AddressOut(Told):
    """A shared quiz's new address."""

    secret: str
    address: str


class SharedQuizOut(Told):
    """A quiz that one shares."""

    id: int
    title: str
    deck: str
    questions: int
    people: int
    created: Instant
    closes: Instant


class SharedQuizPage(Page[SharedQuizOut]):
    """Quizzes that one shares."""


class JoinIn(Shape):
    """How somebody takes part: the end of the address, and a name that the others see."""

    secret: Short
    name: Annotated[str, BeforeValidator(cleaned), Field(min_length=1, max_length=40)]


class StandingOut(Told):
    """How one person did; credits (0 to 1) by question, null for one not answered in time.

    `user_id` is told to the quiz's owner alone.
    """

    user_id: int | None
    name: str
    is_you: bool
    finished: bool
    correct: int
    points: float
    seconds: int
    credits: list[float | None]


class BoardOut(Told):
    """A shared quiz's results, best first, as much of them as one may see."""

    id: int
    title: str
    deck: str
    questions: int
    stems: list[str]
    max_points: float
    closes: Instant
    closed: bool
    people: int
    session: str | None
    standings: list[StandingOut]
