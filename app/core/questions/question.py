"""A question, ready to show, and the responses that can be given to it.

A shown question is kept as it was shown until it is answered: `dump_question` and
`load_question` turn it into plain JSON data and back into an equal question.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.core.facts import Picture, Side, Stance
from app.core.values import Value


class QuestionType(StrEnum):
    """What the learner does with a question."""

    MULTIPLE_CHOICE = "multiple_choice"
    MULTIPLE_SELECT = "multiple_select"
    TRUE_FALSE = "true_false"
    CLOZE = "cloze"
    SHORT_ANSWER = "short_answer"
    ORDERING = "ordering"
    MATCHING = "matching"
    FLASHCARD = "flashcard"


class Direction(StrEnum):
    """Forward asks for the value, inverse for the subject."""

    FORWARD = "forward"
    INVERSE = "inverse"


@dataclass(frozen=True, slots=True)
class Question:
    """One fact asked by one type in one direction.

    `options` are shown in this order; for `matching` they are the right-hand side, and `prompts`
    the left. `keys` are the right answers as text: in order for `ordering`, the answer to
    `prompts[i]` at i for `matching`, "True" or "False" for `true_false`, the display text of the
    answer for typed types and `flashcard`. Typed responses are marked against `answers` (each
    is right on its own); `rivals` are near names of other known entities, which no typo may reach.
    `fact_keys` holds every fact that the question tells about, its own first.
    """

    fact_key: str
    type: QuestionType
    direction: Direction
    stem: str
    keys: tuple[str, ...]
    options: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    answers: tuple[Value, ...] = ()
    rivals: tuple[str, ...] = ()
    hint: str = ""
    """What kind of answer is wanted, for example "a date" or "in US dollars"; never a clue."""
    fact_keys: tuple[str, ...] = ()
    stance: Stance = Stance.STATED
    according_to: str = ""
    statement: str = ""
    """The whole truth in a sentence, shown after answering."""
    pictures: tuple[Picture, ...] = ()
    language: str = "en"
    """Its deck's, in which its values are written and responses to them are read."""

    @property
    def asked_with(self) -> tuple[Picture, ...]:
        """The pictures that are shown before answering; all of them are afterwards."""
        return tuple(one for one in self.pictures if one.side is Side.QUESTION)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Options picked: multiple_choice (one), multiple_select, true_false ("True"/"False")."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: cloze, short_answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """All options in the learner's order: ordering."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """For each prompt the option matched with it ("" where none was): matching."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelfRated:
    """The learner's own rating, 1 (again) to 4 (easy): flashcard."""

    rating: int


Response = Chosen | Typed | Ordered | Matched | SelfRated
