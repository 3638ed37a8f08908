"""Wording templates filled and tidied."""

import re
from functools import lru_cache

from app.core.grammar import agreeing
from app.core.wording.values import BLANK


@lru_cache(maxsize=20_000)
def fill(template: str, subject: str, value: str) -> str:
    """Fill a wording template and tidy it: a or an to fit, one capital, one full stop.

    Kept, since the question types of one fact put the same words together a dozen times.
    """
    filled = {"subject": subject, "value": value}
    template = agreeing(template, subject)

    def with_article(found: re.Match[str]) -> str:
        name = filled[found[2]]
        article = article_for(name)
        return f"{article.capitalize() if found[1][0] == 'A' else article} {name}"

    def with_the(found: re.Match[str]) -> str:
        name = filled[found[2]]
        if name.casefold().startswith("the "):
            return name
        return (found[1] or ("the " if takes_the(name) else "")) + name

    return tidy(_THE_BEFORE.sub(with_the, _ARTICLE_BEFORE.sub(with_article, template)))


def takes_the(name: str) -> bool:
    """Whether a name goes with "the" inside a sentence: the United Kingdom, the Bahamas."""
    joined = " and " in name or "," in name
    return not joined and not name.casefold().startswith("the ") and bool(_WITH_THE.search(name))


def article_for(text: str) -> str:
    """Return the indefinite article that fits how a text is spoken: an hour, a unit, an H800.

    Before a blank both are shown, so that the article is no clue.
    """
    if text.startswith(BLANK):
        return "a/an"
    word = re.split(r"[\s-]", text, maxsplit=1)[0]
    spelt = len(word) <= SPELT_LETTERS or not re.search(r"[AEIOU]", word[1:])
    if word.isupper() and spelt:
        return "an" if word[0] in _SPOKEN_WITH_VOWEL else "a"
    lowered = word.casefold()
    if lowered.startswith(_SILENT_H):
        return "an"
    if re.match(r"(?:eu|uni(?!n)|use|usu|ut[ei]|one\b|once)", lowered):
        return "a"
    return "an" if re.match(r"[aeiou8]|11\b|18\b", lowered) else "a"


def tidy(sentence: str) -> str:
    """Fold white space, end doubled punctuation, begin with a capital, mend a/an and 's."""
    text = " ".join(sentence.split())
    if text.endswith(".."):
        text = text.rstrip(".") + "."
    if text.endswith(("!.", "?.")):
        text = text[:-1]
    if "s's" in text:
        text = _POSSESSIVE.sub("s'", text)
    return capital(text)


def capital(text: str) -> str:
    """Begin with a capital, but leave names such as iPhone alone."""
    first = text.split(" ", 1)[0]
    if first[:1].isupper() or any(char.isupper() for char in first):
        return text
    return text[:1].upper() + text[1:]


_POSSESSIVE = re.compile(r"s's\b")
_ARTICLE_BEFORE = re.compile(r"\b([Aa]n?) \{(subject|value)\}")
SPELT_LETTERS = 3
"""Capitals of at most so many letters are spelt (FBI); longer ones with vowels spoken (NASA)."""
_THE_BEFORE = re.compile(r"(\b[Tt]he\s+)?\{(subject|value)\}")
_WITH_THE = re.compile(
    r"^(?:United (?:States|Kingdom|Arab Emirates|Nations)|(?:\w+ )?Republic of|Kingdom of|Union of"
    r"|Isle of|Netherlands|Philippines|Bahamas|Maldives|Seychelles|Gambia|Hague)\b"
    r"|\b(?:Islands|Republic|Emirates|Federation|Alps|Andes|Himalayas|Pyrenees)$"
)
_SPOKEN_WITH_VOWEL = "AEFHILMNORSX"
_SILENT_H = ("hour", "honest", "honour", "honor", "heir")
