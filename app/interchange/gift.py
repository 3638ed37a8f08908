r"""Moodle's GIFT: questions as plain text, written with every special character escaped.

https://docs.moodle.org/en/GIFT_format. Blank lines part questions; \~ \= \# \{ \} \: are
themselves, \n is a new line.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.core.sentences import say
from app.core.values import ValueProblem, parse_decimal
from app.core.wording import BLANK
from app.interchange.apkg.media import LONGEST_NAME, pictures_in
from app.interchange.htmltext import media_in, plain_text
from app.interchange.items import (
    FALSE,
    MOST_QUESTIONS,
    TRUE,
    Categories,
    Item,
    ItemKind,
    ReadItems,
    percent,
    share,
)
from app.interchange.loading import Problem

_SPECIAL = "~=#{}:\\"
_STOOD_IN = {char: chr(0xFDD0 + at) for at, char in enumerate(_SPECIAL)}
"""Characters that no text has, in the place of escaped ones while a question is taken apart."""
_NEW_LINE = chr(0xFDD0 + len(_SPECIAL))
_BACK = {ord(one): char for char, one in _STOOD_IN.items()} | {ord(_NEW_LINE): "\n"}
_STRAY = re.compile("[\ufdd0-\ufdef]")
_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_MARKUP = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)\s*(?:#.*)?", re.IGNORECASE | re.DOTALL)
_ANSWER = re.compile(r"([=~])([^=~]*)")
_WEIGHT = re.compile(r"\s*%(-?[\d.]+)%")
_LOOKS = re.compile(
    r"^[ \t]*::[^:\n]+::|[^\n]\{\s*(?:[=~#]|(?:T|TRUE|F|FALSE)\s*[#}])",
    re.MULTILINE | re.IGNORECASE,
)
_SAMPLE = 100_000
_ALL, _FEWEST_PAIRS = 100, 2


def write_gift(title: str, items: Iterator[Item]) -> str:
    """Return questions as GIFT; those that GIFT cannot ask (orderings) are left out."""
    category = title.replace("/", "//").replace("\n", " ")
    blocks = [f"// {title}: made by Factdeck".replace("\n", " "), f"$CATEGORY: $course$/{category}"]
    blocks += [_written(item) for item in items if item.kind in _WRITERS]
    return "\n\n".join(blocks) + "\n"


def _written(item: Item) -> str:
    answers = "\n".join(f"\t{line}" for line in _WRITERS[item.kind](item))
    told = f"\n\t####{escaped(item.feedback)}" if item.feedback else ""
    return f"::{escaped(item.name)}::[plain]{escaped(item.stem)} {{\n{answers}{told}\n}}"


def escaped(text: str) -> str:
    """Return a text in which nothing means anything to GIFT, in one line."""
    plain = _STRAY.sub("", text.replace("\r", ""))
    marked = "".join(f"\\{char}" if char in _SPECIAL else char for char in plain)
    return marked.replace("\n", "\\n").replace("->", "→").strip()


def _choice(item: Item) -> list[str]:
    return [f"{'=' if one in item.keys else '~'}{escaped(one)}" for one in item.options]


def _select(item: Item) -> list[str]:
    weight = share(len(item.keys))
    return [
        f"~%{weight if one in item.keys else '-' + weight}%{escaped(one)}" for one in item.options
    ]


def _typed(item: Item) -> list[str]:
    # A star stands for anything in Moodle's short answers.
    starless = [key.replace("*", r"\*") for key in item.keys]
    return [f"={escaped(key)}" for key in starless]


_WRITERS: Mapping[ItemKind, Callable[[Item], list[str]]] = {
    ItemKind.CHOICE: _choice,
    ItemKind.SELECT: _select,
    ItemKind.TRUE_FALSE: lambda item: ["TRUE" if item.keys[0] == TRUE else "FALSE"],
    ItemKind.TYPED: _typed,
    ItemKind.NUMBER: lambda item: [f"#{item.keys[0]}:{item.tolerance}"],
    ItemKind.MATCH: lambda item: [
        f"={escaped(left)} -> {escaped(right)}"
        for left, right in zip(item.prompts, item.keys, strict=True)
    ],
}


def looks_like_gift(text: str) -> bool:
    """Whether a text has a question in GIFT near its beginning."""
    return bool(_LOOKS.search(text[:_SAMPLE]))


def read_gift(text: str) -> ReadItems:
    """Read questions; what is none is told with its line and reason."""
    items: list[Item] = []
    problems: list[Problem] = []
    categories = Categories()
    for line, block in _blocks(text):
        if block.startswith("$CATEGORY:"):
            categories.enter(block.partition(":")[2])
            continue
        if len(items) == MOST_QUESTIONS:
            problems.append(
                Problem(
                    line,
                    "file",
                    say("more than {most_questions:,} questions.", most_questions=MOST_QUESTIONS),
                )
            )
            break
        try:
            items.append(replace(_read(block), line=line))
            categories.add()
            problems += [Problem(line, "question", why) for why in _lost(block)]
        except (_NoQuestion, ValueProblem) as reason:
            problems.append(Problem(line, "question", str(reason)))
    return ReadItems(categories.tagged(items), tuple(problems), categories.title)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield each question with the line that it begins in; a category stands alone."""
    block: list[str] = []
    first = 0
    for number, line in enumerate((*text.removeprefix("\ufeff").splitlines(), ""), start=1):
        is_category = line.startswith("$CATEGORY:")
        if (not line.strip() or is_category) and block:
            yield first, "\n".join(block)
            block = []
        if is_category:
            yield number, line
        elif line.strip() and not line.lstrip().startswith("//"):
            first = first if block else number
            block.append(line)


def _lost(block: str) -> Iterator[str]:
    """Yield which pictures and sounds a question shows: GIFT is text, and has none of them."""
    plain = block.replace("\\=", "=").replace("\\:", ":")
    for file in (*(one.file for one in pictures_in(plain)), *media_in(plain)):
        yield say("{file} is not kept: GIFT has no files.", file=file[:LONGEST_NAME])


class _NoQuestion(Exception):
    """Why a block is no question."""


def _read(block: str) -> Item:
    safe = _STRAY.sub("", block)
    safe = _ESCAPED.sub(lambda one: _STOOD_IN.get(one[1], _NEW_LINE), safe)
    title = _TITLE.match(safe)
    name = _plain(title[1]) if title else ""
    body = safe[title.end() :] if title else safe
    markup = _MARKUP.match(body)
    kind = markup[1].lower() if markup else "moodle"
    body = body[markup.end() :] if markup else body
    before, opened, rest = body.partition("{")
    answers, closed, after = rest.rpartition("}")
    if not opened:
        raise _NoQuestion(say("there are no answers in braces: a description is no fact."))
    if not closed:
        raise _NoQuestion(say("the brace of the answers is not closed."))
    gap = f"{BLANK} {after.strip()}" if after.strip() else ""
    stem = _in_plain(f"{before.strip()} {gap}".strip(), kind)
    answers, _, told = answers.partition("####")
    item = Item(name or stem[:60], ItemKind.TYPED, stem, (), feedback=_in_plain(told, kind))
    return _answered(item, answers.strip(), kind)


def _answered(item: Item, answers: str, kind: str) -> Item:
    if not answers:
        raise _NoQuestion(say("an essay has no right answer."))
    truth = _TRUTH.fullmatch(answers)
    if truth:
        is_true = truth[1].upper().startswith("T")
        key = TRUE if is_true else FALSE
        return replace(item, kind=ItemKind.TRUE_FALSE, keys=(key,), options=(TRUE, FALSE))
    if answers.startswith("#"):
        return _numeric(item, answers[1:])
    found = [_one_answer(sign, text, kind) for sign, text in _ANSWER.findall(answers)]
    if not found:
        raise _NoQuestion(say("its answers are not understood."))
    pairs = [one for one in found if one.match]
    if len(pairs) == len(found) and len(pairs) >= _FEWEST_PAIRS:
        return _matching(item, pairs)
    return _listed(item, found)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer; a right one has a weight of 100, one of several right ones less."""

    text: str
    weight: float
    is_wrong_sign: bool
    match: str = ""


def _one_answer(sign: str, text: str, kind: str) -> _Answer:
    weighed = _WEIGHT.match(text)
    weight = percent(weighed[1]) if weighed else None
    text = (text[weighed.end() :] if weighed else text).partition("#")[0]
    markup = _MARKUP.match(text)
    kind = markup[1].lower() if markup else kind
    text = text[markup.end() :] if markup else text
    left, arrow, right = text.partition("->")
    said = _in_plain(left if arrow else text, kind)
    usual = _ALL if sign == "=" else 0
    worth = float(weight) if weight is not None else float(usual)
    return _Answer(said, worth, sign == "~", _in_plain(right, kind) if arrow else "")


def _matching(item: Item, pairs: list[_Answer]) -> Item:
    pairs = [one for one in pairs if one.text]
    return replace(
        item,
        kind=ItemKind.MATCH,
        prompts=tuple(one.text for one in pairs),
        keys=tuple(one.match for one in pairs),
        options=tuple(dict.fromkeys(one.match for one in pairs)),
    )


def _listed(item: Item, found: list[_Answer]) -> Item:
    if not any(one.is_wrong_sign for one in found):
        keys = [one.text.replace("\\*", "*") for one in found if one.weight == _ALL]
        return replace(item, kind=ItemKind.TYPED, keys=tuple(dict.fromkeys(keys)))
    options = tuple(one.text for one in found)
    full = tuple(one.text for one in found if one.weight == _ALL)
    partly = tuple(one.text for one in found if one.weight > 0)
    if len(full) == 1:
        return replace(item, kind=ItemKind.CHOICE, keys=full, options=options)
    return replace(item, kind=ItemKind.SELECT, keys=partly, options=options)


def _numeric(item: Item, answers: str) -> Item:
    first = answers.strip().removeprefix("=").partition("=")[0].partition("#")[0]
    weighed = _WEIGHT.match(first)
    text = _plain(first[weighed.end() :] if weighed else first)
    if ".." in text:
        return _between(item, text)
    number, _, spread = text.partition(":")
    key, tolerance = number.strip(), spread.strip() or "0"
    return replace(item, kind=ItemKind.NUMBER, keys=(key,), tolerance=tolerance)


def _between(item: Item, text: str) -> Item:
    low, high = (parse_decimal(end.strip(), "answer") for end in text.split("..", 1))
    middle, spread = (low + high) / 2, abs(high - low) / 2
    return replace(item, kind=ItemKind.NUMBER, keys=(f"{middle:f}",), tolerance=f"{spread:f}")


def _plain(text: str) -> str:
    return text.translate(_BACK).strip()


def _in_plain(text: str, kind: str) -> str:
    """Return a piece of text without stand-ins and, where it is marked up, without its tags."""
    plain = _plain(text)
    return plain if kind in {"plain", "markdown"} or "<" not in plain else plain_text(plain)
