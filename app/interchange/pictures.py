"""Pictures from strangers: told by their first bytes, measured before they are unpacked.

What is small and has nothing in it but its picture stays as it came; everything else is written
anew, without what a camera adds (places, dates). SVG is refused: it is a program as well.
"""

import hashlib
import io
import re
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.errors import Refused
from app.core.sentences import say

LARGEST = 10_000_000
"""Bytes of a picture as it comes."""
LARGEST_KEPT = 2_000_000
"""Bytes of a picture as it is stored."""
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 1600
"""Pixels; larger pictures are shrunk to this."""
MOST_FRAMES = 300
MEDIA_TYPES = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "GIF": ("gif", "image/gif"),
    "WEBP": ("webp", "image/webp"),
}
NAME = re.compile(r"[0-9a-f]{40}\.(?:png|jpg|gif|webp)")
_ADDED = {"exif", "xmp", "comment", "XML:com.adobe.xmp", "photoshop"}
"""What programs and cameras write beside a picture, as Pillow calls it."""


class BadPicture(Refused):
    """A file that is no picture, or one that is not taken; the message says why."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that was looked at, by a name that its content makes; its sides in pixels."""

    name: str
    media_type: str
    width: int
    height: int
    data: bytes


def read_picture(data: bytes) -> PictureFile:
    """Return a picture as it is stored. Raises BadPicture."""
    if len(data) > LARGEST:
        raise BadPicture(say("A picture may have {most} MB at most.", most=LARGEST // 1_000_000))
    try:
        return _read(data)
    except (Image.DecompressionBombError, UnidentifiedImageError):
        raise BadPicture(say("This is no PNG, JPEG, GIF or WebP picture.")) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError, TypeError):
        raise BadPicture(say("This picture is broken.")) from None


def _read(data: bytes) -> PictureFile:
    with Image.open(io.BytesIO(data), formats=tuple(MEDIA_TYPES)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            most = MOST_PIXELS // 1_000_000
            raise BadPicture(say("A picture may have {most} million pixels at most.", most=most))
        frames = getattr(opened, "n_frames", 1)
        if frames > MOST_FRAMES:
            raise BadPicture(say("A moving picture may have {most} frames.", most=MOST_FRAMES))
        opened.load()
        kind = str(opened.format)
        is_plain = max(opened.size) <= LONGEST_SIDE and len(data) <= LARGEST_KEPT
        if is_plain and (frames > 1 or not _has_more(opened)):
            return _named(data, kind, opened.size)
        if frames > 1:
            raise BadPicture(say("This moving picture is too large."))
        return _anew(opened, kind)


def _has_more(opened: Image.Image) -> bool:
    """Whether a file holds more than its picture: data of a camera, words, addresses."""
    texts = getattr(opened, "text", None)
    return bool(_ADDED & set(opened.info)) or bool(texts) or len(opened.getexif()) > 0


def _anew(opened: Image.Image, kind: str) -> PictureFile:
    turned = ImageOps.exif_transpose(opened)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    made = Image.new(turned.mode, turned.size) if turned.mode != "P" else turned.convert("RGBA")
    if turned.mode != "P":
        made.paste(turned)
    if kind == "GIF":
        kind = "PNG"
    if kind == "JPEG" and made.mode not in {"L", "RGB"}:
        made = made.convert("RGB")
    out = io.BytesIO()
    profile = opened.info.get("icc_profile")
    made.save(out, kind, **({"icc_profile": profile} if profile else {}), **_SAVED[kind])
    if out.tell() > LARGEST_KEPT:
        raise BadPicture(
            say("A picture may have {most} MB at most.", most=LARGEST_KEPT // 1_000_000)
        )
    return _named(out.getvalue(), kind, made.size)


_SAVED: dict[str, dict[str, int]] = {"PNG": {}, "JPEG": {"quality": 85}, "WEBP": {"quality": 85}}


def _named(data: bytes, kind: str, size: tuple[int, int]) -> PictureFile:
    ending, media_type = MEDIA_TYPES[kind]
    name = f"{hashlib.sha256(data).hexdigest()[:40]}.{ending}"
    return PictureFile(name, media_type, *size, data)
