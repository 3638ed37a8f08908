"""The form of a report. Each kind is a button of its own, so that two clicks are enough."""

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
        "What is the matter?",
        choices=choices(REPORT_KINDS.items()),
        validators=[InputRequired("Say what is the matter.")],
    )
    comment = TextAreaField(
        "Comment (optional)",
        validators=[
            Length(
                max=LONGEST_COMMENT, message=f"A comment has at most {LONGEST_COMMENT} characters."
            )
        ],
        render_kw={"rows": 2},
    )

    def complaint(self, draft: Response | None) -> Complaint:
        """Return what the learner says."""
        return Complaint(ReportKind(str(self.kind.data)), str(self.comment.data or ""), draft)
