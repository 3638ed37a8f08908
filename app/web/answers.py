"""Question type → the form that takes its answer, built from the question as shown."""

from collections.abc import Callable
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
from app.web.base import Form
from app.web.fields import choices

LONGEST = 500
LONGEST_MS = 3_600_000
RATINGS = (("1", _("Again")), ("2", _("Hard")), ("3", _("Good")), ("4", _("Easy")))


class AnswerForm(Form):
    """What every answer form has: how long the answer took, measured in the page."""

    response_ms = HiddenField(validators=[Optional()])

    @property
    def took_ms(self) -> int:
        """Return the time from showing to sending, 0 where the page did not measure it."""
        text = self.response_ms.data or ""
        return min(int(text), LONGEST_MS) if text.isdecimal() and len(text) < 12 else 0  # noqa: PLR2004

    def answered(self) -> Response:
        """Return the response as core has it."""
        raise NotImplementedError


def _choice(question: Question) -> type[AnswerForm]:
    class ChoiceForm(AnswerForm):
        answer = RadioField(
            _("Your answer"),
            choices=choices((text, text) for text in question.options),
            validators=[InputRequired(_("Pick one of the options."))],
        )

        def answered(self) -> Response:
            return Chosen((str(self.answer.data),))

    return ChoiceForm


def _choices_form(question: Question) -> type[AnswerForm]:
    class ChoicesForm(AnswerForm):
        answer = SelectMultipleField(
            _("Your answers: pick every one that is right"),
            choices=choices((text, text) for text in question.options),
            validators=[InputRequired(_("Pick at least one option."))],
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )

        def answered(self) -> Response:
            return Chosen(tuple(self.answer.data or ()))

    return ChoicesForm


def _typed(_question: Question) -> type[AnswerForm]:
    class TypedForm(AnswerForm):
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
            return Typed(str(self.answer.data))

    return TypedForm


def _ordering(question: Question) -> type[AnswerForm]:
    count = len(question.options)
    places = choices([("", _("Place …")), *((str(at), str(at)) for at in range(1, count + 1))])

    class OrderingForm(AnswerForm):
        answer = FieldList(
            SelectField(_("Place"), choices=places), min_entries=count, max_entries=count
        )

        def validate_answer(self, field: "FieldList[Any]") -> None:
            given = {entry.data for entry in field.entries}
            if len(given) != count or "" in given:
                raise ValidationError(_("Give every line a place of its own."))

        def answered(self) -> Response:
            places = [int(entry.data) for entry in self.answer.entries]
            pairs = sorted(zip(places, question.options, strict=True))
            return Ordered(tuple(option for _, option in pairs))

    return OrderingForm


def _matching(question: Question) -> type[AnswerForm]:
    count = len(question.prompts)
    options = choices([("", _("Choose …")), *((text, text) for text in question.options)])

    class MatchingForm(AnswerForm):
        answer = FieldList(
            SelectField(_("Match"), choices=options), min_entries=count, max_entries=count
        )

        def validate_answer(self, field: "FieldList[Any]") -> None:
            if any(not entry.data for entry in field.entries):
                raise ValidationError(_("Match every line."))

        def answered(self) -> Response:
            return Matched(tuple(str(entry.data) for entry in self.answer.entries))

    return MatchingForm


def _rated(_question: Question) -> type[AnswerForm]:
    class RatedForm(AnswerForm):
        answer = RadioField(
            _("How well did you know it?"),
            choices=choices(RATINGS),
            validators=[InputRequired(_("Say how well you knew it."))],
        )

        def answered(self) -> Response:
            return SelfRated(int(str(self.answer.data)))

    return RatedForm


ANSWER_FORMS: dict[QuestionType, Callable[[Question], type[AnswerForm]]] = {
    QuestionType.MULTIPLE_CHOICE: _choice,
    QuestionType.TRUE_FALSE: _choice,
    QuestionType.MULTIPLE_SELECT: _choices_form,
    QuestionType.CLOZE: _typed,
    QuestionType.SHORT_ANSWER: _typed,
    QuestionType.ORDERING: _ordering,
    QuestionType.MATCHING: _matching,
    QuestionType.FLASHCARD: _rated,
}


def answer_form(question: Question) -> AnswerForm:
    """Return the form of a question as shown: an option not offered is an error by the field."""
    return ANSWER_FORMS[question.type](question)()
