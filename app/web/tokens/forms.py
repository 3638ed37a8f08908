"""Making a token for a program."""

from collections.abc import Sequence

from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.services.api_tokens import Scope, Wanted
from app.web.base import Form
from app.web.fields import choices

MEANINGS = {
    Scope.READ: "read: decks, my schedule, progress and score",
    Scope.STUDY: "study: ask and answer questions, undo",
    Scope.CURATE: "curate: see and edit facts of my decks, export them",
    Scope.ADMIN: "admin: see who has an account",
}
LASTING = (("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("0", "Until I revoke it"))


class TokenForm(Form):
    """What a program is called and may do, and for how long."""

    name = StringField(
        "Name",
        description="What it is for, such as “backup script”.",
        validators=[DataRequired("Give it a name."), Length(max=80, message="Use 80 characters.")],
    )
    scopes = SelectMultipleField(
        "It may",
        choices=[],
        validators=[InputRequired("Pick at least one.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = RadioField(
        "It lasts",
        choices=choices(LASTING),
        default="90",
        validators=[InputRequired("Say how long.")],
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
