"""The forms of a deck: what it says of itself, and who edits it."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from app.core.languages import LANGUAGE
from app.services.decks import DeckHead
from app.web.base import Form

SHORT, LONG = 200, 2000


class DeckForm(Form):
    """What a deck says of itself."""

    title = StringField(
        _("Title"),
        description=_("What learners see in the list of decks."),
        validators=[
            DataRequired(_("Give it a title.")),
            Length(max=SHORT, message=_("At most 200 characters.")),
        ],
    )
    description = TextAreaField(
        _("Description"),
        description=_("In a sentence or two: what one knows when one knows it."),
        validators=[Length(max=LONG, message=_("At most 2000 characters."))],
        render_kw={"rows": 3},
    )
    language = StringField(
        _("Language"),
        default="en",
        description=_("Of its questions, as a short code: en, de, pt-BR."),
        validators=[
            DataRequired(_("Give the language's code, such as en.")),
            Length(max=35, message=_("At most 35 characters.")),
            Regexp(
                f"^{LANGUAGE}$", message=_("That is no language code. Examples: en, de, pt-BR.")
            ),
        ],
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )

    fingerprint = HiddenField()
    """Of what was shown, so that nobody's words are overwritten unseen."""

    @property
    def head(self) -> DeckHead:
        """The deck as described."""
        title = " ".join(str(self.title.data or "").split())
        description = " ".join(str(self.description.data or "").split())
        return DeckHead(title, description, str(self.language.data or "en"))


class CuratorForm(Form):
    """Who else may edit the deck."""

    email = StringField(
        _("E-mail address"),
        description=_("Of somebody whom an admin has made a curator."),
        validators=[DataRequired(_("Whose?")), Length(max=255, message=_("That is too long."))],
        render_kw={"type": "email", "autocomplete": "off"},
    )
