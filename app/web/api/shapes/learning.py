"""Sessions, questions, answers and progress, as they go over the wire."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.core.questions import QuestionType
from app.web.api.shapes.base import Instant, Page, Shape, Short, Text, Told
from app.web.base import cleaned


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
