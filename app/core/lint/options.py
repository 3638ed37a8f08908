"""Checks of the options of a question, and of how the key stands among them.

Where a rule names no source of its own: Haladyna, Downing and Rodriguez, A review of
multiple-choice item-writing guidelines (Applied Measurement in Education 15, 2002); of vague
terms, word repeats and lone hedges: Case and Swanson, Constructing written test questions for the
basic and clinical sciences (NBME, 2002). Length and order of options by figures are house style.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from app.core.lint.stems import in_name
from app.core.marking.normalise import squeezed, words
from app.core.marking.ranges import read_range
from app.core.marking.tongues import tongue_of
from app.core.questions.giveaways import (
    alone_in_figures,
    alone_in_form,
    alone_in_number,
    alone_qualified,
    disagrees,
    echo,
    misfits,
    opening,
    shape,
    stands_out_by_length,
)
from app.core.questions.question import Question, QuestionType
from app.core.sentences import say
from app.core.wording import MONTHS

MAX_OPTION = 120
"""Characters; longer options hide the difference between them."""
_CATCH_ALL = re.compile(
    r"\b(?:all|none|both|neither|any) of (?:the above|these|them|the others)\b", re.IGNORECASE
)
_VAGUE = re.compile(
    r"\b(?:often|usually|frequently|sometimes|occasionally|rarely|generally)\b", re.IGNORECASE
)
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_AMOUNT = re.compile(
    r"(?P<figure>-?\d[\d,]*(?:\.\d+)?)"
    r"(?: × 10(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)|(?: (?P<scale>thousand|[mbt]r?illion))?\b)"
)
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_BEFORE_AMOUNT = re.compile(
    r"(?:(?:about|under|over|at most|at least|more than|less than|early|mid|late) )?"
    r"(?:[A-Z]{1,3}?[$€£¥₹]|[€£¥₹$]|[A-Z]{3} )?"
)
"""Else the figure is part of a name: H800, Voyager 2, the 2022 final."""
_FIGURES_AGAIN = re.compile(r"[^\d ]*-\d|.* \(\d")
"""Scores and the like: 3-2, 0-0 (4-3 on penalties)."""
_DATE = re.compile(rf"(?:(?P<day>\d{{1,2}}) )?(?:(?P<month>{'|'.join(MONTHS)}) )?(?P<year>\d{{4}})")


def _in_english(question: Question) -> Sequence[str]:
    """Return the options as English would write their amounts and dates."""
    tongue = tongue_of(question.language)
    return question.options if tongue is None else list(map(tongue.option, question.options))


def _distractors(question: Question) -> list[str]:
    return [option for option in question.options if option not in question.keys]


def key_not_offered(question: Question) -> str | None:
    """Want each key offered once: otherwise nobody can choose rightly."""
    if not question.options or question.type is QuestionType.ORDERING:
        return None
    for key in question.keys:
        if question.options.count(key) != 1:
            return say(
                "The right answer, {key}, stands {key_2} times.",
                key=key,
                key_2=question.options.count(key),
            )
    if question.type is QuestionType.MULTIPLE_CHOICE and len(question.keys) != 1:
        return say("There are {keys} right answers where one is chosen.", keys=len(question.keys))
    return None


def duplicate_options(question: Question) -> str | None:
    """Two options that say the same are both right or both wrong, which tells something."""
    seen: dict[str, str] = {}
    for option in question.options:
        before = seen.setdefault(squeezed(option) or option, option)
        if before is not option or question.options.count(option) > 1:
            return say(
                "Two options say the same: {before} and {option}.", before=before, option=option
            )
    return None


def long_option(question: Question) -> str | None:
    """Long options test reading, and hide what they differ in."""
    for option in question.options:
        if len(option) > MAX_OPTION:
            return say(
                "An option has {option} characters, more than {max_option}.",
                option=len(option),
                max_option=MAX_OPTION,
            )
    return None


def catch_all_option(question: Question) -> str | None:
    """Refuse "all of the above": it is right once two options are known to be right."""
    for option in question.options:
        if _CATCH_ALL.search(option):
            return say("An option refers to the others: {option}.", option=option)
    return None


def vague_option(question: Question) -> str | None:
    """Avoid "often": it means one thing to one reader and another to the next."""
    for option in question.options:
        if (found := _VAGUE.search(option)) and not in_name(option, found):
            return say("An option is vague: {found}.", found=repr(found[0]))
    return None


def key_longest(question: Question) -> str | None:
    """Writers qualify the right answer until it stands out by its length."""
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    key = question.keys[0]
    if stands_out_by_length(key, _distractors(question)):
        return say("The right answer is much longer than the others: {key}.", key=key)
    return None


def key_alone_in_figures(question: Question) -> str | None:
    """Avoid a key that alone has figures, or alone has none: it is chosen without knowing."""
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    if alone_in_figures(question.keys[0], _distractors(question)):
        return say("The right answer alone has figures, or alone has none.")
    return None


def clang(question: Question) -> str | None:
    """Avoid a stem that repeats a word of the key alone: it gives the key away."""
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    telling = echo(question.stem, question.keys[0], _distractors(question))
    return (
        say("The stem repeats a word of the right answer alone: {telling}.", telling=telling)
        if telling
        else None
    )


def overlapping_options(question: Question) -> str | None:
    """Options that overlap can both be right: of 10 to 20 and 15 to 30, 17 is in both."""
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    ranges = [
        (low.number, high.number)
        for option in _in_english(question)
        if "× 10" not in option and (ends := read_range(option)) is not None
        for low, high in [ends]
    ]
    for (low, high), (next_low, next_high) in pairwise(sorted(ranges)):
        if next_low <= high and (low, high) != (next_low, next_high):
            return say(
                "Two ranges overlap: {low} to {high} and {next_low} to {next_high}.",
                low=low,
                high=high,
                next_low=next_low,
                next_high=next_high,
            )
    return None


def key_alone_qualified(question: Question) -> str | None:
    """Avoid a key that alone hedges: test-wise learners pick the careful option."""
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    if alone_qualified(question.keys[0], _distractors(question)):
        return say("The right answer alone is hedged: {keys}.", keys=question.keys[0])
    return None


def grammar_clue(question: Question) -> str | None:
    """Avoid a key that alone fits the stem's grammar: it is found by ear.

    Haladyna, Downing and Rodriguez (2002), rule on grammatical cues.
    """
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    key, others = question.keys[0], _distractors(question)
    if alone_in_number(question.stem, key, others):
        return say("The right answer alone agrees in number with the stem: {key}.", key=key)
    if alone_in_form(key, others):
        return say("The right answer begins in a form that no other option has: {key}.", key=key)
    return None


def option_grammar(question: Question) -> str | None:
    """Want every option to agree with the stem and its fellows: number, article, kind of phrase.

    One that disagrees is ruled out by ear, and the others are guessed among fewer.
    """
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    key = question.keys[0]
    for option in question.options:
        if disagrees(question.stem, option):
            return say("An option does not agree with the stem: {option}.", option=option)
        if opening(option) != opening(key):
            return say(
                "An option is another kind of phrase than the right answer: {option}.",
                option=option,
            )
    return None


def misfit_in_gap(question: Question) -> str | None:
    """Want each option to fit the gap: a doubled article or preposition rules it out by ear."""
    for option in question.options:
        if misfits(question.stem, option):
            return say("An option does not fit the gap: {option}.", option=option)
    return None


def combined_options(question: Question) -> str | None:
    """Refuse an option that joins two others: who knows one of them knows more than asked."""
    for option in question.options:
        inside = [one for one in question.options if one != option and _within(one, option)]
        if len(inside) > 1:
            return say("An option joins others: {option}.", option=option)
    return None


def _within(part: str, whole: str) -> bool:
    return f" {' '.join(words(part))} " in f" {' '.join(words(whole))} "


def uneven_figures(question: Question) -> str | None:
    """Want amounts in one unit and precision: the odd one out is noticed before it is known."""
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    options = _in_english(question)
    if any(size_of_text(option) is None for option in options):
        return None
    shapes = sorted({shape(option).replace("#,#", "#") for option in options})
    if len(shapes) > 1 and not any(_DATE.fullmatch(option) for option in options):
        return say("The amounts are written in different ways: {shapes}.", shapes=", ".join(shapes))
    return None


def mixed_options(question: Question) -> str | None:
    """Want options of one sort: a day among months, a word among amounts is ruled out at sight."""
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    sorts = {_sort_of(option): option for option in _in_english(question)}
    if len(sorts) == 1:
        return None
    return say("The options are of different sorts: {options}.", options=", ".join(sorts.values()))


def _sort_of(text: str) -> str:
    """Return whether a text is a day, a month, a figure alone, or words."""
    found = _DATE.fullmatch(text)
    if found and found["month"]:
        return "day" if found["day"] else "month"
    return "words" if size_of_text(text) is None else "figure"


def unordered_figures(question: Question) -> str | None:
    """Want numbers and dates in order: they are found fastest, and their order tells nothing."""
    if question.type is not QuestionType.MULTIPLE_CHOICE:
        return None
    sizes = [size_of_text(option) for option in _in_english(question)]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes) or known == sorted(known):
        return None
    return say("The options are numbers or dates, but not in ascending order.")


def size_of_text(text: str) -> tuple[Decimal, ...] | None:
    """Return what orders a date or an amount in the house style; None for anything else."""
    if found := _DATE.fullmatch(text):
        month = MONTHS.index(found["month"]) + 1 if found["month"] else 0
        return (Decimal(found["year"]), Decimal(month), Decimal(found["day"] or 0))
    found = _AMOUNT.search(text)
    if not found or not _BEFORE_AMOUNT.fullmatch(text[: found.start()]):
        return None
    if _FIGURES_AGAIN.match(text[found.end() :]):
        return None
    figure = Decimal(found["figure"].replace(",", ""))
    power = int((found["power"] or "0").translate(_LOWERED))
    return (figure.scaleb(power) * _SCALES.get(found["scale"] or "", 1),)
