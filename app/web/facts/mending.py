"""A report that led to the editor: it is closed when the fact is saved."""

from wtforms import Form as PlainForm
from wtforms import StringField

from app import clock
from app.services import reports
from app.services.revisions import By
from app.web.current import db_session, learner_id, query


class MendedForm(PlainForm):
    """Whose report of which question the address names: user and token, parted by a dot."""

    report = StringField()


def close_report(fact_id: int) -> None:
    """Close the report that the address names, where it is one of this fact."""
    whose, _, token = str(MendedForm(query()).report.data or "").partition(".")
    longest_number = 18
    if token and whose.isascii() and whose.isdecimal() and len(whose) <= longest_number:
        by = By(learner_id(), clock.now())
        reports.fixed(db_session(), (int(whose), token.replace("\x00", "")), fact_id, by)
