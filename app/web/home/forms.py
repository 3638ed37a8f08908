"""How a quiz is chosen."""

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.questions import QuestionType
from app.languages import LANGUAGES
from app.web.base import Form
from app.web.fields import choices
from app.web.words import TYPE_LABELS

MOST_QUESTIONS = 50
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many questions, of which types; none chosen means all."""

    count: int
    types: frozenset[QuestionType]


class QuizForm(Form):
    """How many questions and of which types."""

    count = IntegerField(
        _("How many questions?"),
        default=10,
        validators=[
            InputRequired(
                _("Choose from 1 to %(most_questions)s questions.", most_questions=MOST_QUESTIONS)
            ),
            NumberRange(
                1,
                MOST_QUESTIONS,
                _("Choose from 1 to %(most_questions)s questions.", most_questions=MOST_QUESTIONS),
            ),
        ],
    )
    types = SelectMultipleField(
        _("Which types? (none chosen means a mix)"),
        choices=choices((str(one), label) for one, label in TYPE_LABELS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def wanted(self) -> Wanted:
        """Return what was chosen."""
        types = frozenset(QuestionType(name) for name in self.types.data or ())
        return Wanted(int(self.count.data or 10), types)


class LanguageForm(Form):
    """In which language the pages speak, and the page that one was on."""

    language = RadioField(choices=choices(LANGUAGES.items()))
    back = HiddenField()

    def page(self) -> str:
        """Return the address to go back to: one of ours, or "/".

        Browsers leave tabs and ends of lines out of an address, and take a backslash for a slash:
        what is behind them could become the name of another site.
        """
        path = str(self.back.data or "")
        is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
        return path if is_ours and not CONTROLS.search(path) else "/"
