"""Pictures of packages and deck files: kept where they belong, and nothing else let in."""

import io
import json
import random
import zipfile
from pathlib import Path

import pytest
from anki.collection import (
    AddNoteRequest,
    Collection,
    DeckIdLimit,
    ExportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from PIL import Image

from app.core.errors import Refused
from app.core.facts import Deck, Fact, Picture, Side
from app.core.questions import DeckIndex, Direction, QuestionType, ask, questions_of
from app.core.questions.codec import dump_question, load_question
from app.core.values import TextValue
from app.interchange.apkg import (
    Package,
    default_mapping,
    dump_package,
    load_package,
    read_apkg,
    to_facts,
    told_losses,
    with_pictures,
    write_apkg,
)
from app.interchange.apkg import media as package_media
from app.interchange.apkg.media import pictures_in
from app.interchange.apkg.package import Note, NoteType
from app.interchange.deck_file import read_with_pictures, write_deck
from app.interchange.loading import DeckFileRefused
from app.interchange.pictures import BadPicture, PictureFile, read_picture


def drawn(
    kind: str = "PNG", size: tuple[int, int] = (40, 30), colour: int = 0, **how: object
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (colour, 90, 200)).save(out, kind, **how)
    return out.getvalue()


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """What the real Anki exports of notes with pictures: the legacy and the current package."""
    folder = tmp_path_factory.mktemp("anki")
    anki = Collection(str(folder / "collection.anki2"))
    for name, data in (
        ("femur é.png", drawn()),
        ("back.jpg", drawn("JPEG", colour=9)),
        ("moving.gif", drawn("GIF", colour=50)),
        ("drawn.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("lies.png", b"<html><script>alert(1)</script>"),
    ):
        assert anki.media.write_data(name, data) == name
    place = anki.decks.id("Bones")
    assert place is not None
    wanted = [
        ("Basic", ['<img src="femur é.png" alt="a long bone">', "Femur<img src=back.jpg>"]),
        ("Basic (and reversed card)", ["dog", "<img src='moving.gif'> Hund"]),
        ("Cloze", ['This {{c1::tibia <img src="back.jpg">}} is <img src="moving.gif">', "More"]),
        ("Basic", ['Bad <img src="drawn.svg"><img src="lies.png"><img src="gone.png">', "yes"]),
    ]
    requests = []
    for name, content in wanted:
        kind = anki.models.by_name(name)
        assert kind is not None
        note = anki.new_note(kind)
        note.fields = content
        requests.append(AddNoteRequest(note, place))
    anki.add_notes(requests)
    made = []
    for legacy in (True, False):
        path = str(folder / f"{legacy}.apkg")
        options = ExportAnkiPackageOptions(
            with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy
        )
        anki.export_anki_package(out_path=path, options=options, limit=DeckIdLimit(place))
        made.append(Path(path).read_bytes())
    anki.close()
    return made


def read(data: bytes) -> tuple[Package, tuple[PictureFile, ...]]:
    return with_pictures(data, read_apkg(data))


@pytest.mark.parametrize("at", [0, 1], ids=["legacy", "current"])
def test_pictures_of_an_anki_package_stay_on_their_side(packages: list[bytes], at: int) -> None:
    package, files = read(packages[at])
    assert load_package(dump_package(package)) == package
    assert len(files) == 3, package.problems
    names = {name: package.pictures[name] for name in ("femur é.png", "back.jpg", "moving.gif")}
    mapped = to_facts(package, default_mapping(package))
    facts = {fact.value.text: fact for fact in mapped.facts if isinstance(fact.value, TextValue)}
    assert facts["Femur"].ask == "What does this picture show?"
    assert facts["Femur"].pictures == (
        Picture(names["femur é.png"], Side.QUESTION, "a long bone"),
        Picture(names["back.jpg"], Side.ANSWER),
    )
    assert facts["Hund"].pictures == (Picture(names["moving.gif"], Side.ANSWER),)
    assert facts["dog"].pictures == (Picture(names["moving.gif"], Side.QUESTION),)
    assert facts["tibia"].pictures == (
        Picture(names["moving.gif"], Side.QUESTION),
        Picture(names["back.jpg"], Side.ANSWER),
    )
    assert facts["yes"].pictures == ()
    told = told_losses(package, mapped)
    assert [line.split(":")[0] for line in told] == ["drawn.svg", "lies.png", "gone.png"]


def deck_with_pictures() -> tuple[Deck, dict[str, bytes]]:
    one, other = read_picture(drawn(colour=1)), read_picture(drawn("JPEG", colour=2))
    shown = (Picture(one.name, Side.QUESTION, 'A "bone" <b>'), Picture(other.name, Side.ANSWER))
    facts = (
        Fact("f", TextValue("Femur"), ask="Which bone?", note="Long.", pictures=shown),
        Fact(
            "g",
            TextValue("Tibia"),
            ask="Which bone?",
            pictures=(Picture(other.name, Side.QUESTION),),
        ),
    )
    return Deck("bones", "Bones", facts=facts), {one.name: one.data, other.name: other.data}


def test_pictures_go_to_anki_and_come_back(tmp_path: Path) -> None:
    deck, files = deck_with_pictures()
    data = write_apkg(deck, 1_763_900_000, pictures=files)
    anki = Collection(str(tmp_path / "collection.anki2"))
    path = tmp_path / "deck.apkg"
    path.write_bytes(data)
    anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(path)))
    kept = {name: Path(anki.media.dir(), f"factdeck-{name}").read_bytes() for name in files}
    assert kept == files
    assert not anki.media.check().missing
    anki.close()
    package, brought = read(data)
    assert {one.name: one.data for one in brought} == files
    back = to_facts(package, default_mapping(package)).facts
    assert [(one.key, one.pictures, one.note) for one in back] == [
        (one.key, one.pictures, one.note) for one in deck.facts
    ]


@pytest.mark.parametrize("file_format", ["yaml", "json"])
def test_a_deck_file_has_its_pictures_with_it(file_format: str) -> None:
    deck, files = deck_with_pictures()
    back = read_with_pictures(write_deck(deck, file_format, files))
    assert back.deck == deck
    assert {one.name: one.data for one in back.pictures} == files


def test_a_picture_that_is_not_what_its_name_says_is_refused() -> None:
    deck, files = deck_with_pictures()
    first, second = sorted(files)
    swapped = write_deck(deck, "json", {first: files[second], second: b"<svg/>"})
    with pytest.raises(DeckFileRefused) as refused:
        read_with_pictures(swapped)
    assert [one.field for one in refused.value.problems] == [
        "pictures[0].data",
        "pictures[1].data",
    ]
    raw = json.loads(write_deck(deck, "json"))
    raw["facts"][0]["pictures"] = [{"name": "../../etc/passwd", "side": "top"}, 7]
    with pytest.raises(DeckFileRefused) as refused:
        read_with_pictures(json.dumps(raw))
    assert {one.field for one in refused.value.problems} >= {
        "facts[0].pictures[0].name",
        "facts[0].pictures[0].side",
        "facts[0].pictures[1]",
    }


def test_questions_show_their_pictures_and_never_the_answers() -> None:
    deck, _ = deck_with_pictures()
    index = DeckIndex(deck)
    for fact in deck.facts:
        for question in questions_of(index, fact, 1):
            assert question.asked_with == tuple(
                one for one in fact.pictures if one.side is Side.QUESTION
            )
            assert load_question(json.loads(json.dumps(dump_question(question)))) == question
    typed = ask(index, deck.facts[0], QuestionType.SHORT_ANSWER, Direction.FORWARD, 1)
    assert typed is not None
    assert typed.keys == ("Femur",)  # the same words with another picture are another question


CAMERA = Image.Exif()
CAMERA[0x0112] = 6  # turned by a quarter
CAMERA[0x010F] = "Secret camera"


def test_what_a_camera_adds_is_left_out_and_the_picture_upright() -> None:
    made = read_picture(drawn("JPEG", (40, 30), exif=CAMERA))
    assert (made.width, made.height) == (30, 40)
    assert b"Secret" not in made.data
    assert read_picture(made.data) == made  # nothing changes the second time
    large = read_picture(drawn("PNG", (3200, 100)))
    assert (large.width, large.height) == (1600, 50)
    assert read_picture(large.data) == large


def bomb(width: int, height: int) -> bytes:
    data = bytearray(drawn())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"%PDF-1.4",
        b"BM" + bytes(60),
        drawn("TIFF"),
        drawn("PNG")[:60],
        bomb(60_000, 60_000),
        bomb(5_001, 5_000),
        bytes(10_000_001),
        b"GIF89a" + bytes(20),
        b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    ],
    ids=lambda data: f"{data[:8]!r} {len(data)}",
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadPicture):
        read_picture(data)


@pytest.mark.filterwarnings("ignore")
def test_broken_pictures_are_refused_and_never_crash() -> None:
    chance = random.Random(7)  # noqa: S311 no secret
    for whole in (drawn(), drawn("JPEG"), drawn("GIF"), drawn("WEBP")):
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(4):
                data[chance.randrange(len(data))] = chance.randrange(256)
            try:
                made = read_picture(bytes(data))
            except BadPicture:
                continue
            assert made.width * made.height <= 25_000_000


def package_of(files: dict[str, bytes], listed: object) -> bytes:
    """Return a package whose media are these files, listed so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("collection.anki21", b"")
        made.writestr("media", listed if isinstance(listed, bytes) else json.dumps(listed))
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def shown(*sources: str) -> Package:
    fields = "".join(f'<img src="{one}">' for one in sources)
    kind = NoteType(1, "Basic", ("Front", "Back"), 1)
    return Package("D", (kind,), (Note(1, "g", 1, (f"q {fields}", "a")),))


@pytest.mark.parametrize(
    "listed",
    [
        {"0": "../../../etc/passwd", "collection.anki21": "x.png", "media": "y.png"},
        ["x.png"],
        {"0": 7, "1": None},
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_hostile_list_of_media_brings_nothing(listed: object) -> None:
    data = package_of({"0": b"root:x"}, listed)
    asked = shown("../../../etc/passwd", "x.png", "y.png", "/etc/passwd")
    package, files = with_pictures(data, asked)
    assert not files
    assert not package.pictures
    assert package.problems


def test_media_that_unpack_to_very_much_are_refused_one_by_one() -> None:
    huge = bytes(60_000_000)
    data = package_of({"0": huge, "1": drawn()}, {"0": "bomb.png", "1": "fine.png"})
    assert len(data) < 200_000
    package, files = with_pictures(data, shown("bomb.png", "fine.png"))
    assert [one.width for one in files] == [40]
    assert package.problems[0].startswith("bomb.png: Unpacked, this has more than 10 MB")


def test_as_many_pictures_as_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_media, "MOST_PICTURES", 3)
    files = {str(at): drawn(colour=at) for at in range(30)}
    spaced = with_pictures(package_of({"0": drawn()}, {"0": "x y.png"}), shown("x%20y.png"))
    assert spaced[0].pictures["x%20y.png"]
    data = package_of(files, {name: f"{name}.png" for name in files})
    steps: list[tuple[int, int]] = []
    names = [f"{at}.png" for at in range(30)]
    package, kept = with_pictures(data, shown(*names), lambda *told: steps.append(told))
    assert len(kept) == 3
    assert len(package.problems) == 21
    assert package.problems[-1].startswith("7 more pictures")
    assert steps[-1] == (29, 30)
    monkeypatch.setattr(package_media, "MOST_PICTURES", 30)
    monkeypatch.setattr(package_media, "MOST_KEPT", 2 * len(drawn()))
    _, kept = with_pictures(data, shown(*names))
    assert len(kept) == 2


def test_pictures_are_found_however_a_note_writes_them() -> None:
    html = (
        '<IMG alt="a &amp; b" data-src="no" src=\'x%20y.png\'><img src=z.jpg/><img>' + "<img " * 9
    )
    assert [(one.file, one.alt) for one in pictures_in(html)] == [
        ("x%20y.png", "a & b"),
        ("z.jpg/", ""),
    ]
    assert list(pictures_in("<img " + "a" * 100_000)) == []


def test_a_refusal_is_no_crash() -> None:
    with pytest.raises(Refused):
        read_apkg(b"PK\x03\x04")
