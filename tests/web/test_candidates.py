"""From an article's sentences to facts, without a script: propose, preview, try, save, go on."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.instance import Instance
from app.services import accounts

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
LIST = "/edit-sources/places/harbour-news/candidates"
TEXT = """Oslo has 40 cranes. According to Vera Moen, the new quay cost $12 million.

The capital of Freedonia is Sylvan City. Nobody came.

- The Rhine is about 1,230 km long."""


@pytest.fixture
def curator(app: Flask, submit: Submit) -> None:
    """An admin who has pasted an article into the deck of places."""
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        token = accounts.make_setup_link(session, 2_000_000_000)
    phrase = "correct horse battery"
    made = submit(f"/setup/{token}", f"/setup/{token}", email="admin@b.example", password=phrase)
    assert made.status_code == 303
    new = "/edit-sources/places/new"
    fields = {"title": "Harbour news", "publisher": "Press", "published": "2025-01-29"}
    assert submit(new, new, text=TEXT, **fields).status_code == 303


def typed(page: str) -> dict[str, str]:
    """What the editor's fields contain, as a browser would send them."""
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page.split('class="editor', 1)[1]):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            fields[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(
        r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL
    ):
        fields[name] = unescape(text).strip()
    for name, body in re.findall(
        r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'<option [^>]*selected[^>]*value="([^"]*)"', body)
        first = re.search(r'value="([^"]*)"', body)
        fields[name] = unescape((chosen or first or ["", ""])[1])
    fields.pop("csrf_token", None)
    return fields


def opened(visit: Visit, sentence: str) -> tuple[str, dict[str, str]]:
    """The address and the fields of the editor that a sentence's link opens."""
    page = visit(LIST).text
    links = [unescape(one) for one in re.findall(r'href="(/facts/places/new\?[^"]+)"', page)]
    link = next(one for one in links if parse_qs(urlsplit(one).query)["quote"] == [sentence])
    return link, typed(visit(link).text)


@pytest.mark.usefixtures("curator")
def test_sentences_are_ranked_and_what_is_recognised_is_marked(visit: Visit) -> None:
    page = visit(LIST).text
    assert "To do (5)" in page
    assert '<span class="seen-amount">$12 million</span>' in page
    assert '<span class="seen-new_name">Vera Moen</span>' in page
    assert '<span class="seen-name">Rhine</span>' in page
    assert "reported by Vera Moen" in page
    assert page.index("Nobody came") > page.index("Sylvan City")


@pytest.mark.usefixtures("curator")
def test_a_sentence_opens_the_editor_as_a_proposal(visit: Visit) -> None:
    link, fields = opened(visit, "The capital of Freedonia is Sylvan City.")
    assert "A proposal." in visit(link).text
    assert fields["subject"] == "Freedonia"
    assert fields["relation"] == "capital"
    assert fields["name"] == "Sylvan City"
    assert fields["source"] == "harbour-news"
    _, quay = opened(visit, "According to Vera Moen, the new quay cost $12 million.")
    assert (quay["kind"], quay["amount"], quay["currency"]) == ("money", "12000000", "USD")
    assert (quay["stance"], quay["according_to"]) == ("reported", "Vera Moen")
    assert quay["relation"] == "cost"  # of the library: new to this deck
    assert quay["ask"] == quay["say"] == ""


@pytest.mark.usefixtures("curator")
def test_a_fact_is_previewed_tried_published_and_the_next_sentence_opens(
    submit: Submit, visit: Visit
) -> None:
    link, fields = opened(visit, "The capital of Freedonia is Sylvan City.")
    assert (fields["subject_kind"], fields["name_kind"]) == ("country", "city")
    fields |= {"tags": "capitals"}
    seen = submit(link, link, **fields | {"action": "preview"})
    assert seen.status_code == 200
    assert "What is the capital of Freedonia?" in seen.text
    tried = submit(link, link, **fields | {"action": "try", "response": "Sylvn City"})
    assert "“Sylvn City” earns 100 % (with a typo)" in tried.text
    assert typed(tried.text)["name_kind"] == "city"
    wrong = submit(link, link, **fields | {"action": "try", "response": "Ottawa"})
    assert "earns 0 % (wrong)" in wrong.text
    assert "No fact fits" in visit("/facts/places?q=freedonia").text
    made = submit(link, link, **fields | {"action": "publish-next"})
    assert made.status_code == 303
    after = visit(made.location)
    assert "Saved." in after.text
    going = typed(after.text)
    assert going["quote"] != fields["quote"]
    assert going["source"] == "harbour-news"
    assert going["tags"] == "capitals"
    listed = visit("/facts/places?q=freedonia&status=published&source=harbour-news").text
    assert "The capital of Freedonia is Sylvan City." in listed
    assert "Covered already (1)" in visit(LIST).text


@pytest.mark.usefixtures("curator")
def test_a_flawed_fact_is_published_only_on_purpose_and_told_by_its_field(
    submit: Submit, visit: Visit
) -> None:
    link, fields = opened(visit, "The Rhine is about 1,230 km long.")
    assert fields["relation"] == "length"
    fields |= {"amount": "999"}
    refused = submit(link, link, **fields | {"action": "publish"})
    assert refused.status_code == 422
    assert refused.text.count("gives another answer for the same") == 1
    field = refused.text.split('data-field="amount"')[1].split("data-field=")[0]
    assert "gives another answer for the same" in field
    assert "Publish in spite of errors" in refused.text
    kept = submit(link, link, **fields | {"action": "draft"})
    assert kept.status_code == 303
    forced = submit(link, link, **fields | {"action": "publish", "override": "y"})
    assert forced.status_code == 303
    assert "· published" in visit(forced.location).text


@pytest.mark.usefixtures("curator")
def test_every_error_is_told_once_by_its_field_and_nothing_is_lost(
    submit: Submit, visit: Visit
) -> None:
    link, fields = opened(visit, "Oslo has 40 cranes.")
    fields |= {
        "amount": "many",
        "as_of": "soon",
        "stance": "claimed",
        "according_to": "",
        "quote": "never said",
        "note": "keep me",
        "relation": "",
        "action": "publish",
    }
    page = submit(link, link, **fields)
    assert page.status_code == 422
    for field, message in {
        "amount": "must be a plain decimal number",
        "as_of": "is not a date",
        "according_to": "Say who",
        "quote": "does not stand in the source",
        "ask": "or a question of its own",
    }.items():
        assert page.text.count(message) == 1, message
        assert message in page.text.split(f'data-field="{field}"')[1].split("data-field=")[0]
    assert "keep me" in page.text
    assert typed(page.text)["amount"] == "many"


@pytest.mark.usefixtures("curator")
def test_the_live_preview_says_by_the_field_what_is_wrong_and_lists_what_is_missing(
    submit: Submit, visit: Visit
) -> None:
    link, fields = opened(visit, "Oslo has 40 cranes.")
    fields |= {"quote": "never said", "relation": "", "ask": ""}
    part = submit(link, "/facts/places/preview", **fields).text
    wrong = re.findall(r'data-about="(\w+)"', part)
    assert wrong == ["quote"]
    assert "or a question of its own" in part.split('aria-label="Missing')[1]


@pytest.mark.usefixtures("curator")
def test_a_sentence_is_picked_as_the_passage_without_a_script(submit: Submit, visit: Visit) -> None:
    new = "/facts/places/new"
    fields = typed(visit(new).text) | {"note": "keep me"}
    start = TEXT.index("The capital")
    page = submit(new, new, **fields | {"pick": f"harbour-news:{start}"})
    assert page.status_code == 200
    assert typed(page.text)["quote"] == "The capital of Freedonia is Sylvan City."
    assert typed(page.text)["source"] == "harbour-news"
    assert "keep me" in page.text
    for nonsense in ("harbour-news:3", "nowhere:0", "x", "harbour-news:-1", "9" * 9):
        assert submit(new, new, **fields | {"pick": nonsense}).status_code == 200


@pytest.mark.usefixtures("curator")
def test_a_dismissed_sentence_leaves_the_list_and_comes_back(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    page = client.get(LIST).text
    before = page[: page.rindex("Nobody came.")]
    mark = re.findall(r'name="mark" value="(\w+)"', before)[-1]
    fields = {"mark": mark, "show": "open", "page": "1"}
    assert submit(LIST, f"{LIST}/dismiss", **fields).status_code == 303
    assert "Dismissed (1)" in visit(LIST).text
    assert "Nobody came." not in visit(LIST).text
    assert "Nobody came." in visit(f"{LIST}?show=dismissed").text
    assert submit(LIST, f"{LIST}/take-back", **fields).status_code == 303
    assert "Nobody came." in visit(LIST).text
    assert submit(LIST, f"{LIST}/dismiss", **fields | {"mark": "f" * 64}).status_code == 404


@pytest.mark.usefixtures("curator")
def test_skipping_leads_through_every_sentence_and_then_back_to_the_list(
    submit: Submit, visit: Visit
) -> None:
    seen = []
    quote = ""
    for _ in range(5):
        went = visit(f"{LIST}/next?quote={quote}")
        quote = parse_qs(urlsplit(went.location).query)["quote"][0]
        seen.append(quote)
    assert len(set(seen)) == 5
    for mark in re.findall(r'name="mark" value="(\w+)"', visit(LIST).text):
        submit(LIST, f"{LIST}/dismiss", mark=mark, show="open", page="1")
    assert visit(f"{LIST}/next").location.startswith(LIST)
    assert "Nothing is left to do" in visit(LIST).text


@pytest.mark.usefixtures("curator")
def test_the_list_of_facts_is_paged_and_keeps_its_filter(visit: Visit) -> None:
    page = visit("/facts/places?q=a")
    following = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert following is not None
    second = visit(unescape(following[1]))
    assert "Page 2 of" in second.text
    assert 'value="a"' in second.text
    assert visit("/facts/?deck=planets").location == "/facts/planets"
    assert "No fact fits" in visit("/facts/places?source=harbour-news").text
    for page_number in ("0", "-1", "999999", "x", "²"):
        assert visit(f"/facts/places?page={page_number}").status_code == 200


@pytest.mark.usefixtures("curator")
def test_a_curator_finds_the_way_from_the_article(client: FlaskClient, visit: Visit) -> None:
    page = visit("/sources/places/harbour-news").text
    assert f'href="{LIST}"' in page
    assert "Make a fact" in page
    client.delete_cookie("session")
    with client.session_transaction() as session:
        session.clear()
    assert "Make a fact" not in visit("/sources/places/harbour-news").text


@pytest.mark.usefixtures("curator")
def test_a_draft_without_a_question_is_kept_but_not_published(submit: Submit, visit: Visit) -> None:
    link, fields = opened(visit, "According to Vera Moen, the new quay cost $12 million.")
    kept = submit(link, link, **fields | {"relation": "", "action": "draft"})
    assert kept.status_code == 303
    stored = typed(visit(kept.location).text)
    assert stored["ask"] == "\u2026"
    refused = submit(kept.location, kept.location, **stored | {"action": "publish"})
    assert refused.status_code == 422
    assert "There is no question" in refused.text
    worded = stored | {"ask": "What did the new quay cost?", "action": "publish"}
    assert submit(kept.location, kept.location, **worded).status_code == 303


@pytest.mark.usefixtures("curator")
def test_a_sentence_is_about_its_own_subject_and_not_about_that_of_the_fact_before(
    visit: Visit,
) -> None:
    new = "/facts/places/new?source=harbour-news&subject=Oslo&tags=ports"
    after = typed(visit(f"{new}&quote=Nobody+came.").text)
    assert (after["subject"], after["tags"]) == ("", "ports")
    assert typed(visit(f"{new}&quote=").text)["subject"] == "Oslo"
