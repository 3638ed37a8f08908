"""The pages in other languages: which is chosen, that German is whole, that nothing is forgotten.

What is forgotten is found with a pseudo language, in which every message of the catalogue stands
in brackets: on a deck of Greek words, Latin letters outside of brackets are an interface's text
that nobody has wrapped.
"""

import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from babel.support import Translations
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import languages
from app.core.questions import QuestionType
from app.instance import Instance
from app.interchange.deck_file import read_deck
from app.models.content import DeckRow, EntityRow, FactRow, RelationRow
from app.models.database import writing
from app.services import accounts, curating, decks
from app.services.accounts import PersonChange
from app.web import language
from app.web.templating import Pages

from .conftest import TEMPLATES, sign_in_as
from .test_people import EXPECTED, PHRASE, VALUES

Submit = Callable[..., TestResponse]
OPENING, CLOSING = "⟦", "⟧"
OWN_WORDS = re.compile(
    "|".join(  # noqa: FLY002 a line each
        [
            r"True or false\?|True or false: was this said\?|\bTrue\b|\bFalse\b",
            r"In which order did these happen\? Put the earliest first\.|Match each .*",
            r"(?:Which \S+|What) fits the gap\?|According to|\bclaimed:|\band\b|\{\w+\}",
            r"Factdeck|UTC|FSRS|RMSE|Anki|CSV|Excel|YAML|JSON|Moodle|GIFT|XML|QTI|HTML|PDF",
            r"UTF-(?:8|16)|windows-\d+|ISO 8859-\d+|Mac Roman|KOI8-R|DOS \(\d+\)",
            r"Shift JIS|EUC-JP|EUC-KR|GB 18030|Big5",
            r"[\w.+-]+@[\w.-]+|https?://\S+|\b(?:min|s|ms|h|km|MB)\b|English|Deutsch|\boder\b",
        ]
    )
)
"""What is the same in every language, and what a deck's questions say by themselves."""
UNREAD = {"script", "style", "code", "kbd", "textarea", "title"}
VOID = {"meta", "link", "input", "br", "hr", "img", "line", "rect", "circle", "col", "path"}
GREEK = re.compile("[\u0370-\u03ff]")
PLAIN = {"title"}
"""Speaks the page's language, for it has no parts to mark: names in it are names."""
TYPED = {"text", "search"}
READ_ATTRIBUTES = {"aria-label", "placeholder", "alt"}


class Pseudo(Translations):
    """Every message of the German catalogue in brackets; what it lacks stays bare."""

    def __init__(self, known: Translations) -> None:
        super().__init__()
        self._catalog = {
            key: text if not key else self._bracketed(key)
            for key, text in known._catalog.items()  # noqa: SLF001
        }
        self.plural = known.plural  # type: ignore[attr-defined]

    def _bracketed(self, key: str | tuple[str, int]) -> str:
        return f"{OPENING}{key if isinstance(key, str) else key[0]}{CLOSING}"


class Page(HTMLParser):
    """Collects the letters of a page that stand in no brackets, and a deck's words whose language
    is not said: names within sentences of ours aside."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: list[str] = []
        self._open: list[bool] = []
        self._tags: list[tuple[str, str]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        spoken = given.get("lang", self._tags[-1][1] if self._tags else "") or ""
        if tag == "input" and given.get("type") in TYPED:
            self._told(given.get("value") or "", tag, spoken)
        for name in READ_ATTRIBUTES & given.keys():
            self._read(given[name] or "", 0)
        if tag not in VOID:
            foreign = "lang" in given and tag != "html"
            skipped = tag in UNREAD or foreign or given.get("translate") == "no"
            self._open.append(skipped or bool(self._open and self._open[-1]))
            self._tags.append((tag, spoken))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._open:
            self._open.pop()
            self._tags.pop()

    def handle_data(self, data: str) -> None:
        tag, spoken = self._tags[-1] if self._tags else ("", "")
        if not self._depth and tag not in PLAIN:
            self._told(re.sub(f"{OPENING}[^{CLOSING}]*{CLOSING}?", "", data), tag, spoken)
        if not (self._open and self._open[-1]):
            self._depth = self._read(data, self._depth)

    def _told(self, text: str, tag: str, spoken: str) -> None:
        if spoken not in {"el", "und", ""} and GREEK.search(text):
            self.bare.append(f"not said to be Greek: {' '.join(text.split())[:80]} in <{tag}>")

    def _read(self, text: str, depth: int) -> int:
        outside = ""
        for letter in text:
            depth += {OPENING: 1, CLOSING: -1}.get(letter, 0)
            outside += letter if not depth and letter != CLOSING else " "
        left = OWN_WORDS.sub(" ", " ".join(outside.split()))
        if re.search(r"[A-Za-z]{2}", left):
            self.bare.append(" ".join(text.split())[:160])
        return depth


def bare(response: TestResponse) -> list[str]:
    """Return the text of a page that is in no catalogue."""
    page = Page()
    page.feed(response.text)
    return page.bare


@pytest.fixture
def pseudo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak the pseudo language wherever German is asked for; dates and numbers have no letters."""
    made = Pseudo(languages.translations("de"))  # type: ignore[arg-type]
    for module in (languages, language):
        monkeypatch.setattr(module, "translations", lambda _language: made)
    monkeypatch.setattr(language, "written_date", lambda *_: "1")
    for module in ("app.web.pages", "app.web.progress", "app.web.progress.chart"):
        monkeypatch.setattr(f"{module}.written_date", lambda *_: "1")
    kept = (languages._wordings, language._wording, language.finished)  # noqa: SLF001
    pages: Pages = app.jinja_env  # type: ignore[assignment]  # as it is made
    monkeypatch.setattr(TEMPLATES, "_codes", {})
    forget = [one.cache_clear for one in kept] + [pages.spoken.clear]
    for each in forget:
        each()
    yield
    for each in forget:
        each()


@pytest.fixture
def greek(new_app: Callable[..., Flask]) -> Flask:
    """An app whose only deck is in Greek."""
    made = new_app()
    instance: Instance = made.extensions["factdeck"]
    text = (Path(__file__).parent / "greek_deck.yaml").read_text(encoding="utf-8")
    with Session(instance.engine) as session:
        with writing(session):
            session.execute(delete(DeckRow))
        decks.import_deck(session, read_deck(text), 1_763_900_000)
    return made


@pytest.fixture
def people(greek: Flask) -> dict[str, accounts.Person | None]:
    """Somebody of each role; the admin is a curator too."""
    instance: Instance = greek.extensions["factdeck"]
    with Session(instance.engine) as session:
        link = accounts.make_setup_link(session, 2_000_000_000)
        assert link is not None
        mail = "{}@example.org".format
        admin = accounts.use_setup_link(session, link, mail("a"), PHRASE, 2_000_000_000)
        curator = accounts.sign_up(session, None, mail("c"), PHRASE, 1)
        change = PersonChange(is_curator=True, is_admin=False, active=True)
        accounts.change_person(session, curator.id, change)
        curating.give_decks(session, curator.id, ["101"])
        return {"nobody": None, "admin": admin, "curator": curator}


@pytest.fixture
def client(greek: Flask) -> FlaskClient:
    made = greek.test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de-AT, en;q=0.5"
    return made


def addresses(app: Flask) -> Iterator[str]:
    """Yield the address of every page that can be seen without a history."""
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        numbers = {
            "fact_id": session.scalars(select(FactRow.id)).first(),
            "entity_id": session.scalars(select(EntityRow.id)).first(),
            "relation_id": session.scalars(select(RelationRow.id)).first(),
        }
    for rule in app.url_map.iter_rules():
        if 200 not in EXPECTED.get(rule.endpoint, ()):
            continue
        values = {name: VALUES[name] for name in rule.arguments} | {
            name: number for name, number in numbers.items() if name in rule.arguments
        }
        for name in ("key", "deck_key"):
            if name in rule.arguments:
                values[name] = "101"
        if "deck_key" in rule.arguments and "key" in rule.arguments:
            values["key"] = "1"
        if "source_key" in rule.arguments:
            values["source_key"] = "1"
        with app.test_request_context():
            yield app.url_for(rule.endpoint, **values)


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("role", ["nobody", "admin"])
def test_no_page_says_anything_that_is_in_no_catalogue(
    greek: Flask, client: FlaskClient, people: dict[str, accounts.Person | None], role: str
) -> None:
    sign_in_as(client, people[role])
    seen, found = 0, []
    for path in addresses(greek):
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.mimetype == "text/html" and answer.status_code != 303:
            seen += 1
            found += [(path, one) for one in bare(answer)]
    assert seen > {"nobody": 9, "admin": 50}[role]
    assert not found, "\n".join(map(str, found))


def posted(client: FlaskClient, page: str, path: str, **data: object) -> TestResponse:
    """Send a form with the token of the page that it is on."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert token is not None, page
    return client.post(path, data={"csrf_token": token[1], **data})


def given(page: str) -> dict[str, object]:
    """Return an answer to a question's page, whatever its type."""
    fields = dict.fromkeys(re.findall(r'<select[^>]* name="(answer-\d+)"', page))
    options = list(dict.fromkeys(re.findall(r'<option value="([^"]+)"', page)))
    if fields:
        return dict(zip(fields, options, strict=False))
    found = re.search(r'name="answer"[^>]* value="([^"]+)"', page)
    return {"answer": found[1] if found else "Κανείς και κανείς"}


@pytest.mark.usefixtures("pseudo", "people")
def test_no_question_and_no_mark_says_anything_that_is_in_no_catalogue(client: FlaskClient) -> None:
    found: list[tuple[str, str]] = []
    for kind in QuestionType:
        begun = posted(client, "/decks/101", "/decks/101/quiz", count="1", types=str(kind))
        if begun.status_code != 303:
            found += [(str(kind), one) for one in bare(begun)]
            continue
        question = client.get(begun.location)
        refused = posted(client, begun.location, begun.location)
        marked = posted(client, begun.location, begun.location, **given(question.text))
        assert (question.status_code, refused.status_code, marked.status_code) == (200, 422, 303)
        pages = [question, refused, client.get(marked.location)]
        found += [(str(kind), one) for page in pages for one in bare(page)]
    studied = posted(client, "/decks/101", "/decks/101/study")
    for _ in range(3):
        question = client.get(studied.location)
        marked = posted(client, studied.location, studied.location, **given(question.text))
        assert marked.status_code == 303, bare(marked)
        feedback = client.get(marked.location)
        found += [("study", one) for page in (question, feedback) for one in bare(page)]
        onwards = re.search(r'action="(/study/[^"]+)"', feedback.text)
        assert onwards is not None, feedback.text
        studied = posted(client, marked.location, onwards[1])
    later = ("/study", "/schedule", "/progress", "/score", "/schedule/month", "/planner/history")
    found += [(path, one) for path in (*later, "/", "/nope") for one in bare(client.get(path))]
    assert not found, "\n".join(map(str, found))


class Walk:
    """Fills in forms as somebody does, and collects what is in no catalogue on every page."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.found: list[tuple[str, str]] = []

    def see(self, path: str, status: int = 200) -> TestResponse:
        """Look at a page."""
        return self._looked(path, self._client.get(path), status)

    def send(
        self, page: TestResponse, to: str, status: int = 303, /, **changed: object
    ) -> TestResponse:
        """Send the form of a page as it stands but for what is changed; follow where it leads."""
        path, fields = form_on(page, to)
        answer = self._client.post(path, data=fields | changed)
        if answer.location:
            assert (answer.status_code, status) == (303, 303), (path, answer.location)
            return self.see(answer.location)
        return self._looked(path, answer, status)

    def _looked(self, path: str, page: TestResponse, status: int) -> TestResponse:
        assert page.status_code == status, (path, page.status_code, bare(page))
        self.found += [(path, one) for one in bare(page)]
        return page


def form_on(page: TestResponse, action: str) -> tuple[str, dict[str, list[str]]]:
    """Return where a page's form is sent, and what it holds."""
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    for form in tree.find(".//main").iter("form"):
        path = form.get("action", page.request.path)
        if form.get("method") == "post" and path.endswith(action):
            fields: dict[str, list[str]] = {}
            for name, value in held(form):
                fields.setdefault(name, []).append(value)
            return path, fields
    raise AssertionError((page.request.path, action))


def held(form: Element) -> Iterator[tuple[str, str]]:
    """Yield what a browser would send of a form that nobody has touched."""
    for one in form.iter():
        name, kind = one.get("name"), one.get("type", "")
        if not name or (kind in {"checkbox", "radio"} and one.get("checked") is None):
            continue
        if one.tag == "input" and kind not in {"submit", "file"}:
            yield name, one.get("value", "")
        elif one.tag == "textarea":
            yield name, one.text or ""
        elif one.tag == "select":
            options = list(one.iter("option"))
            chosen = next((o for o in options if o.get("selected") is not None), options[0])
            yield name, chosen.get("value", "")


def reference(page: TestResponse, pattern: str) -> str:
    """Return the first address of a page that is like this."""
    found = re.search(rf'(?:href|action)="({pattern})"', page.text)
    assert found is not None, (pattern, page.text)
    return unescape(found[1])


@pytest.fixture
def walk(greek: Flask, client: FlaskClient, people: dict[str, accounts.Person | None]) -> Walk:
    """An admin's walk."""
    sign_in_as(client, people["admin"])
    assert greek
    return Walk(client)


WRONG = "Κανείς άλλος"


@pytest.mark.usefixtures("pseudo")
def test_no_page_about_an_answer_says_anything_that_is_in_no_catalogue(walk: Walk) -> None:
    """Reports, accepted answers, corrections, what is known: for learners and for curators."""
    deck = walk.see("/decks/101")
    question = walk.send(deck, "/quiz", count="30", types="short_answer")
    while "⟦a name" not in question.text:
        question = walk.send(walk.send(question, "", answer=WRONG), "/next")
    feedback = walk.send(question, "", answer=WRONG)
    walk.send(feedback, "/report", 422)
    thanked = walk.send(feedback, "/report", kind="should_count", comment="?")
    walk.send(thanked, "/next")
    walk.see("/my-reports")
    report = walk.see(reference(walk.see("/reports/"), r"/reports/\d+/[\w-]+"))
    walk.send(report, "/dismiss", 422, reply="")
    walk.send(report, "/accept", 422, accepted="")
    fact = reference(report, r"/statistics/fact/\d+")
    walk.see(fact)
    walk.send(report, "/accept", accepted="Άλλος κανείς")
    walk.see(reference(walk.see("/reports/?state=closed"), r"/reports/\d+/[\w-]+"))
    walk.see("/news/")
    assert not walk.found, "\n".join(map(str, walk.found))


@pytest.mark.usefixtures("pseudo")
def test_no_page_of_the_studio_says_after_a_form_anything_that_is_in_no_catalogue(
    walk: Walk,
) -> None:
    """Refused, out of date, looked over beforehand: what only a POST shows."""
    edit = walk.see(reference(walk.see("/facts/101?status=published"), r"/facts/edit/\d+"))
    walk.send(edit, "", 422, subject="")
    walk.send(edit, "", 200, action="try", response=WRONG)
    walk.send(edit, "", note="Άλλη", action="publish", override="y")
    walk.send(edit, "", 409, note="Τρίτη", action="publish", override="y")
    history = walk.see(f"{edit.request.path}/history")
    walk.send(history, "/revert", to="1")
    for listing, part in (("/entities/101", "entities"), ("/relations/101", "relations")):
        page = walk.see(reference(walk.see(listing), rf"/{part}/edit/\d+"))
        changed = {"name": "Νέος"} if part == "entities" else {"ask": "Ποιος άρα τον {subject};?"}
        walk.send(page, "", 422, **dict.fromkeys(changed, ""))
        walk.send(page, "", **changed, action="save", anyway="y")
        walk.send(page, "", 409, **dict.fromkeys(changed, "Τρίτος {subject};?"), action="save")
        walk.see(reference(page, r"/history/\w+/\d+"))
    walk.see(reference(walk.see("/entities/101"), r"/entities/edit/\d+") + "/merge?name=Κρόνος")
    assert not walk.found, "\n".join(map(str, walk.found))


@pytest.mark.usefixtures("pseudo")
def test_no_page_of_texts_and_tables_says_after_a_form_anything_that_is_in_no_catalogue(
    walk: Walk,
) -> None:
    article = walk.see("/edit-sources/101/1")
    text = form_on(article, "")[1]["text"][0].replace("Γαλιλαίος", "Κέπλερ")
    walk.send(article, "", 422, text="")
    review = walk.send(article, "", 409, text=text)
    walk.send(review, "")
    walk.send(article, "", 409, title="Άλλη")
    walk.see("/edit-sources/101/1/history")
    head = walk.see("/edit-decks/deck/101")
    walk.send(head, "/deck/101", description="Άλλη.")
    walk.send(head, "/deck/101", 409, description="Τρίτη.")
    table = walk.see("/table/101?all=1")
    ticked = re.findall(r'name="chosen"[^>]*value="([0-9:]+)"', table.text)
    walk.send(table, "/table/101?page=1", 200, chosen=ticked, action="delete")
    stale = {"every": "y", "deck_revision": "0", "action": "tag", "tags": "Ψ"}
    walk.send(table, "/table/101?page=1", 409, **stale)
    replaced = walk.see("/table/101/replace?find=Ποιος&put=Πως")
    walk.send(replaced, "", 409, deck_revision="0")
    assert not walk.found, "\n".join(map(str, walk.found))


@pytest.mark.usefixtures("pseudo")
def test_no_import_and_no_shared_quiz_says_anything_that_is_in_no_catalogue(
    walk: Walk, client: FlaskClient
) -> None:
    start = walk.see("/transfer/101")
    deck = client.get("/transfer/101/export/yaml").data.replace("Κασίνι".encode(), "Ψ".encode())
    review = walk.send(start, "/transfer/101", file=(io.BytesIO(deck), "1.yaml"))
    walk.send(review, "/review" + review.request.path.rpartition("/review")[2])
    bad = deck.replace(b"relation:", b"relationship:")
    walk.send(start, "/transfer/101", 422, file=(io.BytesIO(bad), "1.yaml"))
    package = client.get("/transfer/101/export/apkg").data
    mapped = walk.send(start, "/transfer/101", file=(io.BytesIO(package), "1.apkg"))
    walk.send(mapped, mapped.request.path, go_on="1")
    share = walk.see("/decks/101/share")
    walk.send(share, "", 422, title="", count="0")
    made = walk.send(share, "", 201, title="9", count="2")
    walk.see("/sharing")
    address = reference_in_code(made, r"/shared/with/[\w-]+")
    invitation = walk.see(address)
    walk.send(invitation, "", 422, name="")
    question = walk.send(invitation, "", name="101")
    walk.send(question, "", **given(question.text))
    walk.see(reference(made, r"/shared/\d+"))
    sites = walk.see("/edit-decks/deck/101/sites")
    walk.send(sites, "/sites", 422, origin="http://")
    walk.send(sites, "/sites", origin="https://101.example")
    frame = walk.see(address.replace("/shared/with/", "/embed/"))
    question = walk.send(frame, "", name="102")
    walk.send(question, "", 422)
    feedback = walk.send(question, "", **given(question.text))
    question = walk.send(feedback, "/next")
    walk.send(walk.send(question, "", **given(question.text)), "/next")
    assert not walk.found, "\n".join(map(str, walk.found))


@pytest.mark.usefixtures("pseudo")
def test_no_form_of_an_account_is_refused_with_anything_that_is_in_no_catalogue(
    walk: Walk, client: FlaskClient
) -> None:
    planner = walk.see("/planner/settings")
    walk.send(
        planner, "/planner/settings", 422, retention="1", new_per_day="99999", longest_days="0"
    )
    own = walk.see("/planner/decks/101")
    walk.send(own, "/planner/decks/101", 422, retention="1", target="2000-01-01")
    walk.send(own, "/ahead", 422, days="0")
    walk.send(walk.see("/reminders"), "/reminders", 422, goal="-1")
    walk.send(walk.see("/settings"), "", 422, display_name="x" * 999, time_zone="1")
    walk.send(
        walk.see("/settings/password"), "", 422, **dict.fromkeys(("current", "password"), "1")
    )
    walk.send(walk.see("/settings/tokens"), "", 422, name="")
    walk.send(walk.see("/people/invite"), "", 422, email="1")
    sign_in_as(client, None)
    for path in ("/sign-in", "/sign-up"):
        walk.send(walk.see(path), "", 422, email="1", password="")
    assert not walk.found, "\n".join(map(str, walk.found))


def reference_in_code(page: TestResponse, pattern: str) -> str:
    """Return an address that is told to be copied."""
    found = re.search(rf"<code[^>]*>https?://[^/]+({pattern})", page.text)
    assert found is not None, page.text
    return found[1]


def shown(page: TestResponse) -> tuple[str, str]:
    """Return the language a page says it is in, and how it says to study."""
    heading = re.search(r'<h2 id="study">(\w+)</h2>', page.text)
    said = re.search(r'<html lang="(\w+)">', page.text)
    assert heading
    assert said
    assert page.headers["Content-Language"] == said[1]
    assert {"Accept-Language", "Cookie"} <= set(page.vary)
    return said[1], heading[1]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("de-AT, en;q=0.5", ("de", "Lernen")),
        ("en-GB, de;q=0.9", ("en", "Study")),
        ("fr, el;q=0.9", ("en", "Study")),
        ("fr, de;q=0.1", ("de", "Lernen")),
        ("de;q=0, en", ("en", "Study")),
        ("", ("en", "Study")),
        ("??;q=x, de", ("de", "Lernen")),
    ],
)
def test_the_language_is_what_the_browser_asks_for(
    client: FlaskClient, asked: str, spoken: tuple[str, str]
) -> None:
    assert shown(client.get("/decks/101", headers={"Accept-Language": asked})) == spoken


def test_what_was_chosen_comes_first_and_outlasts_signing_in(client: FlaskClient) -> None:
    sent = posted(client, "/decks/101", "/language", language="en", back="/decks/101?x=1")
    assert (sent.status_code, sent.location) == (303, "/decks/101?x=1")
    assert shown(client.get("/decks/101")) == ("en", "Study")
    data = {"email": "new@example.org", "password": PHRASE}
    assert posted(client, "/sign-up", "/sign-up", **data).status_code == 303
    assert shown(client.get("/decks/101")) == ("en", "Study")
    posted(client, "/decks/101", "/language", language="de", back="/")
    assert client.get("/decks/101").text.count("Lernen") > 1
    other = client.application.test_client()  # another browser of theirs
    posted(other, "/sign-in", "/sign-in", **data)
    assert shown(other.get("/decks/101")) == ("de", "Lernen")


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
def test_the_switch_leads_nowhere_else(client: FlaskClient, back: str) -> None:
    assert posted(client, "/", "/language", language="de", back=back).location == "/"


def test_an_unknown_language_is_refused(client: FlaskClient) -> None:
    assert posted(client, "/", "/language", language="xx", back="/").status_code == 400


def test_refusals_forms_and_times_are_german_and_the_api_is_not(
    client: FlaskClient, people: dict[str, accounts.Person | None]
) -> None:
    sign_in_as(client, people["admin"])
    assert "Einen solchen Stapel gibt es nicht." in client.get("/decks/nope").text
    failed = posted(client, "/settings", "/settings", display_name="x", time_zone="Mars")
    assert "&#39;Mars&#39; ist keine Zeitzone." in failed.text
    assert "Wähle 1 bis 50 Fragen." in posted(client, "/decks/101", "/decks/101/quiz").text
    assert "Not a valid" not in posted(client, "/decks/101", "/decks/101/quiz", count="x").text
    assert client.get("/api/v1/decks").get_json()["detail"].startswith("Send a token")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("גשר", "Fakten von \u2068גשר\u2069 · Factdeck"),
        ("<Ψ>", "Fakten von &lt;Ψ&gt; · Factdeck"),
    ],
)
def test_a_name_from_right_to_left_is_kept_apart_in_a_title_which_has_no_elements(
    walk: Walk, title: str, told: str
) -> None:
    head = walk.see("/edit-decks/deck/101")
    walk.send(head, "/deck/101", title=title)
    page = walk.see("/facts/101").text
    assert f"<title>{told}</title>" in page


def test_a_match_is_told_line_by_line(
    client: FlaskClient,
) -> None:
    begun = posted(client, "/decks/101", "/decks/101/quiz", count="1", types="matching")
    question = client.get(begun.location)
    marked = posted(client, begun.location, begun.location, **given(question.text))
    told = client.get(marked.location).text
    both = re.findall(r'<ul class="matched">(.*?)</ul>', told)
    prompts = re.findall(r'<div class="line">\s*<label[^>]*>([^<]+)</label>', question.text)
    assert len(both) == 2
    for one in both:
        assert re.findall(r'<li><span class="quiet">([^<]+)</span>', one) == prompts


def test_a_deck_stays_in_its_own_language(client: FlaskClient) -> None:
    assert "Πόσα φεγγάρια" in client.get("/take/101/cards").text
    assert "Beidseitig drucken" in client.get("/take/101/cards").text
