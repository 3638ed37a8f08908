"""GIFT, Moodle XML, QTI: escaping holds for any text, round trips are equal, others read them."""

import base64
import io
import re
import warnings
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from app.core.facts import Deck, Picture, Side, Status
from app.core.questions import DeckIndex
from app.core.values import NumberValue, SetValue, TextValue
from app.core.wording import BLANK, display
from app.interchange.deck_file import read_deck
from app.interchange.gift import escaped, looks_like_gift, read_gift, write_gift
from app.interchange.items import Item, ItemKind, facts_of, items_of
from app.interchange.moodle import BadXml, read_moodle, write_moodle
from app.interchange.qti import QTI, write_qti

with warnings.catch_warnings():  # it asks for the locale in an old way
    warnings.simplefilter("ignore")
    from pygiftparser import answer as gift_answer
    from pygiftparser import parser as pygift

SEEDED = Path(__file__).parents[2] / "seed_data" / "deepseek.yaml"
NASTY = "~=#{}:\\%*<>&'\"/$-[]"
words = st.text(st.sampled_from("abcÄß漢 \u0661" + NASTY + "\n"), min_size=1, max_size=30)
told = words.map(lambda text: " ".join(text.split())).filter(
    lambda text: (
        text
        and "->" not in text
        and "\\*" not in text
        and not re.match(r"[%\[]", text)
        and text.strip("\\ ") != ""
    )
)


def own(item: Item) -> Item:
    """An item without what only its file knows."""
    return Item(
        item.name,
        item.kind,
        item.stem,
        item.keys,
        item.options,
        item.prompts,
        item.tolerance,
        item.feedback,
    )


@pytest.fixture(scope="module")
def deck() -> Deck:
    return read_deck(SEEDED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def items(deck: Deck) -> list[Item]:
    return list(items_of(DeckIndex(deck)))


@st.composite
def any_item(draw: st.DrawFn) -> Item:
    texts = draw(st.lists(told, min_size=3, max_size=5, unique_by=str.casefold))
    name, stem, feedback = draw(told), draw(told), draw(st.just("") | told)
    kind = draw(st.sampled_from([one for one in ItemKind if one is not ItemKind.ORDER]))
    shapes = {
        ItemKind.CHOICE: {"keys": (texts[1],), "options": tuple(texts)},
        ItemKind.SELECT: {"keys": tuple(texts[:2]), "options": tuple(texts)},
        ItemKind.TRUE_FALSE: {"keys": ("True",), "options": ("True", "False")},
        ItemKind.TYPED: {"keys": tuple(texts)},
        ItemKind.NUMBER: {"keys": ("-12.5",), "tolerance": "0.25"},
        ItemKind.MATCH: {
            "prompts": tuple(f"{one} ?" for one in texts),
            "keys": tuple(texts),
            "options": tuple(texts),
        },
    }
    return Item(name, kind, stem, feedback=feedback, **shapes[kind])  # type: ignore[arg-type]  # by kind


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.lists(any_item(), min_size=1, max_size=4))
def test_gift_means_nothing_special_by_any_text(made: list[Item]) -> None:
    back = read_gift(write_gift("A title", iter(made)))
    assert back.problems == ()
    assert [own(one) for one in back.items] == made
    assert back.category == "A title"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(any_item(), min_size=1, max_size=4))
def test_moodle_xml_holds_any_text(made: list[Item]) -> None:
    text = write_moodle("A title", iter(made))
    back = read_moodle(text)
    assert back.problems == ()
    assert [own(one) for one in back.items] == made


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_escaped_text_stays_in_one_line_and_opens_nothing(text: str) -> None:
    made = escaped(text)
    assert "\n" not in made
    bare = re.sub(r"\\.", "", made)
    assert not set("~=#{}:\\") & set(bare)


def test_a_parser_that_is_not_ours_reads_our_gift(items: list[Item]) -> None:
    text = write_gift("DeepSeek", iter(items))
    read = pygift.parseFile(io.StringIO(text))
    ours = [one for one in items if one.kind is not ItemKind.ORDER]
    assert len(read) == len(ours) > 200
    kinds = {
        ItemKind.CHOICE: gift_answer.SelectSet,
        ItemKind.SELECT: gift_answer.MultipleChoicesSet,
        ItemKind.TRUE_FALSE: gift_answer.TrueFalseSet,
        ItemKind.TYPED: gift_answer.ShortSet,
        ItemKind.NUMBER: gift_answer.NumericAnswerSet,
        ItemKind.MATCH: gift_answer.MatchingSet,
    }
    plain = lambda text: re.sub(r"\\(.)", r"\1", text).strip()  # noqa: E731
    for theirs, one in zip(read, ours, strict=True):
        assert theirs.valid, one
        assert (plain(theirs.title), plain(theirs.text)) == (one.name, one.stem)
        assert plain(theirs.generalFeedback) == one.feedback
        assert type(theirs.answers) is kinds[one.kind], one
        if one.kind in {ItemKind.CHOICE, ItemKind.SELECT}:
            assert [plain(a.answer) for a in theirs.answers.answers] == list(one.options)
            right = [plain(a.answer) for a in theirs.answers.answers if a.fraction > 0]
            assert set(right) == set(one.keys)
        if one.kind is ItemKind.TYPED:
            assert [plain(a.answer) for a in theirs.answers.answers] == list(one.keys)


def test_moodle_xml_has_the_structure_that_moodle_reads(items: list[Item]) -> None:
    root = etree.fromstring(write_moodle("DeepSeek", iter(items)).encode())
    questions = root.findall("question")
    assert questions[0].get("type") == "category"
    assert questions[0].findtext("category/text") == "$course$/DeepSeek"
    types = [one.get("type") for one in questions[1:]]
    assert len(types) == len(items)
    assert set(types) == {
        "multichoice",
        "truefalse",
        "shortanswer",
        "numerical",
        "matching",
        "ordering",
    }
    for one in questions[1:]:
        assert one.findtext("name/text")
        assert one.find("questiontext").get("format") == "html"
        kind = one.get("type")
        fractions = [float(answer.get("fraction")) for answer in one.findall("answer")]
        if kind in {"multichoice", "truefalse", "shortanswer", "numerical"}:
            assert sum(one for one in fractions if one > 0) >= 99.9
        if kind == "multichoice":
            assert one.findtext("single") in {"true", "false"}
        if kind == "matching":
            pairs = one.findall("subquestion")
            assert len(pairs) >= 3
            assert all(pair.findtext("answer/text") for pair in pairs)


def test_questions_of_moodle_become_draft_facts() -> None:
    text = """
// a comment
$CATEGORY: $course$/Rivers//Lakes

::Q1:: [html]Which river flows through <b>Paris</b>? {=Seine#yes ~Rhine ~%-50%Danube ####It does.}

::Q2::The Nile is in Africa. {T}

Name the sea \\{here\\}. {=%100%North Sea =German Ocean =%50%Sea}

::Q4::How long is it? {#6650:50}

::Q5::Between? {#1..5}

::Q6::Match. {=Peru -> Lima =Chile -> Santiago =Cuba -> Havana}

The {=Amazon ~Nile} is the widest.

::Q8::Which are lakes? {~%50%Garda ~%50%Como ~%-100%Rhône}

::Q9::Write about it. {}

A description alone.

::Q11::Broken {=a
"""
    assert looks_like_gift(text)
    read = read_gift(text)
    assert read.category == "Rivers/Lakes"
    assert [(one.line, one.reason) for one in read.problems] == [
        (21, "an essay has no right answer."),
        (23, "there are no answers in braces: a description is no fact."),
        (25, "the brace of the answers is not closed."),
    ]
    facts, problems = facts_of(read.items)
    assert problems == ()
    assert {fact.status for fact in facts} == {Status.DRAFT}
    told = {fact.key: (fact.ask, display(fact.value)) for fact in facts}
    assert told["q1"] == ("Which river flows through Paris?", "Seine")
    assert told["q6-2"] == ("Match. Chile", "Santiago")
    assert told["q2"] == ("The Nile is in Africa.", "True")
    by_key = {fact.key: fact for fact in facts}
    assert by_key["q1"].note == "It does."
    assert by_key["name-the-sea-here"].value == TextValue("North Sea", ("German Ocean",))
    number = by_key["q4"].value
    assert isinstance(number, NumberValue)
    assert (number.amount, number.tolerance) == (6650, 50)
    between = by_key["q5"].value
    assert isinstance(between, NumberValue)
    assert (between.amount, between.tolerance) == (3, 2)
    lakes = by_key["q8"].value
    assert isinstance(lakes, SetValue)
    assert [one.name for one in lakes.items] == ["Garda", "Como"]
    gap = next(fact for fact in facts if "widest" in fact.ask)
    assert gap.ask == f"What fits the gap? The {BLANK} is the widest."
    assert gap.say == "The {value} is the widest."


def test_pictures_beside_the_text_of_moodle_xml_are_kept() -> None:
    def drawn(colour: int) -> bytes:
        out = io.BytesIO()
        Image.new("RGB", (4, 3), (colour, 9, 9)).save(out, "PNG")
        return out.getvalue()

    def file(name: str, data: bytes, path: str = "/") -> str:
        packed = base64.encodebytes(data).decode()
        return f'<file name="{name}" path="{path}" encoding="base64">{packed}</file>'

    def question(asked: str, told: str = "") -> str:
        return (
            '<question type="shortanswer"><name><text>n</text></name>'
            f'<questiontext format="html">{asked}</questiontext><generalfeedback format="html">'
            f'{told}</generalfeedback><answer fraction="100"><text>Femur</text></answer></question>'
        )

    src = '<img src="@@PLUGINFILE@@/%s" alt="%s">'
    text = f"<text><![CDATA[<p>Which bone?</p>{src % ('a%20b.png', 'a long bone')}]]></text>"
    told = f"<text><![CDATA[{src % ('in/c.png', '')} [sound:x.mp3]]]></text>"
    lost = [src % ("no.png", ""), src % ("d.svg", ""), '<img src="data:image/png;base64,%s">']
    rest = f"<text><![CDATA[What? {' '.join(lost) % ('A' * 9000)}]]></text>"
    quiz = question(text + file("a b.png", drawn(1)), told + file("c.png", drawn(2), "/in/"))
    quiz += question(text + file("a b.png", drawn(3)))
    quiz += question(rest + file("d.svg", b"<svg/>"))
    read = read_moodle(f"<quiz>{quiz}</quiz>")
    facts, problems = facts_of(read.items)
    assert not problems
    assert [one.data for one in read.files] == [drawn(1), drawn(2), drawn(3)]
    first, second, third = (fact.pictures for fact in facts)
    names = [one.name for one in read.files]
    assert first == (Picture(names[0], Side.QUESTION, "a long bone"), Picture(names[1]))
    assert (second, third) == ((Picture(names[2], Side.QUESTION, "a long bone"),), ())
    assert [str(one) for one in read.problems] == [
        "question 1: x.mp3 is not kept: only pictures are.",
        "question 3: A picture that stands in its text is not kept.",
        "question 3: no.png: The file does not have this picture.",
        "question 3: d.svg: This is no PNG, JPEG, GIF or WebP picture.",
    ]
    (gift,) = read_gift('::q::Which? <img src\\="@@PLUGINFILE@@/a.png"> {=Femur}').problems
    assert gift.reason == "@@PLUGINFILE@@/a.png is not kept: GIFT has no files."


def test_categories_are_tags_and_numbers_have_their_unit() -> None:
    def category(path: str) -> str:
        return f'<question type="category"><category><text>{path}</text></category></question>'

    def question(name: str, units: str) -> str:
        return (
            f'<question type="numerical"><name><text>{name}</text></name><questiontext>'
            f'<text>How long is {name}?</text></questiontext><answer fraction="100">'
            f"<text>6650</text><tolerance>50</tolerance></answer>{units}</question>"
        )

    unit = "<unit><multiplier>%s</multiplier><unit_name>%s</unit_name></unit>"
    units = f"<units>{unit % ('0.001', 'm')}{unit % ('1.0', 'km')}</units>"
    body = category("$course$/top") + category("$course$/top/Water/Rivers")
    body += question("Nile", units) + category("$course$/top/Water/Lakes//Ponds")
    read = read_moodle(f"<quiz>{body}{question('Como', '')}</quiz>")
    facts, problems = facts_of(read.items)
    assert not problems
    assert read.category == "Water/Rivers"
    assert [fact.tags for fact in facts] == [("Rivers",), ("Lakes/Ponds",)]
    assert [fact.value for fact in facts] == [
        NumberValue(Decimal(6650), "km", Decimal(50)),
        NumberValue(Decimal(6650), "", Decimal(50)),
    ]
    text = "$CATEGORY: $system$/A\n\na? {T}\n\n$CATEGORY: tom/B\n\nb? {F}\n"
    gift = read_gift(text)
    assert gift.category == "A"
    assert [one.tags for one in gift.items] == [("A",), ("B",)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('<!DOCTYPE q [<!ENTITY a "aaaa">]><quiz>&a;</quiz>', "entities"),
        ('<!DOCTYPE quiz SYSTEM "http://127.0.0.1/x.dtd"><quiz/>', "document type"),
        ("<quiz><question>", "not XML"),
        ("<html><body/></html>", "no quiz"),
        ("<a>" * 100_000, "not XML"),
        ("<quiz>" + " " * 20_000_001 + "</quiz>", "20 MB"),
        ("<quiz>" + "<a/>" * 1_000_001 + "</quiz>", "more tags"),
        ("<quiz a" + "=" * 1_000_001 + "/>", "more tags"),
    ],
)
def test_hostile_xml_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadXml, match=why):
        read_moodle(text)


def test_gift_is_read_in_time_linear_in_its_length() -> None:
    many = "::a::b {=c ~d}\n\n" * 20_001
    read = read_gift(many)
    assert len(read.items) == 20_000
    assert "more than 20,000" in read.problems[-1].reason
    assert read_gift("{" * 100_000).items == ()
    assert len(read_gift("q {" + "=a" * 100_000 + "}").items) == 1
    assert read_gift("\\" * 100_001 + "{=").items == ()


def test_qti_items_have_what_the_standard_asks(items: list[Item]) -> None:
    with zipfile.ZipFile(io.BytesIO(write_qti("DeepSeek", iter(items)))) as package:
        files = {name: etree.fromstring(package.read(name)) for name in package.namelist()}
    ns = {"q": QTI, "m": "http://www.imsglobal.org/xsd/imscp_v1p1"}
    hrefs = files["imsmanifest.xml"].xpath("//m:resource/@href", namespaces=ns)
    assert sorted(hrefs) == sorted(set(files) - {"imsmanifest.xml"})
    refs = files["test.xml"].xpath("//q:assessmentItemRef/@href", namespaces=ns)
    assert len(refs) == len(items)
    seen = set()
    for ref, item in zip(refs, items, strict=True):
        root = files[ref]
        order = [etree.QName(child).localname for child in root]
        assert order == [
            "responseDeclaration",
            "outcomeDeclaration",
            "itemBody",
            "responseProcessing",
        ]
        (interaction,) = root.xpath(".//q:*[@responseIdentifier='RESPONSE']", namespaces=ns)
        seen.add(etree.QName(interaction).localname)
        right = root.xpath("//q:correctResponse/q:value/text()", namespaces=ns)
        named = {
            one.get("identifier"): one.text
            for one in root.xpath("//q:itemBody//q:*[@identifier]", namespaces=ns)
        }
        if item.kind is ItemKind.MATCH:
            pairs = [tuple(named[part] for part in one.split()) for one in right]
            assert pairs == list(zip(item.prompts, item.keys, strict=True))
        elif named:
            assert [named[one] for one in right] == list(item.keys)
        else:
            assert right == [item.keys[0]]
    assert seen == {
        "choiceInteraction",
        "textEntryInteraction",
        "orderInteraction",
        "matchInteraction",
    }
