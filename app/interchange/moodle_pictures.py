"""The pictures of Moodle's XML: files in base64 beside the text that shows them."""

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from app.core.facts import Picture, Side
from app.core.sentences import say
from app.core.values import MAX_TEXT
from app.interchange.apkg.media import (
    LONGEST_NAME,
    MOST_KEPT,
    MOST_PICTURES,
    Shown,
    file_name,
    pictures_in,
)
from app.interchange.deck_file import MOST_SHOWN
from app.interchange.htmltext import media_in
from app.interchange.pictures import BadPicture, PictureFile, read_picture

PLACE = "@@PLUGINFILE@@/"
"""How a text of Moodle's begins the address of a file that stands beside it."""
SIDES = (("questiontext", Side.QUESTION), ("generalfeedback", Side.ANSWER))
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)


class Gathering:
    """Reads the pictures of one file, question by question."""

    def __init__(self) -> None:
        self.files: dict[str, PictureFile] = {}
        self.bytes = 0

    def of(self, question: Element, problems: list[str]) -> tuple[Picture, ...]:
        """Return the pictures that a question shows; why others are lost joins `problems`."""
        made: dict[str, Picture] = {}
        for name, side in SIDES:
            part = question.find(name)
            if part is None:
                continue
            for shown in _shown(part, problems):
                try:
                    kept = self._kept(part, shown)
                except BadPicture as refused:
                    problems.append(f"{shown.file.removeprefix(PLACE)[:80]}: {refused}")
                    continue
                made.setdefault(kept.name, Picture(kept.name, side, shown.alt[:MAX_TEXT]))
        pictures = tuple(made.values())
        if len(pictures) > MOST_SHOWN:
            problems.append(say("A fact may have {most} pictures.", most=MOST_SHOWN))
        return pictures[:MOST_SHOWN]

    def _kept(self, part: Element, shown: Shown) -> PictureFile:
        wanted = {shown.file, unquote(shown.file)}
        found = next((one for one in part.findall("file") if _address(one) in wanted), None)
        if found is None:
            raise BadPicture(say("The file does not have this picture."))
        try:
            data = base64.b64decode("".join((found.text or "").split()), validate=True)
        except ValueError:
            raise BadPicture(say("This picture is broken.")) from None
        made = read_picture(data)
        if made.name not in self.files:
            if self.bytes + len(made.data) > MOST_KEPT or len(self.files) >= MOST_PICTURES:
                most = MOST_KEPT // 1_000_000
                raise BadPicture(say("all pictures together may have {most} MB.", most=most))
            self.bytes += len(made.data)
            self.files[made.name] = made
        return made


def _shown(part: Element, problems: list[str]) -> Iterator[Shown]:
    marked_up = part.findtext("text") or ""
    found = list(pictures_in(marked_up))
    for name in media_in(marked_up):
        file = name.removeprefix(PLACE)[:LONGEST_NAME]
        problems.append(say("{file} is not kept: only pictures are.", file=file))
    if len(found) < len(_IMAGE.findall(marked_up)):
        problems.append(say("A picture that stands in its text is not kept."))
    yield from found


def _address(file: Element) -> str:
    folder = file.get("path", "/").strip("/")
    name = f"{folder}/{file.get('name', '')}" if folder else file.get("name", "")
    return file_name(PLACE + name)
