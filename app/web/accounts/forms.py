"""Signing up, signing in, settings."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length

from app.languages import LANGUAGES
from app.services.accounts import Settings
from app.services.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD
from app.web.base import Form
from app.web.fields import choices

LENGTH = Length(
    SHORTEST_PASSWORD,
    LONGEST_PASSWORD,
    f"Use from {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
)


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        "E-mail address", validators=[DataRequired("Type your address."), Length(max=255)]
    )
    password = PasswordField(
        "Password", validators=[InputRequired("Type your password."), Length(max=200)]
    )


class SignUpForm(Form):
    """All that an account needs: one step."""

    email = EmailField(
        "E-mail address",
        validators=[
            DataRequired("Type your address."),
            Length(max=255, message="That address is too long."),
            Email("That is not an e-mail address."),
        ],
    )
    password = PasswordField(
        "Password",
        description=f"At least {SHORTEST_PASSWORD} characters; a few words make a good one.",
        validators=[
            InputRequired("Choose a password."),
            LENGTH,
        ],
    )


class PasswordForm(Form):
    """The old password and the new one."""

    old = PasswordField(
        "Password now", validators=[DataRequired("Type your password."), Length(max=200)]
    )
    new = PasswordField(
        "New password",
        description=f"At least {SHORTEST_PASSWORD} characters.",
        validators=[
            DataRequired("Choose a password."),
            LENGTH,
        ],
    )


class ForgottenForm(Form):
    """Whose password is forgotten."""

    email = EmailField(
        "E-mail address",
        validators=[
            DataRequired("Type your address."),
            Length(max=255, message="That address is too long."),
            Email("That is not an e-mail address."),
        ],
    )


class NewPasswordForm(Form):
    """A new password, by a link."""

    password = PasswordField(
        "New password",
        description=f"At least {SHORTEST_PASSWORD} characters; a few words make a good one.",
        validators=[InputRequired("Choose a password."), LENGTH],
    )


class CodeForm(Form):
    """A code of an authenticator app, or a recovery code."""

    code = StringField(
        "Code",
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
        validators=[DataRequired("Type the code."), Length(max=60, message="Codes are shorter.")],
    )


class OwnPasswordForm(Form):
    """The password once more, before how one signs in is changed."""

    password = PasswordField(
        "Your password", validators=[InputRequired("Type your password."), Length(max=200)]
    )


class DeleteForm(Form):
    """The password once more, and what becomes of the answers."""

    answers = RadioField(
        "Your answers",
        choices=choices(
            [
                ("remove", "Remove them, with everything else"),
                ("keep", "Leave them for the statistics of questions, without my name"),
            ]
        ),
        default="remove",
    )
    password = PasswordField(
        "Password", validators=[DataRequired("Type your password."), Length(max=200)]
    )


class SettingsForm(Form):
    """What learners choose for themselves."""

    display_name = StringField(
        "Name that others see",
        validators=[
            DataRequired("Choose a name."),
            Length(max=60, message="60 characters at most."),
        ],
    )
    time_zone = StringField(
        "Time zone",
        description="Your study day turns at 04:00 there, for example Europe/Berlin.",
        validators=[DataRequired("Name a time zone."), Length(max=64)],
    )
    language = SelectField(
        _("Language of the pages"),
        description=_("Decks stay in their own language."),
        choices=choices([("", _("As the browser asks")), *LANGUAGES.items()]),
    )
    on_leaderboard = BooleanField("Show me on the leaderboard")

    def chosen(self) -> Settings:
        """Return the settings. Raises Refused for an unknown time zone."""
        return Settings(
            str(self.display_name.data),
            str(self.time_zone.data),
            bool(self.on_leaderboard.data),
            str(self.language.data or ""),
        )
