"""Sixty scripts in every text that people bring along: none runs, on any page, for anybody (A15).

The mutant that must fail: one `|safe` in a template. The policy alone would stop the scripts; what
it had to stop is a report, and fails here too.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from app.interchange.deck_file import read_deck
from app.models.database import make_engine
from app.services import accounts, api_tokens, curating
from app.services.accounts import PersonChange, Settings
from app.services.api_tokens import Scope, Wanted
from app.services.decks import import_deck

from .conftest import Server
from .walking import answer, follow

ROLES = ("guest", "learner", "curator", "admin")
PHRASE = "correct horse battery"
NOW = 1_763_900_000
TAGS = ["script", "img src=x", "svg", "body", "iframe", "input autofocus", "details open", "video"]
EVENTS = ["onload", "onerror", "onfocus", "ontoggle", "onmouseover", "onclick"]
PAYLOADS = [
    *[f"<{tag} {event}=alert(1)>" for tag in TAGS for event in EVENTS],
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "{{7*7}}${alert(1)}<%= 1 %>",
    "<math><mtext></p><img src=x onerror=alert(1)>",
]
PAGES, OF_A_KIND = 36, 2
NOT_PAGES = re.compile(
    r"/(export|take|static|api/v1/openapi)|\.(zip|csv|ics|xlsx|apkg|json|yaml)|suffix="
)
FOUND = """() => [
    ...[...document.querySelectorAll("script")].filter(
        (one) => !one.src.startsWith(location.origin)),
    ...[...document.querySelectorAll("*")].filter(
        (one) => [...one.attributes].some((attribute) => attribute.name.startsWith("on"))),
    ...document.querySelectorAll("a[href^='javascript:'], iframe, math, video"),
].map((one) => one.outerHTML)"""


def planted() -> str:
    """A deck that has a payload in every text; as JSON, which a deck file may be."""
    some = " ".join(PAYLOADS[6:20])
    quotes = [f"Thing {at} is {payload} here." for at, payload in enumerate(PAYLOADS)]
    return json.dumps(
        {
            "format": "factdeck/1",
            "deck": {
                "key": "hostile",
                "title": PAYLOADS[0],
                "description": some,
                "language": "en",
            },
            "sources": [
                {
                    "key": "s",
                    "title": PAYLOADS[1],
                    "publisher": PAYLOADS[2],
                    "licence": PAYLOADS[3],
                    "text": "\n\n".join(quotes),
                }
            ],
            "entities": [
                {
                    "key": f"e{at}",
                    "name": f"Thing {at} {payload}",
                    "kind": "thing",
                    "aliases": [f"{payload} {at}"],
                }
                for at, payload in enumerate(PAYLOADS)
            ],
            "relations": [
                {
                    "key": "r",
                    "ask": f"What is {{subject}} {PAYLOADS[4]}?",
                    "say": f"{{subject}} {PAYLOADS[5]} is {{value}}.",
                    "value_kind": "text",
                }
            ],
            "facts": [
                {
                    "key": f"f{at}",
                    "subject": f"e{at}",
                    "relation": "r",
                    "status": "published",
                    "value": {"kind": "text", "text": f"{payload} {at}"},
                    "stance": "claimed",
                    "according_to": payload,
                    "evidence": {"source": "s", "quote": quotes[at]},
                    "note": payload,
                    "tags": [payload.replace(",", "")[:40]],
                }
                for at, payload in enumerate(PAYLOADS)
            ],
        }
    )


@pytest.fixture(scope="module")
def hostile(server: Server) -> Server:
    """The instance, with everything planted, and a person of each role."""
    assert len(set(PAYLOADS)) == 60
    engine = make_engine(f"sqlite:///{server.home / 'factdeck.sqlite3'}")
    with Session(engine) as session:
        import_deck(session, read_deck(planted()), NOW)
        for role in ROLES[1:]:
            person = accounts.sign_up(session, None, f"markup-{role}@b.example", PHRASE, NOW)
            change = PersonChange(
                is_curator=role != "learner", is_admin=role == "admin", active=True
            )
            accounts.change_person(session, person.id, change)
            if role == "curator":
                curating.give_decks(session, person.id, ["hostile"])
            named = Settings(f"{role} {PAYLOADS[9]}", "UTC", on_leaderboard=True)
            accounts.save_settings(session, person, named)
            token = api_tokens.make(
                session, person, Wanted(PAYLOADS[8], frozenset({Scope.READ})), NOW
            )
            assert token
    engine.dispose()
    return server


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(reduced_motion="reduce")
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.mark.parametrize("role", ROLES)
def test_no_script_that_people_bring_runs_anywhere(
    hostile: Server, context: BrowserContext, role: str
) -> None:
    page, complaints = context.new_page(), list[str]()
    page.on("dialog", lambda one: (complaints.append(f"dialog: {page.url}"), one.dismiss()))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda line: _listen(page, line.text, complaints))
    if role != "guest":
        page.goto(f"{hostile.url}/sign-in")
        page.get_by_label("E-mail address").fill(f"markup-{role}@b.example")
        page.get_by_label("Password").fill(PHRASE)
        follow(page.get_by_role("button", name="Sign in", exact=True))
    study(page, hostile, complaints)
    seen = crawl(page, hostile, complaints)
    assert complaints == []
    assert seen > 8


def _listen(page: Page, text: str, complaints: list[str]) -> None:
    if "Content Security Policy" in text:
        complaints.append(f"{page.url}: {text}")


def study(page: Page, server: Server, complaints: list[str]) -> None:
    """Answer two questions: questions and feedback show what was planted, and what is typed."""
    page.goto(f"{server.url}/decks/hostile")
    look(page, complaints)
    follow(page.locator("form[action$='/study'] button").first)
    for _ in range(2):
        look(page, complaints)
        answer(page)
        look(page, complaints)
        follow(page.locator(".verdict .actions form button").first)


def crawl(page: Page, server: Server, complaints: list[str]) -> int:
    """Visit what the pages link, a few of each kind; return how many."""
    waiting, kinds, seen = ["/decks/hostile", "/", "/leaderboard"], Counter[str](), set[str]()
    while waiting and len(seen) < PAGES:
        path = waiting.pop(0)
        kind = re.sub(r"\d+|hostile|planets|deepseek|\be\d+|\?.*", "N", path)
        if path in seen or kinds[kind] >= OF_A_KIND:
            continue
        seen.add(path)
        kinds[kind] += 1
        page.goto(server.url + path)
        look(page, complaints)
        links = page.evaluate(
            "() => [...document.querySelectorAll('a[href]')].map((one) => one.href)"
        )
        parts = [urlsplit(link) for link in links if link.startswith(server.url)]
        found = [f"{part.path}?{part.query}" if part.query else part.path for part in parts]
        waiting += [one for one in found if not NOT_PAGES.search(one)]
    return len(seen)


def look(page: Page, complaints: list[str]) -> None:
    complaints += [f"{page.url}: {one}" for one in page.evaluate(FOUND)]
