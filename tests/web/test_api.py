"""The JSON API: tokens, scopes, studying, editing, problems."""

import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.instance import Instance
from app.services import accounts, api_tokens, curating, decks
from app.services.accounts import PersonChange
from app.services.api_tokens import Scope, Wanted
from app.web.api.base import SCOPES

PHRASE = "correct horse battery"
Ask = Callable[..., TestResponse]


@pytest.fixture
def tokens(app: Flask) -> dict[str, str]:
    """A token with every scope of its role, for each role."""
    instance: Instance = app.extensions["factdeck"]
    made = {}
    with Session(instance.engine) as session:
        for role in ("learner", "curator", "elsewhere", "admin"):
            person = accounts.sign_up(session, None, f"{role}@b.example", PHRASE, 1)
            change = PersonChange(role in {"curator", "elsewhere"}, role == "admin", active=True)
            accounts.change_person(session, person.id, change)
            person = accounts.person_by_id(session, person.id)
            if role == "curator":
                keys = [one.key for one in decks.deck_list(session)]
                curating.give_decks(session, person.id, keys)
            wanted = Wanted(role, frozenset(api_tokens.scopes_of(person)))
            made[role] = api_tokens.make(session, person, wanted, clock.now())
    return made


@pytest.fixture
def ask(client: FlaskClient, tokens: dict[str, str]) -> Ask:
    """Send a request with the token of a role; every error is a problem."""

    def send(role: str, method: str, path: str, **told: object) -> TestResponse:
        headers = {"Authorization": f"Bearer {tokens.get(role, role)}"}
        headers |= dict(told.pop("headers", {}))  # type: ignore[call-overload]
        given = client.open(f"/api/v1{path}", method=method, headers=headers, **told)  # type: ignore[arg-type]
        if given.status_code >= 400:
            assert given.mimetype == "application/problem+json", given.text
            assert given.json["status"] == given.status_code
        return given

    return send


def test_without_a_good_token_nothing_is_told(client: FlaskClient, ask: Ask) -> None:
    for token in ("factdeck_wrong", "", "é"):
        refused = ask(token, "GET", "/decks")
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/api/v1/decks").status_code == 401


def test_limits_and_instants_are_told(ask: Ask) -> None:
    given = ask("learner", "GET", "/today?deck=deepseek")
    assert given.headers["RateLimit-Policy"] == '"token";q=600;w=60'
    assert given.headers["RateLimit"].startswith('"token";r=599;t=')
    assert given.json["new_left"] > 0


def test_a_list_comes_in_parts_that_make_the_whole(ask: Ask) -> None:
    whole = ask("curator", "GET", "/decks/deepseek/facts?limit=200").json["items"]
    seen, cursor = [], ""
    while cursor is not None:
        part = ask("curator", "GET", f"/decks/deepseek/facts?limit=7&cursor={cursor}").json
        seen += part["items"]
        cursor = part["next"]
    assert seen == whole
    assert len(whole) > 20
    assert ask("curator", "GET", "/decks/deepseek/facts?cursor=%C3%A9").status_code == 422


def test_studying_never_tells_a_key_before_its_answer(ask: Ask) -> None:
    begun = ask("learner", "POST", "/sessions", json={"kind": "study", "deck": "deepseek"})
    assert begun.status_code == 201
    path = f"/study/{begun.json['session']}/next"
    asked = ask("learner", "POST", path).json["question"]
    assert ask("learner", "POST", path).json["question"] == asked
    hidden = {"keys", "key", "statement", "answers", "rivals", "told"}
    assert not hidden & set(asked)
    token = asked["token"]
    assert ask("learner", "GET", f"/questions/{token}/feedback").status_code == 404
    assert ask("curator", "GET", f"/questions/{token}").status_code == 404
    if asked["type"] == "matching":
        answer = {"options": [asked["options"][0]] * len(asked["prompts"])}
    elif asked["type"] in {"cloze", "short_answer"}:
        answer = {"text": "nobody knows"}
    elif asked["type"] == "flashcard":
        answer = {"rating": 1}
    else:
        answer = {"options": asked["options"][: 1 if asked["type"] != "ordering" else None]}
    assert ask("learner", "POST", f"/questions/{token}/answer", json={}).status_code == 422
    first = ask("learner", "POST", f"/questions/{token}/answer", json=answer)
    again = ask("learner", "POST", f"/questions/{token}/answer", json=answer)
    assert first.status_code == 200
    assert first.json == again.json
    assert first.json["key"]
    assert first.json["due"].endswith("Z")
    assert ask("learner", "GET", "/progress").json["reviews"] == 1
    undone = ask("learner", "POST", f"/questions/{token}/undo")
    assert undone.json["question"]


def test_an_edit_needs_the_tag_that_was_read(ask: Ask) -> None:
    draft = {"value": {"kind": "text", "text": "42"}, "ask": "How many?"}
    made = ask("curator", "POST", "/decks/deepseek/facts", json=draft)
    assert made.status_code == 201
    path = f"/facts/{made.json['id']}"
    read = ask("curator", "GET", path)
    assert read.headers["ETag"] == '"1"'
    changed = draft | {"ask": "How many are there?"}
    assert ask("curator", "PUT", path, json=changed).status_code == 428
    tag = {"If-Match": read.headers["ETag"]}
    assert ask("curator", "PUT", path, json=changed, headers=tag).json["revision"] == 2
    assert ask("curator", "PUT", path, json=draft, headers=tag).status_code == 412
    assert ask("curator", "DELETE", path, headers=tag).status_code == 412
    assert ask("curator", "DELETE", path, headers={"If-Match": '"2"'}).status_code == 204
    assert ask("curator", "GET", path).status_code == 404


def test_what_is_wrong_with_a_fact_is_said_by_the_field(ask: Ask) -> None:
    bad = {"value": {"kind": "date", "date": "soon"}, "ask": "When?"}
    refused = ask("curator", "POST", "/decks/deepseek/facts", json=bad)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "date"
    extra = ask("curator", "POST", "/decks/deepseek/facts", json=bad | {"score": 1})
    assert extra.json["errors"][0]["field"] == "score"


def test_every_error_of_the_api_is_a_problem(ask: Ask) -> None:
    path = "/sessions"
    assert ask("learner", "GET", "/nowhere").status_code == 404
    refused = ask("learner", "DELETE", path)
    assert refused.status_code == 405
    assert "POST" in refused.headers["Allow"]
    assert ask("learner", "POST", path, data={"kind": "study"}).status_code == 415
    as_json = {"content_type": "application/json"}
    assert ask("learner", "POST", path, data="{", **as_json).status_code == 400
    assert ask("learner", "POST", path, data="[]", **as_json).status_code == 400


def test_every_route_asks_for_its_scope_and_role(app: Flask, ask: Ask) -> None:
    """A learner reads and studies; a curator's own decks alone; people are the admin's."""
    values = {
        "deck_key": "deepseek",
        "fact_id": 1,
        "entity_id": 1,
        "relation_id": 1,
        "quiz_id": 999_999,
        "user_id": 999_999,
        "file_format": "yaml",
    }
    values |= {"token": "nobodys", "source_key": "brief", "file_format": "yaml"}
    checked = 0
    for rule in app.url_map.iter_rules():
        view = rule.endpoint.removeprefix("api.")
        if rule.endpoint not in SCOPES:
            assert not rule.rule.startswith("/api/") or view in {"openapi", "reference"}, rule
            continue
        with app.test_request_context():
            path = app.url_for(
                rule.endpoint, **{name: values[name] for name in rule.arguments}
            ).removeprefix("/api/v1")
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        refused = REFUSED[SCOPES[rule.endpoint]]
        for role in ("learner", "elsewhere", "curator", "admin"):
            status = ask(role, method, path, json={} if method != "GET" else None).status_code
            assert (status == 403) == (role in refused), (path, role, status)
        checked += 1
    assert checked == len(SCOPES) > 20


REFUSED = {
    Scope.READ: set(),
    Scope.STUDY: set(),
    Scope.CURATE: {"learner", "elsewhere"},
    Scope.ADMIN: {"learner", "elsewhere", "curator"},
}


def test_a_token_does_only_what_its_scopes_name(app: Flask, client: FlaskClient) -> None:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        person = accounts.sign_up(session, None, "one@b.example", PHRASE, 1)
        wanted = Wanted("reader", frozenset({Scope.READ}), 1)
        secret = api_tokens.make(session, person, wanted, clock.now())
        with pytest.raises(api_tokens.ScopeNotHeld):
            api_tokens.make(session, person, Wanted("x", frozenset({Scope.ADMIN})), 1)
        held = {"Authorization": f"Bearer {secret}"}
        assert client.get("/api/v1/decks", headers=held).status_code == 200
        started = client.post(
            "/api/v1/sessions", headers=held, json={"kind": "study", "deck": "deepseek"}
        )
        assert started.status_code == 403
        one = api_tokens.own(session, person.id)[0]
        assert one.last_used_epoch_s is not None
        assert api_tokens.find(session, secret, clock.now() + 86_401) is None
        assert secret not in str(one)
        api_tokens.revoke(session, person.id, one.id)
        assert client.get("/api/v1/decks", headers=held).status_code == 401


def test_the_description_is_openapi_and_has_a_page(client: FlaskClient) -> None:
    text = client.get("/api/v1/openapi.json").json
    assert text["openapi"].startswith("3.1")
    asked = {one["operationId"] for path in text["paths"].values() for one in path.values()}
    assert asked == {name.removeprefix("api.") for name in SCOPES}
    page = client.get("/api/v1/").text
    assert all(path in page for path in text["paths"])


def test_the_guide_says_what_works(ask: Ask) -> None:
    """Every curl line of docs/api.md is sent as it stands there."""
    guide = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    lines = [line for line in guide.splitlines() if line.startswith("curl ")]
    for line in lines:
        words = shlex.split(line)
        (address,) = [word for word in words if word.startswith("$SITE/api/v1")]
        body = words[words.index("-d") + 1] if "-d" in words else None
        sent = {"data": body, "content_type": "application/json"} if body else {}
        method = "POST" if body else "GET"
        path = address.removeprefix("$SITE/api/v1")
        assert ask("curator", method, path, **sent).status_code in {200, 201}, line
        assert "Authorization: Bearer $TOKEN" in words
    assert len(lines) == 7


def test_a_deck_goes_out_as_a_file(ask: Ask) -> None:
    given = ask("curator", "GET", "/decks/deepseek/export/yaml")
    assert given.text.startswith("format: factdeck/1")
    assert ask("curator", "GET", "/decks/deepseek/export/exe").status_code == 404


@pytest.fixture
def shared(ask: Ask) -> dict[str, str]:
    """A learner's shared quiz of one question: its path, and how to take part in it."""
    at = datetime.fromtimestamp(clock.now() + 3600, UTC).isoformat()
    wanted = {"deck": "deepseek", "title": "T", "count": 1, "closes": at}
    for bad in ("2020-01-01T00:00:00Z", at.replace("+00:00", ""), "soon"):
        refused = ask("learner", "POST", "/shared-quizzes", json=wanted | {"closes": bad})
        assert refused.status_code == 422
    made = ask("learner", "POST", "/shared-quizzes", json=wanted)
    assert made.status_code == 201
    assert made.json["address"].endswith(f"/shared/with/{made.json['secret']}")
    return {"path": f"/shared-quizzes/{made.json['id']}", "secret": made.json["secret"]}


def test_others_take_part_in_a_shared_quiz_once(ask: Ask, shared: dict[str, str]) -> None:
    path, joining = shared["path"], {"secret": shared["secret"], "name": "Curt"}
    joined = ask("curator", "POST", "/shared-quizzes/join", json=joining)
    assert joined.status_code == 201
    assert ask("curator", "POST", "/shared-quizzes/join", json=joining).json == joined.json
    assert ask("admin", "POST", "/shared-quizzes/join", json=joining).status_code == 422
    assert ask("curator", "POST", f"/quizzes/{joined.json['session']}/next").json["question"]
    seen = ask("curator", "GET", path).json
    assert [(one["name"], one["user_id"]) for one in seen["standings"]] == [("Curt", None)]
    assert seen["stems"] == []
    assert ask("elsewhere", "GET", path).status_code == 404
    assert ask("curator", "GET", "/shared-quizzes").json["items"] == []


def test_only_its_owner_changes_a_shared_quiz(ask: Ask, shared: dict[str, str]) -> None:
    path, joining = shared["path"], {"secret": shared["secret"], "name": "Curt"}
    ask("curator", "POST", "/shared-quizzes/join", json=joining)
    member = ask("learner", "GET", path).json["standings"][0]["user_id"]
    for role in ("curator", "elsewhere", "admin"):
        for act in ("close", "address", f"people/{member}/remove"):
            assert ask(role, "POST", f"{path}/{act}").status_code == 404
    assert ask("learner", "POST", f"{path}/people/{member}/remove").status_code == 204
    assert ask("curator", "GET", path).status_code == 404
    assert ask("curator", "POST", "/shared-quizzes/join", json=joining).status_code == 403
    renewed = ask("learner", "POST", f"{path}/address").json
    assert ask("admin", "POST", "/shared-quizzes/join", json=joining).status_code == 404
    assert ask("learner", "POST", f"{path}/close").json["closed"] is True
    joining["secret"] = renewed["secret"]
    assert ask("admin", "POST", "/shared-quizzes/join", json=joining).status_code == 422
    (listed,) = ask("learner", "GET", "/shared-quizzes").json["items"]
    assert (listed["title"], listed["people"]) == ("T", 0)
