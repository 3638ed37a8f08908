"""Shared quizzes and their results, as they go over the wire."""

from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

from app.core.questions import QuestionType
from app.web.api.shapes.base import Instant, Page, Shape, Short, Told
from app.web.base import cleaned


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
