"""The JSON API: tokens, scopes, studying, editing, problems."""

import base64
import io
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.instance import Instance
from app.models.content import FactRow, RelationRow
from app.services import accounts, api_tokens, curating, decks, entities, jobs, relations
from app.services.accounts import PersonChange
from app.services.api_tokens import Scope, Wanted
from app.web.api.base import SCOPES, write_cursor

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


def test_who_asks_too_often_is_told_until_when(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.api.base.REQUESTS", 1)
    assert ask("learner", "GET", "/decks").status_code == 200
    refused = ask("learner", "GET", "/decks")
    assert refused.status_code == 429
    left = refused.headers["RateLimit"].rpartition("t=")[2]
    assert refused.headers["Retry-After"] == str(max(1, int(left)))


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


def answered(asked: dict[str, Any], at: int) -> dict[str, Any]:
    """Return one of two answers to a question, 0 or -1."""
    match asked["type"]:
        case "matching":
            return {"options": [asked["options"][at]] * len(asked["prompts"])}
        case "cloze" | "short_answer":
            return {"text": f"nobody knows {at}"}
        case "flashcard":
            return {"rating": 1 if at == 0 else 4}
        case "ordering":
            return {"options": asked["options"][:: 1 if at == 0 else -1]}
        case _:
            return {"options": [asked["options"][at]]}


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
    answer, other = answered(asked, 0), answered(asked, -1)
    assert ask("learner", "POST", f"/questions/{token}/answer", json={}).status_code == 422
    first = ask("learner", "POST", f"/questions/{token}/answer", json=answer)
    again = ask("learner", "POST", f"/questions/{token}/answer", json=answer)
    assert first.status_code == 200
    assert first.json == again.json
    assert ask("learner", "POST", f"/questions/{token}/answer", json=other).status_code == 409
    assert ask("learner", "POST", f"/questions/{token}/answer", json={}).status_code == 422
    assert ask("learner", "GET", f"/questions/{token}/feedback").json == first.json
    assert first.json["key"]
    assert first.json["due"].endswith("Z")
    assert ask("learner", "GET", "/progress").json["reviews"] == 1
    undone = ask("learner", "POST", f"/questions/{token}/undo")
    again = undone.json["question"]
    assert ask("learner", "POST", f"/questions/{again}/answer", json=other).status_code == 200


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
        "job": "nobodys",
        "record_id": 999_999,
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
        named = {"deck_key", "fact_id", "entity_id", "relation_id"} & rule.arguments
        if SCOPES[rule.endpoint] is Scope.CURATE and not named:
            refused = refused - {"elsewhere"}  # which deck is meant does not stand in the address
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
    closes = datetime.fromtimestamp(clock.now() + 3600, UTC).isoformat()
    for line in lines:
        words = shlex.split(line.replace("$CLOSES", closes))
        (address,) = [word for word in words if word.startswith("$SITE/api/v1")]
        body = words[words.index("-d") + 1] if "-d" in words else None
        sent = {"data": body, "content_type": "application/json"} if body else {}
        method = "POST" if body else "GET"
        path = address.removeprefix("$SITE/api/v1")
        assert ask("curator", method, path, **sent).status_code in {200, 201, 202}, line
        assert "Authorization: Bearer $TOKEN" in words
    assert len(lines) == 9


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


def test_what_was_read_before_is_not_sent_again(ask: Ask) -> None:
    for path in ("/decks", "/facts/1", "/decks/deepseek/facts?limit=2"):
        read = ask("curator", "GET", path)
        tag = {"If-None-Match": read.headers["ETag"]}
        again = ask("curator", "GET", path, headers=tag)
        assert (again.status_code, again.data) == (304, b"")
        other = ask("curator", "GET", path, headers={"If-None-Match": '"other"'})
        assert other.status_code == 200
    draft = {"value": {"kind": "text", "text": "42"}, "ask": "How many?"}
    ask("curator", "POST", "/decks/deepseek/facts", json=draft)
    listed = ask("curator", "GET", "/decks/deepseek/facts?q=How+many", headers=tag)
    assert listed.status_code == 200


def test_a_cursor_that_nobody_told_is_refused(ask: Ask) -> None:
    for place in ("x", "9" * 30, "-1", "٣", str(2**63)):
        cursor = write_cursor(place)
        path = f"/decks/deepseek/facts?cursor={cursor}"
        assert ask("curator", "GET", path).status_code == 422, place
    last = write_cursor(str(2**63 - 1))
    told = ask("curator", "GET", f"/decks/deepseek/facts?cursor={last}").json
    assert told == {"items": [], "next": None}


def test_words_are_found_over_many_parts(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.facts.SCANNED", 3)
    whole = ask("curator", "GET", "/decks/deepseek/facts?q=deepseek&limit=200").json["items"]
    seen, cursor = [], ""
    while cursor is not None:
        path = f"/decks/deepseek/facts?q=deepseek&limit=2&cursor={cursor}"
        part = ask("curator", "GET", path).json
        seen, cursor = seen + part["items"], part["next"]
    assert seen == whole
    assert len(whole) > 4


def test_a_list_of_facts_reads_its_own_part_alone(ask: Ask) -> None:
    read: list[int] = []

    def note(row: FactRow, _context: object) -> None:
        read.append(row.id)

    event.listen(FactRow, "load", note)
    ask("curator", "GET", "/decks/deepseek/facts?limit=5")
    event.remove(FactRow, "load", note)
    assert len(read) == 6


def test_a_list_of_entities_reads_its_own_part_alone(app: Flask, ask: Ask) -> None:
    read: list[int] = []

    def note(row: FactRow, _context: object) -> None:
        read.append(row.id)

    event.listen(FactRow, "load", note)
    found, cursor = [], ""
    while True:
        page = ask("curator", "GET", f"/decks/deepseek/entities?limit=7{cursor}").json
        found += [(one["key"], one["uses"]) for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    event.remove(FactRow, "load", note)
    assert not read
    with Session(app.extensions["factdeck"].engine) as session:
        uses = entities.uses_of(decks.export_deck(session, "deepseek"))
    assert dict(found) == {key: uses[key] for key, _ in found}
    assert len(found) == len(dict(found)) > 14


def test_a_list_of_relations_reads_its_own_part_alone(app: Flask, ask: Ask) -> None:
    read: list[int] = []

    def note(row: RelationRow, _context: object) -> None:
        read.append(row.id)

    event.listen(RelationRow, "load", note)
    page = ask("curator", "GET", "/decks/deepseek/relations?limit=3").json
    event.remove(RelationRow, "load", note)
    assert len(read) == 4
    found, cursor = page["items"], page["next"]
    while cursor:
        page = ask("curator", "GET", f"/decks/deepseek/relations?limit=9&cursor={cursor}").json
        found, cursor = found + page["items"], page["next"]
    with Session(app.extensions["factdeck"].engine) as session:
        listed = relations.relation_list(session, "deepseek").relations
    told = {one.id: (one.relation.key, one.relation.label, one.uses) for one in listed}
    assert {one["id"]: (one["key"], one["name"], one["uses"]) for one in found} == told
    assert len(found) == len(told)


def test_a_program_adds_pictures_and_takes_them_away(ask: Ask) -> None:
    def drawn(colour: int) -> str:
        out = io.BytesIO()
        Image.new("RGB", (4, 3), (colour, 9, 9)).save(out, "PNG")
        return base64.b64encode(out.getvalue()).decode()

    fact = {"value": {"kind": "text", "text": "Femur"}, "ask": "Which bone is this?"}
    sent = {"content": drawn(1), "alt": "a long bone", "side": "question"}
    made = ask("curator", "POST", "/decks/deepseek/facts", json=fact | {"pictures": [sent]})
    assert made.status_code == 201, made.text
    (told,) = made.json["fact"]["pictures"]
    assert told == {"name": told["name"], "side": "question", "alt": "a long bone"}
    path, any_tag = f"/facts/{made.json['id']}", {"If-Match": "*"}

    def put(*pictures: dict[str, object]) -> TestResponse:
        sent = fact | {"pictures": list(pictures)}
        return ask("curator", "PUT", path, json=sent, headers=any_tag)

    assert put().json["fact"]["pictures"] == [told]
    other = put({"name": told["name"], "content": drawn(2)}, {"content": drawn(3), "alt": "x"})
    first, second = other.json["fact"]["pictures"]
    assert first["name"] != told["name"]
    assert second == {"name": second["name"], "side": "answer", "alt": "x"}
    left = put({"name": first["name"], "gone": True}).json["fact"]["pictures"]
    assert left == [second]
    wrong = put({"name": told["name"]}, {}, {"content": "%"}, {"content": "aGVsbG8="})
    assert [one["field"] for one in wrong.json["errors"]] == [
        *("pictures.0.name", "pictures.1", "pictures.2.content", "pictures.3.content"),
    ]
    twice = put({"content": drawn(3)})
    assert (twice.status_code, twice.json["errors"][0]["field"]) == (422, "pictures")


def test_a_deck_is_written_aside_and_fetched(app: Flask, ask: Ask) -> None:
    job = ask("curator", "POST", "/decks/deepseek/exports", json={"format": "yaml"})
    assert (job.status_code, job.json["state"], job.json["file"]) == (202, "waiting", None)
    path = job.headers["Location"].removeprefix("/api/v1")
    assert ask("curator", "GET", f"{path}/file").status_code == 404
    assert jobs.work(app.extensions["factdeck"].engine, clock.now)
    done = ask("curator", "GET", path).json
    assert done["state"] == "done"
    file = done["file"].removeprefix("/api/v1")
    whole = ask("curator", "GET", "/decks/deepseek/export/yaml").data
    assert ask("curator", "GET", file).data == whole
    for role in ("admin", "elsewhere", "learner"):
        assert ask(role, "GET", file).status_code in {403, 404}
        assert ask(role, "GET", path).status_code in {403, 404}
    odd = ask("curator", "POST", "/decks/deepseek/exports", json={"format": "exe"})
    assert odd.status_code == 404


@pytest.fixture
def large(app: Flask, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of an import of 600 rows that count as many, read and not yet stored."""
    monkeypatch.setattr("app.services.jobs.beginning.LIGHT", 10_000)
    monkeypatch.setattr("app.services.jobs.beginning.MANY_ROWS", 500)
    rows = "".join(f"row{at},What is number {at} of the long list?,{at}\n" for at in range(600))
    content = base64.b64encode(b"key,ask,value\n" + rows.encode()).decode()
    sent = {"file_name": "f.csv", "content": content, "deck": "deepseek"}
    job = ask("curator", "POST", "/imports", json=sent)
    assert (job.status_code, job.json["state"], job.json["sections"]) == (202, "waiting", [])
    path = str(job.headers["Location"]).removeprefix("/api/v1")
    assert ask("curator", "POST", f"{path}/commit").status_code == 404
    assert ask("admin", "GET", path).status_code == 404
    assert jobs.work(app.extensions["factdeck"].engine, clock.now)
    ready = ask("curator", "GET", path).json
    assert (ready["state"], len(ready["sections"][0]["new"])) == ("ready", 600)
    return path


def test_a_large_file_is_read_stored_and_undone_aside(app: Flask, ask: Ask, large: str) -> None:
    before = ask("curator", "GET", "/decks/deepseek/export/yaml").data
    begun = ask("curator", "POST", f"{large}/commit")
    assert (begun.status_code, begun.json["state"], begun.json["stored"]) == (202, "waiting", None)
    assert begun.headers["Location"] == f"/api/v1{large}"
    assert ask("curator", "POST", f"{large}/commit").json == begun.json
    for role in ("admin", "elsewhere", "learner"):
        assert ask(role, "POST", f"{large}/commit").status_code in {403, 404}
        assert ask(role, "GET", large).status_code in {403, 404}
    assert jobs.work(app.extensions["factdeck"].engine, clock.now)
    done = ask("curator", "GET", large).json
    record = done["stored"]["id"]
    assert done["state"] == "done"
    assert done["stored"] == {
        "id": record,
        "deck": "deepseek",
        "new": 600,
        "changed": 0,
        "reviews": 0,
    }
    assert ask("curator", "POST", f"{large}/commit").json == done
    assert not jobs.work(app.extensions["factdeck"].engine, clock.now)
    assert ask("elsewhere", "POST", f"/import-records/{record}/undo").status_code == 403
    undoing = ask("curator", "POST", f"/import-records/{record}/undo")
    assert (undoing.status_code, undoing.json["state"]) == (202, "waiting")
    path = undoing.headers["Location"].removeprefix("/api/v1")
    assert ask("admin", "GET", path).status_code == 404
    assert jobs.work(app.extensions["factdeck"].engine, clock.now)
    assert ask("curator", "GET", path).json["undone"] == {
        "deck": "deepseek",
        "deleted": 600,
        "retired": 0,
        "restored": 0,
        "kept": [],
    }
    assert ask("curator", "GET", "/decks/deepseek/export/yaml").data == before


def test_a_large_file_for_a_deck_that_changes_is_told_anew(
    app: Flask, ask: Ask, large: str
) -> None:
    assert ask("curator", "POST", f"{large}/commit").status_code == 202
    fact = {"value": {"kind": "text", "text": "42"}, "ask": "How many?"}
    assert ask("curator", "POST", "/decks/deepseek/facts", json=fact).status_code == 201
    assert jobs.work(app.extensions["factdeck"].engine, clock.now)
    anew = ask("curator", "GET", large).json
    assert (anew["state"], anew["stored"], anew["stale"]) == ("ready", None, False)
    assert anew["problems"][0].startswith("Somebody has changed this deck")
    assert ask("curator", "POST", f"{large}/commit").status_code == 202
    assert jobs.work(app.extensions["factdeck"].engine, clock.now)
    assert ask("curator", "GET", large).json["stored"]["new"] == 600


def test_an_export_that_fails_says_why(
    app: Flask, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> bytes:
        raise RuntimeError("secret detail")

    job = ask("curator", "POST", "/decks/deepseek/exports", json={"format": "yaml"})
    path = job.headers["Location"].removeprefix("/api/v1")
    monkeypatch.setattr("app.services.exporting.export_file", fail)
    assert jobs.work(app.extensions["factdeck"].engine, clock.now)
    failed = ask("curator", "GET", path)
    assert (failed.status_code, failed.json["state"], failed.json["file"]) == (200, "failed", None)
    (problem,) = failed.json["problems"]
    assert problem.startswith("Something went wrong")
    assert "secret" not in failed.text
    file = ask("curator", "GET", f"{path}/file")
    assert (file.status_code, file.json["detail"]) == (409, problem)


def test_relations_are_worded_by_their_tag(ask: Ask) -> None:
    wording = {"name": "Is near", "ask": "What is near {subject}?", "say": "{subject}: {value}."}
    path = "/decks/deepseek/relations"
    made = ask("curator", "POST", path, json=wording)
    assert (made.status_code, made.json["key"]) == (201, "is_near")
    assert ask("curator", "POST", path, json=wording).status_code == 422
    one, tag = f"/relations/{made.json['id']}", {"If-Match": made.headers["ETag"]}
    changed = {"ask": "What lies near {subject}?", "many": True}
    assert ask("curator", "PUT", one, json=changed).status_code == 428
    assert ask("curator", "PUT", one, json={"ask": "What?"}, headers=tag).status_code == 422
    told = ask("curator", "PUT", one, json=changed, headers=tag)
    assert (told.json["revision"], told.json["many"]) == (2, True)
    assert ask("curator", "PUT", one, json=changed, headers=tag).status_code == 412
    assert ask("curator", "DELETE", one, headers=tag).status_code == 412
    assert ask("curator", "DELETE", one, headers={"If-Match": "*"}).status_code == 204
    used = ask("curator", "GET", path).json["items"][0]["id"]
    refused = ask("curator", "DELETE", f"/relations/{used}", headers={"If-Match": "*"})
    assert refused.status_code == 422
    entity = ask("curator", "GET", "/decks/deepseek/entities").json["items"][0]["id"]
    refused = ask("curator", "DELETE", f"/entities/{entity}", headers={"If-Match": "*"})
    assert refused.status_code == 422


def test_an_article_is_changed_once_its_passages_are_decided_about(ask: Ask) -> None:
    path = "/decks/deepseek/sources"
    made = ask("curator", "POST", path, json={"title": "Note", "text": "One.\n\nTwo."})
    assert (made.status_code, made.json["key"]) == (201, "note")
    assert ask("curator", "POST", path, json={"title": "X", "text": "One.\n\nTwo."}).status_code
    brief = ask("curator", "GET", f"{path}/brief")
    head = {name: brief.json[name] for name in ("title", "publisher", "url", "licence")}
    changed = head | {"published": brief.json["published"], "text": "Nothing of it is left."}
    assert ask("curator", "PUT", f"{path}/brief", json=changed).status_code == 428
    tag = {"If-Match": brief.headers["ETag"]}
    asked = ask("curator", "PUT", f"{path}/brief", json=changed, headers=tag)
    assert asked.status_code == 409
    assert asked.json["errors"][0]["field"] in {"taken", "drafted"}
    kept = changed | {"text": brief.json["text"], "title": "Another title"}
    assert ask("curator", "PUT", f"{path}/brief", json=kept, headers=tag).status_code == 200
    assert ask("curator", "PUT", f"{path}/brief", json=kept, headers=tag).status_code == 412
    named = [int(one["message"].partition(":")[0]) for one in asked.json["errors"]]
    some = changed | {"seen": named[1:], "drafted": named[:1]}
    again = ask("curator", "PUT", f"{path}/brief", json=some, headers={"If-Match": "*"})
    assert again.status_code == 409
    decided = changed | {"seen": named, "drafted": named[:1]}
    told = ask("curator", "PUT", f"{path}/brief", json=decided, headers={"If-Match": "*"})
    assert told.status_code == 200


CSV = "key,ask,value\nharbour,Which harbour?,Porto\n"


def test_a_file_is_told_then_stored_then_undone(ask: Ask) -> None:
    content = base64.b64encode(CSV.encode()).decode()
    sent = {"file_name": "f.csv", "content": content, "deck": "deepseek"}
    before = ask("curator", "GET", "/decks/deepseek/export/yaml").data
    job = ask("curator", "POST", "/imports", json=sent)
    assert job.status_code == 202, job.text
    assert job.json["sections"][0]["new"] == ["harbour"]
    path = job.headers["Location"].removeprefix("/api/v1")
    assert ask("curator", "GET", path).json == job.json
    assert ask("curator", "GET", "/decks/deepseek/export/yaml").data == before
    assert ask("admin", "GET", path).status_code == 404
    assert ask("admin", "POST", f"{path}/commit").status_code == 404
    done = ask("curator", "POST", f"{path}/commit").json
    assert (done["new"], done["changed"], done["deck"]) == (1, 0, "deepseek")
    assert ask("curator", "POST", f"{path}/commit").status_code == 404
    record = f"/import-records/{done['id']}/undo"
    assert ask("elsewhere", "POST", record).status_code == 403
    assert ask("curator", "POST", record).json["deleted"] == 1
    assert ask("curator", "POST", record).status_code == 409
    assert ask("curator", "GET", "/decks/deepseek/export/yaml").data == before


def test_a_file_for_a_deck_of_others_is_refused(ask: Ask) -> None:
    """Also where not the request but the file itself names the deck."""
    content = base64.b64encode(CSV.encode()).decode()
    sent = {"file_name": "f.csv", "content": content, "deck": "deepseek"}
    assert ask("elsewhere", "POST", "/imports", json=sent).status_code == 403
    whole = ask("curator", "GET", "/decks/deepseek/export/yaml").data
    named = {"file_name": "f.yaml", "content": base64.b64encode(whole).decode()}
    assert ask("elsewhere", "POST", "/imports", json=named).status_code == 403
    for bad in ("%%%", "é", "YQ"):
        assert ask("curator", "POST", "/imports", json=sent | {"content": bad}).status_code == 422
    refused = ask("curator", "POST", "/imports", json=sent | {"content": "YQ=="})
    assert refused.json["errors"][0]["field"] == "file"


def test_a_deck_that_has_changed_meanwhile_is_told_anew(ask: Ask) -> None:
    content = base64.b64encode(CSV.encode()).decode()
    sent = {"file_name": "f.csv", "content": content, "deck": "deepseek"}
    job = ask("curator", "POST", "/imports", json=sent).json["job"]
    draft = {"value": {"kind": "text", "text": "42"}, "ask": "How many?"}
    ask("curator", "POST", "/decks/deepseek/facts", json=draft)
    assert ask("curator", "GET", f"/imports/{job}").json["stale"] is True
    assert ask("curator", "POST", f"/imports/{job}/commit").status_code == 409
    assert ask("curator", "POST", f"/imports/{job}/commit").status_code == 200
    job = ask("curator", "POST", "/imports", json=sent).json["job"]
    assert ask("curator", "POST", f"/imports/{job}/drop").status_code == 204
    assert ask("curator", "GET", f"/imports/{job}").status_code == 404


def test_nothing_of_anothers_is_reached_by_its_name(app: Flask, ask: Ask) -> None:
    """Every operation on somebody's own session, question, quiz or file, by somebody else."""
    begun = ask("curator", "POST", "/sessions", json={"kind": "study", "deck": "deepseek"}).json
    quiz = ask("curator", "POST", "/sessions", json={"kind": "quiz", "deck": "deepseek"}).json
    asked = ask("curator", "POST", f"/study/{begun['session']}/next").json["question"]
    content = base64.b64encode(CSV.encode()).decode()
    sent = {"file_name": "f.csv", "content": content, "deck": "deepseek"}
    job = ask("curator", "POST", "/imports", json=sent).json["job"]
    at = datetime.fromtimestamp(clock.now() + 3600, UTC).isoformat()
    wanted = {"deck": "deepseek", "title": "T", "count": 1, "closes": at}
    shared = ask("curator", "POST", "/shared-quizzes", json=wanted).json["id"]
    tokens = {"study": begun["session"], "quizzes": quiz["session"], "questions": asked["token"]}
    checked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in SCOPES or not {"token", "job", "quiz_id"} & rule.arguments:
            continue
        area = rule.rule.split("/")[3]
        known = {"token": tokens.get(area, ""), "job": job, "quiz_id": shared, "user_id": 1}
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        body = {} if method != "GET" else None
        answered = ask("admin", method, path.removeprefix("/api/v1"), json=body)
        assert answered.status_code == 404, (method, path)
        checked += 1
    assert checked >= 14


@pytest.mark.parametrize("tag", ['"0"', '"2"', 'W/"1"', "1", "", '"', ",", '"1', "é", "*, *"])
def test_a_tag_that_was_not_told_changes_nothing(ask: Ask, tag: str) -> None:
    read = ask("curator", "GET", "/relations/1").json
    told = {"ask": "What of {subject}?"}
    refused = ask("curator", "PUT", "/relations/1", json=told, headers={"If-Match": tag})
    assert refused.status_code == 412
    assert ask("curator", "GET", "/relations/1").json == read


def test_bodies_that_nobody_would_send_are_problems(ask: Ask) -> None:
    as_json = {"content_type": "application/json"}
    deep = "[" * 100_000
    for body in ('{"a":' + deep, deep, "NaN", '{"deck": "\\ud800"}', "\xff", '{"deck": 1e999}'):
        refused = ask("learner", "POST", "/sessions", data=body.encode("latin-1"), **as_json)
        assert refused.status_code in {400, 422}, body[:20]
    nested = '{"value": ' + "[" * 900 + "]" * 900 + "}"
    for role, path, body, sentence in (
        ("curator", "/decks/places/facts", nested, "nested too deeply"),
        ("learner", "/sessions", '{"deck": "places", "deck": "x"}', "'deck' twice"),
    ):
        refused = ask(role, "POST", path, data=body, **as_json)
        assert (refused.status_code, sentence in refused.json["detail"]) == (400, True)
    large = ask("learner", "POST", "/sessions", data=b" " * 6_000_000, **as_json)
    assert large.status_code == 413
