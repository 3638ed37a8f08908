"""The part of the fact editor that is about a fact's pictures: which, when, in which words."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import Length, Regexp, StopValidation

from app.core.facts import Fact, Picture, Side
from app.core.values import MAX_TEXT
from app.interchange.deck_file import MOST_SHOWN
from app.interchange.pictures import LARGEST, NAME, BadPicture, PictureFile, read_picture
from app.services.drafts import PictureDraft
from app.web.base import Form
from app.web.fields import choices

SIDES = ((Side.QUESTION, _("with the question")), (Side.ANSWER, _("with the answer")))
ACCEPTED = "image/png,image/jpeg,image/gif,image/webp"
MEGABYTES = LARGEST // 1_000_000


class PictureField(FileField):  # type: ignore[misc]  # Flask-WTF publishes no types
    """A file that is taken as a picture if its content is one; `picture` is how it is stored."""

    picture: PictureFile | None = None

    def __init__(self, label: str, description: str = "", **options: Any) -> None:  # noqa: ANN401 WTForms' own
        super().__init__(label, description=description, render_kw={"accept": ACCEPTED}, **options)

    def pre_validate(self, _form: object) -> None:
        """Look at what was sent. Raises StopValidation."""
        if not self.data:
            return
        try:
            self.picture = read_picture(self.data.stream.read(LARGEST + 1))
        except BadPicture as refused:
            raise StopValidation(str(refused)) from None


def _worded() -> StringField:
    return StringField(
        _("What it shows"),
        description=_("For people who cannot see it. It must not give the answer away."),
        validators=[
            Length(max=MAX_TEXT, message=_("At most %(longest)s characters.", longest=MAX_TEXT))
        ],
    )


def _sided() -> SelectField:
    return SelectField(_("Shown"), choices=choices(SIDES), default=Side.ANSWER)


class PictureFields(Form):
    """One picture of a fact."""

    class Meta(Form.Meta):
        """Its form has the token already."""

        csrf = False

    name = HiddenField(validators=[Regexp(NAME)])
    alt = _worded()
    side = _sided()
    other = PictureField(_("Another picture in its place"))
    gone = BooleanField(_("Take this picture away"))


class Pictured(PlainForm):
    """Fields for a mixin; a picture of which the page says nothing stays as it is."""

    pictures = FieldList(FormField(PictureFields), max_entries=MOST_SHOWN)
    picture = PictureField(
        _("Add a picture"),
        _("PNG, JPEG, GIF or WebP, at most %(most)s MB.", most=MEGABYTES),
    )
    picture_alt = _worded()
    picture_side = _sided()

    @property
    def shown_pictures(self) -> list[PictureFields]:
        """The pictures that the page says something about."""
        entries = (one.form for one in self.pictures.entries)
        return [one for one in entries if NAME.fullmatch(str(one.data["name"] or ""))]

    def typed_pictures(self) -> tuple[PictureDraft, ...]:
        """Return what was typed about the pictures, the new one last."""
        known = tuple(
            _drafted(one.data["name"], one.side, one.alt, one.other.picture, gone=one.gone.data)
            for one in self.shown_pictures
        )
        if self.picture.picture is None:
            return known
        new = _drafted("", self.picture_side, self.picture_alt, self.picture.picture)
        return (*known, new)

    @property
    def has_files(self) -> bool:
        """Whether pictures were chosen: a page that is shown again has to ask for them anew."""
        fields = (self.picture, *(one.other for one in self.shown_pictures))
        return any(one.picture is not None for one in fields)

    def told_pictures(self) -> str:
        """Return the pictures that are to stay, in words."""
        return told(
            Picture(one.file.name if one.file else one.name, Side(one.side), one.alt)
            for one in self.typed_pictures()
            if not one.gone
        )


def _drafted(
    name: str, side: Field, alt: Field, file: PictureFile | None, *, gone: bool = False
) -> PictureDraft:
    chosen = side.data if side.data in list(Side) else Side.ANSWER
    return PictureDraft(name, chosen, " ".join(str(alt.data or "").split()), bool(gone), file)


def pictures_data(fact: Fact) -> list[dict[str, str]]:
    """Return a fact's pictures as the form's fields."""
    return [{"name": one.name, "side": str(one.side), "alt": one.alt} for one in fact.pictures]


def told(pictures: Iterable[Picture]) -> str:
    """Return pictures in words, where two versions of a fact are compared."""
    side_names = dict(SIDES)
    return "; ".join(f"{one.alt or one.name[:8]} ({side_names[one.side]})" for one in pictures)
