"""The form of a report. Each kind is a button of its own, so that two clicks are enough."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.questions.question import Response
from app.services.reports import LONGEST_COMMENT, Complaint, ReportKind
from app.web.base import Form
from app.web.fields import choices
from app.web.words import REPORT_KINDS


class ReportForm(Form):
    """What is the matter with a question."""

    kind = RadioField(
        _("What is the matter?"),
        choices=choices(REPORT_KINDS.items()),
        validators=[InputRequired(_("Say what is the matter."))],
    )
    comment = TextAreaField(
        _("Comment (optional)"),
        validators=[
            Length(
                max=LONGEST_COMMENT,
                message=_(
                    "A comment has at most %(longest_comment)s characters.",
                    longest_comment=LONGEST_COMMENT,
                ),
            )
        ],
        render_kw={"rows": 2},
    )

    def complaint(self, draft: Response | None) -> Complaint:
        """Return what the learner says."""
        return Complaint(ReportKind(str(self.kind.data)), str(self.comment.data or ""), draft)
