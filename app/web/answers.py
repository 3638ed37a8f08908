"""Question type → the form that takes its answer, built from the question as shown."""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _
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
from app.core.questions.true_false import FALSE, TRUE
from app.web.base import WITHOUT_TOKEN, Form
from app.web.fields import choices

LONGEST = 500
LONGEST_MS = 3_600_000
RATINGS = (("1", _("Again")), ("2", _("Hard")), ("3", _("Good")), ("4", _("Easy")))


class AnswerForm(Form):
    """What every answer form has: its question, and how long the answer took, by the page."""

    response_ms = HiddenField("", validators=[Optional()])
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
        _("Your answer"), choices=(), validators=[InputRequired(_("Pick one of the options."))]
    )

    def offer(self) -> None:
        """Offer the question's options."""
        self.answer.choices = choices((text, text) for text in self.question.options)

    def answered(self) -> Response:
        """Return the option."""
        return Chosen((str(self.answer.data),))


class TruthForm(ChoiceForm):
    """True or false, in the words of the interface."""

    def offer(self) -> None:
        """Offer both, whatever the deck's language."""
        self.answer.choices = choices(((TRUE, _("True")), (FALSE, _("False"))))


class ChoicesForm(AnswerForm):
    """Any number of options."""

    answer = SelectMultipleField(
        _("Your answers: pick every one that is right"),
        choices=(),
        validators=[InputRequired(_("Pick at least one option."))],
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
        _("Your answer"),
        validators=[
            DataRequired(_("Type an answer.")),
            Length(
                max=LONGEST,
                message=_("An answer has at most %(longest)s characters.", longest=LONGEST),
            ),
        ],
    )

    def answered(self) -> Response:
        """Return the text."""
        return Typed(str(self.answer.data))


class RatedForm(AnswerForm):
    """A rating by the learner."""

    answer = RadioField(
        _("How well did you know it?"),
        choices=choices(RATINGS),
        validators=[InputRequired(_("Say how well you knew it."))],
    )

    def answered(self) -> Response:
        """Return the rating."""
        return SelfRated(int(str(self.answer.data)))


@cache
def ordering_form(lines: int) -> type[AnswerForm]:
    """Return the form that gives each of so many lines its place."""
    places = choices([("", _("Place …")), *((str(at), str(at)) for at in range(1, lines + 1))])

    class OrderingForm(AnswerForm):
        answer = FieldList(
            SelectField(_("Place"), choices=places), min_entries=lines, max_entries=lines
        )

        def validate_answer(self, field: "FieldList[Any]") -> None:
            given = {entry.data for entry in field.entries}
            if len(given) != lines or "" in given:
                raise ValidationError(_("Give every line a place of its own."))

        def answered(self) -> Response:
            places = [int(entry.data) for entry in self.answer.entries]
            pairs = sorted(zip(places, self.question.options, strict=True))
            return Ordered(tuple(option for _, option in pairs))

    return OrderingForm


@cache
def matching_form(lines: int) -> type[AnswerForm]:
    """Return the form that gives each of so many lines its partner."""

    class MatchingForm(AnswerForm):
        answer = FieldList(
            SelectField(_("Match"), choices=()), min_entries=lines, max_entries=lines
        )

        def offer(self) -> None:
            offered = ((text, text) for text in self.question.options)
            options = choices([("", _("Choose …")), *offered])
            for entry in self.answer.entries:
                entry.choices = options

        def validate_answer(self, field: "FieldList[Any]") -> None:
            if any(not entry.data for entry in field.entries):
                raise ValidationError(_("Match every line."))

        def answered(self) -> Response:
            return Matched(tuple(str(entry.data) for entry in self.answer.entries))

    return MatchingForm


ANSWER_FORMS: dict[QuestionType, Callable[[Question], type[AnswerForm]]] = {
    QuestionType.MULTIPLE_CHOICE: lambda _question: ChoiceForm,
    QuestionType.TRUE_FALSE: lambda _question: TruthForm,
    QuestionType.MULTIPLE_SELECT: lambda _question: ChoicesForm,
    QuestionType.CLOZE: lambda _question: TypedForm,
    QuestionType.SHORT_ANSWER: lambda _question: TypedForm,
    QuestionType.ORDERING: lambda question: ordering_form(len(question.options)),
    QuestionType.MATCHING: lambda question: matching_form(len(question.prompts)),
    QuestionType.FLASHCARD: lambda _question: RatedForm,
}
"""Classes that stay: a new one for each request costs more than the rest of the form."""


def answer_form(question: Question) -> AnswerForm:
    """Return the form of a question as shown: an option not offered is an error by the field."""
    return _made(question, ANSWER_FORMS[question.type](question)())


def seated_answer_form(question: Question) -> AnswerForm:
    """Return the same form for a frame in another site's page, where no cookie is read."""
    return _made(question, ANSWER_FORMS[question.type](question)(meta=WITHOUT_TOKEN))


def _made(question: Question, made: AnswerForm) -> AnswerForm:
    made.question = question
    made.offer()
    return made
