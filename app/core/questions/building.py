"""What the question types share: who says so, what is right, how a choice is marked."""

import re
from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack

from app.core.facts import Fact
from app.core.marking import Mark, Verdict
from app.core.questions.families import head_of
from app.core.questions.index import DeckIndex
from app.core.questions.question import Direction, Question, QuestionType
from app.core.sentences import say
from app.core.values import DateValue, EntityValue, MoneyValue, NumberValue, RangeValue, Value
from app.core.wording import (
    BLANK,
    answer_texts,
    asked_as,
    attributed,
    display,
    frame_of,
    inverse_stem,
    kept,
    statement,
    stem,
    tidy,
)

MAX_STEM = 300
MAX_OPTION = 120
_WHICH_ONE = re.compile(
    r"^(?:\w+est|first|second|third|fourth|fifth|last|main|chief|most \w+|only|next|former|"
    r"current|previous)\s+(?=\w)",
    re.IGNORECASE,
)
"""Said of one alone: "Which longest river …" asks for nothing."""
_UNIT_WORD = re.compile(r"(?:[^\W\d_]{4,}|\w+ [\w ]+)")
_ARTICLE = re.compile(rf"(?<!/)\b(a|an) (?={BLANK})", re.IGNORECASE)


def stem_for(fact: Fact, direction: Direction) -> str:
    """Return the question's wording in a direction, or nothing where the fact has none."""
    return stem(fact) if direction is Direction.FORWARD else inverse_stem(fact)


@kept
def completion(fact: Fact, direction: Direction) -> str:
    """Return "Which city fits the gap? … _____ …", or nothing where no such gap can be made."""
    sentence = gapped(fact, direction)
    if not sentence:
        return ""
    kind = _kind_asked(fact, direction)
    frame = frame_of(fact.language)
    asked = frame.which_fits_gap if kind else frame.fits_gap
    return tidy(asked.format(kind=kind, sentence=sentence))


@kept
def gapped(fact: Fact, direction: Direction) -> str:
    """Return the attributed statement with its value (inverse: its subject) blanked.

    Nothing is returned without a statement, or where the rest would give the answer away. The
    subject is only asked for where the curator wrote an inverse question: without one many others
    may fit, of whom the deck knows nothing ("_____ comes from China").
    """
    answer: Value
    if direction is Direction.FORWARD:
        answer, sentence = fact.value, statement(fact, BLANK)
    elif fact.subject and fact.ask_inverse_template and "{subject}" in fact.say_template:
        answer, sentence = EntityValue(fact.subject), statement(fact, subject=BLANK)
    else:
        return ""
    told = answer_texts(answer, fact.language)
    sentence = attributed(fact, _blanked(sentence, told)) if sentence else ""
    return "" if sentence.count(BLANK) != 1 or leaks(sentence, told) else sentence


def told_apart(index: DeckIndex, fact: Fact, direction: Direction, sentence: str) -> str:
    """Say what kind of answer a gap wants where the same sentence stands for other facts too.

    "Beethoven was born in _____" asks for a place and for a year. Nothing is returned where the
    kind does not tell them apart either.
    """
    if direction is Direction.INVERSE or not sentence:
        return sentence
    right = {display(value) for value in all_values(index, fact)}
    others = [value for value in index.same_gap(fact) if display(value) not in right]
    if not others:
        return sentence
    hint = hint_for(fact.value)
    if not hint or any(hint_for(value) == hint for value in others):
        return ""
    spoken = frame_of(fact.language).hint(hint)
    return sentence.replace(BLANK, f"{BLANK} ({spoken})") if spoken else ""


def _blanked(sentence: str, answers: Sequence[str]) -> str:
    """Blank every further occurrence of an answer, and hide a or an before the gap."""
    for answer in sorted(answers, key=len, reverse=True):
        if _may_contain(sentence, answer):
            sentence = re.sub(
                rf"(?<!\w){re.escape(answer)}(?!\w)", BLANK, sentence, flags=re.IGNORECASE
            )
    return _ARTICLE.sub("a/an ", sentence)


def _may_contain(sentence: str, answer: str) -> bool:
    """Whether an answer can stand in a sentence in any case.

    Nearly none does, and a pattern for each is slow to make. Outside ASCII letters have more cases
    than two: there the pattern decides.
    """
    plain = sentence.isascii() and answer.isascii()
    return not plain or answer.lower() in sentence.lower()


def _kind_asked(fact: Fact, direction: Direction) -> str:
    """Return the kind of what a gap wants, without what tells which: longest river, river."""
    kind = ""
    if direction is Direction.INVERSE:
        kind = fact.subject.kind if fact.subject else ""
    elif isinstance(fact.value, EntityValue):
        kind = fact.value.entity.kind
    return _WHICH_ONE.sub("", head_of(kind))


@kept
def truth(fact: Fact) -> str:
    """Return the whole fact as an attributed sentence; "" where it has no statement."""
    sentence = statement(fact)
    return attributed(fact, sentence) if sentence else ""


def hint_for(value: Value) -> str:
    """Return what kind of answer is wanted, without a clue to it."""
    match value:
        case MoneyValue(currency=currency):
            return say("an amount of money in {currency}", currency=currency)
        case NumberValue(unit=unit):
            return _number_hint(unit)
        case RangeValue():
            return say("a range, from … to …")
        case DateValue(month=None):
            return say("a year")
        case DateValue(day=None):
            return say("a month and year")
        case DateValue():
            return say("a date")
        case EntityValue(entity):
            return say("a name ({kind})", kind=entity.kind) if entity.kind else say("a name")
        case _:
            return ""


def _number_hint(unit: str) -> str:
    """Return "a number of chips", "a number per mole", "a number, in km"."""
    if not unit:
        return say("a number")
    if unit == "%":
        return say("a percentage")
    if unit.startswith("per "):
        return say("a number {unit}", unit=unit)
    if _UNIT_WORD.fullmatch(unit):
        return say("a number of {unit}", unit=unit)
    return say("a number, in {unit}", unit=unit)


def leaks(text: str, answers: Sequence[str]) -> bool:
    """Whether a text says one of the answers as whole words, their article aside."""
    folded = text.casefold()
    return any(says(folded, answer) for answer in answers)


def tells(fact: Fact, text: str, values: Iterable[Value]) -> bool:
    """Whether a text says one of a fact's values, as its deck's language writes them."""
    return any(leaks(text, answer_texts(value, fact.language)) for value in values)


def says(folded: str, answer: str) -> bool:
    """Whether a text in small letters says an answer as whole words, its article aside."""
    return _stands_in(_bare(answer.casefold()), folded)


def _bare(answer: str) -> str:
    return answer.split(" ", 1)[1] if answer.startswith(("the ", "a ", "an ")) else answer


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands whole in a text; by hand, since a pattern a word is slow to make."""
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) :][:1]
        if not (_in_word(before) or _in_word(after)):
            return True
        at = text.find(word, at + 1)
    return False


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def fits(question: Question) -> bool:
    """Whether stem and options keep to the lengths that can be read at a glance."""
    options = question.options
    return (
        0 < len(question.stem) <= MAX_STEM
        and max(map(len, options), default=0) <= MAX_OPTION
        and len(set(map(str.casefold, options))) == len(options)
    )


class Parts(TypedDict, total=False):
    """What some types of question have besides a stem and keys, as in `Question`."""

    options: tuple[str, ...]
    prompts: tuple[str, ...]
    answers: tuple[Value, ...]
    rivals: tuple[str, ...]
    hint: str
    fact_keys: tuple[str, ...]


def question_for(
    fact: Fact,
    how: tuple[QuestionType, Direction],
    text: str,
    keys: Sequence[str],
    **parts: Unpack[Parts],
) -> Question | None:
    """Return a question of a fact with its type's parts; None where it cannot be read at a glance.

    `how` is its type and direction.
    """
    parts.setdefault("fact_keys", (fact.key,))
    question = Question(
        fact_key=fact.key,
        type=how[0],
        direction=how[1],
        stem=text,
        keys=tuple(keys),
        stance=fact.stance,
        according_to=fact.attribution,
        language=fact.language,
        statement=truth(fact),
        **parts,
    )
    return question if fits(question) else None


def all_values(index: DeckIndex, fact: Fact) -> tuple[Value, ...]:
    """Return the fact's value and every other that answers the same stem, each once."""
    values = [fact.value, *index.values_by_stem.get(asked_as(fact), ())]
    return tuple({display(value): value for value in values}.values())


def right(why: str = say("That is right.")) -> Mark:
    """Return full marks."""
    return Mark(1.0, Verdict.EXACT, why)


def wrong(why: str) -> Mark:
    """Return no marks, and why."""
    return Mark(0.0, Verdict.WRONG, why)


def partly(credit: float, why: str) -> Mark:
    """Return part of the marks; all or none where `credit` is 1 or 0."""
    if credit >= 1:
        return right(why)
    if credit <= 0:
        return wrong(why)
    return Mark(round(credit, 2), Verdict.PARTIAL, why)
