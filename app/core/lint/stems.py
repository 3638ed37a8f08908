"""Checks of what a question says before its options.

Where a rule names no source of its own: Haladyna, Downing and Rodriguez (Applied Measurement in
Education 15, 2002); of absolute terms: Case and Swanson (NBME, 2002). Punctuation and capitals are
house style.
"""

import re

from app.core.grammar import singular
from app.core.marking.normalise import words
from app.core.questions.question import Question, QuestionType
from app.core.sentences import say
from app.core.wording import BLANK

MAX_STEM = 300
"""Characters; a longer stem tests reading."""
ASKED_OUTRIGHT = frozenset(
    {
        QuestionType.MULTIPLE_CHOICE,
        QuestionType.MULTIPLE_SELECT,
        QuestionType.SHORT_ANSWER,
        QuestionType.FLASHCARD,
    }
)
"""Types whose stem is a question; a cloze has a blank, the others an instruction."""
_ABSOLUTE = re.compile(r"\b(?:always|never|absolutely|completely|impossible)\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:not|except|neither|nor|\w+n['\u2019]t)\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|never|no(?!\.)|none|nobody|nothing|neither|without|cannot|except|unless|impossible|"
    r"unable|unlikely|\w+n['\u2019]t)\b",
    re.IGNORECASE,
)
_TWICE = 2
_DOUBLED = re.compile(r"\.\.|\?\?|!!|,,|;;|::|[!?]\.|\.\?|\s[,.;:?!](?:\s|$)| {2}")

_MARKS = "?\uff1f\u061f\u037e\u1367"
_MARK = re.compile(f"[{_MARKS}]")
_ASKS = re.compile(f"(?:[{_MARKS}]|\u304b\u3002?)\\s*$")
"""The question marks of Latin, Chinese and Japanese, Arabic, Greek and Ethiopic; Japanese questions
may end with their particle instead."""


def not_a_question(question: Question) -> str | None:
    """Want a whole question or one blank: it can be answered with the options hidden.

    Haladyna, Downing and Rodriguez (2002), rule on the central idea in the stem.
    """
    if question.type is QuestionType.CLOZE:
        return None if question.stem.count(BLANK) == 1 else say("A cloze needs exactly one blank.")
    if question.type not in ASKED_OUTRIGHT:
        return None
    if question.stem.count(BLANK) == 1 and _MARK.search(question.stem):
        return None
    if not _ASKS.search(question.stem):
        return say("The stem does not end with a question mark.")
    return None


def long_stem(question: Question) -> str | None:
    """Long stems test reading speed, not knowledge."""
    size = len(question.stem)
    return (
        say("The stem has {size} characters, more than {max_stem}.", size=size, max_stem=MAX_STEM)
        if size > MAX_STEM
        else None
    )


def answer_in_stem(question: Question) -> str | None:
    """Refuse a stem that says its answer: it asks nothing.

    "Higher or lower?" has to name both, and may.
    """
    if question.type not in ASKED_OUTRIGHT | {QuestionType.CLOZE}:
        return None
    text = f" {' '.join(words(question.stem))} "
    if " or " in text:
        return None
    for key in question.keys:
        answer = " ".join(words(key))
        if answer and f" {answer} " in text:
            return say("The stem contains the answer, {key}.", key=key)
    return None


def article_clue(question: Question) -> str | None:
    """Avoid a or an before a blank: it tells how the answer begins."""
    found = re.search(rf"(?<!/)\b(?:a|an) {BLANK}", question.stem, re.IGNORECASE)
    return say("The article before the blank tells how the answer begins.") if found else None


def absolute_terms(question: Question) -> str | None:
    """Avoid "always" and "never": they are rarely true, and test-wise learners know it."""
    found = spoken(_ABSOLUTE, question.stem)
    return say("The stem says {found}.", found=repr(found[0])) if found else None


def negated_stem(question: Question) -> str | None:
    """Avoid "not" above options: it is overlooked, and those who know the answer miss it."""
    if question.type not in {QuestionType.MULTIPLE_CHOICE, QuestionType.MULTIPLE_SELECT}:
        return None
    found = spoken(_NEGATED, question.stem)
    return say("The stem is negated: {found}.", found=repr(found[0])) if found else None


def double_negative(question: Question) -> str | None:
    """Avoid two negations in one question: readers lose count of them, whatever they know.

    One of them may stand in an option, which is read as the end of the stem.
    """
    options = question.options if question.type in ASKED_OUTRIGHT else ()
    for text in (question.stem, *(f"{question.stem} {option}" for option in options)):
        denied = [found[0] for found in _DENIES.finditer(text) if not in_name(text, found)]
        if len(denied) >= _TWICE:
            return say("It is negated twice: {found}.", found=", ".join(denied))
    return None


def spoken(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Find a word that the text says of its own, not in the title of a work or in a name."""
    return next((found for found in pattern.finditer(text) if not in_name(text, found)), None)


def in_name(text: str, found: re.Match[str]) -> bool:
    """Whether a word is capitalised within a sentence: Never Let Me Go. NOT is emphasis."""
    word = found[0]
    return word[0].isupper() and not word.isupper() and bool(text[: found.start()].strip())


def doubled_punctuation(question: Question) -> str | None:
    """Avoid marks that meet where a name was filled in: they show a machine at work."""
    for text in (question.stem, question.statement, *question.options):
        if found := _DOUBLED.search(text.replace("...", "")):
            return f"Doubled or stray punctuation, {found[0]!r}, in: {text[:80]}"
    return None


def lower_start(question: Question) -> str | None:
    """Begin a sentence with a capital, except for names such as iPhone."""
    first = question.stem.split(" ", 1)[0]
    if first[:1].isalpha() and first.islower():
        return say("The stem begins with a small letter.")
    return None


_SEVERAL = re.compile(r"(?<![\w.,])1 (?P<unit>[a-z]{3,}s)\b")


def several_of_one(question: Question) -> str | None:
    """Want a singular unit behind one: "1 strings" is wrong, and tells wrong options apart."""
    for text in (question.stem, *question.options, *question.keys):
        found = _SEVERAL.search(text)
        if found and singular(found["unit"]) != found["unit"]:
            return say(
                "{found} should be 1 {found_2}.",
                found=repr(found[0]),
                found_2=singular(found["unit"]),
            )
    return None
