"""In which script a name is written: one in another script than its fellows is known at sight."""

import unicodedata
from functools import lru_cache

_ONE_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK"}
LATIN = "LATIN"


@lru_cache(maxsize=50_000)
def script_of(text: str) -> str:
    """Return the script of a text's first letter, "" for none; Japanese has one, with Chinese."""
    if text.isascii():
        return LATIN if any(map(str.isalpha, text)) else ""
    first = next((char for char in text if char.isalpha()), "")
    found = unicodedata.name(first, "").split(" ", 1)[0] if first else ""
    return _ONE_SCRIPT.get(found, found)


def same_script(one: str, other: str) -> bool:
    """Whether two names can stand side by side: in one script, or one of figures alone."""
    return beside_script(one, script_of(other))


def beside_script(name: str, script: str) -> bool:
    """Whether a name can stand beside those of a script, "" for one of figures alone."""
    own = script_of(name)
    return own == script or not (own and script)
