"""Question type → the form that takes its answer, built from the question as shown."""

from collections.abc import Callable
from functools import cache
from typing import Any

from wtforms import (
    FieldList,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.questions import Question, QuestionType
from app.core.questions.question import Chosen, Matched, Ordered, Response, SelfRated, Typed
from app.web.base import Form
from app.web.fields import choices

LONGEST = 500
LONGEST_MS = 3_600_000
RATINGS = (("1", "Again"), ("2", "Hard"), ("3", "Good"), ("4", "Easy"))


class AnswerForm(Form):
    """What every answer form has: its question, and how long the answer took, by the page."""

    response_ms = HiddenField("Milliseconds", validators=[Optional()])
    question: Question

    def offer(self) -> None:
        """Offer the question's options: whatever else is sent is an error by the field."""

    @property
    def took_ms(self) -> int:
        """Return the time from showing to sending, 0 where the page did not measure it."""
        text = self.response_ms.data or ""
        return min(int(text), LONGEST_MS) if text.isdecimal() and len(text) < 12 else 0  # noqa: PLR2004

    def answered(self) -> Response:
        """Return the response as core has it."""
        raise NotImplementedError


class ChoiceForm(AnswerForm):
    """One option of several."""

    answer = RadioField(
        "Your answer", choices=(), validators=[InputRequired("Pick one of the options.")]
    )

    def offer(self) -> None:
        """Offer the question's options."""
        self.answer.choices = choices((text, text) for text in self.question.options)

    def answered(self) -> Response:
        """Return the option."""
        return Chosen((str(self.answer.data),))


class ChoicesForm(AnswerForm):
    """Any number of options."""

    answer = SelectMultipleField(
        "Your answers: pick every one that is right",
        choices=(),
        validators=[InputRequired("Pick at least one option.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self) -> None:
        """Offer the question's options."""
        self.answer.choices = choices((text, text) for text in self.question.options)

    def answered(self) -> Response:
        """Return the options."""
        return Chosen(tuple(self.answer.data or ()))


class TypedForm(AnswerForm):
    """A line of text."""

    answer = StringField(
        "Your answer",
        validators=[
            DataRequired("Type an answer."),
            Length(max=LONGEST, message=f"An answer has at most {LONGEST} characters."),
        ],
    )

    def answered(self) -> Response:
        """Return the text."""
        return Typed(str(self.answer.data))


class RatedForm(AnswerForm):
    """A rating by the learner."""

    answer = RadioField(
        "How well did you know it?",
        choices=choices(RATINGS),
        validators=[InputRequired("Say how well you knew it.")],
    )

    def answered(self) -> Response:
        """Return the rating."""
        return SelfRated(int(str(self.answer.data)))


@cache
def ordering_form(lines: int) -> type[AnswerForm]:
    """Return the form that gives each of so many lines its place."""
    places = choices([("", "Place …"), *((str(at), str(at)) for at in range(1, lines + 1))])

    class OrderingForm(AnswerForm):
        answer = FieldList(
            SelectField("Place", choices=places), min_entries=lines, max_entries=lines
        )

        def validate_answer(self, field: "FieldList[Any]") -> None:
            given = {entry.data for entry in field.entries}
            if len(given) != lines or "" in given:
                raise ValidationError("Give every line a place of its own.")

        def answered(self) -> Response:
            places = [int(entry.data) for entry in self.answer.entries]
            pairs = sorted(zip(places, self.question.options, strict=True))
            return Ordered(tuple(option for _, option in pairs))

    return OrderingForm


@cache
def matching_form(lines: int) -> type[AnswerForm]:
    """Return the form that gives each of so many lines its partner."""

    class MatchingForm(AnswerForm):
        answer = FieldList(SelectField("Match", choices=()), min_entries=lines, max_entries=lines)

        def offer(self) -> None:
            offered = ((text, text) for text in self.question.options)
            options = choices([("", "Choose …"), *offered])
            for entry in self.answer.entries:
                entry.choices = options

        def validate_answer(self, field: "FieldList[Any]") -> None:
            if any(not entry.data for entry in field.entries):
                raise ValidationError("Match every line.")

        def answered(self) -> Response:
            return Matched(tuple(str(entry.data) for entry in self.answer.entries))

    return MatchingForm


ANSWER_FORMS: dict[QuestionType, Callable[[Question], type[AnswerForm]]] = {
    QuestionType.MULTIPLE_CHOICE: lambda _: ChoiceForm,
    QuestionType.TRUE_FALSE: lambda _: ChoiceForm,
    QuestionType.MULTIPLE_SELECT: lambda _: ChoicesForm,
    QuestionType.CLOZE: lambda _: TypedForm,
    QuestionType.SHORT_ANSWER: lambda _: TypedForm,
    QuestionType.ORDERING: lambda question: ordering_form(len(question.options)),
    QuestionType.MATCHING: lambda question: matching_form(len(question.prompts)),
    QuestionType.FLASHCARD: lambda _: RatedForm,
}
"""Classes that stay: a new one for each request costs more than the rest of the form."""


def answer_form(question: Question) -> AnswerForm:
    """Return the form of a question as shown: an option not offered is an error by the field."""
    made = ANSWER_FORMS[question.type](question)()
    made.question = question
    made.offer()
    return made
