"""How options give the key away without knowledge: by length, by figures, by an echo of the stem.

Generation leaves such questions out; lint finds them in what people write.
Source: Haladyna, Downing and Rodriguez, A review of multiple-choice item-writing guidelines
(Applied Measurement in Education 15, 2002).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from app.core.grammar import singular
from app.core.marking.normalise import words
from app.core.wording import BLANK, article_for

MAX_RATIO = 1.33
"""How much longer than the longest distractor a key of LONG_KEY_WORDS words may be."""
LONG_KEY_WORDS = 4
CLANG_LETTERS = 5
"""Shorter words occur everywhere and give nothing away."""
FEWEST_WRONG = 2
_QUALIFIER = re.compile(
    r"\b(?:about|approximately|roughly|mainly|mostly|largely|partly|in part|typically|probably)\b",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset(
    "about above across after against along among around as at before behind below beneath beside "  # noqa: SIM905
    "between beyond by during for from in inside into near of off on onto out outside over per "
    "since through throughout toward towards under until up upon via with within without".split()
)
_CONJUNCTIONS = frozenset(
    ["because", "that", "when", "where", "while", "if", "whether", "although", "how", "why"]
)
_POWER = re.compile("10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_FIGURES = re.compile(r"\d[\d,]*")
_FIGURE = re.compile(r"\d")
_OF = re.compile(r" (?:of|in|on|for|with|from|by|to|that|which) ")
_ARTICLES = frozenset({"the", "a", "an", "a/an"})
_GERUND = re.compile(r"[a-z]{2,}ing")
_COPULA = re.compile(r"\b(?:[Ww]hat|[Ww]hich)(?: [a-z]+)? (is|are|was|were) (?:the|its|their)\b")
_OPEN_ENDED = re.compile(
    r"\b(?:of|for|with|by|in|on|as|at|to|called|named|made|used|known)\?|\b(?:main|chief|name)\b"
)
"""After these "is" asks for no number: "What are the rings made of?", "the main export"."""
_PLURAL = re.compile(
    r"(?:(?<!ga)(?<!bia)(?<!atla)(?<!canva)[^sui]s|people|men|children|mice|feet|teeth)$",
    re.IGNORECASE,
)


def stands_out_by_length(key: str, wrong: Sequence[str]) -> bool:
    """Whether a key of four words or more is much longer than every distractor."""
    long_enough = len(key.split()) >= LONG_KEY_WORDS
    return long_enough and len(key) > MAX_RATIO * max(map(len, wrong), default=len(key))


def alone_in_figures(key: str, wrong: Sequence[str]) -> bool:
    """Whether the key alone has figures, or alone has none."""
    if len(wrong) < FEWEST_WRONG:
        return False
    return {_has_figures(option) for option in wrong} == {not _has_figures(key)}


def _has_figures(text: str) -> bool:
    return bool(_FIGURE.search(text))


def echo(stem: str, key: str, wrong: Sequence[str]) -> str:
    """Return a telling word that the stem shares with the key and no distractor has, or ""."""
    telling = {word for word in words(key) if len(word) >= CLANG_LETTERS}
    shared = telling.intersection(words(stem)) if telling else telling
    if shared:
        shared = shared.difference(*map(words, wrong))
    return min(shared, default="")


def shape(text: str) -> str:
    """Return how an amount is written: 5.58 and 7.2 million alike, 7 million or 7,200 otherwise."""
    shaped = _POWER.sub("10^#", text)
    shaped = _FIGURES.sub(lambda found: "#,#" if "," in found[0] else "#", text)
    amount, space, unit = shaped.partition(" ")
    return f"{amount}{space}{singular(unit)}"


def qualified(text: str) -> bool:
    """Whether a text hedges: about, mainly, in part."""
    return bool(_QUALIFIER.search(text))


def alone_qualified(key: str, wrong: Sequence[str]) -> bool:
    """Whether the key alone hedges, as writers do to make it surely right."""
    return qualified(key) and not any(map(qualified, wrong))


@lru_cache(maxsize=20_000)
def opening(text: str) -> str:
    """Return the grammatical form that an option begins with, "" for a noun or a name."""
    first = text.split(" ", 1)[0]
    if first != first.casefold():
        return ""
    if first in _PREPOSITIONS:
        return "preposition"
    if first in _CONJUNCTIONS:
        return "clause"
    if first == "to":
        return "infinitive"
    return "gerund" if _GERUND.fullmatch(first) and " " in text else ""


def alone_in_form(key: str, wrong: Sequence[str]) -> bool:
    """Whether no distractor begins in the grammatical form of the key: "by sea" among nouns."""
    return bool(wrong) and opening(key) not in set(map(opening, wrong))


@lru_cache(maxsize=1000)
def number_wanted(stem: str) -> bool | None:
    """Return whether a stem asks for a plural, None where its grammar leaves that open."""
    found = _COPULA.search(stem)
    return None if found is None or _OPEN_ENDED.search(stem) else found[1] in {"are", "were"}


def is_plural(text: str) -> bool | None:
    """Return whether a common noun is plural; None for names, which do not show it."""
    if text != text.casefold():
        return None
    head = _OF.split(text, maxsplit=1)[0]
    last = head.rsplit(" ", 1)[-1]
    if not last.isalpha():
        return None
    return " and " in head or bool(_PLURAL.search(last))


def alone_in_number(stem: str, key: str, wrong: Sequence[str]) -> bool:
    """Whether the key alone agrees in number with the stem: "What are the …?"."""
    plural = number_wanted(stem)
    if plural is None or not wrong or is_plural(key) is not plural:
        return False
    return all(is_plural(option) is not plural for option in wrong)


def disagrees(stem: str, option: str) -> bool:
    """Whether an option cannot follow the stem: in number, or a vowel behind "a" before the gap."""
    plural = number_wanted(stem)
    if plural is not None and is_plural(option) is not None:
        return is_plural(option) is not plural
    last = _before_gap(stem)
    return last in {"a", "an"} and last != article_for(option)


def misfits(stem: str, option: str) -> bool:
    """Whether an option doubles the article or preposition before the stem's gap."""
    last = _before_gap(stem) if " " in option else ""
    if not last:
        return False
    first = option.casefold().split(" ", 1)[0]
    return (first in _ARTICLES and last in _ARTICLES) or (
        first in _PREPOSITIONS and last in _PREPOSITIONS
    )


@lru_cache(maxsize=1000)
def _before_gap(stem: str) -> str:
    """Return the word before the stem's gap, "" where there is no gap or nothing before it."""
    before, gap, _ = stem.partition(BLANK)
    return next(iter(before.casefold().split()[-1:]), "") if gap else ""


def gives_itself_away(stem: str, key: str, wrong: Sequence[str]) -> bool:
    """Whether any of these tells the key from its distractors."""
    return (
        stands_out_by_length(key, wrong)
        or alone_in_figures(key, wrong)
        or alone_qualified(key, wrong)
        or alone_in_form(key, wrong)
        or alone_in_number(stem, key, wrong)
        or bool(echo(stem, key, wrong))
    )
