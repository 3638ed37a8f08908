"""Signing up, signing in, settings."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length

from app.languages import LANGUAGES
from app.services.accounts import Settings
from app.services.passkeys import LONGEST_CREDENTIAL
from app.services.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD
from app.web.base import Form
from app.web.fields import choices

LENGTH = Length(
    SHORTEST_PASSWORD,
    LONGEST_PASSWORD,
    _(
        "Use from %(shortest_password)s to %(longest_password)s characters.",
        shortest_password=SHORTEST_PASSWORD,
        longest_password=LONGEST_PASSWORD,
    ),
)


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        _("E-mail address"), validators=[DataRequired(_("Type your address.")), Length(max=255)]
    )
    password = PasswordField(
        _("Password"), validators=[InputRequired(_("Type your password.")), Length(max=200)]
    )


class SignUpForm(Form):
    """All that an account needs: one step."""

    email = EmailField(
        _("E-mail address"),
        validators=[
            DataRequired(_("Type your address.")),
            Length(max=255, message=_("That address is too long.")),
            Email(_("That is not an e-mail address.")),
        ],
    )
    password = PasswordField(
        _("Password"),
        description=_(
            "At least %(shortest_password)s characters; a few words make a good one.",
            shortest_password=SHORTEST_PASSWORD,
        ),
        validators=[
            InputRequired(_("Choose a password.")),
            LENGTH,
        ],
    )


class PasswordForm(Form):
    """The old password and the new one."""

    old = PasswordField(
        _("Password now"), validators=[DataRequired(_("Type your password.")), Length(max=200)]
    )
    new = PasswordField(
        _("New password"),
        description=_(
            "At least %(shortest_password)s characters.", shortest_password=SHORTEST_PASSWORD
        ),
        validators=[
            DataRequired(_("Choose a password.")),
            LENGTH,
        ],
    )


class AddressForm(Form):
    """An address: whose password is forgotten, or who wants an account."""

    email = EmailField(
        _("E-mail address"),
        validators=[
            DataRequired(_("Type your address.")),
            Length(max=255, message=_("That address is too long.")),
            Email(_("That is not an e-mail address.")),
        ],
    )


class NewPasswordForm(Form):
    """A new password, by a link."""

    password = PasswordField(
        _("New password"),
        description=_(
            "At least %(shortest_password)s characters; a few words make a good one.",
            shortest_password=SHORTEST_PASSWORD,
        ),
        validators=[InputRequired(_("Choose a password.")), LENGTH],
    )


class CodeForm(Form):
    """A code of an authenticator app, or a recovery code."""

    code = StringField(
        _("Code"),
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
        validators=[
            DataRequired(_("Type the code.")),
            Length(max=60, message=_("Codes are shorter.")),
        ],
    )


class OwnPasswordForm(Form):
    """The password once more, before how one signs in is changed."""

    password = PasswordField(
        _("Your password"), validators=[InputRequired(_("Type your password.")), Length(max=200)]
    )


class PasskeyForm(Form):
    """What a passkey has signed; a script puts it in."""

    credential = HiddenField(
        id="signed-credential", validators=[InputRequired(), Length(max=LONGEST_CREDENTIAL)]
    )


class PasskeyNameForm(Form):
    """What its owner calls a passkey."""

    name = StringField(
        _("Name"),
        description=_("So that you know it again: My phone, Blue key."),
        validators=[
            DataRequired(_("Give it a name.")),
            Length(max=60, message=_("60 characters at most.")),
        ],
    )


class NewPasskeyForm(PasskeyNameForm):
    """A new passkey: its name, and what the device has made; a script puts that in."""

    credential = HiddenField(validators=[InputRequired(), Length(max=LONGEST_CREDENTIAL)])


class DeleteForm(Form):
    """The password once more, and what becomes of the answers."""

    answers = RadioField(
        _("Your answers"),
        choices=choices(
            [
                ("remove", _("Remove them, with everything else")),
                ("keep", _("Leave them for the statistics of questions, without my name")),
            ]
        ),
        default="remove",
    )
    password = PasswordField(
        _("Password"), validators=[DataRequired(_("Type your password.")), Length(max=200)]
    )


class SettingsForm(Form):
    """What learners choose for themselves."""

    display_name = StringField(
        _("Name that others see"),
        validators=[
            DataRequired(_("Choose a name.")),
            Length(max=60, message=_("60 characters at most.")),
        ],
    )
    time_zone = StringField(
        _("Time zone"),
        description=_("Your study day turns at 04:00 there, for example Europe/Berlin."),
        validators=[DataRequired(_("Name a time zone.")), Length(max=64)],
    )
    language = SelectField(
        _("Language of the pages"),
        description=_("Decks stay in their own language."),
        choices=choices([("", _("As the browser asks")), *LANGUAGES.items()]),
    )
    on_leaderboard = BooleanField(_("Show me on the leaderboard"))

    def chosen(self) -> Settings:
        """Return the settings. Raises Refused for an unknown time zone."""
        return Settings(
            str(self.display_name.data),
            str(self.time_zone.data),
            bool(self.on_leaderboard.data),
            str(self.language.data or ""),
        )
