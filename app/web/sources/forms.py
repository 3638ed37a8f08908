"""An article as it is typed, and where it is read from."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length

from app.core.errors import Refused
from app.interchange.articles import Article
from app.interchange.decoding import CHOICES
from app.services import articles
from app.services.source_edits import HEAD, Decisions, SourceDraft
from app.web.base import Form
from app.web.curators import whole_number
from app.web.current import instance
from app.web.fields import choices

LONGEST = 1_000_000
SHORT = 300


class SourceForm(Form):
    """An article as a curator pastes it."""

    title = StringField(
        _("Title"), validators=[DataRequired(_("Give it a title.")), Length(max=SHORT)]
    )
    author = StringField(_("Author"), validators=[Length(max=SHORT)])
    publisher = StringField(_("Publisher"), validators=[Length(max=SHORT)])
    url = StringField(
        _("Address"), description=_("Where it can be read."), validators=[Length(max=SHORT)]
    )
    published = StringField(_("Published"), description=_("2025-01-29, 2023-03 or 1969."))
    licence = StringField(_("Licence"), validators=[Length(max=SHORT)])
    text = TextAreaField(
        _("Text"),
        description=_("Paragraphs parted by blank lines."),
        validators=[
            DataRequired(_("Paste the text.")),
            Length(max=LONGEST, message=_("At most 1,000,000 characters.")),
        ],
        render_kw={"rows": 18},
    )

    again = BooleanField(_("Add it even if the same article is there already"))
    revision = HiddenField()
    seen = SelectMultipleField(choices=[], validate_choice=False)
    taken = SelectMultipleField(choices=[], validate_choice=False)
    drafted = SelectMultipleField(choices=[], validate_choice=False)

    @property
    def revision_number(self) -> int:
        """The revision that was opened."""
        return whole_number(self.revision.data)

    @property
    def decisions(self) -> Decisions:
        """What was decided on the facts whose passages are at stake, and which they were."""
        numbers = (
            frozenset(map(whole_number, self[name].data or []))
            for name in ("seen", "taken", "drafted")
        )
        return Decisions(*numbers)

    def draft(self) -> SourceDraft:
        """Return what was typed."""
        typed = {name: str(self[name].data or "") for name in (*HEAD, "text")}
        return SourceDraft(**typed, again=bool(self.again.data))


class ReadForm(Form):
    """Where an article is to be read from: a file or an address."""

    file = FileField(_("File"), description=_("Text, Markdown or HTML, at most 5 MB."))
    url = StringField(
        _("Or an address"),
        description=_("A page on the public web, beginning with https:// or http://."),
        validators=[Length(max=2_000)],
    )
    encoding = SelectField(
        _("Encoding"),
        description=_("Choose one only when letters have come out wrong."),
        choices=choices([("", _("found out by itself")), *CHOICES.items()]),
        default="",
    )

    def read(self) -> Article | None:
        """Return the article once it is asked for; None where it is not, or the form says why."""
        if not self.validate_on_submit():
            return None
        try:
            return self._article()
        except Refused as problem:
            asked = self.file if self.file.data else self.url
            asked.errors = [str(problem)]
            return None

    def _article(self) -> Article:
        stored, encoding = self.file.data, str(self.encoding.data or "")
        if isinstance(stored, FileStorage) and stored.filename:
            name = stored.filename.replace("\\", "/").rpartition("/")[2]
            data = stored.read()
            stored.close()  # a large one lies in a file of its own until then
            return articles.read_upload(name, data, encoding)
        limits = instance().fetch_limits if instance().config.fetch_articles else None
        return articles.read_address(str(self.url.data or ""), limits, encoding)
