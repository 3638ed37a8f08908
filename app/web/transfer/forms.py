"""What is typed and chosen when files are brought in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, SelectField, SubmitField

from app.interchange.apkg import TypeMapping, Use
from app.services.jobs import Incoming
from app.services.packages import MappedType, PackagePage
from app.web.base import Form
from app.web.fields import choices, deck_words
from app.web.language import gettext

NO_FIELD = "-1"
CHOSEN = ("use", "question", "answer", "note", "both")


class UploadForm(Form):
    """A file to look at."""

    file = FileField(
        _("File"),
        description=_(
            "A deck file (YAML or JSON), a table of facts (CSV or Excel), an Anki "
            "package (.apkg), or questions from Moodle (GIFT or XML)."
        ),
        validators=[FileRequired(_("Choose a file."))],
    )
    drafts = BooleanField(_("Bring new facts in as drafts"), default=True)

    def incoming(self, deck_key: str) -> Incoming:
        """Return what the file is called, and what is wanted of it."""
        stored: FileStorage = self.file.data
        name = (stored.filename or "file").replace("\\", "/").rpartition("/")[2]
        printable = "".join(char for char in name if char.isprintable())
        return Incoming(printable, deck_key, bool(self.drafts.data))

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Give the file as it came; a large one lies in a file of its own until then."""
        stored: FileStorage = self.file.data
        try:
            yield stored.stream
        finally:
            stored.close()


class MappingForm(Form):
    """What becomes of each note type of an Anki package; made for one package."""

    learning = BooleanField(_("Bring my reviews and what I remember of these cards"))
    preview = SubmitField(_("Show the facts"))
    go_on = SubmitField(_("Go on"))
    page: PackagePage

    def of(self, at: int) -> dict[str, Any]:
        """Return the fields of one note type by what they choose."""
        return {name: self[f"{name}_{at}"] for name in CHOSEN}

    def mapping(self) -> dict[int, TypeMapping]:
        """Return what was chosen, by note type."""
        return {one.id: self._chosen(at) for at, one in enumerate(self.page.types)}

    def _chosen(self, at: int) -> TypeMapping:
        of = self.of(at)
        return TypeMapping(
            Use(of["use"].data),
            int(of["question"].data),
            int(of["answer"].data),
            int(of["note"].data),
            bool(of["both"].data),
        )


def mapping_form(page: PackagePage) -> MappingForm:
    """Return the form of one package, filled with what was chosen before."""
    fields: dict[str, Any] = {"page": page}
    for at, one in enumerate(page.types):
        fields |= {f"{name}_{at}": field for name, field in _fields_of(one).items()}
    form: MappingForm = type("PackageForm", (MappingForm,), fields)()
    if not form.is_submitted():
        form.learning.data = page.with_learning
    return form


def _fields_of(one: MappedType) -> dict[str, Any]:
    named = deck_words(
        (
            (str(at), name or gettext("Field %(number)s", number=at + 1))
            for at, name in enumerate(one.fields)
        ),
        "",
    )
    uses = [
        (str(Use.ASKED), _("A question and its answer")),
        (str(Use.CLOZE), _("A text with gaps")),
        (str(Use.LEFT), _("Leave these out")),
    ]
    chosen = one.mapping
    answer = min(chosen.answer, len(one.fields) - 1)
    return {
        "use": SelectField(_("Becomes"), choices=choices(uses), default=str(chosen.use)),
        "question": SelectField(
            _("Question, or text with gaps"), choices=named, default=str(chosen.question)
        ),
        "answer": SelectField(_("Right answer"), choices=named, default=str(answer)),
        "note": SelectField(
            _("Note shown after answering"),
            choices=choices([(NO_FIELD, _("None"))]) + named,
            default=str(chosen.note),
        ),
        "both": BooleanField(_("Ask it the other way round as well"), default=chosen.both_ways),
    }
