"""Articles brought in from files and addresses, looked over before they are saved."""

import io
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.core.questions.question import SelfRated
from app.instance import Instance
from app.interchange.fetching import Limits
from app.services import accounts, answering, study
from app.services.articles import FetchingIsOff, read_address

from .conftest import sign_in_as

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
READ = "/edit-sources/places/new/read"
NEW = "/edit-sources/places/new"
BODY = "The mill on the river was built by two brothers who came from the coast. " * 5
PAGE = f"""<!doctype html><html><head><title>The old mill</title>
<meta name="author" content="Ann Lee"><meta property="og:site_name" content="Valley News">
</head><body><article><h1>The old mill</h1><p>{BODY}</p>
<p onclick="evil()">{BODY}<script>evil()</script></p></article></body></html>"""


@pytest.fixture
def curator(app: Flask, submit: Submit) -> None:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        token = accounts.make_setup_link(session, 2_000_000_000)
    phrase = "correct horse battery"
    path = f"/setup/{token}"
    assert submit(path, path, email="admin@b.example", password=phrase).status_code == 303


def file(data: bytes, name: str = "mill.html") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


@pytest.mark.usefixtures("curator")
def test_an_uploaded_page_is_looked_over_and_then_saved(submit: Submit, visit: Visit) -> None:
    page = submit(READ, READ, file=file(PAGE.encode()))
    assert page.status_code == 200
    assert "Read as UTF-8" in page.text
    assert field(page.text, "title") == "The old mill"
    assert field(page.text, "author") == "Ann Lee"
    assert field(page.text, "publisher") == "Valley News"
    assert "evil" not in page.text
    assert "The old mill" not in visit("/edit-sources/places").text
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)
    assert text is not None
    assert submit(NEW, NEW, title="The old mill", text=text[1]).status_code == 303
    assert "The old mill" in visit("/edit-sources/places").text


@pytest.mark.usefixtures("curator")
def test_a_file_whose_letters_came_out_wrong_is_read_once_more(submit: Submit) -> None:
    japanese = "会議は三月に開かれた。"
    guessed = submit(READ, READ, file=file(japanese.encode("euc_jp")))
    assert japanese not in guessed.text
    assert f'<a href="{READ}">Read it once more</a> and choose the encoding' in guessed.text
    chosen = submit(READ, READ, file=file(japanese.encode("euc_jp")), encoding="euc_jp")
    assert japanese in chosen.text
    assert "Read as EUC-JP" in chosen.text
    refused = submit(READ, READ, file=file(japanese.encode("euc_jp")), encoding="utf-8-sig")
    assert "This is not UTF-8: choose another encoding." in refused.text
    assert submit(READ, READ, file=file(b"a"), encoding="rot13").status_code == 422


@pytest.mark.usefixtures("curator")
def test_the_same_article_is_found_in_another_deck_and_allowed_on_purpose(submit: Submit) -> None:
    assert submit(NEW, NEW, title="A mill", text=BODY).status_code == 303
    other = "/edit-sources/deepseek/new"
    again = {"title": "Mill again", "text": BODY.upper()}
    refused = submit(other, other, **again)
    assert refused.status_code == 422
    assert "“A mill” in the deck" in refused.text
    assert submit(other, other, again="y", **again).status_code == 303


@pytest.mark.usefixtures("curator")
@pytest.mark.parametrize(
    ("data", "why"),
    [(b"PK\x03\x04" + b"x" * 99, "ZIP"), (b"%PDF-1.7", "PDF"), (b"", "No text"), (b"a\0", "zero")],
)
def test_a_file_that_is_no_article_is_refused_at_its_field(
    submit: Submit, data: bytes, why: str
) -> None:
    page = submit(READ, READ, file=file(data, "a.txt"))
    assert page.status_code == 422
    assert why in page.text.split('id="file-error"')[1].split("</p>")[0]


@pytest.mark.usefixtures("curator")
def test_an_address_inside_is_refused_without_a_connection(submit: Submit) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        for url in (f"http://127.0.0.1:{port}/", "http://127.1/", "http://[::1]/", "nonsense"):
            page = submit(READ, READ, url=url)
            assert page.status_code == 422
            assert 'id="url-error"' in page.text
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.usefixtures("curator")
def test_fetching_can_be_switched_off(new_app: Callable[..., Flask], client: FlaskClient) -> None:
    quiet = new_app(fetch_articles=False).test_client()
    with client.session_transaction() as mine, quiet.session_transaction() as theirs:
        theirs.update(mine)
    page = quiet.get(READ)
    assert page.status_code == 200
    assert 'name="url"' not in page.text
    assert 'name="url"' in client.get(READ).text
    with pytest.raises(FetchingIsOff):
        read_address("https://news.example/", None)


@pytest.fixture
def news(app: Flask) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a site on this machine, which this app may visit; and the page it shows."""
    shown = [PAGE.encode()]

    class News(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(shown[0])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), News) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        limits = Limits(
            resolve=lambda _name, _port: ["127.0.0.1"],
            may_visit=lambda address: address == "127.0.0.1",
            ports=frozenset({port}),
        )
        app.extensions["factdeck"] = replace(app.extensions["factdeck"], fetch_limits=limits)
        yield f"http://valley.test:{port}/mill", shown
        server.shutdown()


@pytest.mark.usefixtures("curator")
def test_an_article_is_fetched_looked_over_saved_and_fetched_anew(
    submit: Submit, visit: Visit, news: tuple[str, list[bytes]]
) -> None:
    address, shown = news
    page = submit(READ, READ, url=address)
    assert page.status_code == 200
    told = {name: field(page.text, name) for name in ("title", "author", "publisher", "url")}
    assert told == {
        "title": "The old mill",
        "author": "Ann Lee",
        "publisher": "Valley News",
        "url": address,
    }
    assert submit(NEW, NEW, **told, text=text_of(page.text)).status_code == 303
    edit = "/edit-sources/places/the-old-mill"
    assert submit(edit, edit, **told | {"title": "The mill"}, revision="1", text="One.\n\nTwo.")
    again = f"{edit}/read"
    assert field(visit(again).text, "url") == address
    shown[0] = PAGE.replace("two brothers", "two sisters").replace("The old mill", "X").encode()
    anew = submit(again, again, url=address)
    assert anew.status_code == 200
    assert field(anew.text, "title") == "The mill", "what was stored stays"
    assert field(anew.text, "revision") == "2"
    assert "two sisters" in text_of(anew.text)
    by_file = submit(again, again, url=address, file=file(PAGE.encode()))
    assert "two brothers" in text_of(by_file.text)
    assert "One." in text_of(visit(edit).text), "nothing is saved before it was looked over"
    shown[0] = b"%PDF-1.7"
    refused = submit(again, again, url=address)
    assert refused.status_code == 422
    assert "PDF" in refused.text


def text_of(page: str) -> str:
    found = re.search(r'<textarea[^>]*name="text"[^>]*>\r?\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1])


@pytest.mark.usefixtures("curator")
def test_passages_of_a_new_text_are_looked_over_and_it_can_be_taken_back(
    submit: Submit, visit: Visit
) -> None:
    path = "/edit-sources/planets/brief"
    opened = visit(path).text
    old = text_of(opened)
    fields = {name: field(opened, name) for name in ("title", "publisher", "url", "published")}
    new = old.replace("nearest the Sun", "closest to the Sun")
    assert new != old
    seen = submit(path, path, **fields, revision="1", text=new)
    assert seen.status_code == 409
    assert "Nothing is saved yet" in seen.text
    assert text_of(seen.text) == new
    taken = re.findall(r'name="taken"[^>]*value="(\d+)" checked', seen.text)
    seen_ids = re.findall(r'name="seen" value="(\d+)"', seen.text)
    assert set(taken) <= set(seen_ids)
    assert "closest to" in seen.text
    assert text_of(visit(path).text) == old
    done = submit(path, path, **fields, revision="1", text=new, seen=seen_ids, taken=taken)
    assert done.status_code == 303
    assert "closest to" in visit(f"/facts/edit/{taken[0]}").text
    stale = submit(path, path, **fields | {"title": "Mine"}, revision="1", text=new)
    assert stale.status_code == 409
    assert "Saved by them" in stale.text
    assert "Mine" in stale.text
    history = f"{path}/history"
    assert "closest" in visit(history).text
    back = submit(history, f"{path}/revert", revision="2", to="1")
    assert back.status_code == 303
    prefilled = visit(back.location).text
    assert "what it was at revision 1" in prefilled
    assert text_of(prefilled) == old
    assert field(prefilled, "revision") == "2"


def test_a_guest_sees_what_they_recall_and_studies_what_fades(
    app: Flask, client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    article, now = "/sources/planets/brief", clock.now()
    assert "What you recall of it" not in visit(article).text
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        guest = accounts.make_guest(session, "g" * 40, now)
        sign_in_as(client, guest)
        refused = submit("/decks/planets", f"{article}/fading")
        assert refused.status_code == 422
        assert "study its deck first" in refused.text
        assert "The facts that rest on it" in refused.text
        long_ago = now - 40 * 86_400
        token = study.start(session, guest.id, "planets", long_ago)
        shown = study.next_question(session, guest.id, token, long_ago)
        assert shown is not None
        answering.answer(session, guest.id, shown, SelfRated(3), long_ago, 10)
    shaded = visit(article).text
    assert "You have learned 1 of" in shaded
    assert re.search(r'<mark class="recall-(fading|weak|lost)">', shaded)
    assert shaded.count("not learned</span>") > 50
    assert submit(article, f"{article}/fading").status_code == 303
    assert client.post(f"{article}/fading").status_code == 400
