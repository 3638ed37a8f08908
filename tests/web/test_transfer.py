"""Packages and tables in the browser: mapped, looked at, imported, undone, taken out."""

import csv
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.core.facts import Deck, Fact
from app.core.values import TextValue
from app.instance import Instance
from app.interchange.apkg import read_apkg, write_apkg
from app.interchange.deck_file import write_deck
from app.interchange.xlsx import workbook_rows
from app.services import accounts, exporting, jobs
from app.services.accounts import PersonChange

from .conftest import sign_in_as

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]


pytestmark = pytest.mark.usefixtures("signed_in_admin")


def send(submit: Submit, page: str, data: bytes, name: str, **more: object) -> TestResponse:
    return submit(page, page, file=(io.BytesIO(data), name), **more)


def read_aside(app: Flask, client: FlaskClient, sent: TestResponse) -> str:
    """Let the job read what was sent, and return the page of what it would do."""
    assert sent.location.startswith("/transfer/jobs/")
    assert jobs.work(app.extensions["factdeck"].engine, clock.now)
    return str(client.get(sent.location).location)


def exported(client: FlaskClient, file_format: str, deck: str = "places") -> bytes:
    sent = client.get(f"/transfer/{deck}/export/{file_format}")
    assert sent.status_code == 200
    assert "attachment" in sent.headers["Content-Disposition"]
    return sent.data


LEFT = {f"{name}_{at}": "0" for at in (1, 2) for name in ("question", "answer", "note")}
FORWARD = {"use_0": "asked", "question_0": "0", "answer_0": "1", "note_0": "-1"}
CHOSEN = {**LEFT, **FORWARD, "use_1": "left", "use_2": "left"}


def test_the_fields_of_a_package_are_mapped_with_the_facts_in_sight(
    client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    package = exported(client, "apkg")
    assert len(read_apkg(package).notes) > 60
    sent = send(submit, "/transfer/", package, "places.apkg", drafts="y")
    assert (sent.status_code, sent.location[:17]) == (303, "/transfer/fields/")
    page = visit(sent.location).text
    assert all(text in page for text in ("Factdeck forward", "Leave these out", ">Canberra</dd>"))
    swapped = CHOSEN | {"question_0": "1", "answer_0": "0"}
    shown = submit(sent.location, sent.location, preview="Show", **swapped)
    assert shown.location == sent.location
    assert ">Canberra</dt>" in visit(sent.location).text
    bad = submit(sent.location, sent.location, go_on="Go on", **(CHOSEN | {"answer_0": "99"}))
    assert bad.status_code == 422
    assert "Not a valid choice" in bad.text


def test_a_package_is_looked_at_imported_and_undone(
    client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    sent = send(submit, "/transfer/", exported(client, "apkg"), "places.apkg", drafts="y")
    onwards = submit(sent.location, sent.location, go_on="Go on", **CHOSEN)
    assert "/transfer/review/" in onwards.location
    assert "This makes a new deck" in visit(onwards.location).text
    done = submit(onwards.location, onwards.location)
    assert done.status_code == 303
    page = done.location.partition("?")[0]
    after = visit(done.location).text
    assert re.search(r"Imported: \d+ new facts", after)
    undo = re.search(r'action="(/transfer/undo/\d+)"', after)
    assert undo is not None
    undone = submit(page, undo[1])
    assert undone.status_code == 303
    assert re.search(r"Undone: \d+ new facts deleted", visit(undone.location).text)
    assert visit(page).status_code == 404
    assert submit("/transfer/", undo[1]).status_code == 404


def test_a_large_file_is_read_aside_and_its_page_says_how_far(
    app: Flask, client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    facts = tuple(Fact(f"f{at}", TextValue("v"), ask=f"What is {at}?") for at in range(900))
    data = write_apkg(Deck("many", "Many", facts=facts), clock.now())
    sent = send(submit, "/transfer/", data, "many.apkg", drafts="y")
    page = visit(sent.location).text
    assert "It waits for its turn." in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "<progress" in page
    fields = read_aside(app, client, sent)
    assert "900 facts so far" in visit(fields).text
    assert visit(sent.location.replace("jobs/", "jobs/x")).status_code == 404
    bad = send(submit, "/transfer/places", b"{" + b" " * 400_000, "<b>.json", drafts="y")
    assert jobs.work(app.extensions["factdeck"].engine, clock.now)
    page = visit(bad.location).text
    assert "Nothing was imported: the file has 1 problem." in page
    assert "&lt;b&gt;.json was not read" in page
    other = send(submit, "/transfer/", data, "many.apkg")
    drop = other.location.replace("/jobs/", "/review/") + "/drop"
    assert submit(other.location, drop).status_code == 303
    assert visit(other.location).status_code == 404


def test_a_long_import_is_stored_and_undone_aside(
    app: Flask,
    client: FlaskClient,
    visit: Visit,
    submit: Submit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.services.jobs.beginning.LIGHT", 20_000)
    monkeypatch.setattr("app.services.jobs.beginning.MANY_ROWS", 500)
    facts = tuple(Fact(f"f{at}", TextValue(f"v{at}"), ask=f"What is {at}?") for at in range(900))
    sent = send(
        submit, "/transfer/", write_deck(Deck("many", "Many", facts=facts)).encode(), "m.yaml"
    )
    look = read_aside(app, client, sent)
    begun = submit(look, look)
    assert begun.location == sent.location
    waiting = visit(begun.location).text
    assert "<h1>Importing <bdi>m.yaml</bdi></h1>" in waiting
    assert "It waits for its turn." in waiting
    assert client.get("/decks/many").status_code == 404
    assert read_aside(app, client, begun) == "/transfer/many?new=900&changed=0"
    assert "Imported: 900 new facts, 0 changed." in visit("/transfer/many?new=900&changed=0").text
    page = visit("/transfer/many").text
    undo = re.search(r'action="(/transfer/undo/\d+)"', page)
    assert undo is not None
    undoing = submit("/transfer/many", undo[1])
    assert submit("/transfer/many", undo[1]).location == undoing.location
    assert "<h1>Undoing the import of <bdi>m.yaml</bdi></h1>" in visit(undoing.location).text
    assert read_aside(app, client, undoing).startswith("/transfer/?deleted=900&")
    assert not jobs.work(app.extensions["factdeck"].engine, clock.now)


def test_an_import_that_is_undone_twice_says_so(
    client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    text = exported(client, "yaml").replace(b"Canberra", b"Sydney")
    looked = send(submit, "/transfer/places", text, "a.yaml")
    submit(looked.location, looked.location)
    page = visit("/transfer/places").text
    undo = re.search(r'action="(/transfer/undo/\d+)"', page)
    assert undo is not None
    assert submit("/transfer/places", undo[1]).status_code == 303
    assert b"Canberra" in exported(client, "yaml")
    again = submit("/transfer/places", undo[1])
    assert again.status_code == 409
    assert "undone already" in again.text


def test_a_curator_of_other_decks_undoes_nothing(
    app: Flask, client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    text = exported(client, "yaml").replace(b"Canberra", b"Sydney")
    looked = send(submit, "/transfer/places", text, "a.yaml")
    submit(looked.location, looked.location)
    undo = re.search(r'action="(/transfer/undo/\d+)"', visit("/transfer/places").text)
    assert undo is not None
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        other = accounts.sign_up(session, None, "c@b.example", "correct horse battery", 1)
        change = PersonChange(is_curator=True, is_admin=False, active=True)
        accounts.change_person(session, other.id, change)
    sign_in_as(client, other)
    assert submit("/transfer/", undo[1]).status_code == 403


def test_every_format_is_exported_and_offered(client: FlaskClient, visit: Visit) -> None:
    page = visit("/transfer/planets").text
    for name, one in exporting.FORMATS.items():
        assert f"/transfer/planets/export/{name}" in page
        sent = client.get(f"/transfer/planets/export/{name}")
        assert sent.mimetype == one.media_type
        assert sent.headers["Content-Disposition"].endswith(f'planets.{one.suffix}"')
        assert len(sent.data) > 1000


def test_tables_and_questions_come_back_through_the_same_page(
    app: Flask, client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    looked = send(submit, "/transfer/places", exported(client, "xlsx"), "facts.xlsx")
    assert "The deck is as the file says already" in visit(looked.location).text
    for file_format in ("gift", "moodle"):
        data = exported(client, file_format)
        looked = send(submit, "/transfer/places", data, f"x.{file_format}", drafts="y")
        onwards = looked.location
        page = visit(onwards if "/review/" in onwards else read_aside(app, client, looked))
        assert re.search(r'data-label="New">\d{3}<', page.text), file_format
    only = b"<quiz><question type='essay'><name><text>E</text></name></question></quiz>"
    refused = send(submit, "/transfer/places", only, "e.xml")
    assert refused.status_code == 422
    assert "no question in this" in refused.text
    mixed = b"::a:: What? {=this}\n\n::b:: Write. {}\n"
    looked = send(submit, "/transfer/", mixed, "mixed.gift")
    page = visit(looked.location)
    assert "Left out: 1" in page.text
    assert "line 3" in page.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_hostile_archives_are_errors_by_the_field(submit: Submit) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("../collection.anki2", b"<script>alert(1)</script>")
    for data in (out.getvalue(), b"PK\x03\x04junk", b"PK\x05\x06" + b"\xff" * 18):
        refused = send(submit, "/transfer/places", data, "x<b>.apkg")
        assert refused.status_code == 422
        assert 'class="field-error"' in refused.text
        assert "<script>alert" not in refused.text
    for data in (
        b"<svg onload=alert(1)>",
        b"<?xml version='1.0'?><!DOCTYPE q [<!ENTITY a 'b'>]><q/>",
    ):
        refused = send(submit, "/transfer/places", data, "x.xml")
        assert (refused.status_code, 'class="field-error"' in refused.text) == (422, True)
    assert send(submit, "/transfer/nowhere", b"a", "x.csv").status_code == 404


def test_learners_take_a_deck_along(app: Flask, client: FlaskClient, visit: Visit) -> None:
    assert "/take/planets" in visit("/decks/planets").text
    page = visit("/take/planets")
    assert "With my schedule" in page.text
    package = client.get("/take/planets/my-anki")
    assert read_apkg(package.data).deck_name
    quiz = visit("/take/planets/quiz?count=7&seed=3")
    assert quiz.text == visit("/take/planets/quiz?count=7&seed=3").text
    assert quiz.text != visit("/take/planets/quiz?count=7&seed=4").text
    assert quiz.text.count('class="stem"') == 7
    assert ">Answer key</h2>" in quiz.text
    assert "css/print.css" in quiz.text
    cards = visit("/take/planets/cards")
    assert cards.text.count('<section class="sheet">') == cards.text.count("sheet back")
    refused = visit("/take/planets/quiz?count=999")
    assert refused.status_code == 422
    assert "between 1 and 200" in refused.text
    assert visit("/take/nowhere").status_code == 404
    stranger = app.test_client()
    assert stranger.get("/take/planets/my-anki").status_code == 303
    assert "With my schedule" not in stranger.get("/take/planets").text


def test_my_reviews_and_schedule_are_tables(
    client: FlaskClient, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = submit("/decks/planets", "/decks/planets/study")
    assert started.status_code == 303
    for what in ("reviews", "schedule"):
        table = client.get(f"/take/my/{what}.csv")
        assert table.mimetype == "text/csv"
        header = next(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
        book = client.get(f"/take/my/{what}.xlsx")
        sheet = load_workbook(io.BytesIO(book.data)).worksheets[0]
        assert [cell.value for cell in sheet[1]] == header
        assert workbook_rows(book.data).splitlines()[0] == ",".join(header)
    whole = client.get("/take/my/schedule.csv")
    monkeypatch.setattr("app.web.takeout.IN_MEMORY", 10)
    with client.get("/take/my/schedule.csv") as sent:  # by way of a file
        assert sent.is_streamed
        assert sent.data == whole.data
        for name in ("Content-Type", "Content-Disposition", "Cache-Control"):
            assert sent.headers[name].replace('"', "") == whole.headers[name].replace('"', "")
    assert client.get("/take/my/secrets.csv").status_code == 404
    assert client.get("/take/my/reviews.exe").status_code == 404
