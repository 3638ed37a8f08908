"""What a quiz on paper is made of."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from app.interchange.printing import MOST_QUESTIONS
from app.web.base import Form

LARGEST_SEED = 999_999


class PaperForm(Form):
    """How many questions, and which: the same number draws the same ones."""

    class Meta(Form.Meta):
        """It only asks for a page, so it needs no protection."""

        csrf = False

    count = IntegerField(
        _("Questions"), default=20, validators=[Optional(), NumberRange(1, MOST_QUESTIONS)]
    )
    seed = IntegerField(
        _("Version"),
        description=_("Another number gives another quiz; the same one gives the same again."),
        default=1,
        validators=[Optional(), NumberRange(0, LARGEST_SEED)],
    )
