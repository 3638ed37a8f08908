"""The part of the fact editor that is about a fact's pictures: when, in which words, whether."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import Length, Regexp

from app.core.facts import Fact, Picture, Side
from app.core.values import MAX_TEXT
from app.interchange.deck_file import MOST_SHOWN
from app.interchange.pictures import NAME
from app.services.drafts import PictureDraft
from app.web.base import Form
from app.web.fields import choices

SIDES = ((Side.QUESTION, _("with the question")), (Side.ANSWER, _("with the answer")))


class PictureFields(Form):
    """One picture of a fact."""

    class Meta(Form.Meta):
        """Its form has the token already."""

        csrf = False

    name = HiddenField(validators=[Regexp(NAME)])
    alt = StringField(
        _("What it shows"),
        description=_("For people who cannot see it. It must not give the answer away."),
        validators=[
            Length(max=MAX_TEXT, message=_("At most %(longest)s characters.", longest=MAX_TEXT))
        ],
    )
    side = SelectField(_("Shown"), choices=choices(SIDES), default=Side.ANSWER)
    gone = BooleanField(_("Take this picture away"))


class Pictured(PlainForm):  # type: ignore[misc, unused-ignore]
    """Fields for a mixin; a picture of which the page says nothing stays as it is."""

    pictures = FieldList(FormField(PictureFields), max_entries=MOST_SHOWN)

    @property
    def shown_pictures(self) -> list[PictureFields]:
        """The pictures that the page says something about."""
        entries = (one.form for one in self.pictures.entries)
        return [one for one in entries if NAME.fullmatch(str(one.data["name"] or ""))]

    def typed_pictures(self) -> tuple[PictureDraft, ...]:
        """Return what was typed about the pictures."""
        return tuple(
            PictureDraft(
                one.data["name"],
                one.data["side"] if one.data["side"] in list(Side) else Side.ANSWER,
                " ".join(str(one.data["alt"] or "").split()),
                gone=bool(one.data["gone"]),
            )
            for one in self.shown_pictures
        )

    def told_pictures(self) -> str:
        """Return the pictures that are to stay, in words."""
        return told(
            Picture(one.name, Side(one.side), one.alt)
            for one in self.typed_pictures()
            if not one.gone
        )


def pictures_data(fact: Fact) -> list[dict[str, str]]:
    """Return a fact's pictures as the form's fields."""
    return [{"name": one.name, "side": str(one.side), "alt": one.alt} for one in fact.pictures]


def told(pictures: Iterable[Picture]) -> str:
    """Return pictures in words, where two versions of a fact are compared."""
    side_names = dict(SIDES)
    return "; ".join(f"{one.alt or one.name[:8]} ({side_names[one.side]})" for one in pictures)
