"""Making a token for a program."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.services.api_tokens import Scope, Wanted
from app.web.base import Form
from app.web.fields import choices

MEANINGS = {
    Scope.READ: _("read: decks, my schedule, progress and score"),
    Scope.STUDY: _("study: ask and answer questions, undo, share quizzes"),
    Scope.CURATE: _("curate: see and edit facts of my decks, import and export them"),
    Scope.ADMIN: _("admin: see who has an account"),
}
LASTING = (
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("A year")),
    ("0", _("Until I revoke it")),
)


class TokenForm(Form):
    """What a program is called and may do, and for how long."""

    name = StringField(
        _("Name"),
        description=_("What it is for, such as “backup script”."),
        validators=[
            DataRequired(_("Give it a name.")),
            Length(max=80, message=_("Use 80 characters.")),
        ],
    )
    scopes = SelectMultipleField(
        _("It may"),
        choices=[],
        validators=[InputRequired(_("Pick at least one."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = RadioField(
        _("It lasts"),
        choices=choices(LASTING),
        default="90",
        validators=[InputRequired(_("Say how long."))],
    )

    def offer(self, scopes: Sequence[Scope]) -> "TokenForm":
        """Offer the scopes that somebody has."""
        self.scopes.choices = choices((str(one), MEANINGS[one]) for one in scopes)
        return self

    def wanted(self) -> Wanted:
        """Return the token that is described."""
        days = int(str(self.days.data))
        return Wanted(
            str(self.name.data), frozenset(map(Scope, self.scopes.data or ())), days or None
        )
