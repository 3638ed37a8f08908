"""Text made comparable: Unicode, case, diacritics, punctuation, articles and polite padding."""

import re
import unicodedata
from functools import lru_cache, reduce

from app.core.marking.equivalents import CANONICAL, ONE_NAME, spelt_one_way
from app.core.marking.templates import filled
from app.core.marking.vocabulary import listed

MAX_RESPONSE = 500
"""Characters that are looked at; a longer response is no answer."""

ARTICLES = frozenset({"the", "a", "an"})
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_OF_WORD_PROCESSORS = re.compile(
    f"[{''.join(one.pattern[1:-1] for one in (_APOSTROPHES, _DASHES, _INVISIBLE))}]"
)
"""Finds something wherever one of those three does: most texts have none."""
_FIGURE = re.compile(r"\d")
_FOREIGN_SEPARATOR = re.compile("(?<=\\d)[\u066b\u066c](?=\\d)")
_SEPARATORS = {"\u066b": ".", "\u066c": ","}
"""Arabic's between whole and decimals, and between thousands."""
_TATWEEL = "\u0640"
"""Only lengthens a line between Arabic letters."""
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
"""Katakana to hiragana: one reading in two scripts."""
_PADDING = re.compile(
    r"^(?:(?:well|um+|uh+|ok|okay|so)[,\s]+)*"
    r"(?:(?:i (?:think|believe|guess|would say|reckon)|i'd say|maybe|probably|perhaps)"
    r"[,\s]+(?:that )?)?"
    r"(?:(?:my |the )?answer(?: is|:)\s+|"
    r"(?:it|this|that) (?:must|has to|should|would|could|might) be\s+|"
    r"(?:it|this|that|they|he|she|we|you|i)"
    r"(?: is|'s| was| were| are| had| has| have| got| became)\s+"
    r"|both (?:of )?(?:the )?(?=\S+ (?:and|&) \S)"
    r"|it'?s\s+|they're\s+|there (?:is|are|was|were)\s+|(?:it|this|that) (?:happened|began|started|"
    r"took place|occurred|ended)\s+(?=in|on|at))?(?:called\s+|named\s+)?",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(
    r"(?<![,\s])[,\s]+(?:i (?:think|believe|guess)|i'm (?:not )?sure|probably|maybe|perhaps|"
    r"of course)$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"^(?:in|on|at|by|from|to|for|with|of|during)\s+", re.IGNORECASE)
_CLASS_OF = re.compile(
    r"^(?:the\s+)?(?:city|town|village|country|state|province|island|river|planet|company|firm|"
    r"name)\s+of\s+",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"\s*\((?!\s*(?:or|not|and|maybe|perhaps)\b)[^()]*\)\s*$", re.IGNORECASE)
"""What is said of an answer in brackets, but not another answer."""
_FLAT = re.compile(r"\b([a-g])b(?= (?:maj|min))")
"""Bb major is B flat major."""
_NOTE = re.compile(
    r"\b([a-g])\s?(#|\u266f|\u266d|[ -]?sharp|[ -]?flat)(?:[\s-]+(major|minor|maj|min)\b)?(?![\w+])"
)
_NOTE_SIGN = re.compile("#|\u266f|\u266d|sharp|flat")
"""What a text must contain for `_NOTE` to find anything in it."""
_NUMBER_SIGN = re.compile(
    r"\b(?:no|nr|num|number)\b\.?\s*"
    r"(?=\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)"
)
_COUNTY_ROAD = re.compile(r"\bco\s+(?=\d)")
_ARTICLE_SIGN = re.compile(r"\bart\.?\s+(?=\d)")
_INITIAL_DOT = re.compile(r"(?<=\b[^\W\d])\.(?=\s?[^\W\d]\b|$)")
_FIGURES_APART = re.compile(r"\d \d")
_OWNING = re.compile(r"'s\b")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+[+#]*|[$€£¥₹₩]")
_APART = str.maketrans(dict.fromkeys('-(/):;!?"', " "))
"""Marks that part words and say nothing themselves."""
_READ_TOGETHER = listed(
    """
    no nr num number co art sharp flat
    twenty thirty forty fifty sixty seventy eighty ninety
    third thirds quarter quarters fourth fourths fifth fifths tenth tenths
    """
) | {f"{note}{sign}" for note in "abcdefg" for sign in ("b", "sharp", "flat")}
"""Words that may be read together with their neighbours: twenty one, B flat, no. 5, two thirds."""
_PARTS = {"third": "3", "quarter": "4", "fourth": "4", "fifth": "5", "tenth": "10"}
_PART = re.compile("|".join(_PARTS))
_SHARE = re.compile(rf"\b(one|two|three|four|five|seven|nine)[ -]({'|'.join(_PARTS)})s?\b")
"""Two-thirds is 2/3."""
_TENS_AND_ONES = re.compile(
    r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -]"
    r"(one|two|three|four|five|six|seven|eight|nine|first|second|third|fourth|fifth|sixth|seventh|"
    r"eighth|ninth)\b"
)
_LATIN_ACCENTS = re.compile("(?<=[\x00-\x7f])[\u0300-\u036f]+")
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
        "\u0629": "\u0647",
        "\u0649": "\u064a",
    }
)


@lru_cache(maxsize=5000)
def clean(text: str) -> str:
    """Return the text in NFKC with plain dashes and apostrophes, without invisible marks."""
    if text.isascii():  # the rest is for what other scripts and word processors write
        return _clean_ascii(text)
    text = text[: MAX_RESPONSE * 2]
    if _OF_WORD_PROCESSORS.search(text) or not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
        text = _APOSTROPHES.sub("'", _DASHES.sub("-", text))
    if foreign := {digit for digit in _FIGURE.findall(text) if not digit.isascii()}:
        text = _FOREIGN_SEPARATOR.sub(lambda found: _SEPARATORS[found[0]], text)
        text = text.translate({ord(digit): str(unicodedata.decimal(digit)) for digit in foreign})
    return " ".join(text.split())


def _clean_ascii(text: str) -> str:
    return " ".join(text[: MAX_RESPONSE * 2].replace("`", "'").split())


@lru_cache(maxsize=5000)
def without_padding(text: str) -> str:
    """Drop "I think it was" and the like before an answer, and a full stop after it."""
    return _PADDING.sub("", text, count=1).strip().rstrip(".!?\u3002\u061f").strip()


@lru_cache(maxsize=5000)
def phrasings(text: str) -> tuple[str, ...]:
    """Return a cleaned response, and what is left of it without the words around an answer."""
    bare = _AFTERTHOUGHT.sub("", without_padding(text))
    short = _CLASS_OF.sub("", _PREPOSITION.sub("", bare))
    return tuple(dict.fromkeys((text, bare, short, _PARENTHESIS.sub("", short))))


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """Return cleaned text in lower case without diacritics on Latin letters."""
    if text.isascii():
        return _clean_ascii(text).lower()
    lowered = clean(text).replace(_TATWEEL, "").casefold().translate(_LATIN_EXTRA)
    apart = _LATIN_ACCENTS.sub("", unicodedata.normalize("NFD", lowered))
    if apart.isascii():
        return apart
    if any(map(unicodedata.combining, apart)):
        apart = _without_accents(apart)
    return unicodedata.normalize("NFC", apart).translate(_HIRAGANA)


def _without_accents(apart: str) -> str:
    """Return a text whose marks stand apart from their letters without those that are accents."""
    kept: list[str] = []
    for char in apart:
        if not (unicodedata.combining(char) and kept and _loses_marks(kept[-1], char)):
            kept.append(char)
    return "".join(kept)


def _loses_marks(base: str, mark: str) -> bool:
    """Whether a mark on a letter is an accent: Latin, Greek, ё, and the vowels of Arabic."""
    if base.isascii() or "\u0370" <= base <= "\u03ff" or "\u0600" <= base <= "\u06ff":
        return True
    return base == "\u0435" and mark == "\u0308"


@lru_cache(maxsize=50_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words that count, each in the form that its spellings share.

    Articles go, initials are joined (J. P. → jp), & is and; C++ and C# stay apart from C.
    """
    found = _plain_words(text) or _WORD.findall(_spoken(folded(text)))
    if not ARTICLES.isdisjoint(found):
        found = [word for word in found if word not in ARTICLES] or found
    return tuple(map(_in_one_form, found))


def _plain_words(text: str) -> list[str]:
    """Return the words of a text of letters, figures and spaces alone; none where more is to read.

    Most names are such texts, and no pattern needs to look at them.
    """
    plain = text.lower() if text.isascii() else folded(text)
    found = plain.split()
    if not "".join(found).isalnum():
        found = plain.translate(_APART).split()
        if not "".join(found).isalnum():
            return []
    plain_enough = len(text) <= MAX_RESPONSE and _READ_TOGETHER.isdisjoint(found)
    return found if plain_enough else []


@lru_cache(maxsize=50_000)
def _in_one_form(word: str) -> str:
    """Return the form that a word's spellings share; kept, since most words come again."""
    return CANONICAL.get(word) or spelt_one_way(word)


def _spoken(plain: str) -> str:
    """Return folded text with its notes, numbers, initials and owners written in one way.

    Each pattern is tried only where a letter or mark that it needs is there: most names have none.
    """
    if "b m" in plain:
        plain = _FLAT.sub(filled(r"\1 flat"), plain)
    if _NOTE_SIGN.search(plain):
        plain = _NOTE.sub(_spoken_note, plain)
    plain = plain.replace("&", " and ")
    if "n" in plain:
        plain = _NUMBER_SIGN.sub("", plain)
    if _FIGURE.search(plain):
        plain = _ARTICLE_SIGN.sub("article ", _COUNTY_ROAD.sub("co", plain))
    if "." in plain:
        plain = _INITIAL_DOT.sub("", plain)
    if "ty" in plain:
        plain = _TENS_AND_ONES.sub(_in_figures, plain)
    if _PART.search(plain):
        plain = _SHARE.sub(lambda found: f"{found[1]} {_PARTS[found[2]]}", plain)
    return _OWNING.sub("s", plain).replace("'", "") if "'" in plain else plain


def _in_figures(found: re.Match[str]) -> str:
    """Write twenty-first as 21."""
    return str(int(CANONICAL[found[1]]) + int(CANONICAL[found[2]]))


def _spoken_note(found: re.Match[str]) -> str:
    """Write C# minor and C♯ min as C sharp minor."""
    sign = {"#": " sharp", "♯": " sharp", "♭": " flat"}.get(found[2], f" {found[2].strip(' -')}")
    mode = {"maj": " major", "min": " minor"}.get(found[3] or "", f" {found[3] or ''}")
    return f"{found[1]}{sign}{mode}".rstrip()


@lru_cache(maxsize=50_000)
def squeezed(text: str) -> str:
    """Return a name's words run together, one spelling for names of one thing (the US, America)."""
    joined = run_together(text)
    return ONE_NAME.get(joined, joined)


@lru_cache(maxsize=50_000)
def read_alone(word: str) -> str | None:
    """Return what a word between spaces adds to a text's words run together.

    Articles and marks add nothing. None where what stands beside it may be read with it.
    """
    found = _plain_words(word)
    if not found:
        plain = folded(word)
        found = _WORD.findall(_spoken(plain))
        if _NOTE_SIGN.search(plain) or not _READ_TOGETHER.isdisjoint(found):
            return None
    return reduce(joined_to, [_in_one_form(one) for one in found if one not in ARTICLES], "")


def has_digit(word: str) -> bool:
    """Whether a word has a figure; nearly all are letters alone."""
    return not word.isalpha() and any(map(str.isdigit, word))


@lru_cache(maxsize=50_000)
def run_together(text: str) -> str:
    """Return the words without spaces: "High-Flyer", "high flyer" and "highflyer" are one.

    Between two figures a mark stays: 2-1 is not 21.
    """
    found = words(text)
    joined = "".join(found)
    if joined.isalpha() or (joined.isascii() and not _FIGURES_APART.search(" ".join(found))):
        return joined
    return reduce(joined_to, found, "")


def joined_to(joined: str, word: str) -> str:
    """Return words run together with one more."""
    apart = joined[-1:].isdigit() and word[:1].isdigit()
    return f"{joined}-{word}" if apart else joined + word
