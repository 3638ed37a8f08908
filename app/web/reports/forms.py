"""Forms of the queue."""

from flask_babel import lazy_gettext as _
from wtforms import Form as PlainForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.services.reports import LONGEST_COMMENT
from app.web.base import Form
from app.web.fields import choices, page_number


class QueueForm(PlainForm):
    """How the queue is narrowed; it changes nothing, so it needs no token."""

    deck = StringField(_("Deck"))
    state = SelectField(_("Show"), choices=choices([("open", _("open")), ("closed", _("closed"))]))
    page = StringField(_("Page"))

    @property
    def deck_key(self) -> str:
        """The key of the deck alone to be shown; "" for all."""
        return str(self.deck.data or "")[:200].replace("\x00", "")

    @property
    def wants_closed(self) -> bool:
        """Whether the closed reports are wanted."""
        return str(self.state.data) == "closed"

    @property
    def page_number(self) -> int:
        """The page, 1 where the address says nothing that could be one."""
        return page_number(self.page)


class DismissForm(Form):
    """A reply that the learner reads."""

    reply = TextAreaField(
        _("Reply to the learner"),
        validators=[
            DataRequired(_("Say why: the learner reads it.")),
            Length(
                max=LONGEST_COMMENT,
                message=_(
                    "At most %(longest_comment)s characters.", longest_comment=LONGEST_COMMENT
                ),
            ),
        ],
        render_kw={"rows": 3},
    )
