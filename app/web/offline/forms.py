"""What a device sends: the questions that it holds, and when an answer was given."""

import re

from wtforms import HiddenField, StringField
from wtforms.validators import Length, Optional, ValidationError

from app.web.base import Form

MOST_HELD = 200
_TOKEN = re.compile(r"[\w-]{1,43}", re.ASCII)
_LONGEST_INSTANT = 12


class HeldForm(Form):
    """The tokens of the questions that a device holds, parted by spaces."""

    held = StringField(validators=[Optional(), Length(max=MOST_HELD * 44)])

    def validate_held(self, field: StringField) -> None:
        """Refuse what no device holds."""
        tokens = str(field.data).split()
        if len(tokens) > MOST_HELD or not all(map(_TOKEN.fullmatch, tokens)):
            raise ValidationError(f"Name at most {MOST_HELD} questions by their tokens.")

    @property
    def tokens(self) -> list[str]:
        """Return the tokens."""
        return str(self.held.data or "").split()


class GivenForm(Form):
    """When an answer was given, by the device's clock as far as it could be set right."""

    answered_epoch_s = HiddenField(validators=[Length(min=1, max=_LONGEST_INSTANT)])

    def validate_answered_epoch_s(self, field: HiddenField) -> None:
        """Refuse what is no instant; whether it can be is the service's to say."""
        text = str(field.data)
        if not (text.isascii() and text.isdecimal()):
            raise ValidationError("Give whole seconds since 1970.")

    @property
    def at_epoch_s(self) -> int:
        """Return the instant."""
        return int(str(self.answered_epoch_s.data))
