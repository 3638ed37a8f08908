"""Pictures of facts, as programs send them."""

from collections.abc import Collection, Sequence

from app.interchange.pictures import BadPicture, read_picture
from app.services.drafts import PictureDraft
from app.web.api.base import FieldErrors, from_base64
from app.web.api.shapes.studio import PictureIn


def picture_drafts(given: Sequence[PictureIn], known: Collection[str]) -> tuple[PictureDraft, ...]:
    """Return what is said of pictures. Raises FieldErrors, naming each that cannot be used."""
    made: list[PictureDraft] = []
    wrong: list[tuple[str, str]] = []
    for at, one in enumerate(given):
        if one.name and one.name not in known:
            wrong.append((f"pictures.{at}.name", "The fact has no such picture."))
        elif not one.name and not one.content:
            wrong.append((f"pictures.{at}", "Send the name of a picture or its content."))
        try:
            file = read_picture(from_base64(one.content)) if one.content else None
            made.append(PictureDraft(one.name, one.side, one.alt, one.gone, file))
        except (BadPicture, ValueError) as refused:
            wrong.append((f"pictures.{at}.content", str(refused)))
    if wrong:
        raise FieldErrors(wrong)
    return tuple(made)
