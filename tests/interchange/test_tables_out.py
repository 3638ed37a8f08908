"""Tables that go out and come back: equal, and asleep in every spreadsheet."""

import csv
import hashlib
import io
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from app.core.facts import Deck, Evidence, Fact, Relation, Source, Stance, Status
from app.core.values import (
    Bound,
    DatePart,
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.interchange.deck_file import read_deck, write_deck
from app.interchange.decoding import NotText, decode
from app.interchange.facts_csv import read_facts_csv
from app.interchange.facts_csv_export import write_facts_csv
from app.interchange.formulas import guarded, unguarded
from app.interchange.loading import DeckFileRefused
from app.interchange.workbooks import LONGEST_CELL, write_rows
from app.interchange.xlsx import workbook_rows

SEED_DATA = Path(__file__).parents[2] / "seed_data"
MERCURY = Entity("Mercury", "mercury-planet", "planet", ("the; planet",))
METAL = Entity("mercury", "mercury-metal", "metal")
LONER = Entity("=SUM(A1)", "sum", "", ("+1", "@x"))
OWN = Relation("own-way", "What of {subject}?", "", "{subject}: {value}.", "text", many=True)
BARE = Relation("bare")
TEXT = "A quote\nover two lines.\n\nAnother one."


def deck_with(*values: Value, **fields: object) -> Deck:
    facts = tuple(
        Fact(f"f{at}", value, MERCURY if at % 2 else METAL, OWN, **fields)  # type: ignore[arg-type]
        for at, value in enumerate(values)
    )
    return Deck(
        "d",
        "D",
        sources=(Source("s", "S", TEXT),),
        entities=(MERCURY, METAL, LONER),
        relations=(OWN, BARE),
        facts=facts,
    )


def back(deck: Deck) -> Deck:
    return read_facts_csv(write_facts_csv(deck), deck.key, deck)


VALUES: tuple[Value, ...] = (
    TextValue("plain", ("a; b", "c")),
    TextValue("{braces}"),
    TextValue("[list", ("[x]",)),
    TextValue("-5 and\nmore  words"),
    NumberValue(Decimal(-5), "°C", Decimal("0.5")),
    NumberValue(Decimal(50_000), "chips", bound=Bound.AT_LEAST),
    NumberValue(Decimal("1e39")),
    MoneyValue(Decimal("5.58e6"), "USD", Bound.LESS_THAN),
    MoneyValue(Decimal("12345.67"), "XAU"),
    RangeValue(Decimal(20), Decimal(50), "times"),
    RangeValue(Decimal(1), Decimal(2), "USD"),
    DateValue(1969, 7, 20),
    DateValue(2022, part=DatePart.LATE),
    DateValue(476),
    EntityValue(MERCURY),
    EntityValue(METAL),
    EntityValue(LONER),
    EntityValue(Entity("nameless", aliases=("x",))),
    SetValue((MERCURY, METAL)),
    SetValue((LONER, Entity("free"))),
)


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_value_comes_back_equal(value: Value) -> None:
    deck = deck_with(value, value)
    assert back(deck) == deck
    assert read_deck(write_deck(deck)) == deck


def test_everything_else_of_a_fact_comes_back_equal() -> None:
    deck = deck_with(
        TextValue("x"),
        stance=Stance.CLAIMED,
        according_to=METAL,
        as_of=DateValue(2022, part=DatePart.LATE),
        evidence=Evidence("s", "A quote\nover two lines."),
        status=Status.RETIRED,
        ask="What of {subject}, then?",
        ask_inverse="Whose is {value}?",
        say="{subject} has {value}.",
        note="=1+1\nand a second line",
        tags=("a;b", "'quoted"),
    )
    bare = replace(deck.facts[0], key="g", subject=None, relation=BARE, according_to='"=me"')
    alone = Fact("h", TextValue("y"), METAL, ask="Alone?", evidence=Evidence("s", "gone from it"))
    deck = replace(deck, facts=(*deck.facts, bare, alone))
    assert back(deck) == deck
    assert read_deck(write_deck(deck)) == deck


@pytest.mark.parametrize("path", sorted(SEED_DATA.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_seeded_deck_comes_back_equal(path: Path) -> None:
    deck = read_deck(path.read_text(encoding="utf-8"))
    assert back(deck) == deck


def test_a_table_makes_the_facts_of_a_new_deck_too() -> None:
    deck = read_deck((SEED_DATA / "planets.yaml").read_text(encoding="utf-8"))
    made = read_facts_csv(write_facts_csv(deck), "fresh")
    assert [fact.key for fact in made.facts] == [fact.key for fact in deck.facts]
    assert [fact.status for fact in made.facts] == [fact.status for fact in deck.facts]


@pytest.mark.parametrize(
    "cell", ["=1", "+1", "-1", "@x", "\t=1", "\r", " =1", '"=1', "'=1", "''=1", "\uff1d1", "\n+1"]
)
def test_a_formula_sleeps_and_wakes_up_whole(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


def test_a_formula_behind_a_semicolon_sleeps_too_where_those_part_cells() -> None:
    cell = 'mill; =cmd|x;"@sum;x - y\n+1'
    assert guarded(cell) == """mill;' =cmd|x;'"@sum;x - y\n'+1"""
    assert unguarded(guarded(cell)) == cell
    table = write_facts_csv(deck_with(*VALUES, note="a;=SUM(A1)", tags=("x", "=cmd|y")))
    assert not [one for one in re.split("[;\n]", table) if one.lstrip(' "').startswith("=")]


@given(st.text(alphabet=st.sampled_from("=+-@;'\" \t\r\n\uff1dab"), max_size=12))
@settings(max_examples=300)
def test_cells_full_of_marks_are_guarded_reversibly(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


@given(st.text(max_size=20))
@settings(max_examples=300)
def test_every_cell_is_guarded_reversibly(cell: str) -> None:
    safe = guarded(cell)
    assert unguarded(safe) == cell
    assert not safe.lstrip(' "\u00a0').startswith(("=", "+", "-", "@", "\t", "\r"))


def test_no_cell_of_an_exported_table_is_a_formula() -> None:
    table = write_facts_csv(deck_with(*VALUES, note="@SUM(A1)", tags=("-x",)))
    for row in csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_a_row_with_a_bad_key_status_or_json_is_refused() -> None:
    head = "key,subject,relation,value,value_kind,status\n"
    for row, column in (
        ("a b,x,r,y,text,", "key"),
        ("k,x,r,y,text,gone", "status"),
        ('k,x,r,"{""kind"": 1}",text,', "value"),
        ('k,x,r,"{broken",text,', "value"),
        ("k,x,r,y,text,\nk,x,r,z,text,", "key"),
    ):
        with pytest.raises(DeckFileRefused) as refused:
            read_facts_csv(head + row + "\n", "d")
        assert [one.field for one in refused.value.problems] == [column], row


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Zürich, Ærø and naïve".encode(), "UTF-8"),
        ("Zürich".encode("utf-8-sig"), "UTF-8"),
        ("Zürich".encode("utf-16"), "UTF-16"),
        ("Zürich".encode("utf-32"), "UTF-32"),
        (b"", "UTF-8"),
    ],
)
def test_an_encoding_is_told(data: bytes, encoding: str) -> None:
    assert decode(data).encoding == encoding
    assert decode(data).text in {"Zürich, Ærø and naïve", "Zürich", ""}


def test_an_old_encoding_is_guessed_and_nothing_is_swallowed() -> None:
    text = "Die Größe der Stadt Zürich überrascht viele Gäste, die über die Brücke kommen. " * 40
    found = decode(text.encode("cp1252"))
    assert found.encoding not in {"UTF-8", ""}
    assert found.text == text
    with pytest.raises(NotText):
        decode(b"\xef\xbb\xbf\xff\xfe broken")


CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1),
    st.sampled_from(["=1+1", " a\nb\tc ", "<&>\"']]>", "_x000D_", "007", "1e5", "true"]),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.none(),
)


@settings(max_examples=30)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5))
def test_a_spreadsheet_reads_what_was_put_into_a_workbook(rows: list[tuple[object, ...]]) -> None:
    out = io.BytesIO()
    write_rows(("ask", "n", "note"), rows, "A/B's [x]", out)  # type: ignore[arg-type]
    sheet = openpyxl.load_workbook(out).worksheets[0]
    told = [
        tuple(unescape(cell) if isinstance(cell, str) else cell for cell in row)
        for row in sheet.iter_rows(values_only=True, max_row=len(rows) + 1, max_col=3)
    ]
    digits = "{:.16G}"  # a spreadsheet keeps fifteen
    kept = [
        tuple(float(digits.format(one)) if isinstance(one, float) else one for one in row)
        for row in rows
    ]
    assert told == [("ask", "n", "note"), *kept]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert all(sheet["ABC"[at] + "1"].font.bold for at in range(3))
    assert sheet.freeze_panes == "A2"


def test_a_workbook_takes_no_memory_for_its_rows() -> None:
    def rows(count: int) -> Iterator[tuple[str, float]]:
        for at in range(count):
            yield hashlib.sha512(str(at).encode()).hexdigest() * 16, at

    write_rows(("fact", "n"), rows(1), "many", io.BytesIO())  # what is loaded once
    tracemalloc.start()
    write_rows(("fact", "n"), rows(3000), "many", out := io.BytesIO())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3000 * 2048 / 2
    assert openpyxl.load_workbook(out, read_only=True).worksheets[0].max_row == 3001


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\x00x\ufffe" * 40_000, "x" * LONGEST_CELL),
        ("y" * 40_000, "y" * LONGEST_CELL),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\ud800b", "ab"),
    ],
)
def test_what_no_cell_holds_is_left_out(text: str, told: str) -> None:
    out = io.BytesIO()
    write_rows(("fact",), [(text,)], "", out)
    assert openpyxl.load_workbook(out).worksheets[0]["A2"].value == told


def test_what_a_workbook_escapes_is_read_as_it_was() -> None:
    out = io.BytesIO()
    write_rows(("ask", "note"), [("_x000D_ and _x0000_", "=1+1")], "facts", out)
    table = list(csv.reader(io.StringIO(workbook_rows(out.getvalue()), newline="")))
    assert table == [["ask", "note"], ["_x000D_ and _x0000_", "=1+1"]]
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["two_x000D_\nlines", "no_x0000_thing_xD800_"])
    book.save(out := io.BytesIO())
    table = list(csv.reader(io.StringIO(workbook_rows(out.getvalue()), newline="")))
    assert table == [["two\r\nlines", "nothing"]]
