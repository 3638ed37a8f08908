"""IMS QTI 2.1: a content package with an item a question and a test that holds them.

https://www.imsglobal.org/question/ : choiceInteraction, textEntryInteraction, orderInteraction and
matchInteraction, each marked by QTI's own templates.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from app.interchange.archives import pack
from app.interchange.items import Item, ItemKind

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_WHERE = f"{QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_TEMPLATE = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RESPONSE = "RESPONSE"


def write_qti(title: str, items: Iterator[Item]) -> bytes:
    """Return questions as a content package."""
    files: dict[str, bytes] = {}
    for number, item in enumerate(items, start=1):
        files[f"items/item-{number:05d}.xml"] = _xml(_item(item, f"item-{number:05d}"))
    names = list(files)
    whole = {"imsmanifest.xml": _xml(_manifest(names)), "test.xml": _xml(_test(title, names))}
    return pack(whole | files)


def _xml(root: Element) -> bytes:
    indent(root)
    written: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode()


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _identifier(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".xml")


def _manifest(names: list[str]) -> Element:
    root = Element("manifest", {"xmlns": PACKAGE, "identifier": "factdeck-package"})
    about = SubElement(root, "metadata")
    SubElement(about, "schema").text = "QTIv2.1 Package"
    SubElement(about, "schemaversion").text = "1.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    test = _resource(resources, "test.xml", "imsqti_test_xmlv2p1")
    for name in names:
        SubElement(test, "dependency", identifierref=_identifier(name))
        _resource(resources, name, "imsqti_item_xmlv2p1")
    return root


def _resource(parent: Element, path: str, kind: str) -> Element:
    made = SubElement(parent, "resource", identifier=_identifier(path), type=kind, href=path)
    SubElement(made, "file", href=path)
    return made


def _test(title: str, names: list[str]) -> Element:
    about = {"identifier": "test", "title": _clean(title)}
    root = Element("assessmentTest", {"xmlns": QTI, **about})
    modes = {"navigationMode": "linear", "submissionMode": "individual"}
    part = SubElement(root, "testPart", {"identifier": "part", **modes})
    section = SubElement(
        part, "assessmentSection", identifier="section", title=_clean(title), visible="true"
    )
    for name in names:
        SubElement(section, "assessmentItemRef", identifier=_identifier(name), href=name)
    return root


def _item(item: Item, identifier: str) -> Element:
    root = Element(
        "assessmentItem",
        {
            "xmlns": QTI,
            "xmlns:xsi": SCHEMA,
            "xsi:schemaLocation": _WHERE,
            "identifier": identifier,
            "title": _clean(item.name),
            "adaptive": "false",
            "timeDependent": "false",
        },
    )
    template = _WRITERS[item.kind](root, item)
    SubElement(root, "responseProcessing", template=_TEMPLATE + template)
    return root


def _declare(root: Element, cardinality: str, kind: str, right: list[str]) -> Element:
    made = SubElement(
        root,
        "responseDeclaration",
        {"identifier": RESPONSE, "cardinality": cardinality, "baseType": kind},
    )
    correct = SubElement(made, "correctResponse")
    for one in right:
        SubElement(correct, "value").text = _clean(one)
    return made


def _score(root: Element) -> None:
    made = SubElement(
        root,
        "outcomeDeclaration",
        {"identifier": "SCORE", "cardinality": "single", "baseType": "float"},
    )
    SubElement(SubElement(made, "defaultValue"), "value").text = "0"


def _interaction(root: Element, item: Item, name: str, **settings: str) -> Element:
    body = SubElement(root, "itemBody")
    made = SubElement(body, name, {"responseIdentifier": RESPONSE, **settings})
    SubElement(made, "prompt").text = _clean(item.stem)
    return made


def _choices(parent: Element, name: str, texts: tuple[str, ...], first: str, **more: str) -> None:
    for at, text in enumerate(texts):
        made = SubElement(parent, name, {"identifier": f"{first}{at}", **more})
        made.text = _clean(text)


def _places(item: Item) -> list[str]:
    return [f"C{item.options.index(key)}" for key in item.keys]


def _choice(root: Element, item: Item) -> str:
    several = item.kind is ItemKind.SELECT
    _declare(root, "multiple" if several else "single", "identifier", _places(item))
    _score(root)
    most = "0" if several else "1"
    made = _interaction(root, item, "choiceInteraction", shuffle="false", maxChoices=most)
    _choices(made, "simpleChoice", item.options, "C")
    return "match_correct"


def _text_entry(root: Element, item: Item) -> str:
    is_number = item.kind is ItemKind.NUMBER
    made = _declare(root, "single", "float" if is_number else "string", [item.keys[0]])
    if not is_number:
        mapping = SubElement(made, "mapping", defaultValue="0")
        for key in item.keys:
            about = {"mapKey": _clean(key), "mappedValue": "1", "caseSensitive": "false"}
            SubElement(mapping, "mapEntry", about)
    _score(root)
    body = SubElement(root, "itemBody")
    SubElement(body, "p").text = _clean(item.stem)
    line = SubElement(body, "p")
    SubElement(line, "textEntryInteraction", responseIdentifier=RESPONSE, expectedLength="30")
    return "match_correct" if is_number else "map_response"


def _order(root: Element, item: Item) -> str:
    _declare(root, "ordered", "identifier", _places(item))
    _score(root)
    made = _interaction(root, item, "orderInteraction", shuffle="false")
    _choices(made, "simpleChoice", item.options, "C")
    return "match_correct"


def _match(root: Element, item: Item) -> str:
    pairs = [f"P{at} {place}" for at, place in enumerate(_places(item))]
    _declare(root, "multiple", "directedPair", pairs)
    _score(root)
    most = str(len(item.prompts))
    made = _interaction(root, item, "matchInteraction", shuffle="false", maxAssociations=most)
    left, right = (SubElement(made, "simpleMatchSet") for _ in range(2))
    _choices(left, "simpleAssociableChoice", item.prompts, "P", matchMax="1")
    _choices(right, "simpleAssociableChoice", item.options, "C", matchMax=most)
    return "match_correct"


_WRITERS: Mapping[ItemKind, Callable[[Element, Item], str]] = {
    ItemKind.CHOICE: _choice,
    ItemKind.SELECT: _choice,
    ItemKind.TRUE_FALSE: _choice,
    ItemKind.TYPED: _text_entry,
    ItemKind.NUMBER: _text_entry,
    ItemKind.ORDER: _order,
    ItemKind.MATCH: _match,
}
