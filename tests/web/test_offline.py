"""The app on the device: its worker, manifest and page, and what devices fetch and send."""

import json
import re
import struct
import zlib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.instance import Instance
from app.interchange import deck_file
from app.models.learning import Review, ShownQuestion
from app.services import decks
from app.web.offline import icons

from .conftest import Submit

CORPORA = Path(__file__).parents[1] / "corpora"
STATIC = Path(icons.__file__).parents[2] / "static"
AS_SHOWN = {"type", "stem", "options", "prompts", "hint", "stance", "according_to"}
"""What a question's page shows of it: neither keys nor answers, rivals or the statement."""
OF_THE_DECK = {"token", "fact", "deck", "lang", "dir", "due", "back", "pictures"}


def engine_of(client: FlaskClient) -> Engine:
    instance: Instance = client.application.extensions["factdeck"]
    return instance.engine


@pytest.fixture
def begun(client: FlaskClient, submit: Submit) -> FlaskClient:
    """A guest who has begun to study."""
    assert submit("/decks/deepseek", "/decks/deepseek/study").status_code == 303
    return client


def state_of(client: FlaskClient) -> dict[str, object]:
    response = client.get("/offline/state")
    assert response.headers["Cache-Control"] == "no-store"
    told: dict[str, object] = response.get_json()
    return told


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": state_of(client)["csrf"], **fields})


def packed(client: FlaskClient, held: str = "") -> dict[str, list[dict[str, object]]]:
    told: dict[str, list[dict[str, object]]] = send(client, "/offline/pack", held=held).get_json()
    return told


def test_nobody_is_given_nothing(client: FlaskClient) -> None:
    assert state_of(client)["learner"] == ""
    assert send(client, "/offline/pack").status_code == 401
    assert send(client, "/offline/answers/nobodys", answered_epoch_s=1).status_code == 401


def test_a_device_is_given_questions_without_their_keys(begun: FlaskClient) -> None:
    told = packed(begun)
    assert [one["token"] for one in told["questions"]] == told["order"]
    assert len(told["order"]) == 10
    with Session(engine_of(begun)) as session:
        for one in told["questions"]:
            body = session.scalars(
                select(ShownQuestion.body).where(ShownQuestion.token == one["token"])
            ).one()
            assert one.keys() == AS_SHOWN | OF_THE_DECK
            assert {name: one[name] for name in AS_SHOWN} == {name: body[name] for name in AS_SHOWN}
            assert one["back"] == (body["keys"] if one["type"] == "flashcard" else [])


def test_what_a_device_holds_is_not_sent_again(begun: FlaskClient) -> None:
    first = packed(begun)
    again = packed(begun, " ".join(map(str, first["order"])))
    assert again["order"] == first["order"]
    assert again["questions"] == []


@pytest.mark.parametrize("held", ["ä", "a" * 44, "'; drop", "x " * 201, "\0a/b"])
def test_tokens_that_are_none_are_refused(begun: FlaskClient, held: str) -> None:
    assert send(begun, "/offline/pack", held=held).status_code == 422


def answers_to(question: dict[str, object]) -> dict[str, object]:
    options, kind = question["options"], question["type"]
    assert isinstance(options, list)
    if kind in {"cloze", "short_answer"}:
        return {"answer": "no idea"}
    if kind == "flashcard":
        return {"answer": "3"}
    if kind == "ordering":
        return {f"answer-{at}": at + 1 for at in range(len(options))}
    if kind == "matching":
        prompts = question["prompts"]
        assert isinstance(prompts, list)
        return {f"answer-{at}": options[0] for at in range(len(prompts))}
    return {"answer": options[0]}


def test_answers_are_taken_once_and_told(begun: FlaskClient) -> None:
    question = packed(begun)["questions"][0]
    fields = answers_to(question) | {"answered_epoch_s": clock.now(), "response_ms": 900}
    path = f"/offline/answers/{question['token']}"
    first, again = send(begun, path, **fields), send(begun, path, **fields)
    assert first.status_code == again.status_code == 200
    assert first.get_json() == again.get_json()
    told = first.get_json()
    assert told.keys() == {"credit", "deck", "feedback"}
    assert begun.get(told["feedback"]).status_code == 200
    with Session(engine_of(begun)) as session:
        assert session.scalar(select(func.count()).select_from(Review)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"answered_epoch_s": "1"},
        {"answer": "x"},
        {"answer": "x", "answered_epoch_s": "٣"},
        {"answer": "x", "answered_epoch_s": "-5"},
        {"answer": "x", "answered_epoch_s": "1" * 13},
        {"answer": "", "answered_epoch_s": "5"},
    ],
)
def test_half_an_answer_is_refused(begun: FlaskClient, fields: dict[str, str]) -> None:
    question = packed(begun)["questions"][0]
    assert send(begun, f"/offline/answers/{question['token']}", **fields).status_code == 422


def test_anothers_question_is_not_there(begun: FlaskClient, app: Flask) -> None:
    token = packed(begun)["order"][0]
    other = app.test_client()
    page = other.get("/decks/deepseek").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    other.post("/decks/deepseek/study", data={"csrf_token": found[1]})
    fields = {"answer": "x", "answered_epoch_s": 5}
    assert send(other, f"/offline/answers/{token}", **fields).status_code == 404
    assert packed(other, str(token))["order"].count(token) == 0


def test_what_devices_send_needs_the_token_of_their_own_session(begun: FlaskClient) -> None:
    for path in ("/offline/pack", "/offline/answers/x"):
        assert begun.post(path, data={"answered_epoch_s": 5}).status_code == 400
        away = {"Sec-Fetch-Site": "cross-site"}
        fields = {"csrf_token": state_of(begun)["csrf"]}
        assert begun.post(path, data=fields, headers=away).status_code == 403


def test_each_learner_has_a_mark_of_their_own_that_tells_nothing(
    begun: FlaskClient, app: Flask
) -> None:
    mine = str(state_of(begun)["learner"])
    assert re.fullmatch("[0-9a-f]{24}", mine)
    assert f'name="factdeck-learner" content="{mine}"' in begun.get("/study").text
    assert 'name="factdeck-learner" content=""' in app.test_client().get("/study").text


def test_the_page_for_no_network_is_the_same_for_everybody(begun: FlaskClient, app: Flask) -> None:
    theirs, nobodys = begun.get("/offline").text, app.test_client().get("/offline").text
    assert theirs == nobodys
    assert "csrf" not in theirs
    assert "factdeck-learner" not in theirs


def shell_of(client: FlaskClient, **headers: str) -> dict[str, object]:
    response = client.get("/service-worker.js", headers=headers)
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    found = re.match(r"const SHELL = (\{.*\});\n", response.text)
    assert found is not None
    told: dict[str, object] = json.loads(found[1])
    return told


def test_the_worker_names_every_file_of_its_page_by_content(client: FlaskClient) -> None:
    shell = shell_of(client)
    page = client.get("/offline").text
    wanted = set(re.findall(r'(?:src|href)="(/[^"]+\?v=[^"]+)"', page))
    files = shell["files"]
    assert isinstance(files, list)
    missing = {one for one in wanted - set(files) if "apple" not in one}
    assert missing == set()
    for file in files:
        with client.get(file) as response:
            assert response.status_code == 200
            assert "immutable" in response.headers["Cache-Control"]


def test_the_worker_changes_with_the_page_and_its_language(
    client: FlaskClient,
) -> None:
    english = shell_of(client)
    german = shell_of(client, **{"Accept-Language": "de"})
    assert (english["language"], german["language"]) == ("en", "de")
    assert english["version"] != german["version"]
    assert shell_of(client) == english


def test_the_manifest_makes_it_installable(client: FlaskClient) -> None:
    response = client.get("/manifest.webmanifest")
    assert response.mimetype == "application/manifest+json"
    told = response.get_json()
    assert (told["display"], told["scope"], told["start_url"]) == ("standalone", "/", "/study")
    assert {one["sizes"] for one in told["icons"]} >= {"192x192", "512x512", "any"}
    assert "maskable" in {one.get("purpose") for one in told["icons"]}
    for one in told["icons"]:
        with client.get(one["src"]) as icon:
            assert (icon.status_code, icon.mimetype) == (200, one["type"])
            if one["type"] == "image/png":
                width, height = struct.unpack(">II", icon.data[16:24])
                assert one["sizes"] == f"{width}x{height}"
    assert client.get(told["start_url"]).status_code == 200


def pixels(png: bytes) -> bytes:
    at, found = 8, b""
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            found += png[at + 8 : at + 8 + size]
        at += size + 12
    return zlib.decompress(found)


@pytest.mark.parametrize("name", ["192", "apple"])
def test_the_icons_are_those_that_we_draw(name: str) -> None:
    kept = (STATIC / "icons" / f"{name}.png").read_bytes()
    assert pixels(kept) == pixels(icons.drawn(name))


def test_a_deck_written_from_the_right_is_shown_from_the_right(
    client: FlaskClient, submit: Submit
) -> None:
    text = (CORPORA / "decks" / "arabic.yaml").read_text(encoding="utf-8")
    with Session(engine_of(client)) as session:
        decks.import_deck(session, deck_file.read_deck(text), clock.now())
    response = submit("/decks/arabic-rivers", "/decks/arabic-rivers/study")
    page = client.get(response.headers["Location"])
    assert '<p class="stem" id="stem" lang="ar" dir="rtl">' in page.text
    source = client.get("/sources/arabic-rivers/notes").text
    assert '<article class="sheet reading" lang="ar" dir="rtl">' in source
    told = packed(client)["questions"]
    assert {(one["lang"], one["dir"]) for one in told} == {("ar", "rtl")}
