"""Files that mean harm: each is refused with a reason, in bounded time and memory, on no disk."""

import io
import json
import random
import sqlite3
import struct
import sys
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from app.core.errors import Refused
from app.core.facts import Deck
from app.interchange.apkg import BadPackage, default_mapping, read_apkg, reading, to_facts
from app.interchange.apkg.package import Note, NoteType, Package
from app.interchange.apkg.schema import CREATE, SEPARATOR
from app.interchange.archives import Archive, BadArchive
from app.interchange.htmltext import plain_text
from app.interchange.uploads import Into, read_any
from app.interchange.xlsx import BadWorkbook, workbook_rows

if sys.version_info >= (3, 14):
    from compression.zstd import compress
else:
    from backports.zstd import compress

MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing that is read leaves anything in the folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(tmp_path.rglob("*"))
    yield
    assert set(tmp_path.rglob("*")) == before


def zipped(files: dict[str, bytes], **about: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            for field, content in about.items():
                setattr(entry, field, content)
            made.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def collection(fill: Callable[[sqlite3.Connection], object] | None = None) -> bytes:
    """A small collection of one note, changed by `fill`."""
    model = {"id": 1, "name": "Basic", "flds": [{"name": "F"}, {"name": "B"}], "tmpls": [{}]}
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(CREATE)
        columns = (1, 0, 0, 0, 11, 0, 0, 0, "{}", json.dumps({"1": model}), "{}", "{}", "{}")
        made.execute("INSERT INTO col VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", columns)
        fields = SEPARATOR.join(("Question?", "Answer"))
        made.execute("INSERT INTO notes VALUES (1,'g',1,0,0,'',?,'',0,0,'')", (fields,))
        if fill is not None:
            fill(made)
        made.commit()
        return made.serialize()


def package(data: bytes, name: str = "collection.anki21") -> bytes:
    return zipped({name: data, "media": b"{}"})


def spending(read: Callable[[], object]) -> int:
    """How many bytes of memory reading took at the most."""
    tracemalloc.start()
    try:
        read()
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_a_whole_package_is_read() -> None:
    assert [note.fields for note in read_apkg(package(collection())).notes] == [
        ("Question?", "Answer")
    ]


def test_a_bomb_is_known_by_what_it_says_of_itself() -> None:
    data = bytearray(zipped({"collection.anki2": b"x" * 1000}))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 0xFFFFFFF0)
    with pytest.raises(BadArchive, match="more than"):
        read_apkg(bytes(data))


def test_a_bomb_that_lies_of_its_size_is_stopped() -> None:
    data = bytearray(zipped({"collection.anki2": b"\0" * 70 * MEGABYTE}))
    assert len(data) < MEGABYTE
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.find(mark)
        data[at + place : at + place + 4] = struct.pack("<L", 10)

    def read() -> None:
        with pytest.raises((BadArchive, BadPackage)):
            read_apkg(bytes(data))

    assert spending(read) < 20 * MEGABYTE


def test_many_empty_entries_are_refused_by_their_number() -> None:
    entry = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\x01\x02", *[0] * 4, *[0] * 4, 0, 0, 0, 1, *[0] * 4, 0, 0
    )
    directory = (entry + b"a") * 200_000
    for told in (200_000 % 65536, 0xFFFF, 3):
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, told, told, len(directory), 0, 0)

        def read(data: bytes = directory + end) -> None:
            with pytest.raises(BadArchive, match="more than"):
                Archive(data, MEGABYTE)

        assert spending(read) < MEGABYTE


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/passwd", "a/../../x", "C:/x", "a\\b", "con", "media/NUL.txt", "a:b/x"],
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(BadArchive, match="unsafe name"):
        read_apkg(zipped({"collection.anki2": b"", name: b"x"}))


def test_links_and_doubled_and_encrypted_entries_are_refused() -> None:
    with pytest.raises(BadArchive, match="unsafe name"):
        read_apkg(zipped({"collection.anki2": b"/etc/passwd"}, external_attr=0o120777 << 16))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("collection.anki2", b"a")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("collection.anki2", b"b")
    with pytest.raises(BadArchive, match="twice"):
        read_apkg(out.getvalue())
    locked = bytearray(zipped({"collection.anki2": b"x"}))
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    with pytest.raises(BadArchive, match="encrypted"):
        read_apkg(bytes(locked))


def test_a_zstd_bomb_is_stopped_by_its_stream_and_by_its_window() -> None:
    bomb = compress(b"\0" * 100 * MEGABYTE)
    assert len(bomb) < MEGABYTE

    def read() -> None:
        with pytest.raises(BadArchive, match="60 MB"):
            read_apkg(package(bomb, "collection.anki21b"))

    assert spending(read) < 150 * MEGABYTE
    greedy = b"\x28\xb5\x2f\xfd\x00" + bytes([(30 - 10) << 3]) + b"\x01\x00\x00"
    with pytest.raises(BadPackage, match="packed badly"):
        read_apkg(package(greedy, "collection.anki21b"))
    for short in (compress(collection())[:-9], b"", b"no zstd"):
        with pytest.raises(BadPackage):
            read_apkg(package(short, "collection.anki21b"))


ENDLESS = "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) SELECT x"


def test_a_view_in_the_place_of_a_table_is_not_asked() -> None:
    def endless(made: sqlite3.Connection) -> None:
        made.execute("DROP TABLE notes")
        made.execute(f"CREATE VIEW notes AS {ENDLESS} AS id, 'g' AS guid FROM a")

    with pytest.raises(BadPackage, match="no table notes"):
        read_apkg(package(collection(endless)))


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", -1.0)
    monkeypatch.setattr(reading, "_STEPS", 10)
    with pytest.raises(BadPackage, match="too long"):
        read_apkg(package(collection()))


def test_triggers_and_odd_types_do_nothing() -> None:
    def odd(made: sqlite3.Connection) -> None:
        made.execute("UPDATE notes SET guid = x'00ff', tags = 5.5, flds = x'ff1f41'")
        made.execute("UPDATE col SET crt = 9e99")
        made.execute("INSERT INTO cards VALUES (1,1,1,0,0,0,2,2,9e18,'abc',0,0,0,0,0,0,0,'[[[')")
        made.execute("CREATE TRIGGER t AFTER INSERT ON cards BEGIN DELETE FROM notes; END")

    read = read_apkg(package(collection(odd)))
    assert len(read.notes) == 1
    facts = to_facts(read, default_mapping(read))
    assert facts.facts == ()
    assert "no text" in facts.refused[0].reason


@pytest.mark.parametrize("seed", range(40))
def test_broken_collections_are_refused_or_read_and_nothing_else(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 no secret
    data = bytearray(collection())
    if seed % 2:
        del data[rng.randrange(len(data)) :]
    for _ in range(rng.randrange(1, 30)):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    with suppress(Refused):
        read_apkg(package(bytes(data)))


@pytest.mark.parametrize(
    "models", ["[", "[]", "5", '{"1": 5}', '{"1": {"id": "x", "flds": 7}}', "[" * 100_000]
)
def test_odd_note_types_are_refused(models: str) -> None:
    data = collection(lambda made: made.execute("UPDATE col SET models = ?", (models,)))
    with pytest.raises(BadPackage):
        read_apkg(package(data))


def test_html_comes_in_as_text_alone() -> None:
    assert plain_text("<p>a</p><script>alert(1)</script><b onclick=x>b</b>&lt;i&gt;") == "a\nb<i>"
    assert plain_text('<img src=x onerror="alert(1)">[sound:a.mp3]') == ""
    assert plain_text("a<br>b&nbsp;&amp;amp;") == "a\nb &amp;"
    assert plain_text("<div>" * 30_000 + "deep") == "deep"
    assert plain_text("1 < 2 & 3 > 2") == "1 < 2 & 3 > 2"
    assert plain_text("x\x00\x1fy\ud800") == "xy"


def test_notes_that_make_no_fact_are_told_with_the_reason() -> None:
    kind = NoteType(1, "Basic", ("Front", "Back"), 1)
    notes = (
        Note(1, "a", 1, ("ok?", "yes")),
        Note(2, "b", 1, ("x" * 1001, "long")),
        Note(3, "c", 1, ("<div>" * 20_001, "y" * 10)),
        Note(4, "d", 1, ("q", "")),
        Note(5, "a", 1, ("again?", "same note")),
    )
    mapped = to_facts(Package("D", (kind,), notes), default_mapping(Package("D", (kind,), notes)))
    assert [fact.ask for fact in mapped.facts] == ["ok?"]
    assert [(one.line, one.field) for one in mapped.refused] == [
        (2, "Front"),
        (3, "note"),
        (4, "Back"),
    ]


SHEET = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>subject</t></is></c></row>%s</sheetData></worksheet>"""
TYPES = b"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.\
spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType=\
"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
RELS = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/\
%s" Target="%s"/></Relationships>"""
BOOK = b"""<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r=\
"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"""


def workbook(rows: bytes, sheet: bytes = SHEET) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELS % (b"officeDocument", b"xl/workbook.xml"),
            "xl/workbook.xml": BOOK,
            "xl/_rels/workbook.xml.rels": RELS % (b"worksheet", b"worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": sheet % rows if b"%s" in sheet else sheet,
        }
    )


def test_a_workbook_of_wide_and_far_cells_costs_no_more_than_it_holds() -> None:
    assert workbook_rows(workbook(b'<row r="2"><c r="A2"><v>5</v></c></row>')) == "subject\r\n5\r\n"
    wide = b"".join(
        b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (at, at) for at in range(2, 900)
    )

    def read() -> None:
        assert workbook_rows(workbook(wide)).count("\n") == 899

    assert spending(read) < 20 * MEGABYTE
    with pytest.raises(BadWorkbook, match="At most"):
        workbook_rows(workbook(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'))


def test_workbooks_that_mean_harm_are_refused() -> None:
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]>' + SHEET
    with pytest.raises(BadWorkbook, match="entities"):
        workbook_rows(workbook(b"", entity))
    with pytest.raises(BadWorkbook, match="UTF-8"):
        workbook_rows(workbook(b"", SHEET.decode().encode("utf-16")))
    with pytest.raises(BadArchive, match="60 MB"):
        workbook_rows(workbook(b" " * 61 * MEGABYTE))
    with pytest.raises(BadWorkbook):
        workbook_rows(workbook(b"<row>", b"<broken"))
    with pytest.raises(BadWorkbook):
        workbook_rows(zipped({"xl/workbook.xml": b"<a/>"}))


@pytest.mark.parametrize(
    "data",
    [
        zipped({"hello.txt": b"x"}),
        b"PK\x03\x04",
        b"PK\x05\x06" + b"\0" * 18,
        b"\x89PNG\r\n\x1a\n",
        b"",
        b"\xff\xfe\x00",
        "q? {=\ud7ff}".encode("utf-16-le")[:-1],
        b"{" * 100_000,
        b"&a [*a, *a]",
    ],
)
def test_whatever_comes_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_any(data, "x.bin", Into("d", Deck("d", "D")))
    assert len(str(refused.value)) > 15


def steps_of(read: Callable[[], object]) -> int:
    """Count the instructions of Python that reading takes: the same in every run."""
    steps = 0

    def count(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        nonlocal steps
        if event == "call":
            file = frame.f_code.co_filename  # what dataclasses make of themselves has none
            if "/app/" not in file and file != "<string>":
                return None
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        steps += event == "opcode"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        read()
    finally:
        sys.settrace(before)
    return steps


def json_table(rows: int) -> str:
    value = '"{""kind"": ""entity"", ""entity"": ""p%d""}"'
    named = "".join(f"n{at},What is p{at}?,p{at},entity\n" for at in range(rows))
    told = "".join(f"k{at},Who is {at}?,{value % at},\n" for at in range(rows))
    return "key,ask,value,value_kind\n" + named + told


def csv_rows(rows: int) -> str:
    return "subject,relation,value\n" + "".join(
        f"Town {at},founder,Person {at}\n" for at in range(rows)
    )


def gift(rows: int) -> str:
    return "".join(f"::q{at}::What is {at}? {{=a{at} ~b ~c}}\n\n" for at in range(rows))


def moodle(rows: int) -> str:
    one = (
        '<question type="shortanswer"><name><text>n</text></name><questiontext><text>What is %d?'
        '</text></questiontext><answer fraction="100"><text>a</text></answer></question>'
    )
    return f"<quiz>{''.join(one % at for at in range(rows))}</quiz>"


def json_facts(rows: int) -> str:
    facts = [
        {"key": f"k{at}", "ask": "What?", "value": {"kind": "text", "text": f"v{at}"}}
        for at in range(rows)
    ]
    return json.dumps({"format": "factdeck/1", "deck": {"key": "d", "title": "D"}, "facts": facts})


@pytest.mark.parametrize("made", [json_table, csv_rows, gift, moodle, json_facts])
def test_four_times_the_rows_take_four_times_the_steps(made: Callable[[int], str]) -> None:
    into = Into("towns", Deck("towns", "Towns"))
    few, many = (
        steps_of(partial(read_any, made(rows).encode(), "file", into)) for rows in (40, 160)
    )
    assert 2 < many / few < 4.4


def test_a_line_without_end_is_not_copied_many_times() -> None:
    data = b"key,ask,value\nk,What?," + b"x" * 20_000_000
    tracemalloc.start()
    with pytest.raises(Refused, match="field larger than field limit"):
        read_any(data, "fat.csv", Into("fat", is_own=True))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 3 * len(data)
