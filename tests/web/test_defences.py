"""What every route refuses, walked from the URL map: forged requests, ways off the site, leaks.

Mutants that must fail: no look at Sec-Fetch-Site; a header added to pages of one area alone; a
redirect to an address that was sent along.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError
from werkzeug.test import TestResponse

from app import clock
from app.config import Config
from app.instance import Instance
from app.models.base import Base
from app.models.people import User
from app.services import accounts, api_tokens, resetting, signing_up
from app.web.api.base import SCOPES
from app.web.security import limiter

from .conftest import sign_in_as
from .test_people import STATIC, VALUES

PHRASE = "correct horse battery"
NOT_CONTENT = {"rate_count", "sign_in"}
"""Tables that a refused request may count itself in."""
ONE_CLICK = {"reminders.unsubscribe"}
"""Mail programs post without a page; the token in the address is the right (RFC 8058)."""
FRAMED = {"embed.join", "embed.following", "embed.answer"}
"""Frames in other sites' pages read no cookie; the seat in the address is the right."""
PAYLOADS = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%09/evil.example",
    "/\t/evil.example",
    "/\r\n/evil.example",
    "/\n\\evil.example",
    "/ /evil.example",
    "//evil.example/%2f..",
    "/%5cevil.example",
    "https://localhost@evil.example",
    "https://evil.example#localhost",
    "%2f%2fevil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "//evil%E3%80%82example",
    "/.//evil.example",
    "////evil.example",
    "//\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "//evil.example:80",
    "//user:secret@evil.example",
    "//[::1]",
    "//2130706433",
    "HTTPS://EVIL.EXAMPLE",
    "hTtP:\\\\evil.example",
    "ftp://evil.example",
    "file:///etc/passwd",
    "vbscript:x",
    "\u200b//evil.example",
    "\u3000//evil.example",
    "//evil\u3002example",
    "//evil.example?.localhost",
    "//evil.example/..;/",
    "/%2f%2fevil.example",
    "?next=//evil.example",
]


@pytest.fixture
def admin(client: FlaskClient) -> accounts.Person:
    instance: Instance = client.application.extensions["factdeck"]
    with Session(instance.engine) as session:
        link = accounts.make_setup_link(session, clock.now())
        assert link is not None
        made = accounts.use_setup_link(session, link, "root@b.example", PHRASE, clock.now())
    sign_in_as(client, made)
    return made


def routes(app: Flask, method: str) -> Iterator[tuple[str, str]]:
    """Yield each route's name and an address of it."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint not in STATIC:
            with app.test_request_context():
                values = {name: VALUES[name] for name in rule.arguments}
                yield rule.endpoint, app.url_for(rule.endpoint, **values)


def contents(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {
            table.name: hashlib.sha256(
                repr(sorted(map(repr, connection.execute(table.select()).all()))).encode()
            ).hexdigest()
            for table in Base.metadata.sorted_tables
            if table.name not in NOT_CONTENT
        }


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


@pytest.fixture
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many forged requests from one address: limits are not what is looked at here."""
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_nothing_is_taken_from_a_page_of_another_site(
    client: FlaskClient, admin: accounts.Person, site: str
) -> None:
    app, engine = client.application, client.application.extensions["factdeck"].engine
    token, checked = token_of(client.get("/settings")), 0
    before = contents(engine)
    for name, path in routes(app, "POST"):
        if name in ONE_CLICK:
            continue
        told = client.post(path, data={"csrf_token": token}, headers={"Sec-Fetch-Site": site})
        assert told.status_code == 403, path
        checked += 1
    assert checked > 60
    assert contents(engine) == before
    assert admin.is_admin
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/sign-out", data={"csrf_token": token}, headers=own).status_code == 303


def test_a_token_of_another_session_or_a_body_of_another_kind_is_refused(
    client: FlaskClient, admin: accounts.Person
) -> None:
    app, engine = client.application, client.application.extensions["factdeck"].engine
    others = token_of(app.test_client().get("/sign-in"))
    own = token_of(client.get("/settings"))
    before, checked = contents(engine), 0
    for name, path in routes(app, "POST"):
        if name in ONE_CLICK | FRAMED:
            continue
        refused = 401 if name in SCOPES else 400  # cookies open nothing of the API
        assert client.post(path, data={"csrf_token": others}).status_code == refused, path
        assert client.post(path, json={"csrf_token": own}).status_code == refused, path
        plain = client.post(path, data=f"csrf_token={own}", content_type="text/plain")
        assert plain.status_code == refused, path
        checked += 1
    assert checked > 60
    assert contents(engine) == before
    assert admin.is_admin


def test_looking_changes_nothing(client: FlaskClient, admin: accounts.Person) -> None:
    engine = client.application.extensions["factdeck"].engine
    for _, path in routes(client.application, "GET"):
        client.get(path)
    before = contents(engine)
    for browser in (client, client, None):  # and somebody new, who is nobody by looking
        for _, path in routes(client.application, "GET"):
            asked = browser or client.application.test_client()
            assert asked.get(path).status_code < 500, path
    assert contents(engine) == before
    assert admin.is_admin


@pytest.mark.usefixtures("admin")
def test_what_stands_in_an_address_is_never_markup(client: FlaskClient) -> None:
    """A15: pages that say what there is not, say it as text."""
    planted, checked = "<b onclick=alert(1)>", 0
    for rule in client.application.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in STATIC or not rule.arguments:
            continue
        with client.application.test_request_context():
            texts = {name for name in rule.arguments if isinstance(VALUES[name], str)}
            values = {name: planted if name in texts else VALUES[name] for name in rule.arguments}
            try:
                path = client.application.url_for(rule.endpoint, **values)
            except BuildError:  # a route that takes certain words only
                continue
        assert planted.encode() not in client.get(path, query_string={"q": planted}).data, path
        checked += bool(texts)
    assert checked > 30


def test_every_response_has_its_headers(client: FlaskClient, admin: accounts.Person) -> None:
    answers = [client.get(path) for _, path in routes(client.application, "GET")]
    answers += [
        client.get("/nowhere"),
        client.post("/decks/deepseek"),
        client.post("/sign-out"),
        client.get("/static/css/factdeck.css", buffered=True),
        client.post("/settings", data={"x": "y" * 6_000_000}),
    ]
    assert {404, 405, 400, 413, 200, 303} <= {one.status_code for one in answers}
    for one in answers:
        policy = one.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert one.headers["X-Content-Type-Options"] == "nosniff"
        assert one.headers["Referrer-Policy"] == "same-origin"
        assert one.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        if one.mimetype == "text/html":
            assert one.headers["Cache-Control"] == "no-store", one.request.path
            assert "Cookie" in one.headers["Vary"]
    assert admin.is_admin


def test_the_cookie_belongs_to_this_host_under_https(
    new_app: Callable[..., Flask], app: Flask
) -> None:
    del app  # it has seeded the database that both serve
    secure = new_app(https=True).test_client()
    cookie = secure.get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain=" not in cookie


@pytest.mark.usefixtures("no_limits")
def test_no_redirect_leads_off_the_site(client: FlaskClient, admin: accounts.Person) -> None:
    assert len(set(PAYLOADS)) == 42
    for payload in PAYLOADS:
        for one in told_of(client, admin, payload):
            assert one.status_code < 500, payload
            if 300 <= one.status_code < 400:
                target = urlsplit(one.headers["Location"].replace("\\", "/"))
                assert (target.scheme, target.netloc) in {("", ""), ("http", "localhost")}, payload
                assert not target.path.startswith("//")


def told_of(client: FlaskClient, admin: accounts.Person, payload: str) -> Iterator[TestResponse]:
    """Yield what is answered where somebody sends an address along."""
    names = ("next", "url", "return", "back", "to", "redirect")
    query = "&".join(f"{name}={quote(payload, safe='')}" for name in names)
    token = token_of(client.get("/settings"))
    for path in ("/sign-in", "/sign-up", "/settings", "/"):
        yield client.get(f"{path}?{query}")
    spoken = {"csrf_token": token, "language": "en", "back": payload}
    yield client.post("/language", data=spoken)
    yield client.post("/language", data=spoken | {"back": f"/{payload}"})
    yield client.post(f"/sign-out?{query}", data={"csrf_token": token, "next": payload})
    # As a server passes it on; the client alone would take the first part for a host.
    path = payload if payload[0] == "/" else f"/{payload}"
    odd = {"PATH_INFO": path.encode().decode("latin-1")}
    yield client.get("/", environ_overrides=odd)
    token = token_of(client.get("/sign-in"))
    given = {"csrf_token": token, "email": admin.email, "password": PHRASE, "next": payload}
    referer = {"Referer": payload} if payload.isascii() and payload.isprintable() else {}
    signed_in = client.post(f"/sign-in?{query}", data=given, headers=referer)
    assert signed_in.status_code == 303
    yield signed_in


GUARDED = (
    "id",
    "email",
    "password",
    "active",
    "fs_uniquifier",
    "created_epoch_s",
    "score",
    "reviews",
)
"""Columns of people that no form of a learner shows."""
FILLED = {
    "accounts.settings": {"display_name": "L", "time_zone": "UTC"},
    "planner.settings": {"new_per_day": "5", "reviews_per_day": "50"},
    "joining.sign_up": {"email": "new@b.example", "password": PHRASE},
}
ENDING = {"accounts.sign_out", "accounts.delete", "accounts.end_others"}


@pytest.mark.usefixtures("no_limits")
def test_no_form_takes_a_column_that_it_does_not_show(
    client: FlaskClient, admin: accounts.Person
) -> None:
    """A23: every route that a learner may post to, with every column there is."""
    app, engine = client.application, client.application.extensions["factdeck"].engine
    with Session(engine) as session:
        learner = accounts.sign_up(session, None, "learner@b.example", PHRASE, clock.now())
    columns = {one.name for table in Base.metadata.tables.values() for one in table.columns}
    more = dict.fromkeys(columns | {"role", "roles", "is_admin", "is_curator", "user"}, "1")
    before, checked = people_in(engine), 0
    for name, path in routes(app, "POST"):
        if name in ENDING | ONE_CLICK | set(SCOPES):
            continue
        sign_in_as(client, learner)
        token = token_of(client.get("/settings"))
        told = client.post(path, data=more | FILLED.get(name, {}) | {"csrf_token": token})
        assert told.status_code < 500, path
        checked += 1
    assert checked > 60
    after = people_in(engine)
    assert {known: after[known] for known in before} == before
    made = [row for number, row in after.items() if number not in before and row[1]]
    assert [(row[1], row[6], row[7], row[8]) for row in made] in ([("new@b.example", 0, 0, ())], [])
    assert admin.id in before


def people_in(engine: Engine) -> dict[int, tuple[object, ...]]:
    """What no form may change: the guarded columns of everybody, and their roles."""
    with Session(engine) as session:
        return {
            user.id: (
                *(getattr(user, name) for name in GUARDED),
                tuple(sorted(str(role.name) for role in user.roles)),
            )
            for user in session.scalars(select(User))
        }


@pytest.mark.usefixtures("no_limits")
def test_logs_and_error_pages_tell_no_secret(
    client: FlaskClient,
    admin: accounts.Person,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A26: a walk over all routes with what nobody may read, through both ways to the log."""
    caplog.set_level(logging.DEBUG)
    app, engine = client.application, client.application.extensions["factdeck"].engine
    config: Config = app.extensions["factdeck"].config
    planted = {"password": "planted wombat phrase", "code": "planted-code", "q": "planted words"}
    cookie = client.get_cookie("factdeck")
    assert cookie is not None
    with Session(engine) as session:
        wanted = api_tokens.Wanted("program", frozenset({api_tokens.Scope.READ}))
        bearer = api_tokens.make(session, admin, wanted, clock.now())
        links = [
            f"/setup/{accounts.make_setup_link(session, clock.now(), recovery=True)}",
            f"/new-password/{resetting.make_link(session, admin.id, clock.now())}",
            f"/join/{signing_up.invite(session, 'new@b.example', clock.now())}",
        ]
        stored = session.scalars(select(User.password).where(User.email.is_not(None))).all()
    capsys.readouterr()
    token = token_of(client.get("/settings"))
    asked = [path for name, path in routes(app, "GET") if name not in ENDING] + links
    sent = [path for name, path in routes(app, "POST") if name not in ENDING] + links
    headers = {"Authorization": f"Bearer {bearer}"}
    answers = [client.get(path, query_string=planted, headers=headers) for path in asked]
    for with_token in ({}, {"csrf_token": token}):
        data = planted | {"email": "root@b.example"} | with_token
        answers += [client.post(path, data=data, headers=headers) for path in sent]
    assert {one.status_code for one in answers} >= {200, 303, 400, 404, 422}
    output = capsys.readouterr()
    hashes = [one for one in stored if one]
    secrets = [*planted.values(), bearer, cookie.value, token, config.secret_key, *hashes]
    secrets += [link.rpartition("/")[2] for link in links]
    for secret in secrets:
        assert secret not in output.out + output.err + caplog.text, secret
    for page in (one.data.decode("latin-1") for one in answers):
        assert not any(one in page for one in ("Traceback", "sqlalchemy", str(config.home)))
        assert not any(one in page for one in (config.secret_key, *hashes))
