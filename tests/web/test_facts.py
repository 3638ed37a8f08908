"""Facts edited in the browser: by curators alone, with nothing lost."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.instance import Instance
from app.services import accounts

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
PHRASE = "correct horse battery"
NOW = 1_763_900_000
PLAIN = {
    "kind": "entity",
    "name": "Hangzhou",
    "ask": "Where was it?",
    "stance": "stated",
    "relation": "",
    "source": "",
    "bound": "",
    "part": "",
    "status": "draft",
}


@pytest.fixture
def admin(app: Flask, submit: Submit) -> None:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        token = accounts.make_setup_link(session, 2_000_000_000)
    made = submit(f"/setup/{token}", f"/setup/{token}", email="admin@b.example", password=PHRASE)
    assert made.status_code == 303


def first_fact(client: FlaskClient) -> str:
    page = client.get("/facts/deepseek?q=hangzhou").text
    found = re.search(r'href="(/facts/edit/\d+)"', page)
    assert found is not None
    return found[1]


def fields_of(page: str) -> dict[str, str]:
    fields = dict(PLAIN) | {"name": "Hangzhou", "ask": ""}
    for name in ("revision", "subject", "quote"):
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        fields[name] = found[1] if found else ""
    return fields | {"relation": "founded_in", "status": "published", "quote": ""}


def test_learners_may_not_edit_facts(submit: Submit, visit: Visit) -> None:
    assert visit("/facts/deepseek").status_code == 303
    submit("/sign-up", "/sign-up", email="l@b.example", password=PHRASE)
    for path in ("/facts/", "/facts/deepseek", "/facts/deepseek/new", "/facts/edit/1"):
        assert visit(path).status_code == 403
    assert submit("/", "/facts/deepseek/preview", **PLAIN).status_code == 403


@pytest.mark.usefixtures("admin")
def test_an_edit_is_saved_and_a_second_one_is_shown_the_difference(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    path = first_fact(client)
    fields = fields_of(visit(path).text)
    assert submit(path, path, **fields | {"note": "Their note"}).status_code == 303
    stale = submit(path, path, **fields | {"note": "My note"})
    assert stale.status_code == 409
    assert "Their note" in stale.text
    assert "My note" in stale.text
    assert "Their note" in visit(path).text
    assert submit(path, path, **fields | {"revision": ""}).status_code == 400


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "", "Say what the answer is"),
        ("ask", "", "or a question of its own"),
        ("as_of", "soon", "is not a date"),
        ("stance", "claimed", "Say who"),
        ("note", "x" * 2000, "At most 1000"),
        ("kind", "colour", "Not a valid choice"),
    ],
)
def test_what_cannot_be_used_gets_a_message_and_stays(
    submit: Submit, field: str, typed: str, message: str
) -> None:
    fields = PLAIN | {field: typed, "action": "publish"}
    page = submit("/facts/deepseek/new", "/facts/deepseek/new", **fields)
    assert page.status_code == 422
    assert message in page.text
    assert "Where was it?" in page.text or field == "ask"


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "number", "amount": "many"}, "Amount must be a plain decimal number"),
        ({"kind": "money", "amount": "5", "currency": "euros"}, "Currency must be an ISO 4217"),
        ({"kind": "range", "low": "9", "high": "3"}, "The upper end must be larger"),
        ({"kind": "range", "low": "", "high": "3"}, "Say what the answer is"),
        ({"kind": "set", "items": "Oslo\nOslo"}, "Two of these names are one thing"),
        ({"kind": "money", "amount": "5", "currency": "eur"}, ""),
        ({"kind": "number", "amount": "two million", "unit": "cars"}, ""),
        ({"kind": "range", "low": "two", "high": "5 thousand"}, ""),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_as_its_fields_are_called(
    submit: Submit, fields: dict[str, str], message: str
) -> None:
    typed = PLAIN | {"name": "", "action": "draft"} | fields
    page = submit("/facts/deepseek/new", "/facts/deepseek/new", **typed)
    assert page.status_code == (422 if message else 303)
    assert message in page.text


@pytest.mark.usefixtures("admin")
def test_an_empty_editor_says_what_a_fact_needs_and_blames_nothing_that_is_chosen(
    visit: Visit,
) -> None:
    page = visit("/facts/deepseek/new")
    assert "Give a subject and a relation" in page.text
    assert "Choose a stance" not in page.text


@pytest.mark.usefixtures("admin")
def test_a_new_fact_is_previewed_and_stored(submit: Submit, visit: Visit) -> None:
    seen = submit("/facts/deepseek/new", "/facts/deepseek/preview", **PLAIN)
    assert "short answer" in seen.text
    assert "Hangzhou" in seen.text
    made = submit("/facts/deepseek/new", "/facts/deepseek/new", **PLAIN)
    assert made.status_code == 303
    assert "Where was it?" in visit(made.location).text


@pytest.mark.usefixtures("admin")
def test_a_relation_is_found_by_its_name_or_key_and_an_unknown_one_is_named(
    submit: Submit, visit: Visit
) -> None:
    new, preview = "/facts/deepseek/new", "/facts/deepseek/preview"
    assert '<option value="founded by"' in visit(new).text
    fact = PLAIN | {"ask": "", "subject": "Harbour Works", "name": "Liang Wenfeng"}
    for typed in ("founded by", " Founded  BY ", "founded_by"):
        assert (
            "Who founded Harbour Works?" in submit(new, preview, **fact | {"relation": typed}).text
        )
    wrong = submit(new, new, **fact | {"relation": "dreamt of", "action": "publish"})
    assert wrong.status_code == 422
    assert "No relation is called “dreamt of”" in wrong.text
    assert 'value="dreamt of"' in wrong.text


@pytest.mark.usefixtures("admin")
def test_an_article_is_added_and_keeps_the_passages_of_its_facts(
    submit: Submit, visit: Visit
) -> None:
    new = "/edit-sources/deepseek/new"
    added = submit(new, new, title="A report", text="One.\n\nTwo.", published="2025-02-01")
    assert added.status_code == 303
    assert "Two." in visit("/sources/deepseek/a-report").text
    path = "/edit-sources/deepseek/brief"
    fields = {"title": "Brief", "text": "Nothing of it is left.", "revision": "1"}
    stranded = submit(path, path, **fields)
    assert stranded.status_code == 409
    assert "Nothing is saved yet" in stranded.text
    assert stranded.text.count('name="drafted"') == 64
    assert "Nothing of it is left." in stranded.text
    assert "Nothing of it is left." not in visit("/sources/deepseek/brief").text
    for field, typed in (("published", "soon"), ("url", "javascript:alert(1)"), ("title", "")):
        refused = submit(new, new, **{"title": "T", "text": "X", field: typed})
        assert refused.status_code == 422


@pytest.mark.usefixtures("admin")
def test_pages_of_a_deck_are_headed_by_its_title_and_selects_look_like_selects(
    visit: Visit,
) -> None:
    for path in ("/facts/deepseek", "/facts/deepseek/hard", "/history/deck/deepseek"):
        assert "DeepSeek, January 2025" in (visit(path).text.split("<h1>")[1]).split("</h1>")[0]
    assert not re.search(r'<select class="form-control"', visit("/facts/deepseek").text)
