"""What a learner wants to hear."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.services.reminders import Reminders
from app.web.base import Form
from app.web.fields import choices

GOAL = _("Choose from %(low)s to %(high)s.", low="0", high="1,000")


class RemindersForm(Form):
    """A goal, and a digest at an hour of the learner's own day."""

    goal = IntegerField(
        _("Goal: answers a day"),
        description=_("0 is no goal. Missing it costs nothing."),
        validators=[InputRequired(GOAL), NumberRange(0, 1000, GOAL)],
    )
    wants_digest = BooleanField(_("Send me an e-mail on days with something to study"))
    hour = SelectField(_("At"), choices=choices([(str(h), f"{h:02}:00") for h in range(24)]))

    def chosen(self) -> Reminders:
        """Return what was chosen."""
        return Reminders(bool(self.wants_digest.data), int(self.hour.data), self.goal.data or 0)
