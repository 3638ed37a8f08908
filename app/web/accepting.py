"""The form that lets a refused answer count: on a report and on a fact's statistics alike."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from app import clock
from app.core.accepting import LONGEST, CannotAccept, NamesAnother
from app.core.questions import Direction
from app.services import accepting, statistics
from app.services.accepting import Acceptance
from app.services.revisions import By
from app.web.base import Form
from app.web.current import db_session, learner_id

REMARK_FOR_S = 1.5
"""How long a request marks earlier answers anew; the rest waits for the next."""


class AcceptForm(Form):
    """An answer that is to count from now on."""

    accepted = StringField(
        _("Answer that counts from now on"),
        validators=[
            DataRequired(_("Type the answer that is to count.")),
            Length(max=LONGEST, message=_("At most %(longest)s characters.", longest=LONGEST)),
        ],
    )
    direction = HiddenField(validators=[AnyOf([str(one) for one in Direction])])
    confirmed = BooleanField(_("It names both: accept it all the same"))
    asks_to_confirm = False

    def carry_out(self, fact_id: int, report: tuple[int, str] | None = None) -> bool:
        """Let the answer count and mark earlier ones anew; False where the form says why not."""
        wanted = Acceptance(
            fact_id,
            Direction(str(self.direction.data)),
            str(self.accepted.data),
            bool(self.confirmed.data),
            report,
        )
        try:
            accepting.accept(db_session(), wanted, By(learner_id(), clock.now()))
        except (CannotAccept, NamesAnother) as refusal:
            self.asks_to_confirm = isinstance(refusal, NamesAnother)
            self.accepted.errors = [*self.accepted.errors, str(refusal)]
            return False
        accepting.go_on(db_session(), clock.now(), REMARK_FOR_S)
        statistics.count_new(db_session())  # the page that comes next shows what it has changed
        return True
