"""The forms of relations: wording, the starter library, the merge."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.facts import Relation
from app.core.values import ValueKind
from app.web.base import Form
from app.web.curators import whole_number
from app.web.fields import choices
from app.web.words import KIND_NAMES

LONG, SHORT = 1000, 200


def _template(label: str, hint: str) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        validators=[Length(max=LONG, message=_("At most %(long)s characters.", long=LONG))],
        render_kw={"rows": 2},
    )


class RelationForm(Form):
    """A relation as a curator words it."""

    revision = HiddenField()
    key = HiddenField()
    action = StringField(validators=[Optional(), Length(max=20)])
    name = StringField(
        _("Name"),
        description=_("Two or three words, such as founded by."),
        validators=[Length(max=80, message=_("At most 80 characters."))],
    )
    ask = _template(_("Question"), _("Such as: Who founded {subject}?"))
    ask_inverse = _template(
        _("Inverse question, if there is one"), _("Such as: What did {value} found?")
    )
    say = _template(_("Statement"), _("Such as: {subject} was founded by {value}."))
    value_kind = SelectField(
        _("Kind of answer"),
        choices=choices([("", _("any")), *((kind, KIND_NAMES[kind]) for kind in ValueKind)]),
    )
    many = BooleanField(_("One subject may have several answers"))
    anyway = BooleanField(_("Save in spite of errors"))

    @property
    def is_look(self) -> bool:
        """Whether it is only to be previewed."""
        return self.action.data == "preview"

    @property
    def relation(self) -> Relation:
        """The relation as typed: wordings in one line, under the key it has."""
        ask, inverse, say = (
            " ".join(str(self[name].data or "").split()) for name in ("ask", "ask_inverse", "say")
        )
        kind = str(self.value_kind.data or "")
        known = kind if kind in list(ValueKind) else ""
        key = str(self.key.data or "")[:SHORT]
        return Relation(key, ask, inverse, say, known, bool(self.many.data))

    @property
    def revision_number(self) -> int:
        """The revision that was opened."""
        return whole_number(self.revision.data)


class StarterForm(Form):
    """Which relations of the library to add."""

    keys = SelectMultipleField(
        _("Relations"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class OtherForm(PlainForm):
    """Which relation to merge."""

    other = SelectField(_("Merge into this one"), choices=[], validate_choice=False)

    @property
    def number(self) -> int:
        """The other one's number; 0 for nonsense."""
        return whole_number(self.other.data)
