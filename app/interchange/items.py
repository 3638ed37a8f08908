"""Questions as other programs know them: what GIFT, Moodle XML, QTI and paper have in common."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from app.core.facts import Fact, Picture, Status
from app.core.questions import DeckIndex, Question, QuestionType, questions_of
from app.core.sentences import say
from app.core.values import (
    MAX_TEXT,
    Entity,
    NumberValue,
    SetValue,
    TextValue,
    Value,
    ValueProblem,
    parse_decimal,
    write_decimal,
)
from app.core.wording import BLANK, answer_texts
from app.interchange.loading import Problem
from app.interchange.pictures import PictureFile
from app.interchange.table_keys import slug

TRUE, FALSE = "True", "False"
MOST_QUESTIONS = 20_000
"""Questions in one file."""
GAP = "What fits the gap? "


_PLACE = re.compile(r"\s*(?:\$\w+\$)?/?(?:top(?:/|$))?")
"""How Moodle begins the path of a category: where it belongs, and the top of all."""
_STEP = re.compile(r"(?<!/)/(?!/)")


class ItemKind(StrEnum):
    """How a question is answered elsewhere."""

    CHOICE = "choice"
    SELECT = "select"
    TRUE_FALSE = "true_false"
    TYPED = "typed"
    NUMBER = "number"
    MATCH = "match"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Item:
    """A question. `keys` are right: each alone for TYPED, at `prompts[i]` for MATCH, in order.

    A NUMBER has one key, a plain decimal, and a tolerance; TRUE_FALSE has TRUE or FALSE.
    """

    name: str
    kind: ItemKind
    stem: str
    keys: tuple[str, ...]
    options: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    tolerance: str = "0"
    feedback: str = ""
    tags: tuple[str, ...] = ()
    line: int | None = None
    """Where it stands in the file that it was read from."""
    pictures: tuple[Picture, ...] = ()
    """What is shown with the question; of one that was read, with its answer as well."""
    unit: str = ""
    """Of a NUMBER that was read."""


@dataclass(frozen=True, slots=True)
class ReadItems:
    """Questions as they were read, what of the file is none, and the name of their category.

    `files` are the pictures that they show.
    """

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    category: str = ""
    files: tuple[PictureFile, ...] = ()


class Categories:
    """The categories of a file: its questions have the last step of theirs as a tag.

    Where a file has one category alone, it names the deck, and no question.
    """

    def __init__(self) -> None:
        self.now = ""
        self.first = ""
        self.of: list[str] = []

    def enter(self, path: str) -> None:
        """Begin a category, by its path: `$course$/top/Rivers/Lakes`; `//` is a slash."""
        self.now = path[_PLACE.match(path).end() :].strip("/ ")  # type: ignore[union-attr]  # matches ""
        self.first = self.first or self.now

    def add(self) -> None:
        """Note that a question stands in the category that was begun last."""
        self.of.append(self.now)

    @property
    def title(self) -> str:
        """What the file is called: as its first question's category, else as its first one."""
        return (next(iter(self.of), "") or self.first).replace("//", "/")

    def tagged(self, items: Iterable[Item]) -> tuple[Item, ...]:
        """Return the questions that were noted, with their categories as tags."""
        if len(set(self.of)) < 2:  # noqa: PLR2004 one alone parts nothing
            return tuple(items)
        tags = (_STEP.split(one)[-1].replace("//", "/").strip() for one in self.of)
        return tuple(
            replace(item, tags=tuple(dict.fromkeys((*item.tags, tag)))) if tag else item
            for item, tag in zip(items, tags, strict=True)
        )


_KINDS = {
    QuestionType.MULTIPLE_CHOICE: ItemKind.CHOICE,
    QuestionType.MULTIPLE_SELECT: ItemKind.SELECT,
    QuestionType.TRUE_FALSE: ItemKind.TRUE_FALSE,
    QuestionType.CLOZE: ItemKind.TYPED,
    QuestionType.SHORT_ANSWER: ItemKind.TYPED,
    QuestionType.MATCHING: ItemKind.MATCH,
    QuestionType.ORDERING: ItemKind.ORDER,
}


def items_of(index: DeckIndex, seed: int = 0) -> Iterator[Item]:
    """Yield every question of a deck's published facts that other programs can ask.

    Questions about several facts (matching, ordering) come once, whichever fact asks.
    """
    several: set[tuple[str, frozenset[str]]] = set()
    for fact in index.facts:
        names: set[str] = set()
        for question in questions_of(index, fact, seed):
            if question.type not in _KINDS:
                continue
            group = (str(question.type), frozenset(question.fact_keys))
            if len(question.fact_keys) > 1 and group in several:
                continue
            several.add(group)
            yield replace(_item(fact, question), name=_name(question, names))


def items_in_words(index: DeckIndex) -> Iterator[Item]:
    """Yield the questions that need no picture: what other programs' files can hold of ours."""
    return (item for item in items_of(index) if not item.pictures)


def _name(question: Question, names: set[str]) -> str:
    base = f"{question.fact_key} {question.type} {question.direction}"
    number = 1
    name = base
    while name in names:
        number += 1
        name = f"{base} {number}"
    names.add(name)
    return name


def _item(fact: Fact, question: Question) -> Item:
    item = Item(
        question.fact_key,
        _KINDS[question.type],
        question.stem,
        question.keys,
        question.options,
        question.prompts,
        feedback=_feedback(fact, question),
        tags=fact.tags,
        pictures=question.asked_with,
    )
    if item.kind is not ItemKind.TYPED:
        return item
    only = question.answers[0] if len(question.answers) == 1 else None
    if isinstance(only, NumberValue) and only.bound is None:
        number, spread = write_decimal(only.amount), write_decimal(only.tolerance)
        return replace(item, kind=ItemKind.NUMBER, keys=(number,), tolerance=spread)
    return replace(item, keys=_accepted(question))


def _accepted(question: Question) -> tuple[str, ...]:
    found = [*question.keys]
    for value in question.answers:
        if not isinstance(value, SetValue):
            found += answer_texts(value)
    return tuple(dict.fromkeys(found))


def _feedback(fact: Fact, question: Question) -> str:
    evidence = f"“{fact.evidence.quote}”" if fact.evidence else ""
    return " ".join(filter(None, (question.statement, evidence, fact.note)))


def facts_of(items: Iterable[Item]) -> tuple[tuple[Fact, ...], tuple[Problem, ...]]:
    """Return draft facts of questions, and those of which none can be made, with the reason."""
    facts: dict[str, Fact] = {}
    keys = _Keys()
    problems: list[Problem] = []
    for item in items:
        try:
            for fact in _facts(item):
                facts.setdefault(keys.of(fact), fact)
        except ValueProblem as problem:
            problems.append(Problem(item.line, item.name[:60] or item.stem[:60], problem.reason))
    return tuple(replace(fact, key=key) for key, fact in facts.items()), tuple(problems)


class _Keys:
    """Gives each fact a key that no other has; the same question twice is one fact.

    Thousands of questions may have one name: numbers are counted on, not tried from the start.
    """

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.known: dict[tuple[object, ...], str] = {}
        self.numbers: dict[str, int] = {}

    def of(self, fact: Fact) -> str:
        """Return the key of a fact."""
        told = (fact.key, fact.ask, fact.say, fact.value, fact.note, fact.tags, fact.pictures)
        found = self.known.get(told)  # a fact's own hash is that of its key alone
        if found is None:
            found = self.known[told] = self.free(fact.key)
            self.taken.add(found)
        return found

    def free(self, wanted: str) -> str:
        """Return the key that is wanted, else the next number of it."""
        key = wanted
        while key in self.taken:
            number = self.numbers[wanted] = self.numbers.get(wanted, 1) + 1
            key = f"{wanted}-{number}"
        return key


def _facts(item: Item) -> Iterator[Fact]:
    if item.kind is ItemKind.ORDER:
        raise ValueProblem("kind", say("an order of several things is no fact."))
    base = Fact(
        key=slug(item.name or item.stem)[:100] or "question",
        value=TextValue("-"),
        status=Status.DRAFT,
        note=_short(item.feedback),
        tags=tuple(tag[:80] for tag in item.tags[:20]),
        pictures=item.pictures,
    )
    if item.kind is ItemKind.MATCH:
        for at, (prompt, key) in enumerate(zip(item.prompts, item.keys, strict=True), start=1):
            ask = _checked(f"{item.stem} {prompt}".strip(), "the question")
            value = TextValue(_checked(key, "an answer"))
            yield replace(base, key=f"{base.key}-{at}", ask=ask, value=value)
        return
    stem = _checked(item.stem, "the question")
    stated = stem.removeprefix(GAP).replace(BLANK, "{value}") if stem.count(BLANK) == 1 else ""
    if stated and not stem.endswith("?") and not stem.startswith(GAP):
        stem = GAP + stem
    yield replace(base, ask=stem[: MAX_TEXT + len(GAP)], say=stated, value=_value(item))


def _value(item: Item) -> Value:
    if not item.keys:
        raise ValueProblem("answer", say("there is no right answer."))
    keys = tuple(_checked(key, "an answer") for key in dict.fromkeys(item.keys))
    if item.kind is ItemKind.NUMBER:
        amount = parse_decimal(keys[0], "answer")
        spread = abs(parse_decimal(item.tolerance, "tolerance"))
        return NumberValue(amount, item.unit, spread)
    if item.kind is ItemKind.SELECT and len(keys) > 1:
        return SetValue(tuple(Entity(key) for key in keys))
    return TextValue(keys[0], keys[1:])


def _checked(text: str, what: str) -> str:
    text = text.strip()
    if not text:
        raise ValueProblem("text", say("{what} is empty.", what=what))
    if len(text) > MAX_TEXT:
        raise ValueProblem(
            "text",
            say("{what} is longer than {max_text} characters.", what=what, max_text=MAX_TEXT),
        )
    return text


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 2].rstrip() + " …"


_PERCENT = re.compile(r"-?\d{1,3}(?:\.\d{1,10})?")


def percent(text: str) -> Decimal | None:
    """Return a weight as GIFT and Moodle write it; None for what is none."""
    return Decimal(text) if _PERCENT.fullmatch(text) else None


def share(count: int) -> str:
    """Return what each of some right answers is worth, in the decimals that Moodle knows."""
    exact = Decimal(100) / count
    return f"{exact.quantize(Decimal('0.00001')):f}".rstrip("0").rstrip(".")
