"""Who may see and do what: every page for every role."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.instance import Instance
from app.services import accounts, curating, decks
from app.services.accounts import PersonChange
from app.web.api.base import SCOPES

from .conftest import sign_in_as

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
PHRASE = "correct horse battery"
OPEN, SIGN_IN, MAY_NOT, MISSING = 200, 303, 403, 404
ONWARDS = 303
EXPECTED = {  # in the order of ROLES
    "home.start": (OPEN,) * 5,
    "home.deck": (OPEN,) * 5,
    "home.source": (OPEN,) * 5,
    "home.picture": (MISSING,) * 5,
    "study.today": (OPEN,) * 5,
    "progress.leaderboard": (OPEN,) * 5,
    "accounts.sign_in": (OPEN,) * 5,
    "joining.sign_up": (OPEN,) * 5,
    "joining.sent": (OPEN,) * 5,
    "joining.join": (MISSING,) * 5,
    "accounts.setup": (MISSING,) * 5,
    "resetting.forgotten": (OPEN,) * 5,
    "resetting.sent": (OPEN,) * 5,
    "resetting.new_password": (MISSING,) * 5,
    "second_step.code": (SIGN_IN,) * 5,
    "second_step.settings": (SIGN_IN, SIGN_IN, OPEN, OPEN, OPEN),
    "passkeys.listing": (SIGN_IN, SIGN_IN, OPEN, OPEN, OPEN),
    "passkeys.new": (SIGN_IN, SIGN_IN, MISSING, MISSING, MISSING),
    "passkeys.edit": (SIGN_IN, SIGN_IN, MISSING, MISSING, MISSING),
    "second_step.set_up": (SIGN_IN, SIGN_IN, MISSING, MISSING, MISSING),
    "progress.schedule": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "progress.score": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "progress.whole": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "progress.month": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "progress.story": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "reminders.settings": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "reminders.feed": (MISSING,) * 5,
    "reminders.confirm": (MISSING,) * 5,
    "people.overview": (SIGN_IN, SIGN_IN, MAY_NOT, MAY_NOT, OPEN),
    "news.listing": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "accounts.settings": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "accounts.password": (SIGN_IN, SIGN_IN, OPEN, OPEN, OPEN),
    "accounts.data": (SIGN_IN, SIGN_IN, OPEN, OPEN, OPEN),
    "accounts.everything": (SIGN_IN, SIGN_IN, OPEN, OPEN, OPEN),
    "accounts.own_sign_ins": (SIGN_IN, SIGN_IN, OPEN, OPEN, OPEN),
    "tokens.listing": (SIGN_IN, SIGN_IN, OPEN, OPEN, OPEN),
    "api.openapi": (OPEN,) * 5,
    "api.reference": (OPEN,) * 5,
    "answering.question": (SIGN_IN, MISSING, MISSING, MISSING, MISSING),
    "answering.feedback": (SIGN_IN, MISSING, MISSING, MISSING, MISSING),
    "quiz.current": (SIGN_IN, MISSING, MISSING, MISSING, MISSING),
    "quiz.result": (SIGN_IN, MISSING, MISSING, MISSING, MISSING),
    "study.done": (SIGN_IN, MISSING, MISSING, MISSING, MISSING),
    "planner.settings": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "planner.deck": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "planner.aside": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "planner.history": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "decks.new": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "decks.edit": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "facts.hard": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "facts.index": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "facts.listing": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "facts.new": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "facts.edit": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "facts.history": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "facts.delete": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "history.deck": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "history.entity": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "history.relation": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "sources.listing": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "sources.new": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "sources.read": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "sources.read_again": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "sources.edit": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "sources.history": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "candidates.listing": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "candidates.following": (SIGN_IN, SIGN_IN, MAY_NOT, ONWARDS, ONWARDS),
    "entities.listing": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "entities.edit": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "entities.look_at_merge": (SIGN_IN, SIGN_IN, MAY_NOT, MISSING, MISSING),
    "relations.listing": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "relations.new": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "relations.edit": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "relations.library": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "relations.look_at_merge": (SIGN_IN, SIGN_IN, MAY_NOT, MISSING, MISSING),
    "bulk.table": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "bulk.look_at_replace": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "takeout.page": (OPEN,) * 5,
    "takeout.quiz": (OPEN,) * 5,
    "takeout.cards": (OPEN,) * 5,
    "takeout.anki": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "takeout.my_anki": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "takeout.table": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "transfer.start": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "transfer.page": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "transfer.job": (SIGN_IN, SIGN_IN, MAY_NOT, MISSING, MISSING),
    "transfer.pending_picture": (SIGN_IN, SIGN_IN, MAY_NOT, MISSING, MISSING),
    "transfer.look": (SIGN_IN, SIGN_IN, MAY_NOT, MISSING, MISSING),
    "transfer.fields": (SIGN_IN, SIGN_IN, MAY_NOT, MISSING, MISSING),
    "transfer.export": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "reporting.question": (SIGN_IN, MISSING, MISSING, MISSING, MISSING),
    "reporting.own": (SIGN_IN, OPEN, OPEN, OPEN, OPEN),
    "reports.queue": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "reports.report": (SIGN_IN, SIGN_IN, MAY_NOT, MISSING, MISSING),
    "statistics.deck": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "statistics.fact": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "offline.page": (OPEN,) * 5,
    "offline.service_worker": (OPEN,) * 5,
    "offline.manifest": (OPEN,) * 5,
    "offline.state": (OPEN,) * 5,
    "ops.healthz": (OPEN,) * 5,
    "ops.readyz": (OPEN,) * 5,
    "ops.metrics": (MISSING,) * 5,
    "people.invite": (SIGN_IN, SIGN_IN, MAY_NOT, MAY_NOT, OPEN),
    "people.listing": (SIGN_IN, SIGN_IN, MAY_NOT, MAY_NOT, OPEN),
    "people.edit": (SIGN_IN, SIGN_IN, MAY_NOT, MAY_NOT, OPEN),
    "sharing.own": (SIGN_IN, SIGN_IN, OPEN, OPEN, OPEN),
    "sharing.new": (SIGN_IN, SIGN_IN, OPEN, OPEN, OPEN),
    "sharing.results": (SIGN_IN, MISSING, MISSING, MISSING, MISSING),
    "sharing.invitation": (MISSING,) * 5,
    "sites.listing": (SIGN_IN, SIGN_IN, MAY_NOT, OPEN, OPEN),
    "embed.start": (MISSING,) * 5,
    "embed.current": (MISSING,) * 5,
    "embed.question": (MISSING,) * 5,
    "embed.feedback": (MISSING,) * 5,
}
VALUES = {
    "name": "0" * 40 + ".png",
    "key": "deepseek",
    "deck_key": "deepseek",
    "token": "nobodys",
    "fact_id": 1,
    "change": "bury",
    "sign_in_id": 999_999,
    "user_id": 1,
    "entity_id": 1,
    "relation_id": 1,
    "record_id": 1,
    "source_key": "brief",
    "token_id": 999_999,
    "quiz_id": 999_999,
    "job": "nobodys",
    "secret": "guessed",
    "seat": "1.1.forged",
    "passkey_id": 999_999,
    "what": "reviews",
    "suffix": "csv",
    "file_format": "yaml",
}
ROLES = ("nobody", "guest", "learner", "curator", "admin")
OF_NO_DECK = {"decks.new", "facts.index", "transfer.start", "reports.queue"}
"""Pages that every curator has, whatever they curate."""
LEARNERS_OWN = {"planner.change_fact", "home.study_fading"}
"""A fact or deck in the address, but the learner's own memory of it."""
BY_ADDRESS = {
    "reminders.unsubscribe",
    "embed.join",
    "embed.following",
    "embed.answer",
}
"""What an address alone gives a right to, so that no token is asked for."""
STATIC = {"static", "bootstrap.static"}
STATIC_PATHS = ("/static/", "/bootstrap/")


@pytest.fixture
def people(app: Flask) -> dict[str, accounts.Person]:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        link = accounts.make_setup_link(session, 2_000_000_000)
        assert link is not None
        found = {
            "admin": accounts.use_setup_link(
                session, link, "admin@b.example", PHRASE, 2_000_000_000
            )
        }
        for name in ("learner", "curator", "elsewhere"):
            found[name] = accounts.sign_up(session, None, f"{name}@b.example", PHRASE, 1)
        for name in ("curator", "elsewhere"):
            change = PersonChange(is_curator=True, is_admin=False, active=True)
            accounts.change_person(session, found[name].id, change)
        every = [one.key for one in decks.deck_list(session)]
        curating.give_decks(session, found["curator"].id, every)
        found["guest"] = accounts.make_guest(session, "g" * 40, 1)
        return found


def become(client: FlaskClient, people: dict[str, accounts.Person], role: str) -> None:
    sign_in_as(client, people.get(role))


def test_every_page_answers_every_role_as_it_should(
    app: Flask, client: FlaskClient, visit: Visit, people: dict[str, accounts.Person]
) -> None:
    seen = set()
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in STATIC | set(SCOPES):
            continue
        assert rule.endpoint in EXPECTED, f"{rule} has no row: who may see it?"
        seen.add(rule.endpoint)
        values = {name: VALUES[name] for name in rule.arguments}
        if rule.endpoint == "people.edit":
            values["user_id"] = people["learner"].id
        if (
            rule.endpoint
            in {"home.source", "sources.edit", "sources.history", "sources.read_again"}
            or "candidates." in rule.endpoint
        ):
            values["key"] = "brief"
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **values)
        for role, status in zip(ROLES, EXPECTED[rule.endpoint], strict=True):
            become(client, people, role)
            assert visit(path).status_code == status, (path, role)
    assert seen == set(EXPECTED)


def test_a_curator_reaches_no_page_of_a_deck_of_others(
    app: Flask, client: FlaskClient, visit: Visit, people: dict[str, accounts.Person]
) -> None:
    become(client, people, "elsewhere")
    checked = 0
    for endpoint, expected in EXPECTED.items():
        if expected[2:4] not in {(MAY_NOT, OPEN), (MAY_NOT, ONWARDS)}:
            continue
        for rule in app.url_map.iter_rules(endpoint):
            values = {name: VALUES[name] for name in rule.arguments}
            with app.test_request_context():
                path = app.url_for(endpoint, **values)
            status = OPEN if endpoint in OF_NO_DECK else MAY_NOT
            assert visit(path).status_code == status, path
            checked += 1
    assert checked > 25
    assert "DeepSeek" not in visit("/facts/").text


def test_a_curator_changes_nothing_in_a_deck_of_others(
    app: Flask, client: FlaskClient, submit: Submit, people: dict[str, accounts.Person]
) -> None:
    become(client, people, "elsewhere")
    checked = 0
    for rule in app.url_map.iter_rules():
        named = {"deck_key", "fact_id", "entity_id", "relation_id"} & rule.arguments
        if "POST" not in (rule.methods or ()) or not named or rule.endpoint in SCOPES:
            continue
        values = {name: VALUES[name] for name in rule.arguments}
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **values)
        if rule.endpoint in LEARNERS_OWN:
            continue
        assert submit("/", path).status_code == MAY_NOT, path
        checked += 1
    assert checked > 20


def test_a_cookie_opens_nothing_of_the_api(
    app: Flask, client: FlaskClient, people: dict[str, accounts.Person]
) -> None:
    """Its roles are tried by tokens, in test_api.py."""
    become(client, people, "admin")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in SCOPES]
    assert len(rules) == len(SCOPES) > 20
    for rule in rules:
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: VALUES[name] for name in rule.arguments})
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert client.open(path, method=method).status_code == 401, path


def test_every_unsafe_route_needs_its_token(
    app: Flask, client: FlaskClient, people: dict[str, accounts.Person]
) -> None:
    checked = 0
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        values = {name: VALUES[name] for name in rule.arguments}
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **values)
        become(client, people, "admin")
        # A mail program unsubscribes without a page: the signed link in the address is its right.
        # A frame in another site's page reads no cookie: there its seat in the address is.
        refused = 404 if rule.endpoint in BY_ADDRESS else 400
        if rule.endpoint in SCOPES:  # a cookie opens nothing there
            refused = 401
        assert client.post(path, data={"count": "3"}).status_code == refused, path
        checked += 1
    assert checked >= 12


def test_an_admin_makes_a_curator(
    client: FlaskClient, submit: Submit, visit: Visit, people: dict[str, accounts.Person]
) -> None:
    become(client, people, "admin")
    assert "learner@b.example" in visit("/people/").text
    path = f"/people/{people['learner'].id}"
    assert submit(path, path, is_curator="y", active="y").status_code == 303
    become(client, people, "learner")
    assert visit("/facts/").status_code == 200
    become(client, people, "admin")
    own = f"/people/{people['admin'].id}"
    refused = submit(own, own, active="y")
    assert refused.status_code == 422
    assert "only admin" in refused.text


def test_a_form_cannot_set_what_it_does_not_show(
    client: FlaskClient, submit: Submit, visit: Visit, people: dict[str, accounts.Person]
) -> None:
    become(client, people, "learner")
    fields = {"display_name": "L", "time_zone": "UTC"}
    extra = {
        "score": "9999",
        "new_per_day": "5",
        "roles": "admin",
        "is_admin": "y",
        "user_id": "1",
        "active": "",
    }
    assert submit("/settings", "/settings", **fields, **extra).status_code == 303
    assert visit("/people/").status_code == 403
    assert "0 points" in visit("/score").text
    assert "New facts a day" not in visit("/settings").text
    assert re.search(r'name="new_per_day"[^>]*value="10"', visit("/planner/settings").text)


def test_a_broken_page_says_so_without_details(new_app: Callable[..., Flask]) -> None:
    app = new_app()

    @app.get("/broken")
    @app.get("/api/broken")
    def broken() -> str:
        raise RuntimeError("secret detail")

    for path, said in (("/broken", "Something broke on our side"), ("/api/broken", "logged")):
        page = app.test_client().get(path)
        assert page.status_code == 500
        assert said in page.text
        assert "secret detail" not in page.text


def test_too_large_a_form_is_a_page_of_its_own(client: FlaskClient) -> None:
    page = client.post("/sign-up", data={"email": "x" * 6_000_000})
    assert page.status_code == 413
    assert "too large" in page.text


# Flask-Compress leaves closing a file it has read to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_first_page_is_small(client: FlaskClient) -> None:
    accepted = {"Accept-Encoding": "br, gzip"}
    page = client.get("/", headers=accepted)
    assert page.headers["Content-Encoding"] in {"br", "gzip"}
    total = len(page.data)
    parts = [part for part in client.get("/").text.split('"') if part.startswith(STATIC_PATHS)]
    assert len(parts) >= 4
    for part in parts:
        with client.get(part, headers=accepted) as got:
            assert got.status_code == 200
            total += len(got.data)
    assert total < 150_000
