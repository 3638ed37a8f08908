"""The forms of entities: the list's filter, the names, the merge."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Length, ValidationError

from app.core.values import MAX_TEXT, Entity
from app.web.base import Form
from app.web.curators import lines, whole_number

SHORT = 200
MOST_ALIASES = 200


class FilterForm(PlainForm):
    """How the list is narrowed; it changes nothing, so it needs no token."""

    q = StringField(_("Search"))
    kind = StringField(_("Kind"), render_kw={"list": "kinds", "autocomplete": "off"})
    page = StringField(_("Page"))

    @property
    def words(self) -> str:
        """The words looked for."""
        return str(self.q.data or "")[:SHORT]

    @property
    def wanted_kind(self) -> str | None:
        """The kind to show; None for all."""
        return str(self.kind.data or "").strip()[:SHORT] or None

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        return max(1, whole_number(self.page.data))


class EntityForm(Form):
    """An entity as a curator types it."""

    revision = HiddenField()
    name = StringField(
        _("Name"),
        validators=[
            DataRequired(_("Give it a name.")),
            Length(max=SHORT, message=_("At most 200.")),
        ],
    )
    kind = StringField(
        _("Kind"),
        description=_(
            "Wrong answers are drawn from things of the same kind: person, city, company."
        ),
        validators=[Length(max=SHORT, message=_("At most 200 characters."))],
        render_kw={"list": "kinds", "autocomplete": "off"},
    )
    aliases = TextAreaField(
        _("Also known as"),
        description=_("One name a line. Learners may answer with any of them."),
        validators=[Length(max=20_000, message=_("That is too long."))],
        render_kw={"rows": 4},
    )
    anyway = BooleanField(_("Save in spite of errors"))

    def validate_aliases(self, field: TextAreaField) -> None:
        """Refuse what no deck file could hold."""
        typed = lines(field.data)
        if len(typed) > MOST_ALIASES:
            raise ValidationError(_("At most %(most_aliases)s names.", most_aliases=MOST_ALIASES))
        if any(len(one) > MAX_TEXT for one in typed):
            raise ValidationError(
                _("A name may have %(max_text)s characters at most.", max_text=MAX_TEXT)
            )

    @property
    def entity(self) -> Entity:
        """The entity as typed, without its key."""
        name = str(self.name.data or "")
        aliases = tuple(one for one in lines(self.aliases.data) if one != name)
        return Entity(name, kind=str(self.kind.data or ""), aliases=aliases)

    @property
    def revision_number(self) -> int:
        """The revision that was opened."""
        return whole_number(self.revision.data)


class OtherForm(PlainForm):
    """Which entity to merge: by number from a link, by name from the field."""

    other = StringField()
    name = StringField(_("Name of the other one"))

    @property
    def number(self) -> int:
        """The other one's number; 0 where only its name is given."""
        return whole_number(self.other.data)

    @property
    def typed(self) -> str:
        """The other one's name as typed."""
        return str(self.name.data or "")[:SHORT]
