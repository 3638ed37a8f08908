"""By which name somebody takes part in a shared quiz: on the site, and in another site's page."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.services.sharing import LONGEST_NAME
from app.web.base import Form


class JoinForm(Form):
    """The name that the others see."""

    name = StringField(
        _("Your name"),
        description=_("The others see it beside your result. It need not be your real one."),
        validators=[
            DataRequired(_("Give a name that the others will see.")),
            Length(
                max=LONGEST_NAME,
                message=_("A name has at most %(most)s characters.", most=LONGEST_NAME),
            ),
        ],
    )

    @property
    def shown_name(self) -> str:
        """Return the name that was typed."""
        return str(self.name.data or "")
