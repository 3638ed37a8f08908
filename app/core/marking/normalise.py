"""Text made comparable: Unicode, case, diacritics, punctuation, articles and polite padding."""

import re
import unicodedata
from functools import lru_cache

from app.core.marking.equivalents import CANONICAL

MAX_RESPONSE = 500
"""Characters that are looked at; a longer response is no answer."""

ARTICLES = frozenset({"the", "a", "an"})
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PADDING = re.compile(
    r"^(?:(?:well|um+|uh+|ok|okay|so)[,\s]+)*"
    r"(?:(?:i (?:think|believe|guess|would say)|maybe|probably|perhaps)[,\s]+(?:that )?)?"
    r"(?:(?:my |the )?answer(?: is|:)\s+|(?:it|this|that|they|he|she|we|you|i)"
    r"(?: is|'s| was| were| are| had| has| have| got| became)\s+"
    r"|it's\s+|they're\s+)?(?:called\s+|named\s+)?",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(
    r"[,\s]+(?:i (?:think|believe|guess)|i'm (?:not )?sure|probably|maybe|perhaps|of course)$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"^(?:in|on|at|by|from|to|for|with|of|during)\s+", re.IGNORECASE)
_CLASS_OF = re.compile(
    r"^(?:the\s+)?(?:city|town|village|country|state|province|island|river|planet|company|firm|"
    r"name)\s+of\s+",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"\s*\([^()]*\)\s*$")
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


def phrasings(text: str) -> tuple[str, ...]:
    """Return a cleaned response, and what is left of it without the words around an answer."""
    bare = _AFTERTHOUGHT.sub("", without_padding(text))
    short = _CLASS_OF.sub("", _PREPOSITION.sub("", bare))
    return tuple(dict.fromkeys((text, bare, short, _PARENTHESIS.sub("", short))))


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
    """Return the words that count, each in the form that its spellings share.

    Articles go, initials are joined (J. P. → jp), & is and; C++ and C# stay apart from C.
    """
    plain = folded(text).replace("&", " and ")
    plain = re.sub(r"(?<=\b\w)\.(?=\s?\w\b|$)", "", plain)
    plain = re.sub(r"'s\b", "s", plain).replace("'", "")
    found = re.findall(r"\d+(?:[.,]\d+)+|[^\W_]+[+#]*", plain)
    kept = [word for word in found if word not in ARTICLES] or found
    return tuple(CANONICAL.get(word, word) for word in kept)


@lru_cache(maxsize=50_000)
def squeezed(text: str) -> str:
    """Return the words run together: "High-Flyer", "high flyer" and "highflyer" are one.

    Between two figures a mark stays: 2-1 is not 21.
    """
    joined = ""
    for word in words(text):
        apart = joined[-1:].isdigit() and word[0].isdigit()
        joined += f"-{word}" if apart else word
    return joined
