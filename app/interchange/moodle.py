"""Moodle's XML: questions with every type that Moodle has; read with entities and DTDs refused.

https://docs.moodle.org/en/Moodle_XML_format
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.core.errors import Refused
from app.core.sentences import say
from app.interchange.htmltext import plain_text
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
from app.interchange.moodle_pictures import Gathering

_TYPES = {
    ItemKind.CHOICE: "multichoice",
    ItemKind.SELECT: "multichoice",
    ItemKind.TRUE_FALSE: "truefalse",
    ItemKind.TYPED: "shortanswer",
    ItemKind.NUMBER: "numerical",
    ItemKind.MATCH: "matching",
    ItemKind.ORDER: "ordering",
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FULL = 100.0
LARGEST = 20_000_000
"""Characters of a file; pictures are most of it."""
MOST_TAGS = 1_000_000
"""Tags, and attributes: a tree of them takes many times their text."""
_FEWEST_PAIRS = 2


class BadXml(Refused):
    """A file that is no XML, or that means harm; the message says which."""


def write_moodle(title: str, items: Iterator[Item]) -> str:
    """Return questions as Moodle XML."""
    quiz = Element("quiz")
    category = SubElement(quiz, "question", type="category")
    place = "$course$/" + title.replace("/", "//")
    SubElement(SubElement(category, "category"), "text").text = _clean(place)
    for item in items:
        quiz.append(_question(item))
    indent(quiz)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(quiz, encoding="unicode") + "\n"


def _question(item: Item) -> Element:
    made = Element("question", type=_TYPES[item.kind])
    SubElement(SubElement(made, "name"), "text").text = _clean(item.name)
    _marked_up(made, "questiontext", item.stem)
    _marked_up(made, "generalfeedback", item.feedback)
    for name, content in (("defaultgrade", "1"), ("penalty", "0.3333333"), ("hidden", "0")):
        SubElement(made, name).text = content
    _WRITERS[item.kind](made, item)
    if item.tags:
        tags = SubElement(made, "tags")
        for tag in item.tags:
            SubElement(SubElement(tags, "tag"), "text").text = _clean(tag)
    return made


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _marked_up(parent: Element, name: str, text: str, **attributes: str) -> Element:
    made = SubElement(parent, name, {"format": "html", **attributes})
    lines = html.escape(_clean(text), quote=False).replace("\n", "<br>")
    SubElement(made, "text").text = lines
    return made


def _answer(parent: Element, fraction: str, text: str) -> Element:
    made = SubElement(parent, "answer", fraction=fraction, format="moodle_auto_format")
    SubElement(made, "text").text = _clean(text)
    return made


def _options(made: Element, item: Item) -> None:
    single = item.kind is ItemKind.CHOICE
    SubElement(made, "single").text = "true" if single else "false"
    SubElement(made, "shuffleanswers").text = "true"
    SubElement(made, "answernumbering").text = "abc"
    weight = share(len(item.keys))
    for one in item.options:
        wrong = "0" if single else f"-{weight}"
        _marked_up(made, "answer", one, fraction=weight if one in item.keys else wrong)


def _truth(made: Element, item: Item) -> None:
    for one in (TRUE, FALSE):
        _answer(made, "100" if one in item.keys else "0", one.lower())


def _typed(made: Element, item: Item) -> None:
    SubElement(made, "usecase").text = "0"
    for key in item.keys:  # a star stands for anything in Moodle
        _answer(made, "100", key.replace("*", r"\*"))


def _number(made: Element, item: Item) -> None:
    answer = _answer(made, "100", item.keys[0])
    SubElement(answer, "tolerance").text = item.tolerance


def _pairs(made: Element, item: Item) -> None:
    SubElement(made, "shuffleanswers").text = "true"
    left_over = [one for one in item.options if one not in item.keys]
    prompts, keys = (*item.prompts, *("" for _ in left_over)), (*item.keys, *left_over)
    for prompt, key in zip(prompts, keys, strict=True):
        pair = _marked_up(made, "subquestion", prompt)
        SubElement(SubElement(pair, "answer"), "text").text = _clean(key)


def _order(made: Element, item: Item) -> None:
    for name, content in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0")):
        SubElement(made, name).text = content
    SubElement(made, "gradingtype").text = "RELATIVE_NEXT_EXCLUDE_LAST"
    for at, key in enumerate(item.keys, start=1):
        _marked_up(made, "answer", key, fraction=str(at))


_WRITERS: Mapping[ItemKind, Callable[[Element, Item], None]] = {
    ItemKind.CHOICE: _options,
    ItemKind.SELECT: _options,
    ItemKind.TRUE_FALSE: _truth,
    ItemKind.TYPED: _typed,
    ItemKind.NUMBER: _number,
    ItemKind.MATCH: _pairs,
    ItemKind.ORDER: _order,
}


def read_moodle(text: str) -> ReadItems:
    """Read questions; what is none is told with its number and reason. Raises BadXml."""
    quiz = _parsed(text)
    if quiz.tag != "quiz":
        raise BadXml(say("This XML has no quiz of Moodle's in it."))
    items: list[Item] = []
    problems: list[Problem] = []
    pictures = Gathering()
    categories = Categories()
    number = 0
    for one in quiz:
        kind = one.get("type", "")
        if one.tag != "question":
            continue
        if kind == "category":
            categories.enter(_raw(one.find("category")))
            continue
        number += 1
        if number > MOST_QUESTIONS:
            problems.append(
                Problem(
                    None,
                    "file",
                    say("more than {most_questions:,} questions.", most_questions=MOST_QUESTIONS),
                )
            )
            break
        item = _read(one, kind)
        if item is None:
            reason = say("questions of the type {kind} make no facts.", kind=repr(kind[:40]))
            problems.append(Problem(None, f"question {number}", reason))
        else:
            lost: list[str] = []
            categories.add()
            items.append(replace(item, pictures=pictures.of(one, lost)))
            problems += [Problem(None, f"question {number}", why) for why in lost]
    files = tuple(pictures.files.values())
    return ReadItems(categories.tagged(items), tuple(problems), categories.title, files)


def _parsed(text: str) -> Element:
    if len(text) > LARGEST:
        raise BadXml(say("An XML file may have {most} MB at most.", most=LARGEST // 1_000_000))
    if max(text.count("<"), text.count("=")) > MOST_TAGS:
        raise BadXml(say("This XML has more tags than can be read at once."))
    try:
        # As text, so that what the file says of its encoding does not count again.
        plain = re.sub(r"^\ufeff?\s*<\?xml[^>]{0,200}\?>", "", text)
        found: Element = fromstring(plain, forbid_dtd=True)
    except DefusedXmlException:
        raise BadXml(
            say("This XML declares entities or a document type, which are not read.")
        ) from None
    except (ParseError, ValueError, RecursionError) as error:
        raise BadXml(say("This is not XML: {error}.", error=str(error)[:80])) from None
    return found


def _raw(element: Element | None) -> str:
    """Return the text of an element as it stands: names, typed answers, tags."""
    return "" if element is None else (element.findtext("text") or "").strip()


def _told(element: Element | None) -> str:
    """Return the text of an element that is marked up, without its tags."""
    if element is None:
        return ""
    raw = element.findtext("text") or ""
    return raw.strip() if element.get("format") in {"plain_text", "markdown"} else plain_text(raw)


def _read(one: Element, kind: str) -> Item | None:
    item = Item(
        name=_raw(one.find("name")),
        kind=ItemKind.TYPED,
        stem=_told(one.find("questiontext")),
        keys=(),
        feedback=_told(one.find("generalfeedback")),
        tags=tuple(filter(None, map(_raw, one.findall("tags/tag")))),
    )
    reader = _READERS.get(kind)
    return reader(one, item) if reader else None


def _weighed(one: Element, text_of: Callable[[Element], str] = _told) -> list[tuple[str, float]]:
    found = []
    for answer in one.findall("answer"):
        weight = percent(answer.get("fraction", "0"))
        found.append((text_of(answer), float(weight) if weight is not None else 0.0))
    return found


def _read_options(one: Element, item: Item) -> Item:
    weighed = _weighed(one)
    options = tuple(text for text, _ in weighed)
    if (one.findtext("single") or "true").strip() in {"true", "1"}:
        keys = tuple(text for text, weight in weighed if weight >= _FULL)
        return replace(item, kind=ItemKind.CHOICE, keys=keys, options=options)
    keys = tuple(text for text, weight in weighed if weight > 0)
    return replace(item, kind=ItemKind.SELECT, keys=keys, options=options)


def _read_truth(one: Element, item: Item) -> Item:
    right = [text.lower() for text, weight in _weighed(one) if weight >= _FULL]
    key = TRUE if right == ["true"] else FALSE
    return replace(item, kind=ItemKind.TRUE_FALSE, keys=(key,), options=(TRUE, FALSE))


def _read_typed(one: Element, item: Item) -> Item:
    keys = [text.replace("\\*", "*") for text, weight in _weighed(one, _raw) if weight >= _FULL]
    return replace(item, keys=tuple(dict.fromkeys(keys)))


def _read_number(one: Element, item: Item) -> Item:
    for answer in one.findall("answer"):
        weight = percent(answer.get("fraction", "0"))
        if weight is not None and weight >= _FULL:
            spread = (answer.findtext("tolerance") or "0").strip() or "0"
            keys = (_raw(answer),)
            unit = _unit(one)
            return replace(item, kind=ItemKind.NUMBER, keys=keys, tolerance=spread, unit=unit)
    return item


def _unit(one: Element) -> str:
    """Return the unit of a numerical question's answer: the one that does not scale it."""
    for unit in one.findall("units/unit"):
        if percent((unit.findtext("multiplier") or "1").strip()) == 1:
            return (unit.findtext("unit_name") or "").strip()[:40]
    return ""


def _read_pairs(one: Element, item: Item) -> Item | None:
    pairs = [(_told(pair), _raw(pair.find("answer"))) for pair in one.findall("subquestion")]
    asked = [(prompt, key) for prompt, key in pairs if prompt]
    if len(asked) < _FEWEST_PAIRS:
        return None
    return replace(
        item,
        kind=ItemKind.MATCH,
        prompts=tuple(prompt for prompt, _ in asked),
        keys=tuple(key for _, key in asked),
        options=tuple(dict.fromkeys(key for _, key in pairs)),
    )


def _read_order(one: Element, item: Item) -> Item:
    return replace(item, kind=ItemKind.ORDER, keys=tuple(text for text, _ in _weighed(one)))


_READERS: Mapping[str, Callable[[Element, Item], Item | None]] = {
    "multichoice": _read_options,
    "truefalse": _read_truth,
    "shortanswer": _read_typed,
    "numerical": _read_number,
    "matching": _read_pairs,
    "ordering": _read_order,
}
