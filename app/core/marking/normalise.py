"""Text made comparable: Unicode, case, diacritics, punctuation, articles and polite padding."""

import re
import unicodedata
from functools import lru_cache

MAX_RESPONSE = 500
"""Characters that are looked at; a longer response is no answer."""

ARTICLES = frozenset({"the", "a", "an"})
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PADDING = re.compile(
    r"^(?:(?:well|um+|uh+|ok|okay|so)[,\s]+)*"
    r"(?:(?:i (?:think|believe|guess|would say)|maybe|probably|perhaps)[,\s]+(?:that )?)?"
    r"(?:(?:my |the )?answer(?: is|:)\s+|(?:it|this|that|they|he|she)(?: is|'s| was| were| are)\s+"
    r"|it's\s+|they're\s+)?",
    re.IGNORECASE,
)
_LATIN_EXTRA = str.maketrans(
    {
        "\u00f8": "o",
        "\u00df": "ss",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u0142": "l",
        "\u0111": "d",
        "\u00f0": "d",
        "\u00fe": "th",
        "\u0131": "i",
    }
)


def clean(text: str) -> str:
    """Return the text in NFKC with plain dashes and apostrophes, without invisible marks."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[: MAX_RESPONSE * 2]))
    text = _APOSTROPHES.sub("'", _DASHES.sub("-", text))
    return " ".join(text.split())


def without_padding(text: str) -> str:
    """Drop "I think it was" and the like before an answer, and a full stop after it."""
    return _PADDING.sub("", text, count=1).strip().rstrip(".!?").strip()


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Return cleaned text in lower case without diacritics on Latin letters."""
    lowered = clean(text).casefold().translate(_LATIN_EXTRA)
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", lowered):
        latin_base = bool(kept) and kept[-1].isascii()
        if not (unicodedata.combining(char) and latin_base):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(maxsize=50_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words that count: no articles, initials joined (J. P. → jp), & as and."""
    plain = folded(text).replace("&", " and ")
    plain = re.sub(r"(?<=\b\w)\.(?=\s?\w\b|$)", "", plain)
    plain = re.sub(r"'s\b", "s", plain).replace("'", "")
    found = re.findall(r"\d+(?:[.,]\d+)+|[^\W_]+", plain)
    kept = tuple(word for word in found if word not in ARTICLES)
    return kept or tuple(found)


@lru_cache(maxsize=50_000)
def squeezed(text: str) -> str:
    """Return the words run together: "High-Flyer", "high flyer" and "highflyer" are one."""
    return "".join(words(text))
