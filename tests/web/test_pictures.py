"""Pictures from a package to the page of a question, out again, and gone with their facts."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.facts import Deck, Fact, Picture, Side
from app.core.values import TextValue
from app.interchange.apkg import read_apkg, write_apkg
from app.interchange.apkg.media import with_pictures
from app.interchange.deck_file import read_with_pictures
from app.interchange.pictures import PictureFile, read_picture
from app.models.pictures import PendingPicture, PictureRow
from app.services import decks, fact_history, facts
from app.services.facts import Edit, Slice

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]


pytestmark = pytest.mark.usefixtures("signed_in_admin")


def drawn(colour: int) -> PictureFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (colour, 90, 200)).save(out, "PNG")
    return read_picture(out.getvalue())


ASKED, TOLD = drawn(1), drawn(2)
PICTURES = (Picture(ASKED.name, Side.QUESTION, "a long bone"), Picture(TOLD.name))
BONES = Deck(
    "bones",
    "Bones",
    facts=(Fact("femur", TextValue("Femur"), ask="Which bone is this?", pictures=PICTURES),),
)
PACKAGE = write_apkg(BONES, 1_763_900_000, pictures={one.name: one.data for one in (ASKED, TOLD)})


def brought_in(submit: Submit, data: bytes = PACKAGE, name: str = "bones.apkg") -> str:
    sent = submit("/transfer/", "/transfer/", file=(io.BytesIO(data), name))
    assert sent.status_code == 303, sent.text
    return str(sent.location)


def count(app: Flask, table: type[PictureRow | PendingPicture]) -> int:
    with Session(app.extensions["factdeck"].engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_pictures_are_looked_at_imported_asked_and_taken_out(
    app: Flask, client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    fields = brought_in(submit)
    shown = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', visit(fields).text)
    assert [alt for _, alt in shown] == ["a long bone", "A picture without a description"]
    pending = client.get(shown[0][0])
    assert (pending.data, pending.mimetype) == (ASKED.data, "image/png")
    assert pending.headers["Cache-Control"] == "private, no-store"
    review = fields.replace("/fields/", "/review/")
    done = submit(review, review)
    assert "1 new fact" in visit(done.location).text
    assert (count(app, PictureRow), count(app, PendingPicture)) == (2, 0)
    place = f"/pictures/bones/{ASKED.name}"
    sent = client.get(place)
    assert sent.data == ASKED.data
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in sent.headers["Cache-Control"]
    assert client.get(f"/pictures/planets/{ASKED.name}").status_code == 404
    with Session(app.extensions["factdeck"].engine) as session:
        assert decks.export_deck(session, "bones").facts[0].pictures == PICTURES
        number = facts.slice_facts(session, "bones", Slice(0, 1))[0][0].id
        draft = facts.FactDraft({"kind": "text", "text": "Femur"}, ask="Which bone is it?")
        facts.revise(session, number, 1, Edit(None, draft, 1_763_900_100, facts.Status.PUBLISHED))
        assert decks.export_deck(session, "bones").facts[0].pictures == PICTURES
    asked = submit("/decks/bones", "/decks/bones/quiz", count="1")
    page = visit(asked.location)
    assert f'<img src="{place}" alt="a long bone" lang="en" dir="ltr">' in page.text
    assert TOLD.name not in page.text
    right = submit(asked.location, asked.location, answer="Femur", response_ms="1")
    told = visit(right.location)
    assert ASKED.name in told.text
    assert TOLD.name in told.text


def test_a_curator_words_a_picture_moves_it_and_takes_it_away(
    app: Flask, visit: Visit, submit: Submit
) -> None:
    review = brought_in(submit).replace("/fields/", "/review/")
    submit(review, review)
    with Session(app.extensions["factdeck"].engine) as session:
        number = facts.slice_facts(session, "bones", Slice(0, 1))[0][0].id
    edit = f"/facts/edit/{number}"

    def stored() -> tuple[Picture, ...]:
        with Session(app.extensions["factdeck"].engine) as session:
            return decks.export_deck(session, "bones").facts[0].pictures

    plain = {"kind": "text", "text": "Femur", "ask": "Which bone is this?", "stance": "stated"}
    plain |= {"source": "", "bound": "", "part": "", "status": "published", "action": "publish"}

    def send(revision: int, *pictures: dict[str, str]) -> TestResponse:
        typed = {
            f"pictures-{at}-{name}": text
            for at, one in enumerate(pictures)
            for name, text in one.items()
        }
        return submit(edit, edit, revision=str(revision), **plain, **typed)

    page = visit(edit).text
    for at, one in enumerate(PICTURES):
        assert f'name="pictures-{at}-name" type="hidden" value="{one.name}"' in page
        assert f'src="/pictures/bones/{one.name}"' in page
    worded = {"name": ASKED.name, "alt": " the thigh\t bone ", "side": "question"}
    told = {"name": TOLD.name, "alt": "", "side": "question"}
    assert send(1, worded, told).status_code == 303
    known = Picture(ASKED.name, Side.QUESTION, "the thigh bone")
    assert stored() == (known, Picture(TOLD.name, Side.QUESTION))
    assert send(2, told | {"gone": "y"}).status_code == 303
    assert stored() == (known,)
    stale = send(1, worded | {"alt": "other"})
    assert stale.status_code == 409
    assert "the thigh bone (with the question)" in stale.text
    assert "other (with the question)" in stale.text
    for wrong in ({"alt": "x" * 1001}, {"side": "behind"}, {"name": "../x"}):
        assert send(3, worded | wrong).status_code == 422
    assert send(3, worded | {"name": drawn(9).name, "gone": "y"}).status_code == 303
    assert stored() == (known,)
    history = visit(f"{edit}/history").text
    assert "the thigh bone" in history


PLAIN = {
    "kind": "text",
    "text": "Femur",
    "ask": "Which bone is this?",
    "stance": "stated",
    "source": "",
    "bound": "",
    "part": "",
    "status": "draft",
    "action": "draft",
}


def file(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def test_a_curator_adds_a_picture_and_puts_another_in_its_place(
    app: Flask, client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    def stored() -> tuple[Picture, ...]:
        with Session(app.extensions["factdeck"].engine) as session:
            return decks.export_deck(session, "deepseek").facts[-1].pictures

    new, third = "/facts/deepseek/new", drawn(3)
    chosen = {"picture_alt": "a long bone", "picture_side": "question"}
    looked = {**PLAIN, **chosen, "action": "preview", "picture": file(ASKED.data, "a.png")}
    assert "Choose the new picture again" in submit(new, new, **looked).text
    assert count(app, PictureRow) == 0
    made = submit(new, new, **PLAIN, **chosen, picture=file(ASKED.data, "../../etc/a.exe"))
    assert made.status_code == 303, made.text
    assert stored() == (Picture(ASKED.name, Side.QUESTION, "a long bone"),)
    edit = made.location.partition("?")[0]
    page = visit(edit).text
    assert 'enctype="multipart/form-data"' in page
    assert f'<img src="/pictures/deepseek/{ASKED.name}" alt="a long bone">' in page
    assert "a.exe" not in page
    one = {"pictures-0-name": ASKED.name, "pictures-0-alt": "a leg bone"}
    one["pictures-0-side"] = "answer"
    other = {"pictures-0-other": file(TOLD.data, "b.png"), "picture": file(third.data, "c.png")}
    two = submit(edit, edit, revision="1", **PLAIN, **one, **other)
    assert two.status_code == 303, two.text
    assert stored() == (Picture(TOLD.name, Side.ANSWER, "a leg bone"), Picture(third.name))
    assert (client.get(f"/pictures/deepseek/{TOLD.name}").data, count(app, PictureRow)) == (
        TOLD.data,
        3,
    )
    stale = submit(edit, edit, revision="1", **PLAIN, picture=file(drawn(7).data, "d.png"))
    assert (stale.status_code, count(app, PictureRow)) == (409, 3)
    submit(f"{edit}/history", f"{edit}/revert", revision="2", to="1")
    assert stored() == (Picture(ASKED.name, Side.QUESTION, "a long bone"),)
    published = {**PLAIN, "action": "publish"}
    assert submit(edit, edit, revision="3", **published).status_code == 303
    package = client.get("/transfer/deepseek/export/apkg").data
    assert [one.data for one in with_pictures(package, read_apkg(package))[1]] == [ASKED.data]


def test_what_is_no_picture_is_said_beside_its_field(app: Flask, submit: Submit) -> None:
    new = "/facts/deepseek/new"
    large = io.BytesIO()
    Image.new("1", (6000, 5000)).save(large, "PNG")
    for data, why in (
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "This is no PNG"),
        (b"GIF89a, but no more", "This is no PNG"),
        (ASKED.data[:-30], "This picture is broken"),
        (large.getvalue(), "25 million pixels"),
        (b"x" * 10_000_001, "at most."),
    ):
        refused = submit(new, new, **PLAIN, picture=file(data, "a.png"))
        assert refused.status_code == 422
        assert why in re.findall(r'id="picture-error">([^<]+)<', refused.text)[0]
    assert count(app, PictureRow) == 0
    made = submit(new, new, **PLAIN, picture=file(ASKED.data, "a.png"))
    edit = made.location.partition("?")[0]
    twice = submit(edit, edit, revision="1", **PLAIN, picture=file(ASKED.data, "b.png"))
    assert (twice.status_code, "this very picture already" in twice.text) == (422, True)
    for number in range(2, 9):
        sent = file(drawn(number).data, "a.png")
        assert (
            submit(edit, edit, revision=str(number - 1), **PLAIN, picture=sent).status_code == 303
        )
    many = submit(edit, edit, revision="8", **PLAIN, picture=file(drawn(99).data, "a.png"))
    assert (many.status_code, "may have 8 pictures" in many.text) == (422, True)
    assert count(app, PictureRow) == 8


def test_a_deck_file_carries_its_pictures_to_another_place(
    app: Flask, client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    review = brought_in(submit).replace("/fields/", "/review/")
    submit(review, review)
    for file_format in ("yaml", "json"):
        data = client.get(f"/transfer/bones/export/{file_format}").data
        read = read_with_pictures(data.decode())
        assert {one.name for one in read.pictures} == {ASKED.name, TOLD.name}
        there = brought_in(submit, data.replace(b"bones", b"limbs"), f"limbs.{file_format}")
        submit(there, there)
        assert client.get(f"/pictures/limbs/{TOLD.name}").data == TOLD.data
        with Session(app.extensions["factdeck"].engine) as session:
            decks.delete_deck(session, "limbs")
        assert count(app, PictureRow) == 2
    data = client.get("/transfer/bones/export/yaml").data
    without = data.partition(b"\npictures:")[0].replace(b"bones", b"limbs")
    refused = submit("/transfer/", "/transfer/", file=(io.BytesIO(without), "limbs.yaml"))
    assert refused.status_code == 422
    assert "but does not have it" in refused.text
    same = brought_in(submit, data.partition(b"\npictures:")[0] + b"\n", "bones.yaml")
    assert "The deck is as the file says already" in visit(same).text
    cards = client.get("/transfer/bones/export/cards").text
    assert cards.count('<img src="data:image/png;base64,') == 2
    assert "bone" not in client.get("/transfer/bones/export/gift").text.partition("\n")[2]


def test_undoing_an_import_takes_its_pictures_away(
    app: Flask, client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    review = brought_in(submit).replace("/fields/", "/review/")
    submit(review, review)
    table = b"key,ask,value\nfemur,Which bone is this?,Thigh bone\n"
    sent = submit("/transfer/bones", "/transfer/bones", file=(io.BytesIO(table), "t.csv"))
    submit(sent.location, sent.location)
    with Session(app.extensions["factdeck"].engine) as session:
        assert decks.export_deck(session, "bones").facts[0].pictures == PICTURES
    newest, first = re.findall(r'action="(/transfer/undo/\d+)"', visit("/transfer/bones").text)
    submit("/transfer/bones", newest)
    assert count(app, PictureRow) == 2
    submit("/transfer/bones", first)
    assert count(app, PictureRow) == 0
    assert client.get(f"/pictures/bones/{ASKED.name}").status_code == 404


def test_a_draft_that_is_deleted_takes_its_pictures_along(app: Flask, submit: Submit) -> None:
    sent = submit("/transfer/", "/transfer/", file=(io.BytesIO(PACKAGE), "b.apkg"), drafts="y")
    review = str(sent.location).replace("/fields/", "/review/")
    submit(review, review)
    with Session(app.extensions["factdeck"].engine) as session:
        (draft,) = facts.slice_facts(session, "bones", Slice(0, 9))[0]
        assert count(app, PictureRow) == 2
        fact_history.delete_draft(session, draft.id, 1)
    assert count(app, PictureRow) == 0


def test_nobody_else_sees_pictures_of_an_upload(
    app: Flask, client: FlaskClient, submit: Submit
) -> None:
    fields = brought_in(submit)
    place = f"{fields}/pictures/{ASKED.name}"
    assert client.get(place).status_code == 200
    dropped = fields.replace("/fields/", "/review/")
    assert submit(dropped, f"{dropped}/drop").status_code == 303
    assert client.get(place).status_code == 404
    assert count(app, PendingPicture) == 0
