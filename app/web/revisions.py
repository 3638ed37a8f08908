"""The forms of histories: going back to a revision, and deleting a draft."""

from wtforms import HiddenField
from wtforms.validators import InputRequired, Regexp

from app.web.base import Form

_NUMBER = r"[0-9]{1,9}\Z"


class RevisionForm(Form):
    """A button that goes by the revision its page showed."""

    revision = HiddenField(validators=[InputRequired(), Regexp(_NUMBER)])

    @property
    def revision_number(self) -> int:
        """The revision that the page showed."""
        return int(str(self.revision.data))


class RevertForm(RevisionForm):
    """A button that makes a thing what it was at a revision."""

    to = HiddenField(validators=[InputRequired(), Regexp(_NUMBER)])

    @property
    def to_number(self) -> int:
        """The revision to go back to."""
        return int(str(self.to.data))
