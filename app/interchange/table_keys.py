"""Keys that a table of facts gets from its texts, and lists that stand in a cell."""

import hashlib
import json
import re
import unicodedata
from functools import lru_cache

SLUG = 50
"""Characters of a name in a key; what is cut off must not make two keys one."""


@lru_cache(maxsize=4096)
def relation_key(text: str) -> str:
    """Return the key of a relation: its text, joined by underscores."""
    return slug(text, "_")


def slug(text: str, joint: str = "-") -> str:
    """Return a key made of a text: readable, the same each time, and never empty."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    latin = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.findall(r"\w+", unicodedata.normalize("NFC", latin).replace("_", " "))
    key = joint.join(words)
    if text and (not key or len(key) > SLUG):
        return f"{key[:SLUG]}{joint}{digest(text)}".lstrip(joint)
    return key


def digest(text: str) -> str:
    """Return eight figures that tell texts apart, however their case is."""
    return hashlib.sha256(fold(text).encode("utf-8", "replace")).hexdigest()[:8]


def fold(name: str) -> str:
    """Return a name as it is looked up."""
    return unicodedata.normalize("NFC", name).casefold()


def parts(cell: str) -> list[str]:
    """Return the parts of a cell: a list in JSON, or texts with semicolons between."""
    if cell.startswith("["):
        try:
            listed = json.loads(cell)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list) and all(isinstance(part, str) for part in listed):
            return listed
    return [part.strip() for part in cell.split(";") if part.strip()]
