"""The form that all others are: it cleans what people type and protects against forgery."""

import re
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from wtforms import Field
from wtforms.csrf.core import CSRFTokenField

from app.web.forgery import form_token

_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def cleaned(text: object) -> object:
    """Return text without control characters and direction marks, its ends stripped."""
    return _UNWANTED.sub("", text).strip() if isinstance(text, str) else text


class TokenField(CSRFTokenField):
    """The field of the token against forgery, signed when a page shows it.

    WTForms signs one for each form that it makes, also for those that are only sent.
    """

    @property
    def current_token(self) -> str:
        """Return the token of this request's pages."""
        return form_token()

    @current_token.setter
    def current_token(self, _made: str) -> None:
        """Keep nothing: WTForms would keep a token that may never be shown."""


class _OnDemand(_FlaskFormCSRF):  # type: ignore[misc]  # Flask-WTF publishes no types
    """Flask-WTF's protection, whose token is made when it is shown."""

    field_class = TokenField

    def generate_csrf_token(self, _field: object) -> str:
        """Make none yet."""
        return ""


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A form whose every text is cleaned before it is checked."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """Adds the cleaning filter to each field."""

        csrf_class = _OnDemand

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:  # noqa: ANN401 WTForms' own signature
            """Bind a field with the cleaning filter before its own."""
            filters = unbound_field.kwargs.get("filters", ())
            if not filters or filters[0] is not cleaned:  # a class's field is bound again and again
                kind = unbound_field.field_class.__name__
                if not any(part in kind for part in ("Multiple", "FieldList", "FormField")):
                    unbound_field.kwargs["filters"] = [cleaned, *filters]
            bound: Field = unbound_field.bind(form=form, **options)
            return bound


class EmptyForm(Form):
    """Nothing but the protection against forgery: for buttons."""


WITHOUT_TOKEN = {"csrf": False}
"""The meta of forms in pages that read no cookie: there is nothing that a forger could borrow."""
