"""How a quiz is shared, and with which sites."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.questions import QuestionType
from app.services.quiz import DEFAULT_TYPES
from app.services.sharing import Wanted
from app.web.base import Form
from app.web.fields import choices
from app.web.words import TYPE_LABELS

MOST_QUESTIONS = 50
A_WEEK = timedelta(days=7)


class ShareForm(Form):
    """How many questions of which types, under what title, open until when."""

    title = StringField(
        _("Title"),
        description=_("What those who take part see, such as “Class 9b, Friday”."),
        validators=[
            DataRequired(_("Give it a title.")),
            Length(max=100, message=_("Use 100 letters.")),
        ],
    )
    count = IntegerField(
        _("How many questions?"),
        default=10,
        validators=[
            InputRequired(_("Choose from 1 to %(most)s questions.", most=MOST_QUESTIONS)),
            NumberRange(
                1, MOST_QUESTIONS, _("Choose from 1 to %(most)s questions.", most=MOST_QUESTIONS)
            ),
        ],
    )
    types = SelectMultipleField(
        _("Which types? (none chosen means a mix)"),
        choices=choices(
            (str(one), label) for one, label in TYPE_LABELS.items() if one in DEFAULT_TYPES
        ),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    closes = DateTimeLocalField(
        _("It closes"),
        description=_("On your own clock. Until then, only those who have finished see results."),
        validators=[InputRequired(_("Say when it closes."))],
    )

    def prepared(self, zone: ZoneInfo, now: int) -> "ShareForm":
        """Propose a week from now, on the hour."""
        at = datetime.fromtimestamp(now, zone) + A_WEEK
        self.closes.data = at.replace(minute=0, second=0, microsecond=0, tzinfo=None)
        return self

    def wanted(self, deck_key: str, zone: ZoneInfo) -> Wanted:
        """Return the quiz that is described; its closing time is read in a time zone."""
        closes: datetime = self.closes.data  # type: ignore[assignment]  # InputRequired has seen it
        return Wanted(
            deck_key,
            str(self.title.data),
            int(self.count.data or 0),
            frozenset(QuestionType(name) for name in self.types.data or ()),
            int(closes.replace(tzinfo=zone).astimezone(UTC).timestamp()),
        )


class SiteForm(Form):
    """A site whose pages may show a deck's shared quizzes."""

    origin = StringField(
        _("Site"),
        description=_("As it stands in the address bar: https://school.example"),
        validators=[DataRequired(_("Write the site's address.")), Length(max=200)],
    )
